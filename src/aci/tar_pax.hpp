// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_TAR_PAX_HPP
#define ACISTORE_ACI_TAR_PAX_HPP

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aci/tar.hpp"

namespace acistore {

// The records of a pax special header (POSIX, pax, "pax Extended Header"), each
// "LENGTH KEY=VALUE\n" with the length of all of it in decimal. Of a key given twice the last
// counts; an empty value takes a record back, so that empty means "not given" here. Unknown keys
// are ignored. The views point into the text that was parsed.
struct PaxRecords {
  std::string_view path;
  std::string_view linkpath;
  std::string_view size;
  std::string_view uid;
  std::string_view gid;
  std::string_view uname;
  std::string_view gname;
  std::string_view mtime;
  std::string_view dev_major;  // SCHILY.devmajor, SCHILY.devminor
  std::string_view dev_minor;
  std::string_view acl_access;  // SCHILY.acl.access, SCHILY.acl.default
  std::string_view acl_default;
  std::vector<Xattr> xattrs;  // SCHILY.xattr.*, LIBARCHIVE.xattr.*; by name, the last of a name

  // GNU.sparse.*
  std::string_view sparse_major;
  std::string_view sparse_minor;
  std::string_view sparse_name;
  std::string_view sparse_size;
  std::string_view sparse_realsize;
  std::string_view sparse_numblocks;
  std::string_view sparse_map;
  std::vector<SparseRegion> sparse_pairs;  // 0.0: GNU.sparse.offset, GNU.sparse.numbytes in turn
};

// How the records say that the entry is a sparse file.
enum class SparseFormat {
  kNone,     // it is not
  kList,     // 0.0 and 0.1: the map is in the records
  kLeading,  // 1.0: the map stands in front of the content
};
// Throws Error(kInvalid) for a version that is none of these: the content could not be told.
SparseFormat sparse_format(const PaxRecords& records);

// The regions of a map of SparseFormat::kList. Throws Error(kInvalid).
void take_sparse_list(PaxRecords& records, std::vector<SparseRegion>& regions);

// Throws Error(kInvalid): a record that is none, a NUL in a path, a link, a name or a key, an xattr
// over kMaxXattrBytes.
PaxRecords parse_pax(std::string_view text);

// The number in a record; nothing if the record is not given. Throws Error(kInvalid):
// `pax size "12x" is no number`.
std::optional<std::int64_t> pax_number(std::string_view name, std::string_view value);

// The same for a time: seconds, with decimals perhaps; those after the ninth are cut off.
std::optional<TarTime> pax_time(std::string_view name, std::string_view value);

}  // namespace acistore

#endif
