// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_REMOVE_HPP
#define ACISTORE_STORE_REMOVE_HPP

#include <cstdint>

#include "model/image_key.hpp"
#include "model/reference.hpp"
#include "store/store.hpp"

namespace acistore {

struct RemovedBlob {
  ImageKey key;
  std::uint64_t size = 0;  // bytes
};

// Removes an image, or a blob that is none, and the remotes that point at it. Throws Error:
// kNotFound, kAmbiguous, and, unless forced, kRefused if it is pinned.
RemovedBlob remove(Store& store, const ImageArgument& argument, bool force);

}  // namespace acistore

#endif
