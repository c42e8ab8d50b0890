// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_GC_HPP
#define ACISTORE_STORE_GC_HPP

#include "store/gc_policy.hpp"
#include "store/store.hpp"
#include "store/sweep.hpp"

namespace acistore {

struct GcRequest {
  GcPolicy policy;
  bool quarantine = false;  // whether to empty it
  Disposal disposal = Disposal::kRemove;
};

// What was decided before anything was removed.
using ReportPlan = std::function<void(const GcPlan&)>;

// Collects garbage: sweeps what interrupted work left, which needs no space, and then removes the
// images that the policy selects. An image that was used, pinned or imported since it was selected
// stays. Only looks, and reports the same, if nothing is to be disposed of. Throws Error for what
// concerns all images.
void collect_garbage(Store& store, const GcRequest& request, const ReportPlan& planned,
                     const GcReports& reports);

}  // namespace acistore

#endif
