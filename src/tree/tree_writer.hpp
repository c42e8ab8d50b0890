// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_TREE_TREE_WRITER_HPP
#define ACISTORE_TREE_TREE_WRITER_HPP

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>

#include "aci/tar.hpp"
#include "aci/tar_path.hpp"
#include "aci/tar_path_set.hpp"
#include "aci/tar_reader.hpp"
#include "tree/directory_stack.hpp"
#include "tree/left_out.hpp"

namespace acistore {

struct Node;

// Writes what archives record to disk, below one directory, entry by entry: with modes, owners by
// number, times, extended attributes, access control lists, holes and hard links. What the user may
// not do, or the file system has not, is left out and counted. A file gets its mode last of all,
// and no set-id bit before its owner; the umask has no say.
//
// Whatever an archive holds, and whatever others do in the tree meanwhile, nothing outside of it is
// written, read or linked: all paths are resolved by open_beneath(), and no link is ever followed.
// An entry that lies below a link or a file is an Error(kInvalid), and so is one whose path has
// something already (but for a directory that comes after what is in it), and a hard link to
// anything but what was written in the tree before: one to a later entry too, which no tar writes,
// no tar can extract, and whose content could not be had in one pass.
//
// Not for several threads. Memory depends on the depth of the tree; 18 to 37 bytes are kept of each
// device that was left out, for hard links to it.
class TreeWriter {
 public:
  // `directory`, which must outlive the writer, is empty, of mode 0700, and nobody else's. What
  // lies below the clean path `top` in the archives is written into it: "rootfs/etc" as "etc" if
  // `top` is "rootfs".
  TreeWriter(int directory, std::string top);

  // Of what the directory itself is given in the end unless an entry says it.
  void set_mode_of_top(mode_t mode) { stack_.end().mode = mode; }

  // Writes the entry, whose content comes from `content`: mostly its reader, whose current entry it
  // is. (Path and link may be others than those read.) Does nothing for what is not below `top`.
  // Every Error names the entry.
  void add(const TarEntry& entry, TarReader& content);

  // Gives the directories that are still open what they get in the end, the top last of all.
  // Nothing can be added any more.
  void finish();

  const LeftOut& left_out() const { return left_out_; }

 private:
  std::optional<std::string_view> place_of(std::string_view path) const;
  void add_directory(const TarEntry& entry, std::string_view path);
  // These make something in the directory that was entered last.
  void add_file(const TarEntry& entry, const std::string& name, TarReader& content);
  void add_hard_link(const TarEntry& entry, std::string_view path, const std::string& name);
  void add_symlink(const TarEntry& entry, const std::string& name);
  void add_special(const TarEntry& entry, const std::string& name);
  int link_locked(const std::string& target, std::string_view path, const std::string& name);
  void give_metadata(const Node& node, const TarEntry& entry);

  int directory_;
  std::string top_;
  LeftOut left_out_;
  DirectoryStack stack_;
  PathSet left_out_devices_;
};

}  // namespace acistore

#endif
