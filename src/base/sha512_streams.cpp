// SPDX-License-Identifier: Apache-2.0
#include "base/sha512_streams.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/sha512_compress.hpp"
#include "base/sha512_lanes.hpp"

namespace acistore {
namespace {

// The lanes take as long for one stream as for eight: twice as long as sha512_compress() does. Two
// streams are a draw.
constexpr std::size_t kFewestSideBySide = 3;

// Eight of them fit into the second level cache of a core.
constexpr std::size_t kBufferBytes = std::size_t{64} * 1024;
static_assert(kBufferBytes % kSha512BlockBytes == 0);

// The blocks of one job after the other, padding included.
class BlockStream {
 public:
  bool has_job() const { return job_ != nullptr; }

  void begin(std::unique_ptr<Sha512Job> job) {
    if (!buffer_)
      buffer_ = std::make_unique_for_overwrite<std::byte[]>(kBufferBytes + kSha512MostPadding);
    job_ = std::move(job);
    bytes_ = 0;
    at_ = end_ = 0;
    ended_ = false;
  }

  // Whether there are blocks to hash, after reading some if need be; no at the end of the stream,
  // of which all blocks were then passed.
  bool fill() {
    if (at_ < end_) return true;
    if (ended_) return false;
    const std::size_t count = read_full(*job_, {buffer_.get(), kBufferBytes});
    bytes_ += count;
    at_ = 0;
    end_ = count;
    if (count < kBufferBytes) {
      end_ += sha512_pad(bytes_, buffer_.get() + count);
      ended_ = true;
    }
    return true;
  }

  const std::byte* blocks() const { return buffer_.get() + at_; }
  std::size_t block_count() const { return (end_ - at_) / kSha512BlockBytes; }
  void pass(std::size_t count) { at_ += count * kSha512BlockBytes; }

  void finish(const Sha512State& state) { std::exchange(job_, {})->finish(sha512_digest(state)); }
  void fail(const Error& error) { std::exchange(job_, {})->fail(error); }

 private:
  std::unique_ptr<Sha512Job> job_;
  std::unique_ptr<std::byte[]> buffer_;
  std::uint64_t bytes_ = 0;  // of the stream, so far
  std::size_t at_ = 0;       // what is in the buffer: from here
  std::size_t end_ = 0;      // to here
  bool ended_ = false;       // the padding is in the buffer
};

// Hashes the rest of a stream, whose blocks led to `state` so far, by itself.
void finish_alone(BlockStream& stream, Sha512State state) {
  try {
    while (stream.fill()) {
      const std::size_t count = stream.block_count();
      sha512_compress(state, stream.blocks(), count);
      stream.pass(count);
    }
  } catch (const Error& error) {
    stream.fail(error);
    return;
  }
  stream.finish(state);
}

class SideBySide {
 public:
  SideBySide(const NextSha512Job& next, std::size_t most_at_once)
      : next_(next), used_(std::min(most_at_once, Sha512Lanes::kLanes)) {}

  void run() {
    while (step()) {
    }
    for (std::size_t lane = 0; lane < used_; ++lane) {
      if (streams_[lane].has_job()) finish_alone(streams_[lane], lanes_.state(lane));
    }
  }

 private:
  // Hashes as many blocks of each stream as all of them have in their buffers. False, and nothing
  // is done, when there is no more job to begin and few are left.
  bool step() {
    Sha512Lanes::Blocks blocks{};
    const std::byte* any = nullptr;
    std::size_t streams = 0;
    std::size_t count = kBufferBytes;
    for (std::size_t lane = 0; lane < used_; ++lane) {
      if (!supply(lane)) continue;
      any = blocks[lane] = streams_[lane].blocks();
      ++streams;
      count = std::min(count, streams_[lane].block_count());
    }
    if (streams < kFewestSideBySide) return false;
    std::replace(blocks.begin(), blocks.end(), static_cast<const std::byte*>(nullptr), any);
    lanes_.compress(blocks, count);
    for (std::size_t lane = 0; lane < used_; ++lane) {
      if (streams_[lane].has_job()) streams_[lane].pass(count);
    }
    return true;
  }

  // Sees to it that a lane has blocks to hash, of the next job when one has ended. False if there
  // is none.
  bool supply(std::size_t lane) {
    BlockStream& stream = streams_[lane];
    while (stream.has_job() || begin(lane)) {
      try {
        if (stream.fill()) return true;
      } catch (const Error& error) {
        stream.fail(error);
        continue;
      }
      stream.finish(lanes_.state(lane));
    }
    return false;
  }

  bool begin(std::size_t lane) {
    std::unique_ptr<Sha512Job> job = next_();
    if (!job) return false;
    streams_[lane].begin(std::move(job));
    lanes_.set_state(lane, kSha512Start);
    return true;
  }

  const NextSha512Job& next_;
  std::size_t used_;
  std::array<BlockStream, Sha512Lanes::kLanes> streams_;
  Sha512Lanes lanes_;
};

// Each is read from a file, and this is half of what a process usually may have open.
constexpr std::size_t kMostUnderWay = 512;

}  // namespace

Sha512Shares share_sha512(std::size_t streams, std::size_t most_threads) {
  const bool in_lanes = Sha512Lanes::is_supported() && streams > most_threads;
  const std::size_t at_once = in_lanes ? Sha512Lanes::kLanes : 1;
  const std::size_t threads = (streams + at_once - 1) / at_once;
  return {std::clamp<std::size_t>(threads, 1, std::min(most_threads, kMostUnderWay / at_once)),
          at_once};
}

void sha512_streams(const NextSha512Job& next, std::size_t most_at_once) {
  if (Sha512Lanes::is_supported() && most_at_once >= kFewestSideBySide) {
    SideBySide(next, most_at_once).run();
    return;
  }
  BlockStream stream;
  while (std::unique_ptr<Sha512Job> job = next()) {
    stream.begin(std::move(job));
    finish_alone(stream, kSha512Start);
  }
}

}  // namespace acistore
