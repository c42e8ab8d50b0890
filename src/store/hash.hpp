// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_HASH_HPP
#define ACISTORE_STORE_HASH_HPP

#include <string>

#include "base/progress.hpp"
#include "model/image_key.hpp"

namespace acistore {

// The key that the decompressed bytes of a file ("-": standard input) would be stored under. It
// need not be an image. `cores` may be used for it. Throws Error.
ImageKey hash_file(const std::string& file, unsigned cores, Progress& progress);

}  // namespace acistore

#endif
