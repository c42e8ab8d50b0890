// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_MODEL_IMAGE_HPP
#define ACISTORE_MODEL_IMAGE_HPP

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "model/image_key.hpp"
#include "model/labels.hpp"

namespace acistore {

// What the store knows of any blob, image or not.
struct Blob {
  ImageKey key;
  Sha512Digest digest;
  std::uint64_t size = 0;             // bytes
  std::optional<UnixNanos> verified;  // when its bytes were last found to match its digest
};

// Keeps an image from being removed.
struct Pin {
  std::string owner;
  std::optional<UnixNanos> expires;  // nothing: never
  bool operator==(const Pin&) const = default;
};

// The most that the name of its owner may have.
inline constexpr std::size_t kMaxPinOwnerBytes = 255;

// Whose a pin is if nobody is named.
inline constexpr std::string_view kDefaultPinOwner = "manual";

// What the store knows of an image.
struct Image {
  Blob blob;
  std::string name;
  Labels labels;  // in the order of the manifest
  bool latest = false;
  // Of the store that has it, among those that were looked through: 0 is the first of them.
  std::size_t depth = 0;
  std::int64_t sequence = 0;  // of its last import into that store: the higher, the later
  UnixNanos import_time = 0;  // of its last import
  UnixNanos last_used = 0;
  std::vector<Pin> pins;  // that hold: none that has expired
};

// Less means imported before. What a lower store has counts as imported before what those above it
// have.
inline std::strong_ordering import_order(const Image& a, const Image& b) {
  const auto order = b.depth <=> a.depth;
  return order != 0 ? order : a.sequence <=> b.sequence;
}

}  // namespace acistore

#endif
