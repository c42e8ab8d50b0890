// SPDX-License-Identifier: Apache-2.0
#include "codec/xz.hpp"

#include <string>
#include <string_view>

#include "catch.hpp"
#include "codec/compress.hpp"
#include "sample.hpp"

using namespace acistore;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

// printf 'hello\n' | xz
constexpr std::string_view kHello =
    "\xfd\x37\x7a\x58\x5a\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00\x21\x01\x16\x00\x00\x00\x74\x2f\xe5"
    "\xa3"
    "\x01\x00\x05\x68\x65\x6c\x6c\x6f\x0a\x00\x00\x00\xa5\x60\x97\xf1\x94\xf6\xfd\xe0\x00\x01\x1e"
    "\x06"
    "\xc1\x2f\xa4\x1d\x1f\xb6\xf3\x7d\x01\x00\x00\x00\x00\x04\x59\x5a"sv;

// The stream header is fd 37 7a 58 5a 00, two bytes of flags and their CRC-32; the header of the
// first block follows at byte 12: its size in units of four bytes less one, flags, the filter's id,
// the size of the filter's properties and these, zero bytes, CRC-32.
std::string with_check_id(char id) {
  std::string bytes(kHello);
  bytes[7] = id;
  return bytes.replace(8, 4, little_endian(crc32_of(bytes.substr(6, 2)), 4));
}

std::string with_block_header_byte(std::size_t at, char byte) {
  std::string bytes(kHello);
  bytes[at] = byte;
  return bytes.replace(20, 4, little_endian(crc32_of(bytes.substr(12, 8)), 4));
}

}  // namespace

TEST_CASE("an xz stream from the command line decodes") {
  const Outcome outcome = decode_all(kHello);
  CHECK(outcome.compression == Compression::kXz);
  CHECK(refusal(outcome) == "");
  CHECK(outcome.bytes == "hello\n");
}

TEST_CASE("an empty xz stream decodes to nothing") {
  const Outcome outcome = decode_all(xz(""));
  CHECK(outcome.compression == Compression::kXz);
  CHECK(refusal(outcome) == "");
  CHECK(outcome.bytes.empty());
}

TEST_CASE("every kind of checksum that xz writes is verified") {
  const std::string data = sample(5000);
  for (const XzCheck check : {XzCheck::kNone, XzCheck::kCrc32, XzCheck::kCrc64, XzCheck::kSha256}) {
    const Outcome outcome = decode_all(xz(data, check));
    CHECK(refusal(outcome) == "");
    CHECK(outcome.bytes == data);
  }
  // The checksum of the only block ends where the index (8 bytes and its CRC-32 here) and the
  // footer (12 bytes) begin.
  for (const XzCheck check : {XzCheck::kCrc32, XzCheck::kCrc64, XzCheck::kSha256}) {
    std::string damaged = xz("hello\n", check);
    const std::size_t at = damaged.size() - 12 - 8 - 1;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    const Outcome outcome = decode_all(damaged);
    CHECK(refusal(outcome) ==
          "xz: the data is damaged or its checksum is wrong after byte 6 of the decompressed data");
    CHECK(outcome.bytes == "hello\n");
  }
}

TEST_CASE("a kind of checksum that cannot be verified is refused") {
  CHECK(decode_all(with_check_id(4)).bytes == "hello\n");
  for (const int id : {2, 3, 5, 9, 15}) {
    const Outcome outcome = decode_all(with_check_id(static_cast<char>(id)));
    CHECK(refusal(outcome) ==
          "xz: unsupported kind of checksum at byte 12 of the compressed data "
          "(check id " +
              std::to_string(id) + ")");
    CHECK(outcome.bytes.empty());
  }
}

TEST_CASE("an xz stream that needs more memory than is allowed is refused") {
  // Of the dictionary: 22 is 8 MiB, 32 is 256 MiB, 37 is 1.5 GiB, 40 is 4 GiB less one byte.
  CHECK(decode_all(with_block_header_byte(16, 22)).bytes == "hello\n");
  CHECK(decode_all(with_block_header_byte(16, 31)).bytes == "hello\n");
  CHECK(refusal(decode_all(with_block_header_byte(16, 32))) ==
        "xz: over the limit for the memory of a decoder at byte 24 of the compressed data "
        "(needs more than 256 MiB)");
  CHECK(refusal(decode_all(with_block_header_byte(16, 37))) ==
        "xz: over the limit for the memory of a decoder at byte 24 of the compressed data "
        "(needs more than 256 MiB)");
  CHECK(refusal(decode_all(with_block_header_byte(16, 40))) ==
        "xz: over the limit for the memory of a decoder at byte 24 of the compressed data "
        "(needs more than 256 MiB)");
}

