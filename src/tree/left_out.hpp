// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_TREE_LEFT_OUT_HPP
#define ACISTORE_TREE_LEFT_OUT_HPP

#include <cstdint>
#include <string>

namespace acistore {

// How much of what an archive records was not made, since the user may not do that or the file
// system has no such thing: a number of entries of each kind.
struct LeftOut {
  std::uint64_t owners = 0;  // or groups
  std::uint64_t set_ids = 0;
  std::uint64_t devices = 0;  // and hard links to them
  std::uint64_t xattrs = 0;   // capabilities are such
  std::uint64_t acls = 0;
  std::string first;  // the path of the first entry of them

  bool any() const { return owners + set_ids + devices + xattrs + acls != 0; }

  // Counts one more. `kind` is one of the above.
  void add(std::uint64_t LeftOut::*kind, const std::string& path) {
    if (!any()) first = path;
    ++(this->*kind);
  }
};

// "12 owners, 1 device; the first at rootfs/etc/shadow". For a terminal.
std::string describe(const LeftOut& left_out);

}  // namespace acistore

#endif
