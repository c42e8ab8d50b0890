// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_PATH_WHITELIST_HPP
#define ACISTORE_ACI_PATH_WHITELIST_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "aci/tar.hpp"
#include "aci/tar_path_set.hpp"

namespace acistore {

// What a pathWhitelist keeps of an archive (appc spec/aci.md): the paths that it lists, whatever
// they are, and the directories that lead to them, "rootfs" itself always. The list is complete: of
// what is in a directory that it lists it keeps nothing else.
//
// A path is meant from the root of the image, with or without a slash in front. It is cleaned, its
// ".." components too; one that leads out of the root names nothing. Links play no part.
class PathWhitelist {
 public:
  explicit PathWhitelist(const std::vector<std::string>& paths);

  // `path` is that of an entry of the archive, clean, at or below "rootfs".
  bool keeps(std::string_view path, EntryType type) const {
    return listed_.contains(path) || (type == EntryType::kDirectory && directories_.contains(path));
  }

  // How many different paths it holds, the directories included: up to 37 bytes of memory each.
  std::size_t size() const { return size_; }

 private:
  PathSet listed_;
  PathSet directories_;  // that lead to them
  std::size_t size_ = 0;
};

}  // namespace acistore

#endif
