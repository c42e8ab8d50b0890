// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_TRUSTED_PATH_HPP
#define ACISTORE_BASE_TRUSTED_PATH_HPP

#include <optional>
#include <string>

#include "base/fd.hpp"

namespace acistore {

struct TrustedDirectory {
  Fd fd;             // open for reading
  std::string path;  // absolute, without symbolic links
};

// Opens the directory at `path`, going through it name by name and following symbolic links itself,
// and takes nothing on the way that a stranger could have put there:
//
//  - in a directory to which everybody may write, such as /tmp, sticky or not, an entry, be it a
//    directory or a symbolic link, must belong to the caller, to root or to whom the directory
//    belongs;
//  - the directory at the end must not be one to which everybody may write.
//
// A directory that belongs to somebody else is no reason to refuse it: who may only read a store,
// or shares it with a group, finds it so.
//
// Directories that are missing are made if `make` says so (mode 0777 less the umask; see
// share_with_group()). Otherwise the answer is nothing where there is none. Throws Error: kRefused
// for what is not to be trusted, kIo for the rest.
std::optional<TrustedDirectory> open_trusted_directory(const std::string& path, bool make);

}  // namespace acistore

#endif
