// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_DB_SOURCES_HPP
#define ACISTORE_DB_SOURCES_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/blobs.hpp"
#include "db/sqlite.hpp"
#include "model/source_file.hpp"

namespace acistore {

struct KnownSource {
  Blob blob;
  std::string compression;  // of the file
};

// What was last imported from a file, if it is still what it was then.
std::optional<KnownSource> find_source(const Database& database, const FileIdentity& file);

// The files from which the blob was imported and nothing else was since.
std::vector<SourceFile> sources_of(const Database& database, const ImageKey& key);

// Remembers that the blob was imported from the file, in place of what was imported from it before.
// Needs a Transaction.
void record_source(const Database& database, std::int64_t blob_id, const SourceFile& file);

// Must be answered by an index; see db/images.hpp.
namespace sql {
inline constexpr std::string_view kSourceOfFile =
    "SELECT " ACISTORE_BLOB_COLUMNS
    ", source.compression "
    "FROM source JOIN blob ON blob.id = source.blob_id JOIN image ON image.blob_id = blob.id "
    "WHERE source.device = ?1 AND source.inode = ?2 AND source.size = ?3 AND source.mtime = ?4 "
    "AND source.ctime = ?5";
}  // namespace sql

}  // namespace acistore

#endif
