// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/commands.hpp"
#include "store/lookup.hpp"

namespace acistore {

Action declare_exists(Arguments& arguments) {
  const auto image = std::make_shared<std::string>();
  arguments.positional("IMAGE", *image, "a key or a reference");
  return [image](Invocation& invocation) {
    const ImageArgument argument = parse_image_argument(*image);
    find_image(invocation.stores(), argument);
  };
}

}  // namespace acistore