TEST_CASE("several threads keep to the limit of memory, wherever the block stands") {
  const std::string first = xz_blocks(sample(300), 100);
  std::string second = first;
  // The filter's id is followed by the length of its properties, the dictionary's size.
  const std::size_t properties = second.find("\x21\x01") + 2;
  second[properties] = 37;
  const std::size_t header_bytes = (static_cast<std::size_t>(second[12]) + 1) * 4;
  second.replace(12 + header_bytes - 4, 4,
                 little_endian(crc32_of(second.substr(12, header_bytes - 4)), 4));
  for (const std::string& before : {""s, first}) {
    const Outcome outcome = check_threads(before + second);
    CHECK(refusal(outcome) == "xz: over the limit for the memory of a decoder at byte " +
                                  std::to_string(before.size() + 12 + header_bytes) +
                                  " of the compressed data (needs more than 256 MiB)");
    CHECK(outcome.bytes == sample(before.empty() ? 0 : 300));
  }
}

TEST_CASE("a filter that liblzma does not know is refused") {
  CHECK(refusal(decode_all(with_block_header_byte(14, 0x20))) ==
        "xz: unsupported filter or option at byte 24 of the compressed data");
}

TEST_CASE("xz streams are padded with multiples of four zero bytes") {
  const std::string hello(kHello);
  for (const std::size_t padding : {0U, 4U, 8U, 512U, 70000U}) {
    for (const std::size_t run : {1U, 3U, 100000U}) {
      const std::string zeros(padding, '\0');
      for (const std::string& bytes : {hello + zeros, hello + zeros + hello + zeros}) {
        const Outcome outcome = decode_all(bytes, run);
        CHECK(refusal(outcome) == "");
        CHECK(outcome.bytes ==
              (bytes.size() < 2 * hello.size() + padding ? "hello\n" : "hello\nhello\n"));
      }
    }
  }
  for (const std::size_t padding : {1U, 2U, 3U, 5U, 511U}) {
    for (const std::string& next : {""s, hello}) {
      const Outcome outcome = decode_all(hello + std::string(padding, '\0') + next);
      CHECK(refusal(outcome) ==
            "xz: the padding after a stream is no multiple of four bytes at byte " +
                std::to_string(hello.size() + padding) + " of the compressed data");
      CHECK(outcome.bytes == "hello\n");
    }
  }
}

TEST_CASE("nothing but padding and another stream may follow an xz stream") {
  const std::string hello(kHello);
  for (const std::string& rubbish : {"x"s, "\n"s, "\x1f\x8b"s,
                                     "\xfd"
                                     "8zXZ and something more"s}) {
    for (const std::size_t padding : {0U, 4U}) {
      const Outcome outcome = decode_all(hello + std::string(padding, '\0') + rubbish);
      CHECK(refusal(outcome) == "xz: something else follows the last stream at byte " +
                                    std::to_string(hello.size() + padding) +
                                    " of the compressed data");
      CHECK(outcome.bytes == "hello\n");
    }
  }
}

TEST_CASE("several threads make of xz what one makes") {
  const std::string data = sample(20000);
  const std::string blocks = xz_blocks(data, 3000);
  for (const std::size_t run : {1U, 1000U, 1U << 16}) {
    for (const std::string& bytes : {blocks, blocks + xz(data) + blocks, xz_blocks("", 3000)}) {
      const Outcome outcome = check_threads(bytes, run);
      CHECK(refusal(outcome) == "");
      CHECK(outcome.bytes.size() % data.size() == 0);
    }
  }
  const Outcome followed = check_threads(blocks + "x");
  CHECK(refusal(followed) == "xz: something else follows the last stream at byte " +
                                 std::to_string(blocks.size()) + " of the compressed data");
}

TEST_CASE("several threads refuse of xz what one refuses, with the same words") {
  const std::string data = sample(300);
  const std::string compressed = xz_blocks(data, 100);
  for (std::size_t size = 6; size < compressed.size(); size += sampled(1)) {
    INFO("the first " << size << " bytes of " << compressed.size());
    const Outcome outcome = check_threads(compressed.substr(0, size));
    CHECK(refusal(outcome) ==
          "xz: truncated at byte " + std::to_string(size) + " of the compressed data");
  }
  for (std::size_t bit = 6 * 8; bit < compressed.size() * 8; bit += sampled(5)) {
    INFO("bit " << bit % 8 << " of byte " << bit / 8);
    std::string damaged = compressed;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    const Outcome outcome = check_threads(damaged);
    CHECK(refusal(outcome).starts_with("xz: "));
  }
}
