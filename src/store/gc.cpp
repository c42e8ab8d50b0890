// SPDX-License-Identifier: Apache-2.0
#include "store/gc.hpp"

#include <algorithm>
#include <span>

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

Removal removal_of(const GcVerdict& verdict) {
  return {.key = verdict.image.key,
          .path = {},
          .size = verdict.image.size,
          .reason = verdict.decision == GcDecision::kUnused ? RemovalReason::kUnused
                                                            : RemovalReason::kMaxSize};
}

// Removes what is still to go, in one transaction. Throws Error, and then all is still there.
void dispose(Store& store, std::span<const GcVerdict> group, const GcPolicy& policy,
             const GcReports& reports) {
  std::vector<ImageKey> keys;
  for (const GcVerdict& verdict : group)
    keys.push_back(verdict.image.key);
  const auto planned = [&](const ImageKey& key) -> const GcVerdict& {
    return *std::ranges::find(group, key,
                              [](const GcVerdict& verdict) { return verdict.image.key; });
  };
  const auto may_remove = [&](const Database& database, const BlobRow& row) {
    return still_holds(database, planned(row.blob.key).image, policy);
  };
  for (RemovedBlob& blob : remove_blobs(store, keys, may_remove)) {
    if (!blob.left) {
      reports.removed(removal_of(planned(blob.key)));
      continue;
    }
    blob.left->add_context(blob.key.text());
    reports.failed(*blob.left);
  }
}

// The same, and one by one where not all can go together: a lock that another holds, a row that is
// damaged, a disk with little room, concern one of them. After another failure nobody knows what is
// on the disk, and whether that was all.
void dispose_of_each(Store& store, std::span<const GcVerdict> group, const GcPolicy& policy,
                     const GcReports& reports) {
  try {
    dispose(store, group, policy, reports);
  } catch (Error& error) {
    if (group.size() == 1 || error.kind() == ErrorKind::kIo) {
      error.add_context(group.front().image.key.text());
      reports.failed(error);
      return;
    }
    for (std::size_t i = 0; i < group.size(); ++i)
      dispose_of_each(store, group.subspan(i, 1), policy, reports);
  }
}

}  // namespace

void collect_garbage(Store& store, const GcRequest& request, const ReportPlan& planned,
                     const GcReports& reports) {
  sweep(store, request.quarantine, request.disposal, reports);
  GcPlan images = plan(store, request.policy, reports);
  planned(images);
  std::erase_if(images.verdicts,
                [](const GcVerdict& verdict) { return !is_removal(verdict.decision); });
  if (request.disposal == Disposal::kOnlyLook) {
    for (const GcVerdict& verdict : images.verdicts)
      reports.removed(removal_of(verdict));
    return;
  }
  const std::span<const GcVerdict> all = images.verdicts;
  for (std::size_t i = 0; i < all.size(); i += kGroupSize) {
    const std::size_t size = std::min(kGroupSize, all.size() - i);
    dispose_of_each(store, all.subspan(i, size), request.policy, reports);
  }
}

}  // namespace acistore
