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

void run(const std::vector<std::string>& images, Invocation& invocation) {
  ResultList removed(invocation, "removed");
  invocation.for_each(images, [&](const std::string& image) {
    removed.add(remove(invocation.store(), parse_image_argument(image)));
  });
  removed.finish();
}

}  // namespace

Action declare_rm(Arguments& arguments) {
  const auto images = std::make_shared<std::vector<std::string>>();
  arguments.positional("IMAGE", *images, "keys or references");
  return [images](Invocation& invocation) { run(*images, invocation); };
}

}  // namespace acistore
