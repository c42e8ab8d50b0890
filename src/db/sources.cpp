// SPDX-License-Identifier: Apache-2.0
#include "db/sources.hpp"

namespace acistore {

std::optional<KnownSource> find_source(const Database& database, const FileIdentity& file) {
  Statement statement(database, sql::kSourceOfFile);
  statement.bind(file.device, file.inode, file.size, file.mtime, file.ctime);
  if (!statement.step()) return std::nullopt;
  return KnownSource{.blob = read_blob(statement, 0), .compression = statement.text(kBlobColumns)};
}

std::vector<SourceFile> sources_of(const Database& database, const ImageKey& key) {
  Statement statement(database,
                      "SELECT device, inode, size, mtime, ctime, compression FROM source "
                      "WHERE blob_id = (SELECT id FROM blob WHERE key = ?1) "
                      "ORDER BY device, inode");
  statement.bind(key.text());
  std::vector<SourceFile> sources;
  while (statement.step()) {
    sources.push_back({.identity = {.device = statement.integer(0),
                                    .inode = statement.integer(1),
                                    .size = statement.integer(2),
                                    .mtime = statement.integer(3),
                                    .ctime = statement.integer(4)},
                       .compression = statement.text(5)});
  }
  return sources;
}

void record_source(const Database& database, std::int64_t blob_id, const SourceFile& file) {
  Statement(database,
            "INSERT OR REPLACE INTO source (device, inode, size, mtime, ctime, compression, "
            "blob_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
      .run(file.identity.device, file.identity.inode, file.identity.size, file.identity.mtime,
           file.identity.ctime, file.compression, blob_id);
}

}  // namespace acistore
