// SPDX-License-Identifier: Apache-2.0
// The bits of a bzip2 file, most significant first: what begins where, without decoding it.
//
//   stream  "BZh", a digit 1-9 (the level: blocks of so many 100,000 bytes), blocks, the end
//   block   kBlockMagic, the CRC of its bytes (32 bits), what libbz2 decodes
//   end     kEndMagic, the combined CRC (32 bits), bits up to the next byte
//
// Streams begin at a byte, blocks and the end at any bit.
#ifndef ACISTORE_CODEC_BZIP2_BITS_HPP
#define ACISTORE_CODEC_BZIP2_BITS_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/source.hpp"

namespace acistore {

inline constexpr std::uint64_t kBzip2BlockMagic = 0x314159265359;  // the digits of pi
inline constexpr std::uint64_t kBzip2EndMagic = 0x177245385090;    // those of its square root
inline constexpr std::size_t kBzip2MagicBits = 48;
inline constexpr std::size_t kBzip2CrcBits = 32;
inline constexpr std::size_t kBzip2HeaderBits = 32;  // of a stream

// How many bytes begins_bzip2() looks at.
inline constexpr std::size_t kBzip2BeginBytes = (kBzip2HeaderBits + kBzip2MagicBits) / 8;

// Whether a stream begins so: a header and a magic, since "BZh9" alone could begin a text.
bool begins_bzip2(std::string_view start);

// The combined CRC of a stream after one more block.
std::uint32_t combine_bzip2_crc(std::uint32_t combined, std::uint32_t block);

// The `count` (at most 48) bits of `bytes` from bit `from` on, all of which must be there.
std::uint64_t read_bits(Bytes bytes, std::size_t from, std::size_t count);

// Where the first magic, of a block or of the end, begins that lies in `bytes` from bit `from` on.
std::optional<std::size_t> find_bzip2_magic(Bytes bytes, std::size_t from);

// Bits that are put one after the other.
class BitString {
 public:
  void clear();
  void reserve(std::size_t bits) { bytes_.reserve((bits + 7) / 8); }

  // The lowest `count` (at most 48) bits of `bits`.
  void append(std::uint64_t bits, std::size_t count);

  // `count` bits of `source` from bit `from` on.
  void append(Bytes source, std::size_t from, std::size_t count);

  std::size_t size() const { return size_; }

  // Zero bits fill the last byte.
  const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
  std::size_t size_ = 0;
};

}  // namespace acistore

#endif
