// SPDX-License-Identifier: Apache-2.0
#include "cli/tree_options.hpp"

#include "base/quote.hpp"

namespace acistore {

void declare_tree_options(Arguments& arguments, TreeOptions& options) {
  arguments.flag("--overwrite", options.overwrite, "replace a directory that is there");
  arguments.flag("--strict", options.strict,
                 "fail if not all can be made, instead of leaving something out");
  arguments.positional("IMAGE", options.image, "a key or a reference");
  arguments.positional("DIR", options.directory, "the directory to make");
}

TreeRequest tree_request(const TreeOptions& options) {
  return {.directory = options.directory,
          .if_exists = options.overwrite ? IfExists::kReplace : IfExists::kRefuse,
          .strict = options.strict};
}

void note_left_out(const LeftOut& left_out, const TreeOptions& options, Invocation& invocation) {
  if (!left_out.any()) return;
  invocation.diagnostics.note(
      printable(options.directory) +
      ": left out, since this takes root or another file system: " + describe(left_out));
}

}  // namespace acistore
