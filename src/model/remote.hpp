// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_MODEL_REMOTE_HPP
#define ACISTORE_MODEL_REMOTE_HPP

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "model/image_key.hpp"

namespace acistore {

// What is known of a URL that an image came from. A field that is not known is empty, or 0.
struct Remote {
  std::string aci_url;
  std::string sig_url;
  std::string etag;
  ImageKey key;
  std::int64_t cache_max_age = 0;  // seconds
  UnixNanos download_time = 0;

  bool operator==(const Remote&) const = default;
};

}  // namespace acistore

#endif
