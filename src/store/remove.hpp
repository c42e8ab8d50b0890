// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_REMOVE_HPP
#define ACISTORE_STORE_REMOVE_HPP

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "db/blobs.hpp"
#include "model/image_key.hpp"
#include "model/reference.hpp"
#include "store/stores.hpp"

namespace acistore {

struct RemovedBlob {
  ImageKey key;
  std::uint64_t size = 0;     // bytes
  std::optional<Error> left;  // why its file is still there, rubbish without a row
};

// Says, under the blob's lock and in the transaction that removes it, whether it is to go. May
// throw Error, and then nothing of the transaction goes.
using MayRemove = std::function<bool(const Database&, const BlobRow&)>;

// The one way in which something that has a row goes: with all that points at it, and those given
// together in one transaction. Leaves out what is not there, or may not go. Throws Error, and then
// nothing is gone.
std::vector<RemovedBlob> remove_blobs(Store& store, const std::vector<ImageKey>& keys,
                                      const MayRemove& may_remove);

// Removes an image, or a blob that is none, and the remotes that point at it. Throws Error:
// kNotFound, kAmbiguous, and, unless forced, kRefused if it is pinned.
RemovedBlob remove(const Stores& stores, const ImageArgument& argument, bool force);

}  // namespace acistore

#endif
