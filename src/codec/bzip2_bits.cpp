// SPDX-License-Identifier: Apache-2.0
#include "codec/bzip2_bits.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace acistore {
namespace {

// Wherever a magic begins, it covers five bytes wholly, and so four pairs of neighbours. Of every
// four pairs in a row one is therefore enough to look at: it tells nearly everything else apart.
constexpr std::size_t kPairsCovered = 4;

// A bit for each pair of bytes that a magic may cover.
class PairSet {
 public:
  constexpr PairSet() {
    for (const std::uint64_t magic : {kBzip2BlockMagic, kBzip2EndMagic}) {
      // `cut` bits of the magic come before the first byte that it covers wholly.
      for (std::size_t cut = 1; cut <= 8; ++cut) {
        for (std::size_t pair = 0; pair < kPairsCovered; ++pair) {
          const std::size_t bits_behind = kBzip2MagicBits - cut - 8 * pair - 16;
          add(magic >> bits_behind & 0xffff);
        }
      }
    }
  }

  bool contains(std::size_t pair) const { return (words_[pair / 64] >> pair % 64 & 1) != 0; }

 private:
  constexpr void add(std::size_t pair) { words_[pair / 64] |= std::uint64_t{1} << pair % 64; }

  std::array<std::uint64_t, 1024> words_{};
};

constexpr PairSet kPairs;

}  // namespace

bool begins_bzip2(std::string_view start) {
  if (start.size() < kBzip2BeginBytes || !start.starts_with("BZh") || start[3] < '1' ||
      start[3] > '9')
    return false;
  const std::uint64_t magic = read_bits(as_bytes(start), kBzip2HeaderBits, kBzip2MagicBits);
  return magic == kBzip2BlockMagic || magic == kBzip2EndMagic;
}

std::uint32_t combine_bzip2_crc(std::uint32_t combined, std::uint32_t block) {
  return std::rotl(combined, 1) ^ block;
}

std::uint64_t read_bits(Bytes bytes, std::size_t from, std::size_t count) {
  std::uint64_t bits = 0;
  const std::size_t end = from + count;
  const std::size_t bytes_end = (end + 7) / 8;
  for (std::size_t i = from / 8; i < bytes_end; ++i)
    bits = bits << 8 | std::to_integer<std::uint64_t>(bytes[i]);
  return bits >> (8 * bytes_end - end) & ((std::uint64_t{1} << count) - 1);
}

std::optional<std::size_t> find_bzip2_magic(Bytes bytes, std::size_t from) {
  if (8 * bytes.size() < kBzip2MagicBits) return std::nullopt;
  const std::size_t first_byte = from / 8;
  for (std::size_t at = first_byte + 1; at + 1 < bytes.size(); at += kPairsCovered) {
    const std::size_t pair =
        std::to_integer<std::size_t>(bytes[at]) << 8 | std::to_integer<std::size_t>(bytes[at + 1]);
    if (!kPairs.contains(pair)) continue;
    // The byte in which it begins is one of those before this one.
    const std::size_t lowest = at - first_byte < kPairsCovered ? first_byte : at - kPairsCovered;
    const std::size_t end = std::min(8 * at, 8 * bytes.size() - (kBzip2MagicBits - 1));
    for (std::size_t bit = std::max(from, 8 * lowest); bit < end; ++bit) {
      const std::uint64_t bits = read_bits(bytes, bit, kBzip2MagicBits);
      if (bits == kBzip2BlockMagic || bits == kBzip2EndMagic) return bit;
    }
  }
  return std::nullopt;
}

void BitString::clear() {
  bytes_.clear();
  size_ = 0;
}

void BitString::append(std::uint64_t bits, std::size_t count) {
  while (count > 0) {
    if (size_ % 8 == 0) bytes_.push_back(std::byte{0});
    const std::size_t taken = std::min(count, 8 - size_ % 8);
    count -= taken;
    const std::uint64_t piece = bits >> count & ((std::uint64_t{1} << taken) - 1);
    bytes_.back() |= static_cast<std::byte>(piece << (8 - size_ % 8 - taken));
    size_ += taken;
  }
}

void BitString::append(Bytes source, std::size_t from, std::size_t count) {
  // Up to a byte of its own bit by bit, then whole bytes, each of two neighbours of the source.
  const std::size_t before = std::min(count, (8 - size_ % 8) % 8);
  append(read_bits(source, from, before), before);
  from += before;
  count -= before;
  const std::size_t whole = count / 8;
  const std::size_t start = bytes_.size();
  bytes_.resize(start + whole);
  const std::byte* in = source.data() + from / 8;
  std::byte* out = bytes_.data() + start;
  const auto shift = static_cast<unsigned>(from % 8);
  if (shift == 0) {
    std::copy_n(in, whole, out);
  } else {
    for (std::size_t i = 0; i < whole; ++i)
      out[i] = in[i] << shift | in[i + 1] >> (8 - shift);
  }
  size_ += 8 * whole;
  append(read_bits(source, from + 8 * whole, count - 8 * whole), count - 8 * whole);
}

}  // namespace acistore
