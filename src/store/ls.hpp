// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_LS_HPP
#define ACISTORE_STORE_LS_HPP

#include <functional>
#include <optional>
#include <string>

#include "aci/tar.hpp"
#include "model/reference.hpp"
#include "store/stores.hpp"

namespace acistore {

struct LsRequest {
  std::optional<std::string> path;  // nothing: the top of the image
  bool recursive = false;           // everything below, not only what is in the directory itself
};

// An entry of the archive; not `recorded`, a directory that has no entry of its own and of which
// only the path is known. Valid until the visitor returns.
using VisitEntry = std::function<void(const TarEntry& entry, bool recorded)>;

// Hands out what is in a directory of an image, or the one entry that is no directory, in the order
// of the archive; then, unless it is recursive, the directories without an entry, in the order in
// which the archive comes to them. What the archive records under the path is meant; if that is
// nothing, or a link with a slash behind it, links are followed, inside the image: see
// walk_links(). A symbolic link at the end of the path is listed itself unless a slash follows it.
// Throws Error(kNotFound) before anything is handed out.
void ls(const Stores& stores, const ImageArgument& argument, const LsRequest& request,
        const VisitEntry& visit);

}  // namespace acistore

#endif
