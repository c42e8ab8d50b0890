// SPDX-License-Identifier: Apache-2.0
#include "db/contents.hpp"

namespace acistore {

DatabaseContents count_contents(const Database& database, UnixNanos when) {
  Statement row(database,
                "SELECT count(image.blob_id), coalesce(sum(blob.size) FILTER "
                "(WHERE image.blob_id IS NOT NULL), 0), count(*), coalesce(sum(blob.size), 0), "
                "(SELECT count(DISTINCT pin.blob_id) FROM pin JOIN image USING (blob_id) "
                "WHERE pin.expires IS NULL OR pin.expires > ?1), (SELECT count(*) FROM remote) "
                "FROM blob LEFT JOIN image ON image.blob_id = blob.id");
  row.bind(when);
  row.step();
  const auto number = [&](int column) { return static_cast<std::uint64_t>(row.integer(column)); };
  return {.images = number(0),
          .image_bytes = number(1),
          .other_blobs = number(2) - number(0),
          .other_bytes = number(3) - number(1),
          .pinned_images = number(4),
          .remotes = number(5)};
}

}  // namespace acistore
