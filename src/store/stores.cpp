// SPDX-License-Identifier: Apache-2.0
#include "store/stores.hpp"

#include "base/quote.hpp"
#include "db/blobs.hpp"

namespace acistore {

Store& Stores::row_holder(const ImageKey& key) const {
  if (size() == 1) return top();
  Store* found = nullptr;
  visit([&](std::size_t /*depth*/, Store& store) {
    if (found == nullptr && has_blob(store.database(), key)) found = &store;
  });
  return found == nullptr ? top() : *found;
}

Store& Stores::holder(const ImageKey& key) const {
  if (size() == 1) return top();
  Store* found = nullptr;
  visit([&](std::size_t /*depth*/, Store& store) {
    if (found != nullptr) return;
    const auto row = find_blob(store.database(), key);
    if (row && has_file(store, row->blob)) found = &store;
  });
  return found == nullptr ? row_holder(key) : *found;
}

std::string Stores::place_of(const Store& store) const {
  return report_ && store.is_lower() ? "lower store " + printable(store.path()) : "";
}

bool Stores::passes_over(const Store& store, const Error& error) const {
  if (!store.is_lower() || error.kind() != ErrorKind::kDamaged || !report_) return false;
  report_(error);
  return true;
}

bool has_file(Store& store, const Blob& blob) {
  try {
    const auto file = store.blobs().open(blob.key);
    return file && file->size == blob.size;
  } catch (const Error&) {
    return false;
  }
}

std::string belongs_to_lower_store(const Store& store) {
  return "belongs to the lower store " + printable(store.path()) + ", which is never changed";
}

}  // namespace acistore
