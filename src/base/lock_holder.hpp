// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_LOCK_HOLDER_HPP
#define ACISTORE_BASE_LOCK_HOLDER_HPP

#include <sys/stat.h>

#include <cstdint>
#include <string>

namespace acistore {

// The first and the last byte of a part of a file.
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

// Another process that holds a lock on a part of a file, for a message: `process 4711 (acistore
// import web.aci)`. Empty where the kernel does not tell: processes of other users, locks from
// other machines.
//
// `file` is what stat(2) says of the file, which is not opened: closing it would drop SQLite's
// locks.
std::string describe_lock_holder(const struct stat& file, ByteRange bytes);

// "the store is busy: process 4711 (acistore import web.aci) holds its lock", or what can be said.
std::string busy_message(const std::string& holder);

}  // namespace acistore

#endif
