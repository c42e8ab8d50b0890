// SPDX-License-Identifier: Apache-2.0
#include "cli/compress_options.hpp"

#include "base/error.hpp"
#include "base/quote.hpp"
#include "cli/job_count.hpp"
#include "cli/number.hpp"

namespace acistore {
namespace {

Compression compression_of(const CompressOptions& options) {
  if (!options.compression) return Compression::kNone;
  if (const auto compression = parse_compression(*options.compression)) return *compression;
  throw Error(ErrorKind::kUsage, "--compress: " + quoted(*options.compression) +
                                     ": must be none, gzip, bzip2, xz or zstd");
}

int level_of(const CompressOptions& options, Compression compression) {
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

}  // namespace

void declare_compress_options(Arguments& arguments, CompressOptions& options) {
  arguments.option("--compress", options.compression, "none|gzip|bzip2|xz|zstd",
                   "how to compress it (none)");
  arguments.option("--level", options.level, "N",
                   "how hard to compress; what it may be depends on the format");
  declare_job_count(arguments, options.jobs);
}

EncodeOptions encoding_of(const CompressOptions& options) {
  const Compression compression = compression_of(options);
  return {.compression = compression,
          .level = level_of(options, compression),
          .threads = job_count(options.jobs)};
}

}  // namespace acistore
