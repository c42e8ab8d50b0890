// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_UNNAMED_FILE_HPP
#define ACISTORE_BASE_UNNAMED_FILE_HPP

#include <sys/types.h>

#include <string>

#include "base/fd.hpp"

namespace acistore {

// A name that nobody else uses: 128 random bits, in hexadecimal digits.
std::string random_name();

// A new file for writing and reading without a name in the file system of `directory`, so that
// nothing of it stays whatever happens (O_TMPFILE); `mode` less the umask. No descriptor where the
// file system cannot do that. Throws Error.
Fd open_unnamed(int directory, mode_t mode);

// Gives such a file a name; never that of another file. Returns 0 or errno.
int link_open_file(int fd, int directory, const char* name);

}  // namespace acistore

#endif
