// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_SWEEP_HPP
#define ACISTORE_STORE_SWEEP_HPP

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "blob/leftovers.hpp"
#include "model/image_key.hpp"
#include "store/store.hpp"

namespace acistore {

enum class RemovalReason {
  kUnused,       // an image that was not used for the grace period
  kMaxSize,      // one that was used least recently, in a store that is too large
  kOrphan,       // a blob without a row
  kTemporary,    // a file that interrupted work left
  kQuarantined,  // damage that somebody has looked at
};

// What a collection of garbage took away, or would.
struct Removal {
  std::optional<ImageKey> key;  // of a blob
  std::string path;             // below the store, of what is no blob
  std::uint64_t size = 0;       // bytes
  RemovalReason reason = RemovalReason::kUnused;
};

// What is told as it happens. None may throw.
struct GcReports {
  std::function<void(const Removal&)> removed;
  // What could not be done; the rest is done all the same.
  std::function<void(const Error&)> failed;
  // What looks like rubbish and stays, and why.
  std::function<void(const std::string&)> left;
};

// Removes what interrupted work left: files in tmp/ that no process holds, and blobs without a row,
// safe against those who import at the same time. A blob is taken for rubbish only if the database
// has no damage, that could hide its row.
void sweep(Store& store, bool quarantine, Disposal disposal, const GcReports& reports);

}  // namespace acistore

#endif
