// SPDX-License-Identifier: Apache-2.0
#include "db/remotes.hpp"

namespace acistore {
namespace {

#define ACISTORE_REMOTE_COLUMNS                                                   \
  "remote.aci_url, remote.sig_url, remote.etag, blob.key, remote.cache_max_age, " \
  "remote.download_time"

Remote read_remote(const Statement& row) {
  return {.aci_url = row.text(0),
          .sig_url = row.text(1),
          .etag = row.text(2),
          .key = ImageKey::from_stored(row.text(3)),
          .cache_max_age = row.integer(4),
          .download_time = row.integer(5)};
}

std::vector<Remote> read_remotes(Statement statement) {
  std::vector<Remote> remotes;
  while (statement.step())
    remotes.push_back(read_remote(statement));
  return remotes;
}

}  // namespace

std::optional<Remote> find_remote(const Database& database, std::string_view aci_url) {
  Statement statement(database, "SELECT " ACISTORE_REMOTE_COLUMNS
                                " FROM remote JOIN blob ON blob.id = remote.blob_id "
                                "WHERE remote.aci_url = ?1");
  statement.bind(aci_url);
  if (!statement.step()) return std::nullopt;
  return read_remote(statement);
}

std::vector<Remote> all_remotes(const Database& database) {
  return read_remotes(Statement(database, "SELECT " ACISTORE_REMOTE_COLUMNS
                                          " FROM remote JOIN blob ON blob.id = remote.blob_id "
                                          "ORDER BY remote.aci_url"));
}

std::vector<Remote> remotes_of(const Database& database, const ImageKey& key) {
  Statement statement(database, "SELECT " ACISTORE_REMOTE_COLUMNS
                                " FROM remote JOIN blob ON blob.id = remote.blob_id "
                                "WHERE blob.key = ?1 ORDER BY remote.aci_url");
  statement.bind(key.text());
  return read_remotes(std::move(statement));
}

bool put_remote(const Database& database, const Remote& remote) {
  Statement(database,
            "INSERT OR REPLACE INTO remote "
            "(aci_url, sig_url, etag, blob_id, cache_max_age, download_time) "
            "SELECT ?1, ?2, ?3, id, ?5, ?6 FROM blob WHERE key = ?4")
      .run(remote.aci_url, remote.sig_url, remote.etag, remote.key.text(), remote.cache_max_age,
           remote.download_time);
  return database.changes() != 0;
}

bool delete_remote(const Database& database, std::string_view aci_url) {
  Statement(database, "DELETE FROM remote WHERE aci_url = ?1").run(aci_url);
  return database.changes() != 0;
}

}  // namespace acistore
