// SPDX-License-Identifier: Apache-2.0
#include "store/stores.hpp"

#include <optional>

#include "base/quote.hpp"
#include "db/blobs.hpp"

namespace acistore {

std::size_t Stores::depth_of(const ImageKey& key) const {
  if (size() == 1) return 0;
  std::optional<std::size_t> found;
  visit([&](std::size_t depth, Store& store) {
    if (!found && has_blob(store.database(), key)) found = depth;
  });
  return found.value_or(0);
}

bool Stores::passes_over(const Store& store, const Error& error) const {
  if (!store.is_lower() || error.kind() != ErrorKind::kDamaged || !report_) return false;
  Error told = error;
  told.add_context("lower store " + printable(store.path()));
  report_(told);
  return true;
}

std::string belongs_to_lower_store(const Store& store) {
  return "belongs to the lower store " + printable(store.path()) + ", which is never changed";
}

}  // namespace acistore
