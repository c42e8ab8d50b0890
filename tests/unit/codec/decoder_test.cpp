// SPDX-License-Identifier: Apache-2.0
// What holds for every format.
#include "codec/decoder.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "codec/codec.hpp"
#include "codec/compress.hpp"
#include "errors.hpp"
#include "sample.hpp"

using namespace acistore;

namespace {

struct Kind {
  std::string name;
  Compression compression;
  std::size_t magic_bytes;
  std::function<std::string(std::string_view)> compress;
  std::string way = {};  // of decoding, if it is not decode() on one core
  Decode decode = decode_on(1);
};

std::vector<Kind> make_kinds() {
  std::vector<Kind> kinds{
      {"bzip2", Compression::kBzip2, 10, [](std::string_view data) { return bzip2(data, 1); }},
      {"xz", Compression::kXz, 6, [](std::string_view data) { return xz(data); }},
  };
#if ACISTORE_WITH_ZSTD
  kinds.push_back({"zstd", Compression::kZstd, 4, zstd});
#endif
  for (const InflaterKind& by : inflaters())
    kinds.push_back({"gzip", Compression::kGzip, 2, gzip, " by " + by.name, decode_by(by.make)});
  return kinds;
}

const std::vector<Kind> kKinds = make_kinds();

Outcome decode_all(const Kind& kind, std::string_view compressed, std::size_t run = 1 << 16) {
  return acistore::decode_all(compressed, run, kind.decode);
}

// How much the tests ask for at once.
constexpr std::size_t kRunBytes = std::size_t{256} * 1024;

std::string read_text(Reader& reader, std::size_t size) {
  std::string text(size, '\0');
  text.resize(reader.read(std::as_writable_bytes(std::span(text))));
  return text;
}

}  // namespace

TEST_CASE("decoding gives back what was compressed, whatever its size") {
  for (const Kind& kind : kKinds) {
    INFO(kind.name << kind.way);
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kRunBytes - 1, kRunBytes,
                                   kRunBytes + 1, 2 * kRunBytes, std::size_t{1500000}}) {
      INFO(size << " bytes");
      const std::string data = sample(size);
      const Outcome outcome = decode_all(kind, kind.compress(data));
      CHECK(outcome.compression == kind.compression);
      CHECK(refusal(outcome) == "");
      CHECK((outcome.bytes == data));
    }
  }
}

TEST_CASE("how the compressed bytes are cut into runs makes no difference") {
  const std::string data = sample(80);
  for (const Kind& kind : kKinds) {
    INFO(kind.name << kind.way);
    const std::string compressed = kind.compress(data) + kind.compress("") + kind.compress(data);
    for (std::size_t run = 1; run <= compressed.size(); ++run) {
      const Outcome outcome = decode_all(kind, compressed, run);
      CHECK(refusal(outcome) == "");
      CHECK(outcome.bytes == data + data);
    }
  }
}

TEST_CASE("a stream cut off anywhere is refused") {
  for (const Kind& kind : kKinds) {
    INFO(kind.name << kind.way);
    const std::string data = sample(80);
    const std::string compressed = kind.compress(data);
    for (std::size_t size = kind.magic_bytes; size < compressed.size(); size += sampled(1)) {
      for (const std::size_t run : {std::size_t{1}, size}) {
        const Outcome outcome = decode_all(kind, compressed.substr(0, size), run);
        CHECK(refusal(outcome) == kind.name + ": truncated at byte " + std::to_string(size) +
                                      " of the compressed data");
        CHECK(data.starts_with(outcome.bytes));
      }
    }
    // So is a later stream.
    for (std::size_t size = 1; size < compressed.size(); size += sampled(1)) {
      const Outcome outcome = decode_all(kind, compressed + compressed.substr(0, size));
      CHECK(refusal(outcome) == kind.name + ": truncated at byte " +
                                    std::to_string(compressed.size() + size) +
                                    " of the compressed data");
      CHECK(outcome.bytes.starts_with(data));
    }
  }
}

TEST_CASE("a flipped bit is refused unless it carries no data") {
  for (const Kind& kind : kKinds) {
    INFO(kind.name << kind.way);
    const std::string data = sample(80);
    const std::string compressed = kind.compress(data);
    std::set<std::size_t> harmless;
    for (std::size_t bit = 0; bit < compressed.size() * 8; bit += sampled(1)) {
      std::string damaged = compressed;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
      const Outcome outcome = decode_all(kind, damaged);
      if (outcome.compression == Compression::kNone) {
        CHECK(bit / 8 < kind.magic_bytes);
        CHECK(outcome.bytes == damaged);
        continue;
      }
      CHECK(outcome.compression == kind.compression);
      if (!outcome.error) {
        CHECK(outcome.bytes == data);
        harmless.insert(bit / 8);
        continue;
      }
      const std::string message = refusal(outcome);
      CHECK(message.starts_with(kind.name + ": "));
      CHECK((message.find(" of the compressed data") != std::string::npos ||
             message.ends_with(" of the decompressed data")));
      CHECK(message.find('\n') == std::string::npos);
    }
    // bzip2 has them in many places: codes that no symbol uses, the mark "randomised", which short
    // blocks do not heed, a block size of which any would do.
    if (kind.compression == Compression::kBzip2) continue;
    std::set<std::size_t> without_data;
    if (kind.compression == Compression::kGzip)
      // The flag "text", the time, the extra flags, the system; the padding behind the data.
      without_data = {3, 4, 5, 6, 7, 8, 9, compressed.size() - 9};
    if (kind.compression == Compression::kZstd)
      // The unused bit of the descriptor.
      without_data = {4};
    for (const std::size_t byte : harmless) {
      INFO("byte " << byte << " of " << compressed.size());
      CHECK(without_data.contains(byte));
    }
  }
}

