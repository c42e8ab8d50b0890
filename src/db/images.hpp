// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_DB_IMAGES_HPP
#define ACISTORE_DB_IMAGES_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/sqlite.hpp"
#include "model/image.hpp"
#include "model/manifest.hpp"
#include "model/reference.hpp"

namespace acistore {

// Makes the blob an image, or the image the last imported one. Needs a Transaction.
void record_import(const Database& database, std::int64_t blob_id, const Manifest& manifest,
                   std::string_view manifest_json, bool latest, UnixNanos import_time);

std::optional<Image> find_image(const Database& database, const ImageKey& key);

// The image that a reference picks. Of several: if it names no version, those marked latest win
// over those that are not; then the one imported last wins. Needs a Snapshot.
std::optional<Image> best_image(const Database& database, const Reference& reference);

// The key of best_image(), without the rest of what is known of it. Needs a Snapshot.
std::optional<ImageKey> best_key(const Database& database, const Reference& reference);

struct ImageFilter {
  std::optional<Reference> reference;  // only images with this name and all of these labels
  std::string key_prefix;              // only images whose key begins so
};

// By sequence of import. Needs a Snapshot.
std::vector<Image> list_images(const Database& database, const ImageFilter& filter);

// Whether the image has the name and all the labels of the reference.
bool matches(const Image& image, const Reference& reference);

// The bytes of the manifest as in the archive; nothing if there is no such image.
std::optional<std::string> image_manifest(const Database& database, const ImageKey& key);

// The first `bytes` bytes of every manifest, by key.
std::vector<std::pair<ImageKey, std::string>> manifest_beginnings(const Database& database,
                                                                  std::size_t bytes);

// Whether there is such an image.
bool set_latest(const Database& database, const ImageKey& key, bool latest);

// Unless it was used after `unless_after`.
void set_last_used(const Database& database, const ImageKey& key, UnixNanos when,
                   UnixNanos unless_after);

// The statements that must be answered by an index; a test shows their query plans.
namespace sql {
inline constexpr std::string_view kImagesOfName =
    "SELECT blob_id, sequence FROM image WHERE name = ?1 AND latest = ?2 ORDER BY sequence DESC";
inline constexpr std::string_view kImagesOfLabel =
    "SELECT blob_id, sequence FROM label "
    "WHERE image_name = ?1 AND name = ?3 AND value = ?4 AND latest = ?2 ORDER BY sequence DESC";
inline constexpr std::string_view kManifestOfKey =
    "SELECT image.manifest FROM blob JOIN image ON image.blob_id = blob.id WHERE blob.key = ?1";
inline constexpr std::string_view kKeyOfImage =
    "SELECT blob.key FROM image JOIN blob ON blob.id = image.blob_id WHERE image.blob_id = ?1";
inline constexpr std::string_view kLabelOfImage =
    "SELECT value FROM label WHERE blob_id = ?1 AND name = ?2";
}  // namespace sql

}  // namespace acistore

#endif
