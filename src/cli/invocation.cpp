// SPDX-License-Identifier: Apache-2.0
#include "cli/invocation.hpp"

namespace acistore {

Store& Invocation::store() {
  if (!store_) store_.emplace(store_options(options), access_);
  return *store_;
}

const Stores& Invocation::stores() {
  if (stores_) return *stores_;
  open_lower_stores();
  std::vector<Store*> stores;
  try {
    stores.push_back(&store());
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kNotFound || access_ != StoreAccess::kRead || lower_.empty())
      throw;
  }
  for (Store& lower : lower_)
    stores.push_back(&lower);
  stores_.emplace(std::move(stores), [this](const Error& error) { report_damage(error); });
  return *stores_;
}

void Invocation::open_lower_stores() {
  for (const StoreOptions& lower : lower_store_options(options)) {
    try {
      with_context("lower store", [&] { lower_.emplace_back(lower, StoreAccess::kRead); });
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kDamaged) throw;
      report_damage(error);
    }
  }
}

void Invocation::report_damage(const Error& error) {
  if (!reports_damage_) return;
  if (damage_.insert(error.message()).second) diagnostics.report(error);
}

}  // namespace acistore
