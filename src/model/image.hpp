// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_MODEL_IMAGE_HPP
#define ACISTORE_MODEL_IMAGE_HPP

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
};

// Whose a pin is if nobody is named.
inline constexpr std::string_view kDefaultPinOwner = "manual";

// What the store knows of an image.
struct Image {
  Blob blob;
  std::string name;
  Labels labels;  // in the order of the manifest
  bool latest = false;
  std::int64_t sequence = 0;  // of its last import: the higher, the later
  UnixNanos import_time = 0;  // of its last import
  UnixNanos last_used = 0;
  std::vector<Pin> pins;  // that hold: none that has expired
};

}  // namespace acistore

#endif
