// SPDX-License-Identifier: Apache-2.0
#include "codec/bzip2_place.hpp"

#include <bzlib.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string>

#include "base/error.hpp"
#include "codec/bzip2_bits.hpp"

namespace acistore {
namespace {

// CRC-32 as bzip2 has it: most significant bit first, begun with ones and inverted at the end.
constexpr std::uint32_t kPolynomial = 0x04c11db7;

std::uint32_t crc_register(const std::string& content) {
  std::uint32_t crc = 0xffffffff;
  for (const char c : content) {
    crc ^= std::uint32_t{static_cast<std::uint8_t>(c)} << 24;
    for (int bit = 0; bit < 8; ++bit)
      crc = crc >> 31 != 0 ? crc << 1 ^ kPolynomial : crc << 1;
  }
  return crc;
}

// `content` and the four bytes that make its CRC what is wanted: they are what the register must
// hold before 32 steps to hold that after them, since each step can be undone.
std::string with_crc(std::string content, std::uint32_t wanted) {
  std::uint32_t crc = ~wanted;
  for (int bit = 0; bit < 32; ++bit)
    crc = (crc & 1) != 0 ? (crc ^ kPolynomial) >> 1 | 0x80000000 : crc >> 1;
  crc ^= crc_register(content);
  for (int shift = 24; shift >= 0; shift -= 8)
    content += static_cast<char>(crc >> shift & 0xff);
  return content;
}

// `content`, compressed as one block: only the bits of that.
BitString compress_block(std::string content) {
  std::array<char, 1024> out{};  // 600 more bytes than the content are always enough
  auto size = static_cast<unsigned>(out.size());
  constexpr int kSmallestLevel = 1;
  const int status =
      BZ2_bzBuffToBuffCompress(out.data(), &size, content.data(),
                               static_cast<unsigned>(content.size()), kSmallestLevel, 0, 0);
  if (status == BZ_MEM_ERROR) throw system_error(ENOMEM, "bzip2");
  const Bytes stream = std::as_bytes(std::span(out)).first(size);
  std::size_t end = kBzip2HeaderBits + kBzip2MagicBits;
  while (status == BZ_OK && end + kBzip2MagicBits <= 8 * stream.size()) {
    if (read_bits(stream, end, kBzip2MagicBits) == kBzip2EndMagic) {
      BitString block;
      block.append(stream, kBzip2HeaderBits, end - kBzip2HeaderBits);
      return block;
    }
    ++end;
  }
  throw std::logic_error("libbz2 did not compress a few bytes");
}

}  // namespace

Bzip2Prefix make_bzip2_prefix(int level, std::uint32_t combined, std::size_t bit_in_byte) {
  // Each content gives a block of another length.
  constexpr int kMostTries = 256;
  std::string filler;
  for (int i = 0; i < kMostTries; ++i) {
    const std::string content = with_crc(filler, combined);
    const BitString block = compress_block(content);
    if ((kBzip2HeaderBits + block.size()) % 8 == bit_in_byte) {
      BitString prefix;
      prefix.append(Bytes(as_bytes("BZh")), 0, 24);
      prefix.append(static_cast<std::uint64_t>('0' + level), 8);
      prefix.append(block.bytes(), 0, block.size());
      return {prefix.bytes(), content.size()};
    }
    filler += static_cast<char>(37 * i);
  }
  throw std::logic_error("no block of bzip2 ends at this bit");
}

}  // namespace acistore
