// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "store/extract.hpp"

namespace acistore {
namespace {

struct Options {
  std::string image;
  std::string directory;
  bool rootfs_only = false;
  bool overwrite = false;
  bool strict = false;
};

void run(const Options& options, Invocation& invocation) {
  const ExtractRequest request{
      .image = parse_image_argument(options.image),
      .directory = options.directory,
      .what = options.rootfs_only ? ExtractWhat::kRootfs : ExtractWhat::kImage,
      .if_exists = options.overwrite ? IfExists::kReplace : IfExists::kRefuse,
      .strict = options.strict};
  const LeftOut left_out = extract_image(invocation.store(), request, invocation.progress());
  if (!left_out.any()) return;
  invocation.diagnostics.note(
      printable(options.directory) +
      ": left out, since this takes root or another file system: " + describe(left_out));
}

}  // namespace

Action declare_extract(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.flag("--rootfs-only", options->rootfs_only,
                 "make DIR the root file system itself, without the manifest");
  arguments.flag("--overwrite", options->overwrite, "replace a directory that is there");
  arguments.flag("--strict", options->strict,
                 "fail if not all can be made, instead of leaving something out");
  arguments.positional("IMAGE", options->image, "a key or a reference");
  arguments.positional("DIR", options->directory, "the directory to make");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
