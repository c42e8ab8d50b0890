// SPDX-License-Identifier: Apache-2.0
#include "store/remove.hpp"

#include "base/quote.hpp"
#include "db/blobs.hpp"
#include "db/pins.hpp"
#include "store/lookup.hpp"

namespace acistore {

RemovedBlob remove(Store& store, const ImageArgument& argument, bool force) {
  const ImageKey key = resolve_blob(store, argument);
  // Held until the file is gone: nobody can import it anew in between and lose what he stored.
  const std::vector<ByteLock> locks = store.lock_exclusively({key});
  Transaction transaction(store.database());
  const auto row = find_blob(store.database(), key);
  if (!row) throw Error(ErrorKind::kNotFound, key.text() + ": no such image");
  const std::vector<Pin> pins = pins_in_force(store.database(), key, now());
  if (!force && !pins.empty()) {
    throw Error(ErrorKind::kRefused, key.text() + ": is pinned by " + quoted(pins.front().owner) +
                                         "; --force removes it all the same");
  }
  delete_blob(store.database(), row->id);
  transaction.commit();
  // A crash from here on leaves a blob without a row, never a row without a blob.
  store.blobs().remove(key);
  return {.key = key, .size = row->blob.size};
}

}  // namespace acistore
