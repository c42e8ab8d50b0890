// SPDX-License-Identifier: Apache-2.0
#include "db/image_uses.hpp"

namespace acistore {
namespace {

#define ACISTORE_IMAGE_USE                                                      \
  "SELECT blob.key, image.name, image.sequence, image.last_used, "              \
  "blob.size, (SELECT min(pin.owner) FROM pin "                                 \
  "WHERE pin.blob_id = blob.id AND (pin.expires IS NULL OR pin.expires > ?1)) " \
  "FROM image JOIN blob ON blob.id = image.blob_id "

ImageUse read_use(const Statement& row) {
  ImageUse use{.key = ImageKey::from_stored(row.text(0)),
               .name = row.text(1),
               .sequence = row.integer(2),
               .last_used = row.integer(3),
               .size = static_cast<std::uint64_t>(row.integer(4)),
               .pinned_by = {}};
  if (!row.is_null(5)) use.pinned_by = row.text(5);
  return use;
}

}  // namespace

ImageUses image_uses(const Database& database, UnixNanos when) {
  Statement rows(database, ACISTORE_IMAGE_USE "ORDER BY image.sequence");
  rows.bind(when);
  ImageUses uses;
  while (rows.step()) {
    try {
      uses.images.push_back(read_use(rows));
    } catch (const Error& error) {
      uses.damage.push_back(error);
    }
  }
  return uses;
}

std::optional<ImageUse> find_image_use(const Database& database, const ImageKey& key,
                                       UnixNanos when) {
  Statement row(database, ACISTORE_IMAGE_USE "WHERE blob.key = ?2");
  row.bind(when, key.text());
  if (!row.step()) return std::nullopt;
  return read_use(row);
}

bool has_newer_images(const Database& database, std::string_view name, std::int64_t sequence,
                      std::uint64_t count) {
  if (count == 0) return true;
  // More than the database can count is more than it can have.
  if (count > INT64_MAX) return false;
  Statement newer(database, sql::kNewerImages);
  newer.bind(name, sequence, count - 1);
  return newer.step();
}

std::uint64_t size_of_other_blobs(const Database& database) {
  Statement sum(database,
                "SELECT coalesce(sum(size), 0) FROM blob "
                "WHERE id NOT IN (SELECT blob_id FROM image)");
  sum.step();
  return static_cast<std::uint64_t>(sum.integer(0));
}

}  // namespace acistore
