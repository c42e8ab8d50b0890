// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/commands.hpp"
#include "cli/entry_text.hpp"
#include "store/ls.hpp"

namespace acistore {
namespace {

struct Options {
  std::string image;
  std::optional<std::string> path;
  bool details = false;
  bool recursive = false;
  bool numeric_owner = false;
  bool xattrs = false;
};

// A line of an entry, or its object in JSON.
struct Line {
  const TarEntry& entry;
  bool recorded;
  const EntryStyle& style;
};

std::string to_text(const Line& line) {
  std::string text;
  append_entry(text, line.entry, line.recorded, line.style);
  return text;
}

void to_json(Json& json, const Line& line) {
  json.begin_object();
  entry_members(json, line.entry, line.recorded);
  json.end_object();
}

void run(const Options& options, Invocation& invocation) {
  const ImageArgument image = parse_image_argument(options.image);
  const EntryStyle style{
      .details = options.details, .numeric_owner = options.numeric_owner, .xattrs = options.xattrs};
  ResultList entries(invocation, "entries");
  ls(invocation.stores(), image, {.path = options.path, .recursive = options.recursive},
     [&](const TarEntry& entry, bool recorded) {
       entries.add(Line{entry, recorded, style});
     });
  entries.finish();
}

}  // namespace

Action declare_ls(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.positional("IMAGE", options->image, "a key or a reference");
  arguments.positional("PATH", options->path, "a directory, or another entry, of the archive");
  arguments.flag("-l", options->details,
                 "mode, owner, size and time of each, and where links lead");
  arguments.flag("-R,--recursive", options->recursive, "all that is below, not only in it");
  arguments.flag("-n,--numeric-owner", options->numeric_owner,
                 "with -l: the owner as numbers, even if names are recorded");
  arguments.flag("--xattrs", options->xattrs, "extended attributes and ACLs, each on a line");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
