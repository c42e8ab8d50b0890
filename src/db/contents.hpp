// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_DB_CONTENTS_HPP
#define ACISTORE_DB_CONTENTS_HPP

#include <cstdint>

#include "base/clock.hpp"
#include "db/sqlite.hpp"

namespace acistore {

// How much a database knows of.
struct DatabaseContents {
  std::uint64_t images = 0;
  std::uint64_t image_bytes = 0;
  std::uint64_t other_blobs = 0;
  std::uint64_t other_bytes = 0;
  std::uint64_t pinned_images = 0;  // by a pin that holds
  std::uint64_t remotes = 0;
};

// Needs a Snapshot, so that the numbers belong together. Pins count that hold at `when`.
DatabaseContents count_contents(const Database& database, UnixNanos when);

}  // namespace acistore

#endif
