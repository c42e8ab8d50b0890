// SPDX-License-Identifier: Apache-2.0
#include "db/pins.hpp"

namespace acistore {

std::vector<Pin> pins_in_force(const Database& database, const ImageKey& key, UnixNanos when) {
  Statement statement(database,
                      "SELECT owner, expires FROM pin "
                      "WHERE blob_id = (SELECT id FROM blob WHERE key = ?1) "
                      "AND (expires IS NULL OR expires > ?2) ORDER BY owner");
  statement.bind(key.text(), when);
  std::vector<Pin> pins;
  while (statement.step())
    pins.push_back({statement.text(0), statement.optional_integer(1)});
  return pins;
}

std::vector<ImageKey> keys_pinned_by(const Database& database, std::string_view owner,
                                     UnixNanos when) {
  Statement statement(database,
                      "SELECT blob.key FROM pin JOIN blob ON blob.id = pin.blob_id "
                      "WHERE pin.owner = ?1 AND (pin.expires IS NULL OR pin.expires > ?2) "
                      "ORDER BY blob.key");
  statement.bind(owner, when);
  std::vector<ImageKey> keys;
  while (statement.step())
    keys.push_back(ImageKey::from_stored(statement.text(0)));
  return keys;
}

void put_pin(const Database& database, std::int64_t blob_id, const Pin& pin) {
  Statement(database, "INSERT OR REPLACE INTO pin (blob_id, owner, expires) VALUES (?1, ?2, ?3)")
      .run(blob_id, pin.owner, pin.expires);
}

bool delete_pin(const Database& database, std::int64_t blob_id, std::string_view owner) {
  Statement(database, "DELETE FROM pin WHERE blob_id = ?1 AND owner = ?2").run(blob_id, owner);
  return database.changes() != 0;
}

void delete_expired_pins(const Database& database, std::int64_t blob_id, UnixNanos when) {
  Statement(database, "DELETE FROM pin WHERE blob_id = ?1 AND expires <= ?2").run(blob_id, when);
}

}  // namespace acistore
