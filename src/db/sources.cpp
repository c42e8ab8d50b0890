// SPDX-License-Identifier: Apache-2.0
#include "db/sources.hpp"

namespace acistore {

std::optional<KnownSource> find_source(const Database& database, const FileIdentity& file) {
  Statement statement(database, sql::kSourceOfFile);
  statement.bind(file.device, file.inode, file.size, file.mtime, file.ctime);
  if (!statement.step()) return std::nullopt;
  return KnownSource{.blob = read_blob(statement, 0), .compression = statement.text(kBlobColumns)};
}

void record_source(const Database& database, std::int64_t blob_id, const SourceFile& file) {
  Statement(database,
            "INSERT OR REPLACE INTO source (device, inode, size, mtime, ctime, compression, "
            "blob_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
      .run(file.identity.device, file.identity.inode, file.identity.size, file.identity.mtime,
           file.identity.ctime, file.compression, blob_id);
}

}  // namespace acistore
