// SPDX-License-Identifier: Apache-2.0
#include "db/blobs.hpp"

#include <algorithm>

namespace acistore {
namespace {

std::vector<Blob> read_blobs(Statement statement) {
  std::vector<Blob> blobs;
  while (statement.step())
    blobs.push_back(read_blob(statement, 0));
  return blobs;
}

}  // namespace

std::string end_of_key_prefix(std::string_view prefix) {
  std::string end(prefix);
  ++end.back();
  return end;
}

Blob read_blob(const Statement& row, int first_column) {
  Blob blob{.key = ImageKey::from_stored(row.text(first_column)),
            .digest = {},
            .size = static_cast<std::uint64_t>(row.integer(first_column + 2)),
            .verified = row.optional_integer(first_column + 3)};
  const Bytes digest = row.blob(first_column + 1);
  if (digest.size() != blob.digest.size()) {
    throw Error(ErrorKind::kDamaged, blob.key.text() + ": the digest in the database has " +
                                         std::to_string(digest.size()) + " bytes, not 64" +
                                         std::string(kRecoverAdvice));
  }
  std::copy(digest.begin(), digest.end(), blob.digest.begin());
  return blob;
}

std::optional<BlobRow> find_blob(const Database& database, const ImageKey& key) {
  Statement statement(database, "SELECT " ACISTORE_BLOB_COLUMNS ", id FROM blob WHERE key = ?1");
  statement.bind(key.text());
  if (!statement.step()) return std::nullopt;
  return BlobRow{.id = statement.integer(kBlobColumns), .blob = read_blob(statement, 0)};
}

bool has_blob(const Database& database, const ImageKey& key) {
  Statement statement(database, "SELECT EXISTS (SELECT 1 FROM blob WHERE key = ?1)");
  statement.bind(key.text());
  statement.step();
  return statement.integer(0) != 0;
}

std::vector<ImageKey> keys_with_prefix(const Database& database, std::string_view prefix,
                                       std::int64_t limit) {
  Statement statement(database, sql::kKeysWithPrefix);
  statement.bind(prefix, end_of_key_prefix(prefix), limit);
  std::vector<ImageKey> keys;
  while (statement.step())
    keys.push_back(ImageKey::from_stored(statement.text(0)));
  return keys;
}

std::vector<Blob> blobs_by_verified(const Database& database) {
  return read_blobs(Statement(
      database, "SELECT " ACISTORE_BLOB_COLUMNS " FROM blob ORDER BY verified NULLS FIRST, key"));
}

std::vector<Blob> blobs_by_key(const Database& database) {
  return read_blobs(Statement(database, "SELECT " ACISTORE_BLOB_COLUMNS " FROM blob ORDER BY key"));
}

std::int64_t insert_blob(const Database& database, const Sha512Digest& digest, std::uint64_t size) {
  Statement(database, "INSERT INTO blob (key, digest, size) VALUES (?1, ?2, ?3)")
      .run(ImageKey(digest).text(), Bytes(digest), size);
  return database.last_insert_id();
}

void delete_blob(const Database& database, std::int64_t id) {
  Statement(database, "DELETE FROM blob WHERE id = ?1").run(id);
}

void set_verified(const Database& database, const ImageKey& key, UnixNanos when) {
  Statement(database, "UPDATE blob SET verified = ?2 WHERE key = ?1").run(key.text(), when);
}

UnixNanos next_blob_mtime(const Database& database, UnixNanos wanted) {
  Statement statement(database,
                      "UPDATE counter SET value = max(?1, value + 1) WHERE name = 'blob_mtime' "
                      "RETURNING value");
  statement.bind(wanted);
  statement.step();
  const UnixNanos mtime = statement.integer(0);
  while (statement.step()) {
  }
  return mtime;
}

}  // namespace acistore
