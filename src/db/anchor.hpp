// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_DB_ANCHOR_HPP
#define ACISTORE_DB_ANCHOR_HPP

#include <string>

namespace acistore {

// While it lives, what SQLite does with a file directly in the directory `path` it does with the
// file of that name in the open directory `fd`, whatever `path` has come to be meanwhile: SQLite
// knows files by their paths alone, and who may write to a directory above could put another one in
// the place of this. Symbolic links are not followed.
//
// `path` is absolute and without symbolic links. Databases in it must be closed before.
class Anchor {
 public:
  Anchor(std::string path, int fd);
  Anchor(const Anchor&) = delete;
  Anchor& operator=(const Anchor&) = delete;
  ~Anchor();

 private:
  int fd_;
};

}  // namespace acistore

#endif
