// SPDX-License-Identifier: Apache-2.0
#include "store/remove.hpp"

#include "base/quote.hpp"
#include "db/blobs.hpp"
#include "db/pins.hpp"
#include "store/lookup.hpp"
#include "store/reserve.hpp"

namespace acistore {
namespace {

std::optional<RemovedBlob> remove_now(Store& store, const ImageKey& key,
                                      const MayRemove& may_remove) {
  // Held until the file is gone: nobody can import it anew in between and lose what he stored.
  const std::vector<ByteLock> locks = store.lock_exclusively({key});
  Transaction transaction(store.database());
  const auto row = find_blob(store.database(), key);
  if (!row || !may_remove(store.database(), *row)) return std::nullopt;
  delete_blob(store.database(), row->id);
  transaction.commit();
  // A crash from here on leaves a blob without a row, never a row without a blob.
  store.blobs().remove(key);
  return RemovedBlob{.key = key, .size = row->blob.size};
}

}  // namespace

std::optional<RemovedBlob> remove_blob(Store& store, const ImageKey& key,
                                       const MayRemove& may_remove) {
  return with_reserve(store, [&] { return remove_now(store, key, may_remove); });
}

RemovedBlob remove(Store& store, const ImageArgument& argument, bool force) {
  const ImageKey key = resolve_blob(store, argument);
  const auto removed =
      remove_blob(store, key, [&](const Database& database, const BlobRow& /*row*/) {
        const std::vector<Pin> pins = pins_in_force(database, key, now());
        if (force || pins.empty()) return true;
        throw Error(ErrorKind::kRefused, key.text() + ": is pinned by " +
                                             quoted(pins.front().owner) +
                                             "; --force removes it all the same");
      });
  if (!removed) throw Error(ErrorKind::kNotFound, key.text() + ": no such image");
  return *removed;
}

}  // namespace acistore
