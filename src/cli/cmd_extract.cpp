// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/commands.hpp"
#include "cli/tree_options.hpp"
#include "store/extract.hpp"

namespace acistore {
namespace {

struct Options {
  TreeOptions tree;
  bool rootfs_only = false;
};

void run(const Options& options, Invocation& invocation) {
  const ExtractRequest request{
      .image = parse_image_argument(options.tree.image),
      .target = tree_request(options.tree),
      .what = options.rootfs_only ? ExtractWhat::kRootfs : ExtractWhat::kImage};
  const LeftOut left_out = extract_image(invocation.stores(), request, invocation.progress());
  note_left_out(left_out, options.tree, invocation);
}

}  // namespace

Action declare_extract(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.flag("--rootfs-only", options->rootfs_only,
                 "make DIR the root file system itself, without the manifest");
  declare_tree_options(arguments, options->tree);
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
