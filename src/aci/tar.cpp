// SPDX-License-Identifier: Apache-2.0
#include "aci/tar.hpp"

namespace acistore {

std::string_view describe(EntryType type) {
  switch (type) {
    case EntryType::kFile:
      return "a regular file";
    case EntryType::kHardLink:
      return "a hard link";
    case EntryType::kSymlink:
      return "a symbolic link";
    case EntryType::kCharDevice:
      return "a character device";
    case EntryType::kBlockDevice:
      return "a block device";
    case EntryType::kDirectory:
      return "a directory";
    case EntryType::kFifo:
      return "a fifo";
  }
  return "an entry";
}

}  // namespace acistore
