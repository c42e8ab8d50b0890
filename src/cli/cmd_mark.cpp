// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/commands.hpp"
#include "store/mark.hpp"

namespace acistore {
namespace {

struct Options {
  std::string image;
  bool latest = false;
  bool no_latest = false;
};

void run(const Options& options, Invocation& invocation) {
  if (options.latest == options.no_latest) {
    throw Error(ErrorKind::kUsage, "one of --latest and --no-latest must be given");
  }
  const ImageArgument image = parse_image_argument(options.image);
  mark(invocation.stores(), image, options.latest);
}

}  // namespace

Action declare_mark(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.positional("IMAGE", options->image, "a key or a reference");
  arguments.flag("--latest", options->latest, "mark the image as the latest of its name");
  arguments.flag("--no-latest", options->no_latest, "clear the mark");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
