// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_DB_PINS_HPP
#define ACISTORE_DB_PINS_HPP

#include <cstdint>
#include <string_view>
#include <vector>

#include "db/sqlite.hpp"
#include "model/image.hpp"

namespace acistore {

// The pins of a blob that hold at `when`, by owner.
std::vector<Pin> pins_in_force(const Database& database, const ImageKey& key, UnixNanos when);

// The blobs that the owner has pinned, by pins that hold at `when`, in order.
std::vector<ImageKey> keys_pinned_by(const Database& database, std::string_view owner,
                                     UnixNanos when);

// Pins a blob, in place of what its owner had pinned it for before. Needs a Transaction.
void put_pin(const Database& database, std::int64_t blob_id, const Pin& pin);

// Whether the owner had pinned it.
bool delete_pin(const Database& database, std::int64_t blob_id, std::string_view owner);

// Forgets the pins of a blob that no longer hold.
void delete_expired_pins(const Database& database, std::int64_t blob_id, UnixNanos when);

}  // namespace acistore

#endif
