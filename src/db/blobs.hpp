// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_DB_BLOBS_HPP
#define ACISTORE_DB_BLOBS_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/sqlite.hpp"
#include "model/image.hpp"

namespace acistore {

// A blob and its row, to which images, pins and remotes point.
struct BlobRow {
  std::int64_t id = 0;
  Blob blob;
};

std::optional<BlobRow> find_blob(const Database& database, const ImageKey& key);

// Whether there is a row, whatever may be wrong with it.
bool has_blob(const Database& database, const ImageKey& key);

// The least text that is greater than every text that begins with `prefix`, so that an index can
// answer for the range. A key prefix is ASCII and not empty: its last character has a successor.
std::string end_of_key_prefix(std::string_view prefix);

// The first `limit` of the keys that begin with `prefix`, in order.
std::vector<ImageKey> keys_with_prefix(const Database& database, std::string_view prefix,
                                       std::int64_t limit);

// All blobs: those never verified first, then the longest unverified; ties by key.
std::vector<Blob> blobs_by_verified(const Database& database);

// All blobs by key.
std::vector<Blob> blobs_by_key(const Database& database);

// Returns the id of the new row.
std::int64_t insert_blob(const Database& database, const Sha512Digest& digest, std::uint64_t size);

// With all that points at it: image, labels, pins, sources, remotes.
void delete_blob(const Database& database, std::int64_t id);

void set_verified(const Database& database, const ImageKey& key, UnixNanos when);

// Makes `wanted` the newest modification time given to a blob, or if it is not newer than the
// newest, one nanosecond more than that. Returns what it became.
UnixNanos next_blob_mtime(const Database& database, UnixNanos wanted);

// Must be answered by an index; see db/images.hpp.
namespace sql {
inline constexpr std::string_view kKeysWithPrefix =
    "SELECT key FROM blob WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3";
}  // namespace sql

// The columns that read_blob() takes, for statements elsewhere in db/.
#define ACISTORE_BLOB_COLUMNS "blob.key, blob.digest, blob.size, blob.verified"
inline constexpr int kBlobColumns = 4;
Blob read_blob(const Statement& row, int first_column);

}  // namespace acistore

#endif
