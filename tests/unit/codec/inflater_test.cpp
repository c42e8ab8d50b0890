// SPDX-License-Identifier: Apache-2.0
// Every library must accept and refuse the same deflated data.
#include "codec/inflater.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "buffered_source.hpp"
#include "catch.hpp"
#include "codec/compress.hpp"
#include "errors.hpp"
#include "sample.hpp"

using namespace acistore;

namespace {

constexpr std::size_t kAtOnce = 1 << 16;

std::string member_of(std::string_view deflated, std::string_view data) {
  return std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10) + std::string(deflated) +
         little_endian(crc32_of(data), 4) + little_endian(data.size(), 4);
}

// Deflated data bit by bit, as RFC 1951 packs it.
class Bits {
 public:
  // The lowest bit first: numbers.
  Bits& number(unsigned value, unsigned count) {
    for (unsigned i = 0; i < count; ++i)
      bit(value >> i & 1);
    return *this;
  }
  // The highest bit first: Huffman codes.
  Bits& code(unsigned value, unsigned count) {
    while (count-- > 0)
      bit(value >> count & 1);
    return *this;
  }
  // Codes of the fixed sets.
  Bits& literal(char c) { return code(0x30U + static_cast<unsigned char>(c), 8); }
  Bits& length_symbol(unsigned symbol) {
    return symbol < 280 ? code(symbol - 256, 7) : code(0xc0 + symbol - 280, 8);
  }
  Bits& distance_symbol(unsigned symbol) { return code(symbol, 5); }
  Bits& end_of_block() { return code(0, 7); }

  std::string bytes() const { return bytes_; }

 private:
  void bit(unsigned value) {
    if (used_ == 0) bytes_ += '\0';
    bytes_.back() = static_cast<char>(bytes_.back() | static_cast<char>(value << used_));
    used_ = (used_ + 1) % 8;
  }

  std::string bytes_;
  unsigned used_ = 0;
};

constexpr unsigned kLast = 1;
constexpr unsigned kFixed = 1;
constexpr unsigned kDynamic = 2;

// The header of a dynamic block whose sets have these lengths, each written with a code of four
// bits.
Bits dynamic_header(const std::vector<unsigned>& literals, const std::vector<unsigned>& distances) {
  Bits bits;
  bits.number(kLast, 1).number(kDynamic, 2);
  bits.number(static_cast<unsigned>(literals.size()) - 257, 5);
  bits.number(static_cast<unsigned>(distances.size()) - 1, 5).number(19 - 4, 4);
  // The lengths 0 to 15 have codes of four bits each; the three kinds of repetition have none.
  for (unsigned i = 0; i < 19; ++i)
    bits.number(i < 3 ? 0 : 4, 3);
  for (const auto* lengths : {&literals, &distances}) {
    for (const unsigned length : *lengths)
      bits.code(length, 4);
  }
  return bits;
}

// Literal 'a' and the end of the block, one bit each.
std::vector<unsigned> two_literals() {
  std::vector<unsigned> lengths(257);
  lengths['a'] = lengths[256] = 1;
  return lengths;
}

struct Result {
  std::string bytes;
  bool accepted;
};

Result result_of(const InflaterKind& inflater, std::string_view compressed,
                 std::size_t run = kAtOnce) {
  Outcome outcome = decode_all(compressed, run, decode_by(inflater.make));
  return {std::move(outcome.bytes), refusal(outcome).empty()};
}

// Whether the libraries agree, and what on.
bool is_accepted(std::string_view compressed) {
  const Result first = result_of(inflaters().front(), compressed);
  for (const InflaterKind& inflater : inflaters()) {
    INFO("by " << inflater.name);
    for (const std::size_t run : {std::size_t{1}, kAtOnce}) {
      const Result result = result_of(inflater, compressed, run);
      CHECK(result.accepted == first.accepted);
      if (result.accepted) CHECK((result.bytes == first.bytes));
    }
  }
  return first.accepted;
}

}  // namespace

