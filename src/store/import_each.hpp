// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_IMPORT_EACH_HPP
#define ACISTORE_STORE_IMPORT_EACH_HPP

#include <cstddef>
#include <functional>

#include "store/cores.hpp"
#include "store/import.hpp"
#include "store/ingest.hpp"

namespace acistore {

// Where images come from, by number.
struct ImportSource {
  // Called by several threads at once, for each number once. Throws Error, which names the file.
  std::function<Ingested(std::size_t)> ingest;
  // The same for one that came without a file, if its blob is gone when its turn comes.
  std::function<Ingested(std::size_t)> ingest_again;
  // Whether one that a lower store has is stored all the same.
  bool copy_up = false;
};

// Stores `count` images in the top store, as import_images() does, in the order of their numbers,
// in groups of up to kGroupSize, less of large ones, that become visible together. `report` is
// called once for each, in that order, when it is on stable storage or has failed; one that fails
// keeps no other from being stored.
void import_each(const Stores& stores, std::size_t count, const Cores& cores,
                 const ImportSource& from,
                 const std::function<void(std::size_t, const ImportOutcome&)>& report);

}  // namespace acistore

#endif
