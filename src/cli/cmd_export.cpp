// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/job_count.hpp"
#include "cli/number.hpp"
#include "codec/encode.hpp"
#include "store/export.hpp"

namespace acistore {
namespace {

struct Options {
  std::string image;
  std::string file;
  std::optional<std::string> compression;
  std::optional<std::string> level;
  std::optional<std::string> jobs;
  bool overwrite = false;
};

Compression compression_of(const Options& options) {
  if (!options.compression) return Compression::kNone;
  if (const auto compression = parse_compression(*options.compression)) return *compression;
  throw Error(ErrorKind::kUsage, "--compress: " + quoted(*options.compression) +
                                     ": must be none, gzip, bzip2, xz or zstd");
}

int level_of(const Options& options, Compression compression) {
  const std::optional<LevelRange> levels = compression_levels(compression);
  if (!options.level) return levels ? levels->usual : 0;
  if (!levels) throw Error(ErrorKind::kUsage, "--level goes with --compress and a format");
  const auto level = parse_number<int>(*options.level);
  if (!level || *level < levels->least || *level > levels->most) {
    throw Error(ErrorKind::kUsage, "--level: " + quoted(*options.level) + ": not a level of " +
                                       std::string(to_text(compression)) + ", which has " +
                                       std::to_string(levels->least) + " to " +
                                       std::to_string(levels->most));
  }
  return *level;
}

void run(const Options& options, Invocation& invocation) {
  const Compression compression = compression_of(options);
  const ExportRequest request{
      .image = parse_image_argument(options.image),
      .file = options.file,
      .compression = compression,
      .level = level_of(options, compression),
      .if_exists = options.overwrite ? IfExists::kReplace : IfExists::kRefuse,
      .jobs = job_count(options.jobs)};
  export_image(invocation.stores(), request, invocation.progress(),
               [&](Bytes bytes) { invocation.out.write_through(bytes); });
}

}  // namespace

Action declare_export(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.option("--compress", options->compression, "none|gzip|bzip2|xz|zstd",
                   "how to compress it (none)");
  arguments.option("--level", options->level, "N",
                   "how hard to compress; what it may be depends on the format");
  arguments.flag("--overwrite", options->overwrite, "replace a file that is there");
  declare_job_count(arguments, options->jobs);
  arguments.positional("IMAGE", options->image, "a key or a reference");
  arguments.positional("FILE", options->file, "where to write it; - is standard output");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
