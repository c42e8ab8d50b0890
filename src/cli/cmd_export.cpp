// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/commands.hpp"
#include "cli/compress_options.hpp"
#include "store/export.hpp"

namespace acistore {
namespace {

struct Options {
  std::string image;
  std::string file;
  CompressOptions compress;
  bool overwrite = false;
};

void run(const Options& options, Invocation& invocation) {
  const ExportRequest request{
      .image = parse_image_argument(options.image),
      .file = options.file,
      .encoding = encoding_of(options.compress),
      .if_exists = options.overwrite ? IfExists::kReplace : IfExists::kRefuse};
  export_image(invocation.stores(), request, invocation.progress(),
               [&](Bytes bytes) { invocation.out.write_through(bytes); });
}

}  // namespace

Action declare_export(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  declare_compress_options(arguments, options->compress);
  arguments.flag("--overwrite", options->overwrite, "replace a file that is there");
  arguments.positional("IMAGE", options->image, "a key or a reference");
  arguments.positional("FILE", options->file, "where to write it; - is standard output");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
