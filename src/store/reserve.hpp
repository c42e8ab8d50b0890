// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_RESERVE_HPP
#define ACISTORE_STORE_RESERVE_HPP

#include <cstdint>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/file_lock.hpp"
#include "store/store.hpp"

namespace acistore {

// The reserve of a store: a file with real blocks and no meaning, which is given up where a removal
// finds the disk full, since to remove takes space too: in SQLite's journal, and on a file system
// that copies on write for every page that changes.
//
// Measured, removing one image took 46 to 79 KB of journal with 3 to 1,000 images in the store, 95
// KB with 100 labels, 62 KB with a manifest of 4 MiB and 735 KB with 10,000 labels.
inline constexpr std::uint64_t kReserveBytes = std::uint64_t{1} << 20;

// What the journal has at least, whatever it was needed for so far. On a file system that writes in
// place this is enough for almost every image; and nobody else can take it, as he can take, on a
// full disk, what was the reserve an instant ago.
inline constexpr std::uint64_t kJournalBytes = std::uint64_t{256} << 10;

// Makes the reserve if it is not there, or smaller than it could be, and extends the journal. For
// each not more than an eighth of the room on the disk, so that it is never this that fills it.
// Best effort: without a reserve the store is as good until the disk is full.
void try_to_restore_reserve(Store& store) noexcept;

// While it lives the reserve is given up, and nobody else can give up one; then it comes back as
// far as there is room.
class SpentReserve {
 public:
  // Throws Error: kBusy.
  explicit SpentReserve(Store& store);
  SpentReserve(const SpentReserve&) = delete;
  SpentReserve& operator=(const SpentReserve&) = delete;
  ~SpentReserve() { try_to_restore_reserve(store_); }

 private:
  Store& store_;
  std::optional<ByteLock> lock_;
};

// For whatever takes space away. Runs `action`, and if it fails because the disk is full gives up
// the reserve and runs it once more. The action must have undone what it did when it throws, and
// hold no lock of the store when it is called. A transaction of it should remove few images: the
// reserve is made for one.
template <typename Action>
decltype(auto) with_reserve(Store& store, Action&& action) {
  try {
    return action();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kNoSpace) throw;
  }
  const SpentReserve spent(store);
  return action();
}

}  // namespace acistore

#endif
