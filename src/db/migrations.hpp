// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_DB_MIGRATIONS_HPP
#define ACISTORE_DB_MIGRATIONS_HPP

#include <cstdint>

#include "db/sqlite.hpp"

namespace acistore {

// Marks the file as ours (SQLite's application_id, which file(1) shows): "ACIs" in ASCII.
inline constexpr std::int64_t kApplicationId = 0x41434973;

// The schema that this program writes (SQLite's user_version).
std::int64_t newest_schema();

struct SchemaState {
  std::int64_t application_id = 0;
  std::int64_t version = 0;
  bool has_tables = false;  // taken for granted where the numbers above are set

  // Nothing was ever written to the file. It is what a store is for a moment while it is made.
  bool is_blank() const { return application_id == 0 && version == 0 && !has_tables; }
};

// Needs a Snapshot or a Transaction.
SchemaState schema_state(Database& database);

// Brings an older schema, or none, to the newest one, in one transaction. A database that is not
// ours, or newer than this program, is refused (kDamaged, kRefused).
void migrate(Database& database);

// Throws unless the database is ours and this program can read it.
void check_schema(const SchemaState& state);

// Reads all of the database, indexes and constraints with it. Throws Error(kDamaged) with the first
// of what is wrong.
void check_integrity(const Database& database);

}  // namespace acistore

#endif
