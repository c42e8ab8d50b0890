// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_COMPRESS_OPTIONS_HPP
#define ACISTORE_CLI_COMPRESS_OPTIONS_HPP

#include <optional>
#include <string>

#include "cli/arguments.hpp"
#include "codec/encode.hpp"

namespace acistore {

// What commands that write a file, compressed or not, have in common.
struct CompressOptions {
  std::optional<std::string> compression;
  std::optional<std::string> level;
  std::optional<std::string> jobs;
};

// --compress, --level and --jobs.
void declare_compress_options(Arguments& arguments, CompressOptions& options);

// Without a size. Throws Error(kUsage).
EncodeOptions encoding_of(const CompressOptions& options);

}  // namespace acistore

#endif
