// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BLOB_DIRECTORY_HPP
#define ACISTORE_BLOB_DIRECTORY_HPP

#include <optional>
#include <string>
#include <vector>

#include "base/fd.hpp"

// Directories of a store, reached from their parent's descriptor and never through a symbolic link.
namespace acistore {

// Nothing if there is none. Throws Error for anything else, a symbolic link included.
std::optional<Fd> open_directory(int parent, const std::string& name);

// Opens it, and makes it first if there is none: mode 0777 less the umask, and in a set-gid
// parent what its group may do there (share_with_group()).
Fd make_directory(int parent, const std::string& name);

// Flushes what was linked, renamed or made in it to stable storage. Throws Error.
void flush_directory(int directory);

// The names in it but "." and "..", in no order.
std::vector<std::string> directory_names(int directory);

}  // namespace acistore

#endif
