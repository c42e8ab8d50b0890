// SPDX-License-Identifier: Apache-2.0
#include "codec/codec.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "codec/compress.hpp"

using namespace acistore;
using namespace std::string_view_literals;

TEST_CASE("each compression has its name") {
  CHECK(to_text(Compression::kNone) == "none");
  CHECK(to_text(Compression::kGzip) == "gzip");
  CHECK(to_text(Compression::kBzip2) == "bzip2");
  CHECK(to_text(Compression::kXz) == "xz");
  CHECK(to_text(Compression::kZstd) == "zstd");
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
      "\x28\xb5\x2f"sv,
      "\x28\xb5\x2e\xfd and more"sv,
      "\x5f\x2a\x4d"sv,
      "\x60\x2a\x4d\x18 and more"sv,
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
