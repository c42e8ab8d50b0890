// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_HASH_HPP
#define ACISTORE_STORE_HASH_HPP

#include <string>

#include "base/progress.hpp"
#include "model/image_key.hpp"

namespace acistore {

// The key that the decompressed bytes of a file ("-": standard input) would be stored under. It
// need not be an image. Throws Error.
ImageKey hash_file(const std::string& file, Progress& progress);

}  // namespace acistore

#endif
