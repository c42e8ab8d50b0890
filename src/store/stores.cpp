// SPDX-License-Identifier: Apache-2.0
#include "store/stores.hpp"

#include <optional>

#include "db/blobs.hpp"

namespace acistore {

std::size_t Stores::depth_of(const ImageKey& key) const {
  if (size() == 1) return 0;
  std::optional<std::size_t> found;
  std::optional<std::size_t> known;
  visit([&](std::size_t depth, Store& store) {
    if (found) return;
    const auto row = find_blob(store.database(), key);
    if (!row) return;
    if (!known) known = depth;
    if (has_file(store, row->blob)) found = depth;
  });
  return found.value_or(known.value_or(0));
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
