// SPDX-License-Identifier: Apache-2.0
#include "base/sha512_streams.hpp"

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/sha512_lanes.hpp"
#include "buffered_source.hpp"
#include "catch.hpp"
#include "errors.hpp"

using namespace acistore;

namespace {

// Streams are made of nothing but their number and length.
struct Stream {
  std::size_t size = 0;
  std::size_t piece = SIZE_MAX;  // the most that a call of read() gives
  bool fails = false;            // at the end
};

// What the jobs told, by number of the stream.
struct Result {
  std::vector<Sha512Digest> digests;
  std::vector<std::string> errors;
};

class TestJob final : public Sha512Job {
 public:
  TestJob(const Stream& stream, std::size_t number, Result& result)
      : stream_(stream), seed_(static_cast<std::uint32_t>(number)), result_(result) {}

  std::size_t read(std::span<std::byte> out) override {
    // Pieces of every size up to the most.
    const std::size_t piece = 1 + calls_++ * 7 % stream_.piece;
    const std::size_t most = stream_.piece == SIZE_MAX ? SIZE_MAX : piece;
    const std::size_t count = std::min({out.size(), most, stream_.size - at_});
    for (std::byte& byte : out.first(count)) {
      byte = static_cast<std::byte>(seed_ >> 24);
      seed_ = seed_ * 1664525 + 1013904223;
    }
    at_ += count;
    if (count == 0 && stream_.fails) throw Error(ErrorKind::kIo, "read: the disk is on fire");
    return count;
  }

  void finish(const Sha512Digest& digest) override { result_.digests.push_back(digest); }
  void fail(const Error& error) override { result_.errors.push_back(error.message()); }

 private:
  Stream stream_;
  std::uint32_t seed_;
  Result& result_;
  std::size_t at_ = 0;
  std::size_t calls_ = 0;
};

// What is to be told of a stream.
Result expected(const Stream& stream, std::size_t number) {
  Result result;
  TestJob job(stream, number, result);
  BufferedSource source(job, 1000);
  Sha512 hash;
  const auto error = error_of([&] {
    for (Bytes run = source.next(); !run.empty(); run = source.next())
      hash.update(run);
  });
  if (error) {
    job.fail(*error);
  } else {
    job.finish(hash.finish());
  }
  return result;
}

class Queue {
 public:
  explicit Queue(std::vector<Stream> streams)
      : streams_(std::move(streams)), results_(streams_.size()) {}

  std::unique_ptr<Sha512Job> next() {
    const std::lock_guard lock(mutex_);
    if (next_ == streams_.size()) return nullptr;
    const std::size_t number = next_++;
    return std::make_unique<TestJob>(streams_[number], number, results_[number]);
  }

  // Whether all streams were told of, once, as is right.
  bool is_done() const {
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      const Result right = expected(streams_[i], i);
      if (results_[i].digests != right.digests || results_[i].errors != right.errors) return false;
    }
    return next_ == streams_.size();
  }

 private:
  std::mutex mutex_;
  std::vector<Stream> streams_;
  std::vector<Result> results_;
  std::size_t next_ = 0;
};

bool are_hashed(const std::vector<Stream>& streams) {
  // One by one; side by side, in the fewest lanes, in some and in all.
  for (const std::size_t most_at_once : {1U, 3U, 5U, 8U}) {
    Queue queue(streams);
    sha512_streams([&] { return queue.next(); }, most_at_once);
    if (!queue.is_done()) return false;
  }
  return true;
}

constexpr std::size_t kKibibyte = 1024;

}  // namespace

TEST_CASE("no streams are no work") {
  CHECK(are_hashed({}));
}

TEST_CASE("streams of every length around the padding's are hashed") {
  std::vector<Stream> streams;
  for (std::size_t size = 0; size <= 300; ++size)
    streams.push_back({size});
  CHECK(are_hashed(streams));
}

TEST_CASE("streams of lengths around a buffer's are hashed") {
  std::vector<Stream> streams;
  for (const std::size_t buffers : {64U, 128U}) {
    for (std::size_t size = buffers * kKibibyte - 130; size <= buffers * kKibibyte + 130;
         size += 13)
      streams.push_back({size});
    for (const int more : {-129, -128, -127, -17, -16, -1, 0, 1, 111, 112, 127, 128})
      streams.push_back({buffers * kKibibyte + static_cast<std::size_t>(more)});
  }
  CHECK(are_hashed(streams));
}

TEST_CASE("any number of streams of very different lengths is hashed") {
  for (std::size_t count = 1; count <= 20; ++count) {
    std::vector<Stream> streams;
    for (std::size_t i = 0; i < count; ++i)
      streams.push_back({(i * i * 7919 + count) % (i % 3 == 0 ? 200 * kKibibyte : 500)});
    CHECK(are_hashed(streams));
  }
}

