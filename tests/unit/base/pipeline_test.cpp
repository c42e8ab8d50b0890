// SPDX-License-Identifier: Apache-2.0
#include "base/pipeline.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "catch.hpp"
#include "errors.hpp"

using namespace acistore;

namespace {

// Gives `size` bytes, of which each tells its place, some at a time; then fails, if it is to.
class CountingReader final : public Reader {
 public:
  CountingReader(std::size_t size, std::size_t piece, bool fails = false)
      : size_(size), piece_(piece), fails_(fails) {}

  std::size_t read(std::span<std::byte> out) override {
    if (busy_.exchange(true)) throw Error(ErrorKind::kIo, "read: two at once");
    const std::size_t count = std::min({out.size(), piece_, size_ - at_});
    for (std::size_t i = 0; i < count; ++i)
      out[i] = byte_at(at_ + i);
    at_ += count;
    busy_ = false;
    if (count == 0 && fails_) throw Error(ErrorKind::kIo, "read: the disk is on fire");
    return count;
  }

  static std::byte byte_at(std::size_t place) {
    return static_cast<std::byte>(place * 2654435761U >> 13);
  }

  std::size_t given() const { return at_; }

 private:
  std::size_t size_;
  std::size_t piece_;
  bool fails_;
  std::atomic<std::size_t> at_ = 0;
  std::atomic<bool> busy_ = false;
};

// Takes all and looks at every byte.
std::size_t take_all(Pipeline& pipeline) {
  std::size_t at = 0;
  for (Bytes run = pipeline.next(); !run.empty(); run = pipeline.next()) {
    for (const std::byte byte : run) {
      if (byte != CountingReader::byte_at(at++)) return 0;
    }
  }
  return at;
}

const std::vector<Threading> kThreadings{Threading::kNone, Threading::kOwnThread};
constexpr std::size_t kMebibyte = std::size_t{1} << 20;

}  // namespace

TEST_CASE("a pipeline hands on what the reader gives, and writes the same") {
  for (const Threading threading : kThreadings) {
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, kMebibyte / 4, kMebibyte / 4 + 1, 9 * kMebibyte}) {
      for (const std::size_t piece : {std::size_t{1000}, 2 * kMebibyte}) {
        CountingReader reader(size, piece);
        std::size_t written = 0;
        bool as_read = true;
        Pipeline pipeline(reader, threading, [&](Bytes run) {
          for (const std::byte byte : run)
            as_read = as_read && byte == CountingReader::byte_at(written++);
        });
        CHECK(take_all(pipeline) == size);
        CHECK(pipeline.next().empty());
        pipeline.finish();
        CHECK(written == size);
        CHECK(as_read);
      }
    }
  }
}

TEST_CASE("a pipeline that writes nothing hands on all the same") {
  for (const Threading threading : kThreadings) {
    CountingReader reader(5 * kMebibyte, 100'000);
    Pipeline pipeline(reader, threading);
    CHECK(take_all(pipeline) == 5 * kMebibyte);
    pipeline.finish();
  }
}

TEST_CASE("a reader's failure comes after what it gave before, and comes again") {
  for (const Threading threading : kThreadings) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{10}, 3 * kMebibyte}) {
      CountingReader reader(size, kMebibyte, true);
      std::size_t written = 0;
      Pipeline pipeline(reader, threading, [&](Bytes run) { written += run.size(); });
      std::size_t taken = 0;
      const auto error = error_of([&] {
        while (true)
          taken += pipeline.next().size();
      });
      REQUIRE(error);
      CHECK(error->message() == "read: the disk is on fire");
      CHECK(taken == size);
      CHECK(error_of([&] { pipeline.next(); }));
      pipeline.finish();
      CHECK(written == size);
    }
  }
}

TEST_CASE("a failed write ends the stream, and nothing is written after it") {
  for (const Threading threading : kThreadings) {
    CountingReader reader(64 * kMebibyte, kMebibyte);
    int writes = 0;
    Pipeline pipeline(reader, threading, [&](Bytes) {
      if (++writes == 3) throw Error(ErrorKind::kNoSpace, "write: the disk is full");
    });
    const auto error = error_of([&] { take_all(pipeline); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::kNoSpace);
    CHECK(error_of([&] { pipeline.next(); }));
    CHECK(error_of([&] { pipeline.finish(); }));
    CHECK(writes == 3);
    CHECK(reader.given() < 8 * kMebibyte);
  }
}

TEST_CASE("the write of the last run may be what fails") {
  for (const Threading threading : kThreadings) {
    CountingReader reader(10, 10);
    Pipeline pipeline(reader, threading,
                      [](Bytes) { throw Error(ErrorKind::kNoSpace, "write: the disk is full"); });
    const auto error = error_of([&] {
      take_all(pipeline);
      pipeline.finish();
    });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::kNoSpace);
  }
}

TEST_CASE("who leaves a pipeline early is not waited for") {
  for (const Threading threading : kThreadings) {
    CountingReader reader(64 * kMebibyte, kMebibyte);
    {
      Pipeline pipeline(reader, threading, [](Bytes) {});
      CHECK(pipeline.next().size() > 0);
      CHECK(pipeline.next().size() > 0);
    }
    CHECK(reader.given() < 8 * kMebibyte);
  }
}

TEST_CASE("a thread reads ahead of a slow taker, and writes while it waits") {
  CountingReader reader(64 * kMebibyte, kMebibyte);
  std::atomic<std::size_t> written = 0;
  Pipeline pipeline(reader, Threading::kOwnThread, [&](Bytes run) { written += run.size(); });
  const std::size_t first = pipeline.next().size();
  const std::size_t second = pipeline.next().size();
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while ((reader.given() < first + 4 * second || written <= first + second) &&
         std::chrono::steady_clock::now() < give_up)
    std::this_thread::yield();
  CHECK(reader.given() >= first + 4 * second);
  CHECK(written > first + second);
}
