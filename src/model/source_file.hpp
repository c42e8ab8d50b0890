// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_MODEL_SOURCE_FILE_HPP
#define ACISTORE_MODEL_SOURCE_FILE_HPP

#include <cstdint>
#include <string>

#include "base/clock.hpp"

namespace acistore {

// What tells that a regular file is the one it was: stat(2).
struct FileIdentity {
  std::int64_t device = 0;
  std::int64_t inode = 0;
  std::int64_t size = 0;  // bytes
  UnixNanos mtime = 0;
  UnixNanos ctime = 0;
  bool operator==(const FileIdentity&) const = default;
};

// A file that an image was imported from.
struct SourceFile {
  FileIdentity identity;
  std::string compression;  // how it was compressed: none, gzip, ...
};

}  // namespace acistore

#endif
