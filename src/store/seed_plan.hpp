// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_SEED_PLAN_HPP
#define ACISTORE_STORE_SEED_PLAN_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "model/image_key.hpp"
#include "model/labels.hpp"
#include "store/seed_file.hpp"
#include "store/stores.hpp"

namespace acistore {

enum class SeedAction {
  kImported,  // with its mark and its pins
  kMarked,
  kUnmarked,
  kPinned,
  kUnpinned,
  kRemoved,  // with its pins
};

// One thing that is other than before.
struct SeedChange {
  SeedAction action;
  ImageKey key;
  std::string name;   // as a reference; empty where it is not known without reading the image
  std::string owner;  // of the pin, for kPinned and kUnpinned
};

// How a store differs from what a lock file says.
struct SeedPlan {
  struct Import {
    std::size_t image = 0;  // its number in the file
    // What its mark is to be; nothing: as it is by then.
    std::optional<bool> latest;
    // The directory of a lower store that has it, if one has.
    std::optional<std::string> lower;
  };
  std::vector<SeedChange> changes;  // of images that are there
  std::vector<Import> imports;
  std::vector<Error> errors;  // what can be right in no store, or not in this one
};

// Looks into the database, and whether each blob is there with the size of its row; reads no blob.
// An image that a lower store has is there, unless `copy_up`, or its mark is to be another; to pin
// it there is no need. `stores` is null if there is none. Needs a Snapshot or Transaction of the
// top one, unless that is a lower one.
SeedPlan plan_seed(const Stores* stores, const SeedFile& file, bool copy_up);

// What the file's owner has pinned and the file does not name as pinned by it. Needs a Snapshot or
// Transaction.
struct PrunePlan {
  std::vector<SeedChange> removals;  // images that the file does not name and nobody else pins
  std::vector<SeedChange> unpinned;  // the rest
};
PrunePlan plan_prune(Store& store, const SeedFile& file);

// The change that an import of the image will be, or was.
SeedChange import_of(const SeedImage& image);

// Throws Error(kInvalid) unless an image of the lock file may be called so.
void check_name(const SeedImage& image, const std::string& name, const Labels& labels);

}  // namespace acistore

#endif
