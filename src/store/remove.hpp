// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_REMOVE_HPP
#define ACISTORE_STORE_REMOVE_HPP

#include <cstdint>
#include <functional>
#include <optional>

#include "db/blobs.hpp"
#include "model/image_key.hpp"
#include "model/reference.hpp"
#include "store/store.hpp"

namespace acistore {

struct RemovedBlob {
  ImageKey key;
  std::uint64_t size = 0;  // bytes
};

// Says, under the blob's lock and in the transaction that removes it, whether it is to go. May
// throw Error, and then it stays.
using MayRemove = std::function<bool(const Database&, const BlobRow&)>;

// The one way in which something that has a row goes: with all that points at it. Nothing if it is
// not there, or may not go. Throws Error.
std::optional<RemovedBlob> remove_blob(Store& store, const ImageKey& key,
                                       const MayRemove& may_remove);

// Removes an image, or a blob that is none, and the remotes that point at it. Throws Error:
// kNotFound, kAmbiguous, and, unless forced, kRefused if it is pinned.
RemovedBlob remove(Store& store, const ImageArgument& argument, bool force);

}  // namespace acistore

#endif
