// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BLOB_QUARANTINE_HPP
#define ACISTORE_BLOB_QUARANTINE_HPP

#include <optional>
#include <string>

#include "model/image_key.hpp"

namespace acistore {

// Moves what has the name of a blob, whatever it is, out of the way for a person to look at, and
// returns its new path below the store, whose directory is `store`. If something of that name lies
// there already, a number is added. Nothing if there is no such file. The caller holds the lock of
// the key. Durable if `sync`. Throws Error.
std::optional<std::string> move_to_quarantine(int store, const ImageKey& key, bool sync);

}  // namespace acistore

#endif
