// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_NEW_TREE_HPP
#define ACISTORE_STORE_NEW_TREE_HPP

#include <string>

#include "base/output_file.hpp"
#include "tree/new_directory.hpp"
#include "tree/tree_writer.hpp"

namespace acistore {

// Where what archives record is to be written.
struct TreeRequest {
  std::string directory;
  IfExists if_exists = IfExists::kRefuse;
  bool strict = false;  // to leave something out is an Error(kIo)
};

// A directory that a user named, and what writes into it: it appears whole or not at all.
class NewTree {
 public:
  // Of the archives it gets what is below `top`; see TreeWriter. Throws Error as NewDirectory.
  NewTree(const TreeRequest& request, std::string top);

  TreeWriter& writer() { return writer_; }
  const SignalWatch& signals() const { return directory_.signals(); }

  // To be called when all has been written. Gives the directory its name, and returns what had to
  // be left out. Throws Error.
  LeftOut publish(bool sync);

 private:
  const TreeRequest request_;
  NewDirectory directory_;
  TreeWriter writer_;
};

}  // namespace acistore

#endif