TEST_CASE("a stream may come in odd pieces") {
  std::vector<Stream> streams;
  for (const std::size_t piece : {1U, 2U, 3U, 100U, 127U, 128U, 129U, 1000U, 5000U})
    streams.push_back({piece * 100 + 77, piece});
  CHECK(are_hashed(streams));
}

TEST_CASE("a stream that fails is told of, and the others are hashed") {
  // At the first read, in the middle, at the end of a buffer; many at once, and the last.
  CHECK(are_hashed({{0, SIZE_MAX, true}}));
  CHECK(are_hashed({{300'000},
                    {0, SIZE_MAX, true},
                    {300'000},
                    {100'000, 1000, true},
                    {300'000},
                    {64 * kKibibyte, SIZE_MAX, true},
                    {10},
                    {300'000},
                    {128 * kKibibyte, SIZE_MAX, true},
                    {1'000},
                    {400'000, SIZE_MAX, true}}));
  CHECK(are_hashed(std::vector<Stream>(20, {5'000, 999, true})));
}

TEST_CASE("whatever else is thrown ends the hashing") {
  for (const std::size_t most_at_once : {1U, 8U}) {
    Queue queue(std::vector<Stream>(20, {200'000}));
    int jobs = 0;
    const auto error = error_of([&] {
      sha512_streams(
          [&] {
            if (++jobs == 6) throw Error(ErrorKind::kDamaged, "next: no such table");
            return queue.next();
          },
          most_at_once);
    });
    REQUIRE(error);
    CHECK(error->message() == "next: no such table");
    CHECK(jobs == 6);
  }
}

TEST_CASE("several threads share a queue of streams") {
  std::vector<Stream> streams;
  for (std::size_t i = 0; i < 60; ++i)
    streams.push_back({i * 997 % 50'000});
  Queue queue(streams);
  const auto work = [&] { sha512_streams([&] { return queue.next(); }, Sha512Lanes::kLanes); };
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
  CHECK(queue.is_done());
}

TEST_CASE("no more streams are begun than may be at once") {
  // Long ones, so that none ends before all are begun.
  for (const std::size_t most_at_once : {1U, 2U, 4U, 8U}) {
    struct Counted final : Sha512Job {
      explicit Counted(std::size_t& alive) : alive_(alive) { ++alive_; }
      ~Counted() override { --alive_; }
      std::size_t read(std::span<std::byte> out) override {
        const std::size_t count = std::min(out.size(), left_);
        left_ -= count;
        std::fill_n(out.begin(), count, std::byte{1});
        return count;
      }
      void finish(const Sha512Digest&) override {}
      void fail(const Error&) override {}
      std::size_t& alive_;
      std::size_t left_ = 200'000;
    };
    std::size_t alive = 0;
    std::size_t most_alive = 0;
    int begun = 0;
    sha512_streams(
        [&]() -> std::unique_ptr<Sha512Job> {
          if (begun == 20) return nullptr;
          ++begun;
          auto job = std::make_unique<Counted>(alive);
          most_alive = std::max(most_alive, alive);
          return job;
        },
        most_at_once);
    CHECK(alive == 0);
    if (Sha512Lanes::is_supported() && most_at_once >= 3) {
      CHECK(most_alive == most_at_once);
    } else {
      CHECK(most_alive == 1);
    }
  }
}

TEST_CASE("a stream for each thread where there are no more, then full lanes in few threads") {
  const auto shares = [](std::size_t streams, std::size_t most_threads) {
    const Sha512Shares result = share_sha512(streams, most_threads);
    return std::vector<std::size_t>{result.threads, result.at_once};
  };
  using Shares = std::vector<std::size_t>;
  CHECK(shares(0, 4) == Shares{1, 1});
  CHECK(shares(1, 4) == Shares{1, 1});
  CHECK(shares(4, 4) == Shares{4, 1});
  CHECK(shares(500, 1024) == Shares{500, 1});
  CHECK(shares(1000, 1024) == Shares{512, 1});
  if (Sha512Lanes::is_supported()) {
    CHECK(shares(2, 1) == Shares{1, 8});
    CHECK(shares(5, 4) == Shares{1, 8});
    CHECK(shares(8, 4) == Shares{1, 8});
    CHECK(shares(9, 4) == Shares{2, 8});
    CHECK(shares(33, 4) == Shares{4, 8});
    CHECK(shares(100'000, 1024) == Shares{64, 8});
  } else {
    CHECK(shares(5, 4) == Shares{4, 1});
    CHECK(shares(100'000, 1024) == Shares{512, 1});
  }
}
