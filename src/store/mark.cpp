// SPDX-License-Identifier: Apache-2.0
#include "store/mark.hpp"

#include "db/images.hpp"
#include "store/lookup.hpp"

namespace acistore {

void mark(Store& store, const ImageArgument& argument, bool latest) {
  const ImageKey key = find_image(store, argument).blob.key;
  Transaction transaction(store.database());
  if (!set_latest(store.database(), key, latest)) {
    throw Error(ErrorKind::kNotFound, key.text() + ": no such image");
  }
  transaction.commit();
}

}  // namespace acistore
