// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_BZIP2_PLACE_HPP
#define ACISTORE_CODEC_BZIP2_PLACE_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

namespace acistore {

// A place in a bzip2 file at which decoding can begin: where a stream, a block or the end of a
// stream begins, with what has to be known of the stream before it.
struct Bzip2Place {
  std::uint64_t bit = 0;       // from the start of the file; of a byte where a stream begins
  int level = 0;               // of the stream; 0 where one begins
  std::uint32_t combined = 0;  // the combined CRC of the stream's blocks before this place

  std::uint64_t byte() const { return bit / 8; }
  std::size_t bit_in_byte() const { return static_cast<std::size_t>(bit % 8); }
};

// What makes libbz2 begin within a stream: the header of one of this level and a small block whose
// CRC is `combined`, ending in `bit_in_byte` bits of the last byte (0: of none), the rest of which
// is zero. After it libbz2 is as it would be after the real blocks, whatever these were.
struct Bzip2Prefix {
  std::vector<std::byte> bytes;
  std::size_t decoded_size;  // what the block decodes to, and is of no use
};
Bzip2Prefix make_bzip2_prefix(int level, std::uint32_t combined, std::size_t bit_in_byte);

}  // namespace acistore

#endif
