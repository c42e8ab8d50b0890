// SPDX-License-Identifier: Apache-2.0
#include "db/migrations.hpp"

#include <array>
#include <string>

#include "base/quote.hpp"

namespace acistore {
namespace {

// Append-only: a step that was released never changes, and a new database runs the same steps as an
// old one. tests/unit/db/schema.golden.sql holds the result. Times are nanoseconds since 1970 UTC.
constexpr std::array<const char*, 1> kSteps{
    R"sql(
-- Every blob, image or not. A row implies a complete file with these bytes.
CREATE TABLE blob (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  digest BLOB NOT NULL CHECK (length(digest) = 64),
  size INTEGER NOT NULL CHECK (size >= 0),
  verified INTEGER
) STRICT;

-- What makes a blob an image. The manifest stands last: long rows overflow, and what is looked up
-- must come before the overflow.
CREATE TABLE image (
  blob_id INTEGER PRIMARY KEY REFERENCES blob (id) ON DELETE CASCADE,
  sequence INTEGER NOT NULL UNIQUE,
  name TEXT NOT NULL,
  latest INTEGER NOT NULL CHECK (latest IN (0, 1)),
  import_time INTEGER NOT NULL,
  last_used INTEGER NOT NULL,
  manifest BLOB NOT NULL
) STRICT;
CREATE INDEX image_by_name ON image (name, latest, sequence);
CREATE INDEX image_by_last_used ON image (last_used);

-- image_name, latest and sequence repeat the image's, so that one index gives the images of a name
-- that have a label in the order in which they are preferred.
CREATE TABLE label (
  blob_id INTEGER NOT NULL REFERENCES image (blob_id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  position INTEGER NOT NULL,
  image_name TEXT NOT NULL,
  latest INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (blob_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX label_by_value ON label (image_name, name, value, latest, sequence);

CREATE TABLE pin (
  blob_id INTEGER NOT NULL REFERENCES blob (id) ON DELETE CASCADE,
  owner TEXT NOT NULL,
  expires INTEGER,
  PRIMARY KEY (blob_id, owner)
) STRICT, WITHOUT ROWID;

-- The file that an image was last imported from, to know it again without reading it.
CREATE TABLE source (
  device INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  size INTEGER NOT NULL,
  mtime INTEGER NOT NULL,
  ctime INTEGER NOT NULL,
  blob_id INTEGER NOT NULL REFERENCES blob (id) ON DELETE CASCADE,
  compression TEXT NOT NULL,
  PRIMARY KEY (device, inode)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_by_blob ON source (blob_id);

-- max_age is in seconds.
CREATE TABLE remote (
  aci_url TEXT PRIMARY KEY,
  sig_url TEXT NOT NULL,
  etag TEXT NOT NULL,
  blob_id INTEGER NOT NULL REFERENCES blob (id) ON DELETE CASCADE,
  cache_max_age INTEGER NOT NULL,
  download_time INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX remote_by_blob ON remote (blob_id);

-- sequence: of the last import. blob_mtime: the newest modification time given to a blob.
CREATE TABLE counter (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, value) VALUES ('sequence', 0), ('blob_mtime', 0);
)sql",
};

std::int64_t pragma(Database& database, const char* sql) {
  Statement statement(database, sql);
  statement.step();
  return statement.integer(0);
}

}  // namespace

std::int64_t newest_schema() {
  return static_cast<std::int64_t>(kSteps.size());
}

SchemaState schema_state(Database& database) {
  SchemaState state{.application_id = pragma(database, "PRAGMA application_id"),
                    .version = pragma(database, "PRAGMA user_version"),
                    .has_tables = true};
  if (state.application_id == 0 && state.version == 0) {
    state.has_tables = pragma(database, "SELECT EXISTS (SELECT 1 FROM sqlite_schema)") != 0;
  }
  return state;
}

void check_schema(const SchemaState& state) {
  if (state.application_id != kApplicationId) {
    throw Error(ErrorKind::kDamaged, "database: not a database of acistore (application_id " +
                                         std::to_string(state.application_id) + ")" +
                                         std::string(kRecoverAdvice));
  }
  if (state.version > newest_schema()) {
    throw Error(ErrorKind::kRefused,
                "database: written by a newer acistore: schema " + std::to_string(state.version) +
                    ", and this one knows up to " + std::to_string(newest_schema()));
  }
}

void migrate(Database& database) {
  Transaction transaction(database);
  // Looked at under the lock: another process may have made the schema meanwhile.
  const SchemaState state = schema_state(database);
  if (!state.is_blank()) check_schema(state);
  if (state.version == newest_schema()) return;
  for (auto step = static_cast<std::size_t>(state.version); step < kSteps.size(); ++step) {
    database.execute(kSteps[step]);
  }
  database.execute(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
  database.execute(("PRAGMA user_version = " + std::to_string(newest_schema())).c_str());
  transaction.commit();
}

void check_integrity(const Database& database) {
  Statement statement(database, "PRAGMA integrity_check(1)");
  if (!statement.step()) return;
  std::string verdict = statement.text(0);
  if (verdict == "ok") return;
  // A line that names the connection may come before what was found.
  while (verdict.ends_with('\n'))
    verdict.pop_back();
  verdict.erase(0, verdict.rfind('\n') + 1);
  throw Error(ErrorKind::kDamaged,
              "database: damaged: " + printable(verdict) + std::string(kRecoverAdvice));
}

}  // namespace acistore
