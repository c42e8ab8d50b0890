// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_DB_IMAGE_USES_HPP
#define ACISTORE_DB_IMAGE_USES_HPP

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "db/sqlite.hpp"
#include "model/image_use.hpp"

namespace acistore {

struct ImageUses {
  std::vector<ImageUse> images;  // by sequence of import
  // What is wrong with rows that cannot be read; they keep nobody from reading the others.
  std::vector<Error> damage;
};

// All images, with the pins that hold at `when`.
ImageUses image_uses(const Database& database, UnixNanos when);

// The same for one; nothing if it is no image, or not there.
std::optional<ImageUse> find_image_use(const Database& database, const ImageKey& key,
                                       UnixNanos when);

// Whether at least `count` images of that name were imported after `sequence`.
bool has_newer_images(const Database& database, std::string_view name, std::int64_t sequence,
                      std::uint64_t count);

// The bytes of all blobs that are no images.
std::uint64_t size_of_other_blobs(const Database& database);

// Must be answered by an index; see db/images.hpp.
namespace sql {
inline constexpr std::string_view kNewerImages =
    "SELECT sequence FROM image "
    "WHERE name = ?1 AND latest IN (0, 1) AND sequence > ?2 LIMIT 1 OFFSET ?3";
}  // namespace sql

}  // namespace acistore

#endif
