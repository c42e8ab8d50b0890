// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/commands.hpp"
#include "cli/results.hpp"
#include "store/remove.hpp"

namespace acistore {

std::string to_text(const RemovedBlob& removed) {
  return acistore::to_text(removed.key);
}

void to_json(Json& json, const RemovedBlob& removed) {
  json.begin_object();
  json.member("key", removed.key.text());
  json.member("size", removed.size);
  json.member("reason", "requested");
  json.end_object();
}

namespace {

struct Options {
  std::vector<std::string> images;
  bool force = false;
};

void run(const Options& options, Invocation& invocation) {
  ResultList removed(invocation, "removed");
  invocation.for_each(options.images, [&](const std::string& image) {
    const ImageArgument argument = parse_image_argument(image);
    removed.add(remove(invocation.stores(), argument, options.force));
  });
  removed.finish();
}

}  // namespace

Action declare_rm(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.positional("IMAGE", options->images, "keys or references");
  arguments.flag("--force", options->force, "remove pinned images too");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
