// SPDX-License-Identifier: Apache-2.0
#include "codec/zstd.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "buffered_source.hpp"
#include "catch.hpp"
#include "codec/compress.hpp"
#include "errors.hpp"

using namespace acistore;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

// printf 'hello\n' | zstd. The descriptor of the frame stands at byte 4: 04 says that a checksum
// follows the data; the window comes next, and at byte 6 the only block, with a header of three
// bytes.
constexpr std::string_view kHello =
    "\x28\xb5\x2f\xfd\x04\x58\x31\x00\x00\x68\x65\x6c\x6c\x6f\x0a\x53\x88\xbd\x91"sv;

}  // namespace

#if ACISTORE_WITH_ZSTD

namespace {

std::string with_byte(std::size_t at, char byte) {
  std::string bytes(kHello);
  bytes[at] = byte;
  return bytes;
}

std::string skippable(char kind, std::string_view content) {
  return std::string(1, kind) + "\x2a\x4d\x18" + little_endian(content.size(), 4) +
         std::string(content);
}

}  // namespace

TEST_CASE("a zstd frame from the command line decodes") {
  const Outcome outcome = decode_all(kHello);
  CHECK(outcome.compression == Compression::kZstd);
  CHECK(refusal(outcome) == "");
  CHECK(outcome.bytes == "hello\n");
}

TEST_CASE("skippable frames may stand anywhere between frames") {
  const std::string hello(kHello);
  for (const std::string& skipped : {skippable('\x50', ""), skippable('\x5f', "abc"),
                                     skippable('\x5a', std::string(300000, 'x')),
                                     skippable('\x50', hello) + skippable('\x50', hello)}) {
    for (const auto& [bytes, data] : {std::pair{skipped + hello, "hello\n"s},
                                      {hello + skipped, "hello\n"s},
                                      {skipped + hello + skipped + hello, "hello\nhello\n"s},
                                      {skipped, ""s}}) {
      for (const std::size_t run : {1U, 7U, 1U << 16}) {
        const Outcome outcome = decode_all(bytes, run);
        CHECK(outcome.compression == Compression::kZstd);
        CHECK(refusal(outcome) == "");
        CHECK(outcome.bytes == data);
      }
    }
  }
  const std::string cut = skippable('\x50', "abc").substr(0, 10);
  CHECK(refusal(decode_all(hello + cut)) == "zstd: truncated at byte " +
                                                std::to_string(hello.size() + cut.size()) +
                                                " of the compressed data");
}

TEST_CASE("a wrong checksum in zstd is refused") {
  const Outcome outcome = decode_all(with_byte(15, '\x52'));
  CHECK(refusal(outcome) ==
        "zstd: the checksum of the data is wrong at byte 15 of the compressed data");
  CHECK(outcome.bytes == "hello\n");
  // Without one there is nothing to be wrong.
  CHECK(decode_all(with_byte(4, '\0').substr(0, 15)).bytes == "hello\n");
}

TEST_CASE("a zstd frame that needs more memory than is allowed is refused") {
  // The upper five bits are the power of two less ten; the lower three add an eighth each.
  CHECK(decode_all(with_byte(5, static_cast<char>(17 << 3))).bytes == "hello\n");
  for (const int window : {(17 << 3) + 1, 18 << 3, 21 << 3, (31 << 3) + 7})
    CHECK(refusal(decode_all(with_byte(5, static_cast<char>(window)))) ==
          "zstd: over the limit for the memory of a decoder at byte 0 of the compressed data "
          "(its window is larger than 128 MiB)");
}

TEST_CASE("options that zstd does not know are refused") {
  CHECK(refusal(decode_all(with_byte(4, '\x0c'))) ==
        "zstd: unsupported option of a frame at byte 0 of the compressed data");
  std::string with_dictionary = with_byte(4, '\x05');
  with_dictionary.insert(6, "\x07");
  CHECK(
      refusal(decode_all(std::string(kHello) + with_dictionary)) ==
      "zstd: the data cannot be decoded without its dictionary at byte 19 of the compressed data");
}

TEST_CASE("a damaged later block of zstd leaves the blocks before it") {
  const std::string data = sample(600000);
  std::string damaged = zstd(data);
  const std::size_t at = damaged.size() * 3 / 4;
  damaged.replace(at, 100, std::string(100, 'x'));
  const Outcome whole = decode_all(damaged);
  CHECK(refusal(whole).starts_with("zstd: "));
  CHECK(whole.bytes.size() >= 3 * 131072);
  CHECK((whole.bytes.substr(0, 2 * 131072) == data.substr(0, 2 * 131072)));
  // Wherever the compressed bytes are cut into runs, the same comes out.
  for (const std::size_t run : {1U, 1000U, 131072U}) {
    const Outcome outcome = decode_all(damaged, run);
    CHECK(refusal(outcome) == refusal(whole));
    CHECK((outcome.bytes == whole.bytes));
  }
}

TEST_CASE("how much is asked of zstd at once makes no difference") {
  const std::string data = sample(300000);
  const std::string compressed = zstd(data) + zstd("") + zstd(data);
  for (const std::size_t size : {1U, 1000U, 131072U, 131073U, 1000000U}) {
    RunsReader reader(compressed, 5000);
    const DecodedStream stream = decode(reader);
    BufferedSource source(*stream.bytes, size);
    std::string out;
    for (Bytes run = source.next(); !run.empty(); run = source.next())
      out += as_text(run);
    CHECK((out == data + data));
  }
}

TEST_CASE("nothing but another frame may follow a zstd frame") {
  for (const std::string_view rubbish :
       {"x"sv, "\0"sv, "\0\0\0\0"sv, "\x28x"sv, "\x28\xb5\x2f\xfe"sv, "\x50\x2a\x4d\x19"sv,
        "\x60\x2a\x4d\x18"sv}) {
    for (const std::size_t run : {1U, 1000U}) {
      const Outcome outcome = decode_all(std::string(kHello) + std::string(rubbish), run);
      CHECK(refusal(outcome) ==
            "zstd: something else follows the last frame at byte 19 of the compressed data");
      CHECK(outcome.bytes == "hello\n");
    }
  }
}

#else

TEST_CASE("without libzstd a zstd stream is refused by its name") {
  for (const std::string_view start : {kHello, "\x50\x2a\x4d\x18"sv}) {
    RunsReader reader(start);
    const auto error = error_of([&] { decode(reader); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::kInvalid);
    CHECK(error->message() == "zstd: this acistore was built without it");
  }
}

#endif
