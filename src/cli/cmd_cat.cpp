// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/commands.hpp"
#include "store/read.hpp"

namespace acistore {
namespace {

struct Options {
  std::string image;
  std::optional<std::string> path;
  bool no_verify = false;
};

void run(const Options& options, Invocation& invocation) {
  const ImageArgument image = parse_image_argument(options.image);
  const WriteBytes write = [&](Bytes bytes) { invocation.out.write_through(bytes); };
  if (options.path) {
    read_file(invocation.stores(), image, *options.path, write);
  } else if (options.no_verify) {
    copy_blob(invocation.stores(), image, invocation.progress(),
              [&](int file) { invocation.out.copy_through(file, invocation.progress()); });
  } else {
    read_blob(invocation.stores(), image, invocation.progress(), write);
  }
}

}  // namespace

Action declare_cat(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.positional("IMAGE", options->image, "a key or a reference");
  arguments.positional("PATH", options->path, "a regular file in the archive");
  arguments.flag("--no-verify", options->no_verify,
                 "do not check the archive against its key while it is printed");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
