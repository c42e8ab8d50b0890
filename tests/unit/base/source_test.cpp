// SPDX-License-Identifier: Apache-2.0
#include "base/source.hpp"

#include <array>
#include <string>

#include "catch.hpp"

using namespace acistore;

namespace {

// Gives its text in runs of `run` bytes, and lets `jump` bytes at a time be skipped.
class SlicedSource final : public Source {
 public:
  SlicedSource(std::string text, std::size_t run, std::size_t jump = 0)
      : text_(std::move(text)), run_(run), jump_(jump) {}
  Bytes next() override {
    const Bytes run = as_bytes(std::string_view(text_).substr(at_, run_));
    at_ += run.size();
    return run;
  }
  std::uint64_t skip(std::uint64_t count) override {
    const std::size_t step = std::min({static_cast<std::size_t>(count), jump_, text_.size() - at_});
    at_ += step;
    return step;
  }

 private:
  std::string text_;
  std::size_t run_;
  std::size_t jump_;
  std::size_t at_ = 0;
};

}  // namespace

TEST_CASE("a cursor takes no more than it is asked for and loses nothing") {
  SlicedSource source("abcdefgh", 3);
  Cursor cursor(source);
  CHECK(as_text(cursor.take(2)) == "ab");
  CHECK(as_text(cursor.take(9)) == "c");
  std::array<std::byte, 4> four{};
  CHECK(cursor.read(four) == 4);
  CHECK(as_text(four) == "defg");
  CHECK(cursor.read(four) == 1);
  CHECK(as_text(four).substr(0, 1) == "h");
  CHECK(cursor.take(1).empty());
}

TEST_CASE("a cursor skips by reading and by seeking alike") {
  for (const std::size_t jump : {0U, 1U, 100U}) {
    SlicedSource source("abcdefghij", 3, jump);
    Cursor cursor(source);
    CHECK(as_text(cursor.take(1)) == "a");
    CHECK(cursor.skip(5) == 5);
    std::array<std::byte, 2> two{};
    CHECK(cursor.read(two) == 2);
    CHECK(as_text(two) == "gh");
    CHECK(cursor.skip(5) == 2);
    CHECK(cursor.skip(5) == 0);
  }
}
