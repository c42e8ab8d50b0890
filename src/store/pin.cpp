// SPDX-License-Identifier: Apache-2.0
#include "store/pin.hpp"

#include "base/quote.hpp"
#include "db/blobs.hpp"
#include "db/pins.hpp"
#include "store/lookup.hpp"

namespace acistore {
namespace {

// The row to pin, without pins that have expired. Needs a Transaction.
std::int64_t row_to_pin(const Database& database, const ImageKey& key) {
  const auto row = find_blob(database, key);
  if (!row) throw Error(ErrorKind::kNotFound, key.text() + ": no such image");
  delete_expired_pins(database, row->id, now());
  return row->id;
}

}  // namespace

void pin(const Stores& stores, const ImageArgument& argument, const Pin& pin) {
  const ImageKey key = resolve_to_change(stores, argument);
  Store& store = stores.top();
  Transaction transaction(store.database());
  put_pin(store.database(), row_to_pin(store.database(), key), pin);
  transaction.commit();
}

void unpin(const Stores& stores, const ImageArgument& argument, const std::string& owner) {
  const ImageKey key = resolve_to_change(stores, argument);
  Store& store = stores.top();
  Transaction transaction(store.database());
  if (!delete_pin(store.database(), row_to_pin(store.database(), key), owner)) {
    throw Error(ErrorKind::kNotFound, key.text() + ": is not pinned by " + quoted(owner));
  }
  transaction.commit();
}

}  // namespace acistore
