// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/tree_options.hpp"
#include "store/render.hpp"

namespace acistore {
namespace {

struct Options {
  TreeOptions tree;
  bool explain = false;
};

std::string counted(std::uint64_t count, const std::string& one, const std::string& several) {
  return std::to_string(count) + " " + (count == 1 ? one : several);
}

std::string describe(const RenderedLayer& layer) {
  const Reference shown{layer.image.name, layer.image.labels};
  std::string text = layer.image.blob.key.text() + "  " + printable(shown.text()) + ": " +
                     counted(layer.entries, "entry", "entries");
  if (layer.whitelists != 0)
    text += ", under " + counted(layer.whitelists, "whitelist", "whitelists");
  return text;
}

void run(const Options& options, Invocation& invocation) {
  const RenderRequest request{.image = parse_image_argument(options.tree.image),
                              .target = tree_request(options.tree)};
  const Rendering rendering = render_image(invocation.stores(), request, invocation.progress());
  if (options.explain) {
    for (const RenderedLayer& layer : rendering.layers)
      invocation.diagnostics.note(describe(layer));
  }
  note_left_out(rendering.left_out, options.tree, invocation);
}

}  // namespace

Action declare_render(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  declare_tree_options(arguments, options->tree);
  arguments.flag("--explain", options->explain,
                 "say on standard error what was laid over what, and what came of each image");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
