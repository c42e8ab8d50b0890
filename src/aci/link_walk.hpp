// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_LINK_WALK_HPP
#define ACISTORE_ACI_LINK_WALK_HPP

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "aci/tar.hpp"

namespace acistore {

// As many as Linux follows on one path (path_resolution(7)). Hard links count as well: those of an
// archive can make a circle.
inline constexpr int kMaxLinksOnAWay = 40;

struct PathTarget {
  EntryType type = EntryType::kFile;
  std::string link;  // of links
};

// What an archive has under a clean path; nothing if it has no entry of that path.
using LookUpPath = std::function<std::optional<PathTarget>(const std::string& path)>;

enum class LastLink { kFollow, kKeep };

// Walks along `path`, through the links of an archive and never out of it, and returns the path of
// where it comes to, of which the archive may have no entry. As a process sees it that has "rootfs"
// as its root directory: there an absolute link begins, and ".." of it is itself. A hard link is
// what it names, wherever that is; one that names a symbolic link is that link in another
// directory. kKeep: a symbolic link at the very end, without a slash behind it, is where it ends. A
// directory without an entry of its own is one all the same.
//
// Nothing if the way ends before: in a file with something behind it, in a hard link to what is no
// path, in a link or path that is longer than those of Linux. Throws Error(kNotFound) for more than
// kMaxLinksOnAWay links.
std::optional<std::string> walk_links(std::string_view path, LastLink last,
                                      const LookUpPath& look_up);

}  // namespace acistore

#endif
