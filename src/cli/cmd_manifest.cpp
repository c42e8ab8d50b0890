// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "aci/manifest.hpp"
#include "cli/commands.hpp"
#include "store/lookup.hpp"

namespace acistore {
namespace {

struct Options {
  std::string image;
  bool pretty = false;
};

void run(const Options& options, Invocation& invocation) {
  const ImageArgument image = parse_image_argument(options.image);
  const std::string json = read_manifest(invocation.stores(), image);
  invocation.out.write(options.pretty ? pretty_json(json) + '\n' : json);
}

}  // namespace

Action declare_manifest(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.positional("IMAGE", options->image, "a key or a reference");
  arguments.flag("--pretty", options->pretty, "indent it, for people");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
