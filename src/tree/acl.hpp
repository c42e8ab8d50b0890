// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_TREE_ACL_HPP
#define ACISTORE_TREE_ACL_HPP

#include <optional>
#include <string>
#include <string_view>

namespace acistore {

// The extended attributes in which Linux keeps POSIX.1e access control lists.
inline constexpr std::string_view kAclAccessXattr = "system.posix_acl_access";
inline constexpr std::string_view kAclDefaultXattr = "system.posix_acl_default";

// Turns a list as archives record it ("user::rwx,user:joe:r-x:1001,mask::r-x,...") into the value
// of such an attribute. Entries are apart by commas or newlines, what follows a "#" is a comment.
// The number of a user or group is the fourth field, which star and libarchive write, or else the
// second where that is all digits; GNU tar writes the name alone, which is then looked up on this
// machine as GNU tar does. Nothing if there is no such user or group here. Throws Error(kInvalid)
// for what is no list; whether it is complete is for the kernel to say.
std::optional<std::string> acl_from_text(std::string_view text);

}  // namespace acistore

#endif