TEST_CASE("any sequence of streams is one stream") {
  for (const Kind& kind : kKinds) {
    INFO(kind.name << kind.way);
    std::string compressed;
    std::string data;
    for (std::size_t size = 0; size < 40; ++size) {
      compressed += kind.compress(sample(size));
      data += sample(size);
    }
    for (const std::size_t run : {std::size_t{1}, std::size_t{7}, compressed.size()}) {
      const Outcome outcome = decode_all(kind, compressed, run);
      CHECK(refusal(outcome) == "");
      CHECK(outcome.bytes == data);
    }
  }
}

TEST_CASE("a great many empty streams decode to nothing") {
  for (const Kind& kind : kKinds) {
    INFO(kind.name << kind.way);
    const std::string empty = kind.compress("");
    std::string compressed;
    for (int i = 0; i < 1000; ++i)
      compressed += empty;
    const Outcome outcome = decode_all(kind, compressed);
    CHECK(outcome.compression == kind.compression);
    CHECK(refusal(outcome) == "");
    CHECK(outcome.bytes.empty());
  }
}

TEST_CASE("a stream of another format does not continue a stream") {
  for (const Kind& first : kKinds) {
    for (const Kind& second : kKinds) {
      if (first.name == second.name) continue;
      const std::string start = first.compress("abc");
      const Outcome outcome = decode_all(first, start + second.compress("def"));
      CHECK(refusal(outcome).starts_with(first.name + ": something else follows the last "));
      CHECK(refusal(outcome).ends_with(" at byte " + std::to_string(start.size()) +
                                       " of the compressed data"));
      CHECK(outcome.bytes == "abc");
    }
  }
}

TEST_CASE("after the end there is nothing more, and the reader below is left alone") {
  class CountingReader final : public Reader {
   public:
    explicit CountingReader(std::string_view bytes) : bytes_(bytes) {}
    std::size_t read(std::span<std::byte> out) override {
      const std::size_t count = bytes_.read(out);
      if (count == 0) ++ends;
      return count;
    }
    int ends = 0;

   private:
    RunsReader bytes_;
  };
  for (const Kind& kind : kKinds) {
    INFO(kind.name << kind.way);
    const std::string compressed = kind.compress("abc");
    CountingReader reader(compressed);
    const DecodedStream stream = kind.decode(reader);
    CHECK(read_text(*stream.bytes, 100) == "abc");
    CHECK(read_text(*stream.bytes, 100).empty());
    CHECK(reader.ends == 1);
    CHECK(read_text(*stream.bytes, 100).empty());
    CHECK(reader.ends == 1);
  }
}

TEST_CASE("what was decoded comes before the error, and the error comes again") {
  const std::string data = sample(kRunBytes + 1000);
  for (const Kind& kind : kKinds) {
    INFO(kind.name << kind.way);
    const std::string compressed = kind.compress(data) + "x";
    RunsReader reader(compressed);
    const DecodedStream stream = kind.decode(reader);
    CHECK((read_text(*stream.bytes, kRunBytes) == data.substr(0, kRunBytes)));
    CHECK((read_text(*stream.bytes, kRunBytes) == data.substr(kRunBytes)));
    for (int i = 0; i < 3; ++i) {
      const auto error =
          error_of([&] { with_context("web.aci", [&] { read_text(*stream.bytes, 1); }); });
      REQUIRE(error);
      CHECK(error->message().starts_with("web.aci: " + kind.name + ": "));
    }
  }
}

TEST_CASE("an error of the reader below passes through, after what came before it") {
  const std::string data = sample(1000);
  for (const Kind& kind : kKinds) {
    INFO(kind.name << kind.way);
    const std::string compressed = kind.compress(data);
    FailingReader reader(compressed);
    const DecodedStream stream = kind.decode(reader);
    CHECK(read_text(*stream.bytes, 2000) == data);
    const auto error = error_of([&] { read_text(*stream.bytes, 2000); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::kIo);
    CHECK(error->message() == "read: the disk is on fire");
  }
}

TEST_CASE("a bomb comes in pieces no larger than asked for") {
  const std::string zeros(24 << 20, '\0');
  for (const Kind& kind : kKinds) {
    INFO(kind.name << kind.way);
    const std::string compressed = kind.compress(zeros);
    CHECK(compressed.size() < zeros.size() / 500);
    RunsReader reader(compressed);
    const DecodedStream stream = kind.decode(reader);
    std::size_t size = 0;
    for (std::string run = read_text(*stream.bytes, kRunBytes); !run.empty();
         run = read_text(*stream.bytes, kRunBytes))
      size += run.size();
    CHECK(size == zeros.size());
  }
}
