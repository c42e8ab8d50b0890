// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/commands.hpp"
#include "cli/duration.hpp"
#include "cli/pin_owner.hpp"
#include "store/pin.hpp"

namespace acistore {
namespace {

struct Options {
  std::string image;
  std::optional<std::string> owner;
  std::optional<std::string> duration;
};

void run(const Options& options, Invocation& invocation) {
  const ImageArgument image = parse_image_argument(options.image);
  Pin wanted{.owner = pin_owner(options.owner), .expires = {}};
  if (options.duration) {
    wanted.expires = now() + with_context("--for", [&] {
                       return std::chrono::nanoseconds(parse_duration(*options.duration)).count();
                     });
  }
  pin(invocation.stores(), image, wanted);
}

}  // namespace

Action declare_pin(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.positional("IMAGE", options->image, "a key or a reference");
  declare_pin_owner(arguments, options->owner);
  arguments.option("--for", options->duration, "DURATION", "how long it holds (for good)");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
