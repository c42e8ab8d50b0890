// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_REPAIR_HPP
#define ACISTORE_STORE_REPAIR_HPP

#include <optional>
#include <string>

#include "model/image.hpp"
#include "store/store.hpp"

namespace acistore {

// Takes a blob that was found damaged or missing out of the store: its file goes to quarantine/,
// and its row with all that points at it is forgotten, so that importing the image mends it. Looks
// again first, with the key locked, and leaves alone what is good by now, what cannot be read, and
// good bytes of which the database has it wrong (that is for recover()).
//
// Returns what was done, to be added to what was found; nothing if the blob is good by now or was
// removed. Throws Error.
std::optional<std::string> repair(Store& store, const ImageKey& key);

}  // namespace acistore

#endif
