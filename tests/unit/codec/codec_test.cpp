// SPDX-License-Identifier: Apache-2.0
#include "codec/codec.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "codec/compress.hpp"

using namespace acistore;
using namespace std::string_view_literals;

namespace {

// Serves its text in runs of `run` bytes and can skip any distance; notes what was skipped.
class SeekableSource final : public Source {
 public:
  SeekableSource(std::string_view text, std::size_t run) : text_(text), run_(run) {}
  Bytes next() override {
    const std::string_view run = text_.substr(at_, run_);
    at_ += run.size();
    return as_bytes(run);
  }
  std::uint64_t skip(std::uint64_t count) override {
    const auto step = std::min(static_cast<std::size_t>(count), text_.size() - at_);
    at_ += step;
    skipped_ += step;
    return step;
  }
  std::size_t skipped() const { return skipped_; }

 private:
  std::string_view text_;
  std::size_t run_;
  std::size_t at_ = 0;
  std::size_t skipped_ = 0;
};

std::string take_text(Cursor& cursor, std::size_t size) {
  std::string text(size, '\0');
  text.resize(cursor.read(std::as_writable_bytes(std::span(text))));
  return text;
}

}  // namespace

TEST_CASE("each compression has its name") {
  CHECK(to_text(Compression::kNone) == "none");
  CHECK(to_text(Compression::kGzip) == "gzip");
  CHECK(to_text(Compression::kBzip2) == "bzip2");
  CHECK(to_text(Compression::kXz) == "xz");
}

TEST_CASE("formats are recognised by their first bytes, however these arrive") {
  const std::vector<std::pair<std::string, Compression>> streams{
      {gzip("a"), Compression::kGzip},
      {bzip2("a"), Compression::kBzip2},
      {bzip2("a", 1), Compression::kBzip2},
      {bzip2(""), Compression::kBzip2},
      {xz("a"), Compression::kXz},
      {std::string(512, 'a'), Compression::kNone},
      {"", Compression::kNone},
  };
  for (const auto& [stream, compression] : streams) {
    for (std::size_t run = 1; run <= 12; ++run)
      CHECK(decode_all(stream, run).compression == compression);
  }
}

TEST_CASE("what only looks like a compressed stream passes through unchanged") {
  const std::vector<std::string_view> plain{
      ""sv,
      "\x1f"sv,
      "\x1f\x8a\x08\0\0\0\0\0\0\x03"sv,
      "\x1f\x9d\x90 an old compress file"sv,
      "B"sv,
      "BZh"sv,
      "BZh9"sv,
      "BZh9 is how this text begins"sv,
      "BZh91AY&S"sv,
      "BZh01AY&SY and more"sv,
      "BZh:1AY&SY and more"sv,
      "BZh91AY&SZ and more"sv,
      "\xfd"
      "7zXZ"sv,
      "\xfd"
      "7zXZ\x01 and more"sv,
      "\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff an old .lzma file"sv,
      "\x28\xb5\x2f\xfd a zstd file"sv,
  };
  for (const std::string_view bytes : plain) {
    for (std::size_t run = 1; run <= bytes.size() + 1; ++run) {
      const Outcome outcome = decode_all(bytes, run);
      CHECK(outcome.compression == Compression::kNone);
      CHECK(outcome.bytes == bytes);
      CHECK_FALSE(outcome.error);
    }
  }
}

TEST_CASE("a plain stream is handed on in the runs in which it came") {
  const std::string text = sample(1000);
  RunsSource source(text, 100);
  const DecodedStream stream = decode(source);
  for (std::size_t at = 0; at < text.size(); at += 100) {
    const Bytes run = stream.bytes->next();
    CHECK(as_text(run).data() == text.data() + at);
    CHECK(run.size() == 100);
  }
  CHECK(stream.bytes->next().empty());
  CHECK(stream.bytes->next().empty());
}

TEST_CASE("skipping in a plain stream loses its place nowhere") {
  const std::string text = sample(1000);
  for (const std::size_t run : {1U, 3U, 9U, 10U, 11U, 100U, 2000U}) {
    for (const std::size_t read : {0U, 1U, 10U, 60U}) {
      for (const std::size_t skip : {0U, 1U, 5U, 10U, 11U, 99U, 500U, 935U}) {
        SeekableSource source(text, run);
        const DecodedStream stream = decode(source);
        Cursor cursor(*stream.bytes);
        CHECK(take_text(cursor, read) == text.substr(0, read));
        CHECK(cursor.skip(skip) == skip);
        CHECK(take_text(cursor, 5) == text.substr(read + skip, 5));
      }
    }
  }
}

TEST_CASE("a skip in a plain stream reaches the source behind the first bytes") {
  const std::string text = sample(1000);
  for (const std::size_t run : {1U, 10U, 100U}) {
    SeekableSource source(text, run);
    const DecodedStream stream = decode(source);
    CHECK(stream.bytes->skip(4) == 4);
    CHECK(source.skipped() == 0);
    CHECK(stream.bytes->skip(800) == 800);
    CHECK(source.skipped() == 804 - std::max<std::size_t>(run, 10));
    CHECK(as_text(stream.bytes->next()).front() == text[804]);
    CHECK(stream.bytes->skip(1000) == 1000 - 804 - run);
    CHECK(stream.bytes->next().empty());
  }
}
