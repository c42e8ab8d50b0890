// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_UNPACK_HPP
#define ACISTORE_STORE_UNPACK_HPP

#include <functional>

#include "aci/tar_reader.hpp"
#include "base/progress.hpp"
#include "base/signal_watch.hpp"
#include "store/read.hpp"

namespace acistore {

// Is given an entry, and the reader that has its content next.
using TakeEntry = std::function<void(const TarEntry&, TarReader&)>;

// Goes through a stored archive once, from front to end, and hands each entry to `take`. All bytes
// are hashed in the same pass, by a second thread: what `take` made of them is not to be trusted
// until this returns. Throws Error: kDamaged if the hash is wrong, whatever else seemed to be; what
// `take` and the reader throw; kIo once a signal came.
void unpack(const StoredBlob& stored, Progress& progress, const SignalWatch& signals,
            const TakeEntry& take);

}  // namespace acistore

#endif
