// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_TREE_DIRECTORY_STACK_HPP
#define ACISTORE_TREE_DIRECTORY_STACK_HPP

#include <sys/stat.h>

#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.hpp"
#include "tree/left_out.hpp"

namespace acistore {

// What a directory is given when nothing more is written into it, since it would stand in the way
// until then (a mode), be handed on to what is made in it (a set-group-id bit, a default access
// control list), or be lost (a time).
struct DirectoryEnd {
  mode_t mode = 0755;
  std::optional<timespec> mtime;  // none: whenever it was
  std::string acl_access;         // as the kernel takes them; empty: none
  std::string acl_default;
};

// The way from the top of a tree down to the directory that is written into: of each directory on
// it what it is given in the end, and of the last ones descriptors, since what comes next in an
// archive mostly is in the same one. Whoever is left gets his end, and if there is more to come for
// him after all, what he has got is kept aside meanwhile: the memory that this takes depends on the
// depth of the tree and not on its size.
//
// Between two directories nothing is resolved but by open_beneath().
class DirectoryStack {
 public:
  // `top` is empty, of mode 0700, and stays the caller's.
  DirectoryStack(int top, LeftOut& left_out);

  // The descriptor of the directory under a clean path, ready to be written into; valid until the
  // next call. What is missing on the way to it is made: mode 0755, and the owner of the process.
  // Throws Error(kInvalid) if there is something else than a directory on the way.
  int enter(std::string_view path);

  // Goes on into the directory of that name in the one entered, and makes it if there is none.
  // What it gets in the end is what it had, or else as enter() has it.
  void enter_child(std::string_view name);

  // The descriptor of the directory that was entered last, and what it gets in the end.
  int directory() const { return levels_.back().fd.get(); }
  DirectoryEnd& end() { return levels_.back().end; }

  // Gives all that are still open, the deepest first, what they get in the end; nothing can be
  // entered any more.
  void close();

 private:
  struct Level {
    std::size_t path_length = 0;  // its path is so much of path_
    Fd fd;                        // none if others are more likely to be needed
    DirectoryEnd end;
  };

  int fd_of(Level& level);
  void leave();
  void push(std::string_view name, Fd fd, DirectoryEnd end);
  bool enter_existing(std::string_view rest);
  void step(std::string_view name);
  Fd open_locked(const std::string& name, struct stat& status);

  int top_;
  LeftOut& left_out_;
  std::string path_;
  std::vector<Level> levels_;  // the first is the top, whose path is empty
};

}  // namespace acistore

#endif
