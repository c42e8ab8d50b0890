// SPDX-License-Identifier: Apache-2.0
#include "db/restore.hpp"

namespace acistore {

void forget_what_was_restored(const Database& database) {
  for (const char* sql : {"DELETE FROM pin", "DELETE FROM remote", "DELETE FROM source",
                          // Each is its own, and none is that of an import.
                          "UPDATE image SET sequence = -blob_id"}) {
    Statement(database, sql).run();
  }
}

void restore_image(const Database& database, std::int64_t blob_id, const ImageHistory& history) {
  Statement(database,
            "UPDATE image SET sequence = ?2, latest = ?3, import_time = ?4, last_used = ?5 "
            "WHERE blob_id = ?1")
      .run(blob_id, history.sequence, history.latest, history.import_time, history.last_used);
  Statement(database, "UPDATE label SET sequence = ?2, latest = ?3 WHERE blob_id = ?1")
      .run(blob_id, history.sequence, history.latest);
}

void delete_image(const Database& database, std::int64_t blob_id) {
  Statement(database, "DELETE FROM image WHERE blob_id = ?1").run(blob_id);
}

void restore_pin(const Database& database, std::int64_t blob_id, const Pin& pin) {
  Statement(database, "INSERT OR IGNORE INTO pin (blob_id, owner, expires) VALUES (?1, ?2, ?3)")
      .run(blob_id, pin.owner, pin.expires);
}

void restore_counters(const Database& database, std::int64_t sequence, UnixNanos blob_mtime) {
  Statement counter(database, "UPDATE counter SET value = ?2 WHERE name = ?1");
  counter.run("sequence", sequence);
  counter.run("blob_mtime", blob_mtime);
}

}  // namespace acistore