TEST_CASE("blocks of every kind inflate") {
  const std::string stored(
      "\x00\x03\x00\xfc\xff"
      "abc",
      8);
  const std::string stored_empty("\x00\x00\x00\xff\xff", 5);
  std::string stored_last = stored;
  stored_last[0] = kLast;
  std::string stored_empty_last = stored_empty;
  stored_empty_last[0] = kLast;
  CHECK(is_accepted(member_of(stored_last, "abc")));
  CHECK(is_accepted(member_of(stored_empty_last, "")));
  CHECK(is_accepted(member_of(stored_empty + stored + stored_empty + stored_last, "abcabc")));
  CHECK(
      is_accepted(member_of(Bits().number(kLast, 1).number(kFixed, 2).end_of_block().bytes(), "")));
  CHECK(is_accepted(member_of(Bits()
                                  .number(kLast, 1)
                                  .number(kFixed, 2)
                                  .literal('a')
                                  .length_symbol(257)
                                  .distance_symbol(0)
                                  .end_of_block()
                                  .bytes(),
                              "aaaa")));
  CHECK(is_accepted(
      member_of(dynamic_header(two_literals(), {0}).code(0, 1).code(1, 1).bytes(), "a")));

  stored_last[3] = '\xfd';  // no complement of the length
  CHECK_FALSE(is_accepted(member_of(stored_last, "abc")));
}

TEST_CASE("a distance reaches no further back than the member") {
  const auto repeat_at = [](unsigned distance_symbol) {
    return Bits()
        .number(kLast, 1)
        .number(kFixed, 2)
        .literal('a')
        .literal('b')
        .length_symbol(257)
        .distance_symbol(distance_symbol)
        .end_of_block()
        .bytes();
  };
  const std::string good = member_of(repeat_at(1), "ababa");
  CHECK(is_accepted(good));
  CHECK_FALSE(is_accepted(member_of(repeat_at(2), "abxab")));
  // Not even when another member, or a whole window of it, came before.
  for (const std::size_t size : {10U, 40000U, 70000U, 400000U}) {
    const std::string before(size, 'x');
    CHECK(is_accepted(gzip(before) + good));
    CHECK_FALSE(is_accepted(gzip(before) + member_of(repeat_at(2), "abxab")));
  }
  // Nor does what a decoder before it left behind.
  const std::string first =
      Bits().number(kLast, 1).number(kFixed, 2).length_symbol(257).distance_symbol(0).bytes();
  CHECK_FALSE(is_accepted(member_of(first, "xxx")));
}

TEST_CASE("symbols that have no meaning are refused") {
  const auto fixed = [] { return Bits().number(kLast, 1).number(kFixed, 2).literal('a'); };
  for (const unsigned symbol : {286U, 287U})
    CHECK_FALSE(is_accepted(
        member_of(fixed().length_symbol(symbol).distance_symbol(0).end_of_block().bytes(), "a")));
  for (const unsigned symbol : {30U, 31U})
    CHECK_FALSE(is_accepted(member_of(
        fixed().length_symbol(257).distance_symbol(symbol).end_of_block().bytes(), "aaaa")));
}

TEST_CASE("sets of Huffman codes that contradict themselves are refused") {
  // Three codes of one bit.
  std::vector<unsigned> three = two_literals();
  three['b'] = 1;
  CHECK_FALSE(is_accepted(member_of(dynamic_header(three, {0}).code(0, 1).bytes(), "")));
  CHECK_FALSE(is_accepted(
      member_of(dynamic_header(two_literals(), {1, 1, 1}).code(0, 1).code(1, 1).bytes(), "a")));
  // No end of the block.
  std::vector<unsigned> endless(257);
  endless['a'] = endless['b'] = 1;
  CHECK_FALSE(is_accepted(member_of(dynamic_header(endless, {0}).code(0, 1).bytes(), "a")));
  // More symbols than there are.
  std::vector<unsigned> many = two_literals();
  many.resize(287);
  CHECK_FALSE(is_accepted(member_of(dynamic_header(many, {0}).code(0, 1).code(1, 1).bytes(), "a")));
  CHECK_FALSE(is_accepted(member_of(
      dynamic_header(two_literals(), std::vector<unsigned>(31)).code(0, 1).code(1, 1).bytes(),
      "a")));
  // One code of one bit is no contradiction.
  CHECK(is_accepted(
      member_of(dynamic_header(two_literals(), {1}).code(0, 1).code(1, 1).bytes(), "a")));
  // A code that no symbol has.
  std::vector<unsigned> sparse(258);
  sparse[257] = sparse[256] = 1;
  CHECK_FALSE(is_accepted(
      member_of(dynamic_header(sparse, {1}).code(1, 1).code(1, 1).code(0, 1).bytes(), "")));
}

