// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_MODEL_IMAGE_USE_HPP
#define ACISTORE_MODEL_IMAGE_USE_HPP

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "model/image_key.hpp"

namespace acistore {

// A use of an image is recorded once in so long, so that reading is not writing: the last use may
// be up to so much later than what is recorded.
inline constexpr UnixNanos kUseResolution = UnixNanos{3'600} * 1'000'000'000;

// What decides whether an image may go.
struct ImageUse {
  ImageKey key;
  std::string name;
  std::int64_t sequence = 0;  // of its last import: the higher, the later
  UnixNanos last_used = 0;    // as recorded
  std::uint64_t size = 0;     // bytes
  // One of the owners of its pins, of those that hold; nothing if there is none.
  std::optional<std::string> pinned_by;
};

}  // namespace acistore

#endif
