// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_TREE_OPTIONS_HPP
#define ACISTORE_CLI_TREE_OPTIONS_HPP

#include <string>

#include "cli/arguments.hpp"
#include "cli/invocation.hpp"
#include "store/new_tree.hpp"

namespace acistore {

// What commands that make a directory of an image have in common.
struct TreeOptions {
  std::string image;
  std::string directory;
  bool overwrite = false;
  bool strict = false;
};

// IMAGE, DIR, --overwrite and --strict.
void declare_tree_options(Arguments& arguments, TreeOptions& options);

TreeRequest tree_request(const TreeOptions& options);

// Says on standard error what was left out, if anything was.
void note_left_out(const LeftOut& left_out, const TreeOptions& options, Invocation& invocation);

}  // namespace acistore

#endif
