// SPDX-License-Identifier: Apache-2.0
#include "store/gc.hpp"

#include "db/image_uses.hpp"
#include "store/remove.hpp"

namespace acistore {
namespace {

GcPlan plan(Store& store, const GcPolicy& policy, const GcReports& reports) {
  const UnixNanos time = now();
  const Snapshot snapshot(store.database());
  ImageUses uses = image_uses(store.database(), time);
  for (const Error& error : uses.damage)
    reports.failed(error);
  return plan_gc(std::move(uses.images), size_of_other_blobs(store.database()), policy, time);
}

// Whether what was decided on an image still holds. Its newer namesakes may have been removed.
bool still_holds(const Database& database, const ImageUse& planned, const GcPolicy& policy) {
  const auto image = find_image_use(database, planned.key, now());
  return image && !image->pinned_by && image->sequence == planned.sequence &&
         image->last_used == planned.last_used &&
         has_newer_images(database, image->name, image->sequence, policy.keep_last);
}

// Whether it was removed, or would be.
bool dispose(Store& store, const ImageUse& image, const GcRequest& request) {
  if (request.disposal == Disposal::kOnlyLook) return true;
  return remove_blob(store, image.key,
                     [&](const Database& database, const BlobRow& /*row*/) {
                       return still_holds(database, image, request.policy);
                     })
      .has_value();
}

}  // namespace

void collect_garbage(Store& store, const GcRequest& request, const ReportPlan& planned,
                     const GcReports& reports) {
  sweep(store, request.quarantine, request.disposal, reports);
  const GcPlan images = plan(store, request.policy, reports);
  planned(images);
  for (const auto& [image, decision] : images.verdicts) {
    if (!is_removal(decision)) continue;
    try {
      if (!dispose(store, image, request)) continue;
    } catch (Error& error) {
      error.add_context(image.key.text());
      reports.failed(error);
      continue;
    }
    reports.removed({.key = image.key,
                     .path = {},
                     .size = image.size,
                     .reason = decision == GcDecision::kUnused ? RemovalReason::kUnused
                                                               : RemovalReason::kMaxSize});
  }
}

}  // namespace acistore
