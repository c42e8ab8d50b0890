// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_RECOVER_HPP
#define ACISTORE_STORE_RECOVER_HPP

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "base/progress.hpp"
#include "model/image.hpp"
#include "store/store.hpp"

namespace acistore {

enum class RecoveredStatus {
  kImage,
  kBlob,     // stored, and no image
  kCorrupt,  // a file with the name of a blob that is not that blob
  kMissing,  // the old database knew it, and there is no file
};

// What became of one key.
struct RecoveredBlob {
  ImageKey key;
  RecoveredStatus status = RecoveredStatus::kImage;
  std::optional<Image> image;  // of kImage
  std::string detail;          // of kCorrupt and kMissing
};

struct Recovery {
  // What the old database was.
  enum class Old { kNone, kIntact, kDamaged };
  Old old = Old::kNone;
  std::string trouble;     // of a damaged one
  std::string kept_as;     // the name under which it is kept in the store; empty if it is not
  bool used_copy = false;  // there was one, and the old database was not intact
  std::size_t marks = 0;   // latest marks that are there again
  std::size_t pins = 0;
  std::size_t remotes = 0;
};

// Makes the database anew from the blobs, with what can still be read of the old one and of its
// copy. Every blob is read once, up to `jobs` at the same time; others may use the store meanwhile,
// and wait only while the new database takes the place of the old one, which happens as a whole or
// not at all. Blobs are left as they are.
//
// `report` is called for each key, in order, when all is done. The store was opened with kRepair.
// Throws Error: kRefused if a newer program wrote the database or its copy.
Recovery recover(Store& store, unsigned jobs, Progress& progress,
                 const std::function<void(const RecoveredBlob&)>& report);

}  // namespace acistore

#endif
