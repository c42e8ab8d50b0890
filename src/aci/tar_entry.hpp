// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_TAR_ENTRY_HPP
#define ACISTORE_ACI_TAR_ENTRY_HPP

#include <string>

#include "aci/tar.hpp"
#include "aci/tar_header.hpp"
#include "aci/tar_pax.hpp"

namespace acistore {

// What the special headers before an entry said of it: the last one of each kind. `pax` points
// into `pax_text`.
struct SpecialHeaders {
  unsigned count = 0;
  std::string pax_text;
  PaxRecords pax;
  std::string long_path;  // empty: none
  std::string long_link;

  SpecialHeaders() = default;
  SpecialHeaders(const SpecialHeaders&) = delete;
  SpecialHeaders& operator=(const SpecialHeaders&) = delete;

  void clear();
};

// What global pax headers said so far of all that follows: of its owner and its time. Never of a
// path, a link or a size, which would move or rename entries for some readers only.
struct GlobalRecords {
  std::string uid;
  std::string gid;
  std::string uname;
  std::string gname;
  std::string mtime;

  void add(const PaxRecords& records);
};

// The path as recorded, of the header and the special headers together. Throws Error(kInvalid) if
// pax and GNU name two.
std::string_view recorded_path(const TarHeader& header, const SpecialHeaders& special,
                               std::string& joined);

// Fills all of `entry` that does not depend on its content: everything but number, raw_path, size,
// sparse and regions. Throws Error(kInvalid), for a path too that clean_path() refuses.
void fill_entry(const TarHeader& header, SpecialHeaders& special, const GlobalRecords& global,
                TarEntry& entry);

}  // namespace acistore

#endif
