// SPDX-License-Identifier: Apache-2.0
#include "codec/gzip.hpp"

#include <string>
#include <string_view>

#include "catch.hpp"
#include "codec/compress.hpp"

using namespace acistore;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

// A member of "hello\n" with the given flags and what stands between the fixed header and the data.
std::string member(int flags, std::string_view fields) {
  std::string bytes = gzip("hello\n");
  bytes[3] = static_cast<char>(flags);
  return bytes.insert(10, fields);
}

std::string with_header_crc(int flags, std::string_view fields) {
  const std::string covered = std::string("\x1f\x8b\x08", 3) + static_cast<char>(flags) +
                              std::string("\0\0\0\0\x02\x03", 6);
  const std::string crc = little_endian(crc32_of(covered + std::string(fields)) & 0xffff, 2);
  return member(flags, std::string(fields) + crc);
}

// decode_all() by every library that the build has, which must make the same of it, but for where
// and why the deflated data is damaged.
Outcome decode_gzip(std::string_view compressed, std::size_t run = 1 << 16) {
  const Outcome outcome = decode_all(compressed, run);
  const std::string message = refusal(outcome);
  for (const InflaterKind& inflater : inflaters()) {
    INFO("by " << inflater.name);
    const Outcome other = decode_all(compressed, run, decode_by(inflater.make));
    CHECK(other.bytes == outcome.bytes);
    if (message.starts_with("gzip: damaged "))
      CHECK(refusal(other).starts_with("gzip: damaged at byte "));
    else
      CHECK(refusal(other) == message);
  }
  return outcome;
}

}  // namespace

TEST_CASE("a gzip member from the command line decodes") {
  // printf 'hello\n' | gzip -n
  const Outcome outcome = decode_gzip(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\xe7\x02\x00\x20\x30\x3a\x36"
      "\x06\x00\x00\x00"sv);
  CHECK(refusal(outcome) == "");
  CHECK(outcome.bytes == "hello\n");
}

TEST_CASE("every optional field of a gzip header is passed over") {
  for (const std::string& bytes :
       {member(0x01, ""), member(0x04, "\x03\0abc"sv), member(0x04, "\0\0"sv),
        member(0x04, "\x2c\x01"s + std::string(300, 'x')), member(0x08, "name.aci\0"sv),
        member(0x08, "\0"sv), member(0x10, "a comment\0"sv), with_header_crc(0x02, ""),
        with_header_crc(0x1f,
                        "\x02\0ab"
                        "name\0"
                        "comment\0"sv)}) {
    for (const std::size_t run : {1U, 1000U}) {
      const Outcome outcome = decode_gzip(bytes + bytes, run);
      CHECK(refusal(outcome) == "");
      CHECK(outcome.bytes == "hello\nhello\n");
    }
  }
}

TEST_CASE("a gzip header that is wrong is refused and says why") {
  CHECK(refusal(decode_gzip("\x1f\x8b\x07\0\0\0\0\0\0\x03 some data"sv)) ==
        "gzip: unknown compression method at byte 2 of the compressed data "
        "(7; only 8, deflate, is defined)");
  for (const int flag : {0x20, 0x40, 0x80})
    CHECK(refusal(decode_gzip(member(flag, ""))) ==
          "gzip: reserved flags are set at byte 3 of the compressed data");

  std::string bytes = with_header_crc(0x0a, "name\0"sv);
  bytes[12] = 'N';
  CHECK(refusal(decode_gzip(bytes))
            .starts_with("gzip: the checksum of the header is wrong at byte 15 of the compressed "
                         "data (stored 0000"));
  CHECK(decode_gzip(bytes).bytes.empty());

  CHECK(refusal(decode_gzip("\x1f\x8b\x08\x08\0\0\0\0\0\x03 a name without an end"sv)) ==
        "gzip: truncated at byte 32 of the compressed data");
}

TEST_CASE("the checksum and the length after a gzip member are checked") {
  std::string bytes = gzip("hello\n");
  const std::size_t trailer = bytes.size() - 8;
  bytes[trailer] = '\x21';
  Outcome outcome = decode_gzip(bytes);
  CHECK(refusal(outcome) == "gzip: the checksum of the data is wrong at byte " +
                                std::to_string(trailer) +
                                " of the compressed data (stored 363a3021, computed 363a3020)");
  CHECK(outcome.bytes == "hello\n");

  bytes = gzip("hello\n");
  bytes[trailer + 4] = '\x07';
  outcome = decode_gzip(bytes + gzip("more"));
  CHECK(refusal(outcome) == "gzip: the length of the data is wrong at byte " +
                                std::to_string(trailer + 4) +
                                " of the compressed data (stored 7, computed 6)");
  CHECK(outcome.bytes == "hello\n");
}

TEST_CASE("deflated data that makes no sense is refused") {
  // A block of type 3, which there is not.
  CHECK(refusal(decode_gzip("\x1f\x8b\x08\0\0\0\0\0\0\x03\x07 some data"sv))
            .starts_with("gzip: damaged at byte 11 of the compressed data (invalid block"));
}

TEST_CASE("zero bytes may follow the last gzip member, and nothing else") {
  const std::string bytes = gzip("hello\n");
  for (const std::size_t zeros : {1U, 7U, 512U, 100000U}) {
    for (const std::size_t run : {1U, 500U}) {
      const Outcome outcome = decode_gzip(bytes + std::string(zeros, '\0'), run);
      CHECK(refusal(outcome) == "");
      CHECK(outcome.bytes == "hello\n");
    }
  }
  const auto at = [&](std::size_t more) {
    return " at byte " + std::to_string(bytes.size() + more) + " of the compressed data";
  };
  for (const std::string_view rubbish : {"x"sv, "\n"sv, "\x1fx"sv, "\x1e\x8b\x08"sv, "xx\0\0"sv}) {
    const Outcome outcome = decode_gzip(bytes + std::string(rubbish), 1);
    CHECK(refusal(outcome) == "gzip: something else follows the last member" + at(0));
    CHECK(outcome.bytes == "hello\n");
  }
  for (const std::string& rubbish : {"x"s, bytes})
    CHECK(refusal(decode_gzip(bytes + std::string(5, '\0') + rubbish)) ==
          "gzip: something follows the zero bytes after the last member" + at(5));
  CHECK(refusal(decode_gzip(bytes + "\x1f")) == "gzip: truncated" + at(1));
}

TEST_CASE("an empty gzip member decodes to nothing") {
  const Outcome outcome = decode_gzip(gzip(""));
  CHECK(outcome.compression == Compression::kGzip);
  CHECK(refusal(outcome) == "");
  CHECK(outcome.bytes.empty());
}
