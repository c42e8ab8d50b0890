// SPDX-License-Identifier: Apache-2.0
#include "store/remove.hpp"

#include "base/quote.hpp"
#include "db/blobs.hpp"
#include "db/pins.hpp"
#include "store/lookup.hpp"
#include "store/reserve.hpp"

namespace acistore {
namespace {

std::vector<RemovedBlob> remove_now(Store& store, const std::vector<ImageKey>& keys,
                                    const MayRemove& may_remove) {
  // Held until the files are gone: nobody can import one anew in between and lose what he stored.
  const std::vector<ByteLock> locks = store.lock_exclusively(keys);
  std::vector<RemovedBlob> removed;
  Transaction transaction(store.database());
  for (const ImageKey& key : keys) {
    const auto row = find_blob(store.database(), key);
    if (!row || !may_remove(store.database(), *row)) continue;
    delete_blob(store.database(), row->id);
    removed.push_back({.key = key, .size = row->blob.size, .left = {}});
  }
  if (removed.empty()) return removed;
  transaction.commit();
  // A crash from here on leaves blobs without a row, never a row without a blob.
  for (RemovedBlob& blob : removed) {
    try {
      store.blobs().remove(blob.key);
    } catch (const Error& error) {
      blob.left = error;
    }
  }
  return removed;
}

}  // namespace

std::vector<RemovedBlob> remove_blobs(Store& store, const std::vector<ImageKey>& keys,
                                      const MayRemove& may_remove) {
  return with_reserve(store, [&] { return remove_now(store, keys, may_remove); });
}

RemovedBlob remove(const Stores& stores, const ImageArgument& argument, bool force) {
  const ImageKey key = resolve_to_change(stores, argument);
  const auto removed =
      remove_blobs(stores.top(), {key}, [&](const Database& database, const BlobRow& /*row*/) {
        const std::vector<Pin> pins = pins_in_force(database, key, now());
        if (force || pins.empty()) return true;
        throw Error(ErrorKind::kRefused, key.text() + ": is pinned by " +
                                             quoted(pins.front().owner) +
                                             "; --force removes it all the same");
      });
  if (removed.empty()) throw Error(ErrorKind::kNotFound, key.text() + ": no such image");
  if (removed.front().left) throw *removed.front().left;
  return removed.front();
}

}  // namespace acistore
