// SPDX-License-Identifier: Apache-2.0
#include "codec/bzip2_bits.hpp"

#include <random>
#include <string>

#include "catch.hpp"
#include "codec/compress.hpp"

using namespace acistore;

TEST_CASE("bits are put together as they were read") {
  const std::string text = sample(100);
  const Bytes bytes = as_bytes(text);
  for (std::size_t before = 0; before < 9; ++before) {
    for (std::size_t from = 0; from < 17; ++from) {
      for (std::size_t count = 0; count < 90; ++count) {
        BitString bits;
        bits.append(0x155 >> (9 - before), before);
        bits.append(bytes, from, count);
        bits.append(1, 1);
        REQUIRE(bits.size() == before + count + 1);
        REQUIRE(bits.bytes().size() == (before + count + 1 + 7) / 8);
        REQUIRE(read_bits(bits.bytes(), 0, before) == 0x155U >> (9 - before));
        bool same = true;
        for (std::size_t i = 0; i < count; ++i)
          same = same && read_bits(bits.bytes(), before + i, 1) == read_bits(bytes, from + i, 1);
        REQUIRE(same);
        REQUIRE(read_bits(bits.bytes(), before + count, 1) == 1);
      }
    }
  }
}

TEST_CASE("a magic is found at every bit, whole ones only") {
  for (const std::uint64_t magic : {kBzip2BlockMagic, kBzip2EndMagic}) {
    for (std::size_t before = 0; before < 60; ++before) {
      for (std::size_t after = 0; after < 9; ++after) {
        BitString bits;
        bits.append(as_bytes(sample(13)), 0, before);
        bits.append(magic, kBzip2MagicBits);
        bits.append(as_bytes(sample(3)), 0, after);
        for (std::size_t from = 0; from <= before; ++from)
          REQUIRE(find_bzip2_magic(bits.bytes(), from) == before);
        REQUIRE_FALSE(find_bzip2_magic(bits.bytes(), before + 1));
        // Cut off: a byte less than what the magic needs.
        const std::size_t needed = (before + kBzip2MagicBits + 7) / 8;
        REQUIRE_FALSE(find_bzip2_magic(Bytes(bits.bytes()).first(needed - 1), 0));
      }
    }
  }
}

TEST_CASE("the first of several magics is found, and nothing that is nearly one") {
  BitString bits;
  bits.append(kBzip2BlockMagic ^ 1, kBzip2MagicBits);
  bits.append(kBzip2EndMagic ^ std::uint64_t{1} << 47, kBzip2MagicBits);
  bits.append(0, 3);
  const std::size_t first = bits.size();
  bits.append(kBzip2EndMagic, kBzip2MagicBits);
  const std::size_t second = bits.size();
  bits.append(kBzip2BlockMagic, kBzip2MagicBits);
  CHECK(find_bzip2_magic(bits.bytes(), 0) == first);
  CHECK(find_bzip2_magic(bits.bytes(), first) == first);
  CHECK(find_bzip2_magic(bits.bytes(), first + 1) == second);
  CHECK_FALSE(find_bzip2_magic(bits.bytes(), second + 1));
  CHECK_FALSE(find_bzip2_magic({}, 0));
}
