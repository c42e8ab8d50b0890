// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_DB_PINS_HPP
#define ACISTORE_DB_PINS_HPP

#include <vector>

#include "db/sqlite.hpp"
#include "model/image.hpp"

namespace acistore {

// The pins of a blob that hold at `when`, by owner.
std::vector<Pin> pins_in_force(const Database& database, const ImageKey& key, UnixNanos when);

}  // namespace acistore

#endif
