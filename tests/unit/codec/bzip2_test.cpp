// SPDX-License-Identifier: Apache-2.0
#include "codec/bzip2.hpp"

#include <string>
#include <string_view>

#include "buffered_source.hpp"
#include "catch.hpp"
#include "codec/compress.hpp"
#include "errors.hpp"
#include "sample.hpp"

using namespace acistore;
using namespace std::string_view_literals;

namespace {

// printf 'hello\n' | bzip2. The checksum of the block stands at byte 10, that of the stream at 38.
constexpr std::string_view kHello =
    "\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\xc1\xc0\x80\xe2\x00\x00\x01\x41\x00\x00\x10\x02\x44"
    "\xa0"
    "\x00\x30\xcd\x00\xc3\x46\x29\x97\x17\x72\x45\x38\x50\x90\xc1\xc0\x80\xe2"sv;

}  // namespace

TEST_CASE("a bzip2 stream from the command line decodes") {
  const Outcome outcome = decode_all(kHello);
  CHECK(outcome.compression == Compression::kBzip2);
  CHECK(refusal(outcome) == "");
  CHECK(outcome.bytes == "hello\n");
}

TEST_CASE("an empty bzip2 stream decodes to nothing") {
  // printf '' | bzip2
  const Outcome outcome = decode_all("BZh9\x17\x72\x45\x38\x50\x90\0\0\0\0"sv);
  CHECK(outcome.compression == Compression::kBzip2);
  CHECK(refusal(outcome) == "");
  CHECK(outcome.bytes.empty());
}

TEST_CASE("every block size of bzip2 decodes, and streams may differ in it") {
  const std::string data = sample(250000);
  std::string compressed;
  for (int level = 1; level <= 9; ++level) {
    compressed += bzip2(data, level);
    CHECK((decode_all(bzip2(data, level)).bytes == data));
  }
  const Outcome outcome = decode_all(compressed);
  CHECK(refusal(outcome) == "");
  CHECK(outcome.bytes.size() == 9 * data.size());
}

TEST_CASE("a wrong checksum in bzip2 is refused") {
  for (const std::size_t at : {10U, 13U, 38U, 41U}) {
    std::string damaged(kHello);
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    const Outcome outcome = decode_all(damaged);
    CHECK(refusal(outcome).starts_with(
        "bzip2: the data is damaged or its checksum is wrong at byte "));
    CHECK(outcome.bytes == "hello\n");
  }
}

TEST_CASE("a damaged later block of bzip2 leaves the blocks before it") {
  const std::string data = sample(250000);
  std::string damaged = bzip2(data, 1);
  for (std::size_t at = damaged.size() - 2000; at < damaged.size() - 1000; ++at)
    damaged[at] = 'x';
  const Outcome outcome = decode_all(damaged);
  CHECK(refusal(outcome) != "");
  CHECK(outcome.bytes.size() >= 190000);
  CHECK((outcome.bytes.substr(0, 190000) == data.substr(0, 190000)));
}

TEST_CASE("nothing but another stream may follow a bzip2 stream") {
  for (const std::string_view rubbish :
       {"x"sv, "\0"sv, "\0\0\0\0"sv, "\n"sv, "BZx"sv, "BZh0"sv, "BZip, a text"sv}) {
    for (const std::size_t run : {1U, 1000U}) {
      const Outcome outcome = decode_all(std::string(kHello) + std::string(rubbish), run);
      CHECK(refusal(outcome) ==
            "bzip2: something else follows the last stream at byte 42 of the compressed data");
      CHECK(outcome.bytes == "hello\n");
    }
  }
  // What begins as a stream does is held to be one.
  CHECK(refusal(decode_all(std::string(kHello) + "BZh9 a text")) ==
        "bzip2: the data is damaged or its checksum is wrong at byte 47 of the compressed data");
}

TEST_CASE("how much is asked for at a time makes no difference to damaged bzip2") {
  // Some of these bits turn the end of the block into a run without its length.
  const std::string compressed = bzip2("abaaaacaaaabbbbbbbbaaaab" + sample(30) + "zzzz");
  for (std::size_t bit = 0; bit < 8 * compressed.size(); bit += sampled(3)) {
    INFO("bit " << bit);
    std::string damaged = compressed;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (0x80 >> bit % 8));
    const Outcome outcome = decode_all(damaged);
    for (const std::size_t piece : {1U, 5U}) {
      RunsReader reader(damaged);
      const DecodedStream stream = decode(reader);
      BufferedSource source(*stream.bytes, piece);
      std::string decoded;
      const auto error = error_of([&] {
        for (Bytes bytes = source.next(); !bytes.empty(); bytes = source.next())
          decoded += as_text(bytes);
      });
      CHECK(decoded == outcome.bytes);
      CHECK((error ? error->message() : "") == refusal(outcome));
    }
  }
}
