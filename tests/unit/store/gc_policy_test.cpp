// SPDX-License-Identifier: Apache-2.0
#include "store/gc_policy.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include "catch.hpp"

using namespace acistore;

namespace {

constexpr UnixNanos kHour = UnixNanos{3'600} * 1'000'000'000;
constexpr UnixNanos kNow = UnixNanos{1'700'000'000} * 1'000'000'000;

ImageKey key_of(std::int64_t sequence) {
  Sha512 hash;
  const std::string text = std::to_string(sequence);
  hash.update(as_bytes(text));
  return ImageKey(hash.finish());
}

// Imported as the `sequence`th, and used so many hours ago.
ImageUse image(std::int64_t sequence, std::int64_t hours, std::uint64_t size = 1,
               const std::string& name = "example.com/app") {
  return {.key = key_of(sequence),
          .name = name,
          .sequence = sequence,
          .last_used = kNow - hours * kHour,
          .size = size,
          .pinned_by = {}};
}

ImageUse pinned(ImageUse use) {
  use.pinned_by = "kubelet";
  return use;
}

std::vector<std::int64_t> sequences_of(const GcPlan& plan, bool removals) {
  std::vector<std::int64_t> sequences;
  for (const auto& [use, decision] : plan.verdicts) {
    if (is_removal(decision) == removals) sequences.push_back(use.sequence);
  }
  return sequences;
}

// The sequences of what goes, in the order in which it goes.
std::vector<std::int64_t> removed(const std::vector<ImageUse>& images, const GcPolicy& policy,
                                  std::uint64_t other_bytes = 0) {
  return sequences_of(plan_gc(images, other_bytes, policy, kNow), true);
}

using Sequences = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("without a criterion nothing goes") {
  CHECK(removed({image(1, 10'000)}, {}).empty());
  CHECK(removed({image(1, 10'000)}, {.grace_period = {}, .max_size = {}, .keep_last = 0}).empty());
}

TEST_CASE("what was not used for the grace period goes, the least recently used first") {
  const GcPolicy day{.grace_period = 24 * kHour, .max_size = {}, .keep_last = 0};
  CHECK(removed({image(1, 30), image(2, 40), image(3, 23)}, day) == Sequences{2, 1});
}

TEST_CASE("a use counts as up to an hour later than recorded, but not as one in the future") {
  const GcPolicy day{.grace_period = 24 * kHour, .max_size = {}, .keep_last = 0};
  CHECK(removed({image(1, 24)}, day).empty());
  CHECK(removed({image(1, 25)}, day) == Sequences{1});
  ImageUse just_within = image(2, 25);
  ++just_within.last_used;
  CHECK(removed({just_within}, day).empty());
  const GcPolicy none{.grace_period = 0, .max_size = {}, .keep_last = 0};
  CHECK(removed({image(1, 0), image(2, 1)}, none) == Sequences{2, 1});
  // The clock was set back.
  CHECK(removed({image(1, -5)}, none) == Sequences{1});
  CHECK(removed({image(1, -5)}, day).empty());
}

TEST_CASE("the least recently used go until the store is small enough, and no more") {
  const std::vector<ImageUse> images{image(1, 1, 10), image(2, 3, 10), image(3, 2, 10)};
  const auto limit = [](std::uint64_t size) {
    return GcPolicy{.grace_period = {}, .max_size = size, .keep_last = 0};
  };
  CHECK(removed(images, limit(30)).empty());
  CHECK(removed(images, limit(29)) == Sequences{2});
  CHECK(removed(images, limit(20)) == Sequences{2});
  CHECK(removed(images, limit(19)) == Sequences{2, 3});
  CHECK(removed(images, limit(0)) == Sequences{2, 3, 1});
}

TEST_CASE("blobs that are no images count and stay") {
  const GcPolicy limit{.grace_period = {}, .max_size = 25, .keep_last = 0};
  CHECK(removed({image(1, 2, 10), image(2, 1, 10)}, limit, 10) == Sequences{1});
  const GcPlan plan = plan_gc({image(1, 2, 10)}, 100, limit, kNow);
  CHECK(sequences_of(plan, true) == Sequences{1});
  CHECK(plan.size_left == 100);
}

TEST_CASE("what the grace period removes counts towards the size first") {
  const GcPolicy both{.grace_period = 24 * kHour, .max_size = 20, .keep_last = 0};
  CHECK(removed({image(1, 100, 10), image(2, 3, 10), image(3, 2, 10)}, both) == Sequences{1});
  CHECK(removed({image(1, 100, 10), image(2, 3, 15), image(3, 2, 10)}, both) == Sequences{1, 2});
}

TEST_CASE("the last imported of each name are kept, whatever selects them") {
  const std::vector<ImageUse> images{image(1, 100), image(2, 300), image(3, 200),
                                     image(4, 400, 1, "example.com/other")};
  const GcPolicy policy{.grace_period = 0, .max_size = 0, .keep_last = 2};
  CHECK(removed(images, policy) == Sequences{1});
  CHECK(sequences_of(plan_gc(images, 0, policy, kNow), false) == Sequences{4, 2, 3});
}

TEST_CASE("a pinned image is kept, and counts among the last of its name") {
  const GcPolicy policy{.grace_period = 0, .max_size = 0, .keep_last = 1};
  CHECK(removed({image(1, 9), image(2, 8), pinned(image(3, 7))}, policy) == Sequences{1, 2});
  CHECK(removed({pinned(image(1, 9)), image(2, 8)}, {.grace_period = 0, .max_size = 0}) ==
        Sequences{2});
}

TEST_CASE("of those used at the same time the one imported first goes first") {
  const GcPolicy limit{.grace_period = {}, .max_size = 1, .keep_last = 0};
  CHECK(removed({image(2, 5), image(1, 5)}, limit) == Sequences{1});
}

TEST_CASE("whatever the images and the policy, what must hold holds") {
  std::mt19937 random(20'240'229);
  const auto below = [&](std::uint32_t end) { return static_cast<std::int64_t>(random() % end); };
  for (int round = 0; round < 500; ++round) {
    std::vector<ImageUse> images;
    for (std::int64_t i = 0; i < below(12); ++i) {
      images.push_back(image(i + 1, below(60), static_cast<std::uint64_t>(below(20)),
                             "example.com/" + std::to_string(below(3))));
      if (below(5) == 0) images.back() = pinned(images.back());
    }
    GcPolicy policy{
        .grace_period = {}, .max_size = {}, .keep_last = static_cast<std::uint64_t>(below(4))};
    if (below(2) == 0) policy.grace_period = below(60) * kHour;
    if (below(2) == 0) policy.max_size = static_cast<std::uint64_t>(below(120));
    const auto other = static_cast<std::uint64_t>(below(30));
    const GcPlan plan = plan_gc(images, other, policy, kNow);
    CAPTURE(round);
    REQUIRE(plan.verdicts.size() == images.size());

    std::map<std::string, std::vector<std::int64_t>> names;
    std::uint64_t left = other;
    std::uint64_t before_last = 0;
    bool is_over = false;
    for (const auto& [use, decision] : plan.verdicts) {
      names[use.name].push_back(use.sequence);
      if (!is_removal(decision)) left += use.size;
      if (use.pinned_by) REQUIRE_FALSE(is_removal(decision));
      if (decision == GcDecision::kUnused) {
        REQUIRE(policy.grace_period);
        REQUIRE(use.last_used <= kNow - *policy.grace_period);
      }
      // Nothing that may go was used longer ago than what went for its size.
      if (decision == GcDecision::kOverSize) REQUIRE_FALSE(is_over);
      if (decision == GcDecision::kRecentlyUsed || decision == GcDecision::kSmallEnough) {
        is_over = true;
      }
      if (decision == GcDecision::kOverSize) before_last = use.size;
    }
    REQUIRE(left == plan.size_left);
    if (before_last > 0) REQUIRE(left + before_last > policy.max_size.value());
    if (policy.max_size && is_over) REQUIRE(left <= *policy.max_size);
    for (auto& [name, sequences] : names) {
      std::sort(sequences.rbegin(), sequences.rend());
      sequences.resize(std::min<std::size_t>(sequences.size(), policy.keep_last));
      for (const std::int64_t sequence : removed(images, policy, other)) {
        REQUIRE(std::count(sequences.begin(), sequences.end(), sequence) == 0);
      }
    }

    // The order in which they are told makes no difference.
    std::vector<ImageUse> shuffled = images;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    REQUIRE(removed(shuffled, policy, other) == sequences_of(plan, true));
  }
}
