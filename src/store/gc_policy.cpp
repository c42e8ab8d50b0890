// SPDX-License-Identifier: Apache-2.0
#include "store/gc_policy.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

namespace acistore {
namespace {

// When the image may have been used last. A use within the resolution is not recorded.
UnixNanos latest_use(const ImageUse& image, UnixNanos time) {
  return std::min(time, image.last_used + kUseResolution);
}

bool is_unused(const ImageUse& image, const GcPolicy& policy, UnixNanos time) {
  return policy.grace_period && latest_use(image, time) <= time - *policy.grace_period;
}

// The decision on each image by what holds for it alone, and `kSmallEnough` where only the size of
// the store can tell.
std::vector<GcVerdict> judge_each(std::vector<ImageUse> images, const GcPolicy& policy,
                                  UnixNanos time) {
  std::sort(images.begin(), images.end(),
            [](const ImageUse& a, const ImageUse& b) { return a.sequence > b.sequence; });
  std::map<std::string, std::uint64_t, std::less<>> seen;
  std::vector<GcVerdict> verdicts;
  verdicts.reserve(images.size());
  for (ImageUse& image : images) {
    const std::uint64_t newer = seen[image.name]++;
    GcDecision decision = GcDecision::kSmallEnough;
    if (image.pinned_by) {
      decision = GcDecision::kPinned;
    } else if (newer < policy.keep_last) {
      decision = GcDecision::kAmongNewest;
    } else if (is_unused(image, policy, time)) {
      decision = GcDecision::kUnused;
    }
    verdicts.push_back({std::move(image), decision});
  }
  return verdicts;
}

}  // namespace

GcPlan plan_gc(std::vector<ImageUse> images, std::uint64_t other_bytes, const GcPolicy& policy,
               UnixNanos time) {
  GcPlan plan{.verdicts = judge_each(std::move(images), policy, time), .size_left = other_bytes};
  std::sort(plan.verdicts.begin(), plan.verdicts.end(), [](const GcVerdict& a, const GcVerdict& b) {
    return std::tie(a.image.last_used, a.image.sequence) <
           std::tie(b.image.last_used, b.image.sequence);
  });
  for (const GcVerdict& verdict : plan.verdicts) {
    if (!is_removal(verdict.decision)) plan.size_left += verdict.image.size;
  }
  for (GcVerdict& verdict : plan.verdicts) {
    if (verdict.decision != GcDecision::kSmallEnough) continue;
    if (policy.max_size && plan.size_left > *policy.max_size) {
      verdict.decision = GcDecision::kOverSize;
      plan.size_left -= verdict.image.size;
    } else if (policy.grace_period) {
      verdict.decision = GcDecision::kRecentlyUsed;
    }
  }
  return plan;
}

}  // namespace acistore
