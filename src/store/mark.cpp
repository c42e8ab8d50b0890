// SPDX-License-Identifier: Apache-2.0
#include "store/mark.hpp"

#include "db/images.hpp"
#include "store/lookup.hpp"

namespace acistore {

void mark(const Stores& stores, const ImageArgument& argument, bool latest) {
  Store& store = stores.top();
  const ImageKey key = resolve_to_change(stores, argument);
  Transaction transaction(store.database());
  if (!set_latest(store.database(), key, latest)) {
    throw Error(ErrorKind::kNotFound, key.text() + ": no such image");
  }
  transaction.commit();
}

}  // namespace acistore
