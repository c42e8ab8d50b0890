// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_SYNC_HPP
#define ACISTORE_STORE_SYNC_HPP

#include <functional>
#include <vector>

#include "base/progress.hpp"
#include "model/reference.hpp"
#include "store/import.hpp"
#include "store/store.hpp"

namespace acistore {

struct SyncRequest {
  StoreOptions from;                  // nothing in it is written
  StoreOptions to;                    // made if there is none
  std::vector<ImageArgument> images;  // of `from`; none: all of them
  // How many images are read at the same time.
  unsigned jobs = 1;
};

// Gives a store the images of another, with their latest marks and the remotes that point at them.
// First the marks and remotes of those that are there already, only where they
// differ; then those that are missing, in the order of their import into `from`, each with its mark
// and remotes at once.
//
// Each step is decided by what the two stores say, and none needs to know of an earlier one:
// whoever is killed in between and does it again comes to the same end. The one store is never held
// (a transaction, a lock, a snapshot) while the other one is: two that copy in opposite directions
// do not wait for each other.
//
// `report` is called for each image that is copied, when it is on stable storage, and for each that
// could not be. Returns whether anything changed. Throws Error for what concerns them all: kUsage
// if the two stores are one.
bool sync(const SyncRequest& request, Progress& progress,
          const std::function<void(const ImportOutcome&)>& report);

}  // namespace acistore

#endif
