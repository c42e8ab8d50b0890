// SPDX-License-Identifier: Apache-2.0
#include "store/info.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "blob/layout.hpp"
#include "db/contents.hpp"
#include "db/migrations.hpp"
#include "db/remotes.hpp"
#include "db/sources.hpp"
#include "store/lookup.hpp"

namespace acistore {
namespace {

std::uint64_t database_bytes(const Store& store) {
  struct stat status {};
  if (::fstatat(store.directory(), layout::kDatabase, &status, AT_SYMLINK_NOFOLLOW) != 0)
    throw_errno(std::string("stat ") + layout::kDatabase);
  return static_cast<std::uint64_t>(status.st_size);
}

void add(FileCount& count, std::uint64_t bytes) {
  ++count.files;
  count.bytes += bytes;
}

}  // namespace

ImageInfo image_info(const Stores& stores, const ImageArgument& argument) {
  Image image = find_image(stores, argument);
  const ImageKey key = image.blob.key;
  Store& store = stores.at(image.depth);
  const Snapshot snapshot(store.database());
  return {.image = std::move(image),
          .store = store.path(),
          .blob_path = store.path() + '/' + layout::blob_path(key),
          .remotes = remotes_of(store.database(), key),
          .sources = sources_of(store.database(), key)};
}

StoreInfo store_info(const Stores& stores, const GcReports& reports) {
  Store& store = stores.top();
  StoreInfo info;
  for (std::size_t depth = 1; depth < stores.size(); ++depth)
    info.lower.push_back(stores.at(depth).path());
  info.directory = store.path();
  info.database_bytes = database_bytes(store);
  {
    const Snapshot snapshot(store.database());
    info.schema = schema_state(store.database()).version;
    const DatabaseContents contents = count_contents(store.database(), now());
    info.images = {contents.images, contents.image_bytes};
    info.other_blobs = {contents.other_blobs, contents.other_bytes};
    info.pinned = contents.pinned_images;
    info.remotes = contents.remotes;
  }
  GcReports counting = reports;
  counting.removed = [&](const Removal& removal) {
    add(removal.reason == RemovalReason::kQuarantined ? info.quarantine : info.rubbish,
        removal.size);
  };
  sweep(store, true, Disposal::kOnlyLook, counting);
  return info;
}

}  // namespace acistore
