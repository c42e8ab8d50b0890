// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_TAR_HEADER_HPP
#define ACISTORE_ACI_TAR_HEADER_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace acistore {

inline constexpr std::size_t kTarBlockBytes = 512;
using TarBlock = std::array<char, kTarBlockBytes>;

// Whose idea of the bytes past 257 a header follows. pax is ustar with special headers before it.
enum class TarFlavor { kV7, kUstar, kStar, kGnu };

// The fields of a header block, undecided: an entry is made of it and of what special headers said.
// Texts end at the first NUL and are views into the block.
//
//   at   0 name[100]  mode[8]  uid[8]  gid[8]  size[12]  mtime[12]  checksum[8]  type[1]  link[100]
//      257 magic[6]  version[2]  uname[32]  gname[32]  dev_major[8]  dev_minor[8]
//      345 ustar: prefix[155]
//          star:  prefix[131]  atime[12]  ctime[12]  ...  "tar\0" at 508
//          GNU:   atime[12]  ctime[12]  offset[12]  ...  4 sparse regions at 386, extended[1] at
//                 482, real size[12] at 483
struct TarHeader {
  TarFlavor flavor = TarFlavor::kV7;
  char type = '\0';
  std::string_view name;
  std::string_view prefix;  // goes before name, with a "/", if not empty
  std::string_view link;
  std::string_view uname;
  std::string_view gname;
  std::int64_t mode = 0;
  std::int64_t uid = 0;
  std::int64_t gid = 0;
  std::int64_t size = 0;  // may be negative: it only counts where there is content
  std::int64_t mtime = 0;
  std::int64_t dev_major = 0;
  std::int64_t dev_minor = 0;
};

bool is_zero_block(const TarBlock& block);

// Throws Error(kInvalid) if the checksum is wrong (the sum of the bytes, as unsigned or, as old Sun
// tars have it, as signed chars) or a number is none: `header checksum is 1234, computed 1235`.
TarHeader parse_tar_header(const TarBlock& block);

}  // namespace acistore

#endif
