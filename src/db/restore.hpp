// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_DB_RESTORE_HPP
#define ACISTORE_DB_RESTORE_HPP

#include <cstdint>
#include <string_view>

#include "db/sqlite.hpp"
#include "model/image.hpp"

// Writes into a database that is being made anew what an old one knew. All need a Transaction.
namespace acistore {

// Forgets all pins, remotes and sources, and the order of the images: restore_image() must then be
// called for each of them.
void forget_what_was_restored(const Database& database);

// What an import set, of an image whose row is there.
struct ImageHistory {
  std::int64_t sequence = 0;
  bool latest = false;
  UnixNanos import_time = 0;
  UnixNanos last_used = 0;
};
void restore_image(const Database& database, std::int64_t blob_id, const ImageHistory& history);

// Leaves the blob, as one that is no image.
void delete_image(const Database& database, std::int64_t blob_id);

void restore_pin(const Database& database, std::int64_t blob_id, const Pin& pin);

// What the next import goes on from.
void restore_counters(const Database& database, std::int64_t sequence, UnixNanos blob_mtime);

}  // namespace acistore

#endif
