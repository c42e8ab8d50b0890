// SPDX-License-Identifier: Apache-2.0
#include "bundle/repeats.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "bundle/bundle_format.hpp"

namespace acistore {
namespace {

// Anchors are so far apart on average, unless the table is too small for that.
constexpr std::uint64_t kAnchorDistance = 1024;
// Twice as many slots as anchors, each of eight bytes.
constexpr std::uint64_t kLeastSlots = std::uint64_t{1} << 10;
constexpr std::uint64_t kMostSlots = std::uint64_t{1} << 22;

// How a slot holds a place, and whether the anchor may be the one: the highest bits are some of the
// anchor's hash.
constexpr unsigned kOffsetBits = 36;
constexpr unsigned kImageBits = 17;
constexpr unsigned kTagBits = 64 - kOffsetBits - kImageBits;
static_assert(kMaxBundledImageBytes <= std::uint64_t{1} << kOffsetBits);
static_assert(kMaxBundledImages < std::uint64_t{1} << kImageBits);

constexpr std::uint64_t kOffsetMask = (std::uint64_t{1} << kOffsetBits) - 1;
constexpr std::uint64_t kImageMask = (std::uint64_t{1} << kImageBits) - 1;

// Any numbers do that look random: these are of SplitMix64 (Steele, Lea and Flood, 2014). A byte
// has left the hash after 64 shifts.
constexpr std::array<std::uint64_t, 256> kGear = [] {
  std::array<std::uint64_t, 256> gear{};
  std::uint64_t state = 0;
  for (std::uint64_t& value : gear) {
    state += 0x9e3779b97f4a7c15;
    value = state;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    value ^= value >> 31;
  }
  return gear;
}();

// Where all bytes are zero there is no anchor.
static_assert((std::uint64_t{0} - kGear[0]) > ~std::uint64_t{0} / kAnchorDistance);

std::uint64_t slots_for(std::uint64_t total_bytes) {
  return std::bit_ceil(std::clamp(2 * (total_bytes / kAnchorDistance), kLeastSlots, kMostSlots));
}

// Its highest bits hang together with all bytes of the window; the lowest with the last ones alone.
std::uint64_t anchor_mask_for(std::uint64_t total_bytes) {
  const std::uint64_t distance =
      std::bit_ceil(std::max(kAnchorDistance, 2 * (total_bytes / kMostSlots)));
  return ~(~std::uint64_t{0} / distance);
}

// Anchors have their highest bits in common, so those of the product depend on the others.
std::uint64_t mixed(std::uint64_t hash) {
  return hash * 0x9e3779b97f4a7c15;
}

}  // namespace

Repeats::Repeats(std::uint64_t total_bytes)
    : anchor_mask_(anchor_mask_for(total_bytes)),
      slot_shift_(64 - static_cast<unsigned>(std::countr_zero(slots_for(total_bytes)))),
      slots_(slots_for(total_bytes)) {}

void Repeats::restart() {
  hash_ = 0;
  seen_ = 0;
  is_at_anchor_ = false;
}

std::size_t Repeats::scan(Bytes bytes) {
  is_at_anchor_ = false;
  std::uint64_t hash = hash_;
  std::size_t i = 0;
  // The first bytes make no whole window.
  const std::size_t short_end = std::min(bytes.size(), kWindow - 1 - std::min(seen_, kWindow - 1));
  for (; i < short_end; ++i)
    hash = (hash << 1) + kGear[std::to_integer<std::size_t>(bytes[i])];
  for (; i < bytes.size() && !is_at_anchor_; ++i) {
    hash = (hash << 1) + kGear[std::to_integer<std::size_t>(bytes[i])];
    is_at_anchor_ = (hash & anchor_mask_) == 0;
  }
  hash_ = hash;
  seen_ = std::min(seen_ + i, kWindow);
  return i;
}

std::optional<PlaceInImages> Repeats::replace(const PlaceInImages& now) {
  // Bytes of one value only may make an anchor of each: the first will do.
  if (hash_ == last_anchor_) return std::nullopt;
  last_anchor_ = hash_;
  const std::uint64_t mix = mixed(hash_);
  std::uint64_t& slot = slots_[mix >> slot_shift_];
  const std::uint64_t tag = (mix << (64 - slot_shift_)) >> (64 - kTagBits);
  const std::uint64_t before = slot;
  // No anchor ends at offset 0, so no place is 0.
  slot = tag << (kOffsetBits + kImageBits) | now.image << kOffsetBits | (now.offset & kOffsetMask);
  if (before == 0 || before >> (kOffsetBits + kImageBits) != tag) return std::nullopt;
  return PlaceInImages{.image = before >> kOffsetBits & kImageMask, .offset = before & kOffsetMask};
}

namespace {

constexpr std::size_t kEarlierBytes = std::size_t{128} * 1024;
// Of which so many lie before the place that is asked for first: an anchor ends there.
constexpr std::size_t kBefore = std::size_t{16} * 1024;

}  // namespace

EarlierBytes::EarlierBytes(ReadImageAt read_at)
    : read_at_(std::move(read_at)),
      buffer_(std::make_unique_for_overwrite<std::byte[]>(kEarlierBytes)) {}

void EarlierBytes::load(const PlaceInImages& place) {
  start_ = place;
  size_ = read_at_(place.image, place.offset, {buffer_.get(), kEarlierBytes});
}

Bytes EarlierBytes::from(const PlaceInImages& place) {
  const std::uint64_t ahead = place.offset - start_.offset;  // wraps for a place before it
  if (place.image != start_.image || ahead >= size_) {
    load(place);
    return {buffer_.get(), size_};
  }
  return {buffer_.get() + ahead, size_ - static_cast<std::size_t>(ahead)};
}

Bytes EarlierBytes::until(const PlaceInImages& place) {
  const std::uint64_t ahead = place.offset - start_.offset;
  if (place.image != start_.image || ahead - 1 >= size_) {
    const std::uint64_t before = std::min<std::uint64_t>(place.offset, kBefore);
    load({.image = place.image, .offset = place.offset - before});
    return {buffer_.get(), std::min(size_, static_cast<std::size_t>(before))};
  }
  return {buffer_.get(), static_cast<std::size_t>(ahead)};
}

}  // namespace acistore
