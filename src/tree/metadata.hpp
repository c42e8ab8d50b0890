// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_TREE_METADATA_HPP
#define ACISTORE_TREE_METADATA_HPP

#include <sys/stat.h>

#include <string>

#include "aci/tar.hpp"
#include "tree/left_out.hpp"

namespace acistore {

// Something that was just made, as system calls name it: by a descriptor, or, where opening it
// would mean something (a device, a fifo, a link), by its name in a directory that only we have. No
// call follows it if it is a link.
struct Node {
  int directory = -1;
  const char* name = nullptr;
  int fd = -1;  // if this is no descriptor, by name
};

struct stat status_of(const Node& node);

// Throws Error(kInvalid) if the owner is none that can be: where chown(2) would take a number for
// "leave it as it is", a set-id bit would come to the wrong owner.
void check_owner(const TarEntry& entry);

// These give `node` what `entry` records, in the order that the kernel wants: a change of owner
// takes set-id bits and capabilities away, a mode may take the right to set an attribute away, and
// the mask of an access control list shows in the mode. What the user may not do, or the file
// system has not, is counted and left; anything else throws Error.

// Returns the mode to give, which lacks the set-id bits of an owner or group that could not be set.
mode_t set_owner(const Node& node, const TarEntry& entry, LeftOut& left_out);
// All but access control lists.
void set_xattrs(const Node& node, const TarEntry& entry, LeftOut& left_out);
void set_mode(const Node& node, mode_t mode, const std::string& path, LeftOut& left_out);
// An empty value: there is none.
void set_acl(const Node& node, std::string_view xattr, const std::string& value,
             const std::string& path, LeftOut& left_out);
void set_mtime(const Node& node, const timespec& mtime);

timespec to_timespec(const TarTime& time);

// The lists that an entry records, in whichever form, as values of extended attributes.
struct AclValues {
  std::string access;
  std::string initial;  // the default list of a directory
};
AclValues acls_of(const TarEntry& entry, LeftOut& left_out);

}  // namespace acistore

#endif
