// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_GC_POLICY_HPP
#define ACISTORE_STORE_GC_POLICY_HPP

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "model/image_use.hpp"

namespace acistore {

// Which images are to go. A criterion that is not given selects nothing; what is pinned, or among
// the newest of its name, never goes.
struct GcPolicy {
  std::optional<UnixNanos> grace_period;  // those not used for so long
  std::optional<std::uint64_t> max_size;  // the least recently used until so many bytes are left
  std::uint64_t keep_last = 0;            // so many of each name stay, the last imported
};

enum class GcDecision {
  kUnused,        // goes: was not used for the grace period
  kOverSize,      // goes: the store is larger than it may be, and nothing was used longer ago
  kPinned,        // stays
  kAmongNewest,   // stays: one of the last of its name
  kRecentlyUsed,  // stays: was used within the grace period
  kSmallEnough,   // stays: the store is no larger than it may be
};

constexpr bool is_removal(GcDecision decision) {
  return decision == GcDecision::kUnused || decision == GcDecision::kOverSize;
}

struct GcVerdict {
  ImageUse image;
  GcDecision decision;
};

struct GcPlan {
  std::vector<GcVerdict> verdicts;  // on every image, the least recently used first
  std::uint64_t size_left = 0;      // bytes of what stays, the other blobs among it
};

// `other_bytes` are those of the blobs that are no images: they count, and stay.
GcPlan plan_gc(std::vector<ImageUse> images, std::uint64_t other_bytes, const GcPolicy& policy,
               UnixNanos time);

}  // namespace acistore

#endif
