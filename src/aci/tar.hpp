// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_TAR_HPP
#define ACISTORE_ACI_TAR_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace acistore {

// What an archive may ask of its reader. Whoever exceeds one is told which.
// Uncompressed, where nobody asks for another.
inline constexpr std::uint64_t kMaxArchiveBytes = std::uint64_t{64} << 30;
inline constexpr std::uint64_t kMaxEntries = 1'000'000;
inline constexpr std::size_t kMaxPathBytes = 4095;
inline constexpr std::size_t kMaxPathComponentBytes = 255;
inline constexpr std::size_t kMaxSpecialHeaderBytes = std::size_t{1} << 20;  // pax, GNU long name
inline constexpr unsigned kMaxSpecialHeadersInARow = 16;
inline constexpr std::size_t kMaxXattrBytes = std::size_t{64} << 10;  // the value of one
inline constexpr std::size_t kMaxSparseRegions = 65'536;
inline constexpr std::uint64_t kMaxSparseRealBytes = std::uint64_t{64} << 30;

enum class EntryType {
  kFile,
  kHardLink,
  kSymlink,
  kCharDevice,
  kBlockDevice,
  kDirectory,
  kFifo,
};

// "a regular file", "a directory", ...
std::string_view describe(EntryType type);

// Seconds since 1970 (negative before) and 0 to 999,999,999 nanoseconds on top of them. UnixNanos
// would not do: an archive may hold any 63-bit number of seconds.
struct TarTime {
  std::int64_t seconds = 0;
  std::uint32_t nanos = 0;
  bool operator==(const TarTime&) const = default;
};

struct Xattr {
  std::string name;
  std::string value;  // any bytes
  bool operator==(const Xattr&) const = default;
};

// A part of a sparse file that is stored; what no region covers is zeros.
struct SparseRegion {
  std::uint64_t offset = 0;  // in the real file
  std::uint64_t length = 0;
  bool operator==(const SparseRegion&) const = default;
};

// One member of an archive, after all that pax and GNU headers said of it.
struct TarEntry {
  std::uint64_t number = 0;  // 1 for the first
  std::string raw_path;      // as recorded
  std::string path;          // cleaned: see tar_path.hpp
  EntryType type = EntryType::kFile;
  std::uint32_t mode = 0;  // the lower 12 bits: permissions, set-ID and sticky
  std::int64_t uid = 0;
  std::int64_t gid = 0;
  std::string uname;
  std::string gname;
  std::uint64_t size = 0;  // of the real file, holes included; 0 for all but files
  TarTime mtime;
  std::string link;  // of a hard or symbolic link, as recorded: nothing has judged it
  std::int64_t dev_major = 0;
  std::int64_t dev_minor = 0;
  std::vector<Xattr> xattrs;  // by name, no name twice
  std::string acl_access;     // POSIX.1e as text ("user::rwx,..."), empty: none
  std::string acl_default;
  bool sparse = false;
  std::vector<SparseRegion> regions;  // of a sparse file, in order, apart, inside `size`
};

}  // namespace acistore

#endif
