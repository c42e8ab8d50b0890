// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_STORES_HPP
#define ACISTORE_STORE_STORES_HPP

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "model/image.hpp"
#include "model/image_key.hpp"
#include "store/store.hpp"

namespace acistore {

// The stores that are looked through for an image, from the top: the one that may be written to,
// then the lower ones, which are only read. What one has under a key hides what those below it have
// under that key. The depth of a store is the number of those above it.
//
// Refers to stores that outlive it. A single store is one too.
class Stores {
 public:
  using ReportDamage = std::function<void(const Error&)>;

  // NOLINTNEXTLINE(google-explicit-constructor): a store alone is the usual case.
  Stores(Store& store) : stores_{&store} {}

  // At least one. `report` is told of lower stores whose database is damaged, each time one is.
  Stores(std::vector<Store*> stores, ReportDamage report)
      : stores_(std::move(stores)), report_(std::move(report)) {}

  std::size_t size() const { return stores_.size(); }
  Store& at(std::size_t depth) const { return *stores_[depth]; }
  Store& top() const { return *stores_.front(); }

  // Whether what is written for the user has to be on stable storage.
  bool sync() const { return top().sync(); }

  // The uppermost store that has the row of a blob; the top one if none has it.
  Store& row_holder(const ImageKey& key) const;

  // The uppermost store that has the row and the file as well, from which the bytes are had; where
  // there is none, row_holder().
  Store& holder(const ImageKey& key) const;

  // What an Error that concerns this store alone begins with: which lower one it is; nothing for
  // the one that the user means anyhow.
  std::string place_of(const Store& store) const;

  // Runs `action`, which uses that store alone: an Error says so if it is a lower one.
  template <typename Action>
  decltype(auto) in_store(const Store& store, Action&& action) const {
    try {
      return action();
    } catch (Error& error) {
      if (const std::string place = place_of(store); !place.empty()) error.add_context(place);
      throw;
    }
  }

  // Calls `action(depth, store)` for each from the top. What it finds damaged in a lower store is
  // reported, and no reason not to look into the others.
  template <typename Action>
  void visit(Action&& action) const {
    for (std::size_t depth = 0; depth < size(); ++depth) {
      try {
        in_store(at(depth), [&] { action(depth, at(depth)); });
      } catch (const Error& error) {
        if (!passes_over(at(depth), error)) throw;
      }
    }
  }

 private:
  // Whether the error is one of damage to a lower store; then it is reported.
  bool passes_over(const Store& store, const Error& error) const;

  std::vector<Store*> stores_;
  ReportDamage report_;
};

// Whether a store has a file of that size for a blob, which this process may read.
bool has_file(Store& store, const Blob& blob);

// Why something is refused to be changed.
std::string belongs_to_lower_store(const Store& store);

}  // namespace acistore

#endif