// ISA-L takes a set that leaves codes unused, as long as the data has none of these; zlib refuses
// the set. Nothing writes such sets, and the checksum guards what comes out.
TEST_CASE("an incomplete set of Huffman codes harms nobody") {
  std::vector<unsigned> incomplete = two_literals();
  incomplete['a'] = incomplete[256] = 2;
  for (const auto& [literals, distances, code_bits] :
       {std::tuple{incomplete, std::vector<unsigned>{0}, 2U},
        std::tuple{two_literals(), std::vector<unsigned>{2, 2}, 1U}}) {
    const std::string bytes = member_of(
        dynamic_header(literals, distances).code(0, code_bits).code(1, code_bits).bytes(), "a");
    for (const InflaterKind& inflater : inflaters()) {
      INFO("by " << inflater.name);
      const Result result = result_of(inflater, bytes);
      CHECK(result.accepted == (inflater.name == "ISA-L"));
      CHECK(result.bytes == (result.accepted ? "a" : ""));
    }
  }
}

TEST_CASE("how much is asked for at once makes no difference") {
  const std::string data = sample(300000);
  const std::string compressed = gzip(data) + gzip(sample(50000));
  std::string damaged = compressed;
  const std::size_t at = damaged.size() / 2;
  damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
  for (const InflaterKind& inflater : inflaters()) {
    INFO("by " << inflater.name);
    const std::string before_damage = result_of(inflater, damaged).bytes;
    CHECK(before_damage.size() > 100000);
    for (const std::size_t size : {7U, 1000U, 32768U, 65537U, 1000000U}) {
      const auto decoded = [&](std::string_view bytes) {
        RunsReader reader(bytes, 1000);
        const DecodedStream stream = decode_by(inflater.make)(reader);
        BufferedSource source(*stream.bytes, size);
        std::string out;
        const auto error = error_of([&] {
          for (Bytes run = source.next(); !run.empty(); run = source.next())
            out += as_text(run);
        });
        CHECK(error.has_value() == (bytes == damaged));
        return out;
      };
      CHECK((decoded(compressed) == data + sample(50000)));
      CHECK((decoded(damaged) == before_damage));
    }
  }
}

TEST_CASE("the libraries agree on damaged streams") {
  std::mt19937 random(1);
  const unsigned rounds = kIsSanitized ? 100 : 600;
  unsigned refused = 0;
  for (unsigned round = 0; round < rounds; ++round) {
    std::string bytes = gzip(sample(random() % 300)) + gzip(sample(random() % 300));
    for (auto flips = 1 + random() % 3; flips > 0; --flips) {
      const std::size_t at = random() % bytes.size();
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
    }
    if (!is_accepted(bytes)) ++refused;
  }
  CHECK(refused > rounds * 2 / 3);
}

// ISA-L decodes quickly as long as there is much room, and what it then says of the room that is
// left when it finds damage is wrong.
TEST_CASE("damage near the end of the room gives no more than there is room for") {
  constexpr std::size_t kRoom = 80'000;
  for (std::size_t literals = kRoom - 600; literals <= kRoom; literals += 7) {
    Bits bits;
    bits.number(1, 1).number(1, 2);
    for (std::size_t i = 0; i < literals; ++i)
      bits.literal('a');
    // A length of 258, and a distance that there is not.
    bits.length_symbol(284).number(31, 5).distance_symbol(30);
    const std::string deflated = bits.bytes() + std::string(100, '\0');
    for (const InflaterKind& kind : inflaters()) {
      INFO(literals << " by " << kind.name);
      const auto inflater = kind.make();
      std::vector<std::byte> out(kRoom);
      const Inflater::Step step = inflater->inflate(as_bytes(deflated), out);
      REQUIRE(step.produced <= kRoom);
      REQUIRE(step.consumed <= static_cast<std::ptrdiff_t>(deflated.size()));
      const Bytes given = Bytes(out).first(std::min(step.produced, literals));
      REQUIRE(std::ranges::count(given, std::byte{'a'}) == std::ssize(given));
    }
  }
}
