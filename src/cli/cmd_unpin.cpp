// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/commands.hpp"
#include "cli/pin_owner.hpp"
#include "store/pin.hpp"

namespace acistore {
namespace {

struct Options {
  std::string image;
  std::optional<std::string> owner;
};

void run(const Options& options, Invocation& invocation) {
  const ImageArgument image = parse_image_argument(options.image);
  const std::string owner = pin_owner(options.owner);
  unpin(invocation.stores(), image, owner);
}

}  // namespace

Action declare_unpin(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.positional("IMAGE", options->image, "a key or a reference");
  declare_pin_owner(arguments, options->owner);
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
