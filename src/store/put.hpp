// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_PUT_HPP
#define ACISTORE_STORE_PUT_HPP

#include <optional>
#include <string>

#include "base/progress.hpp"
#include "model/image_key.hpp"
#include "store/store.hpp"

namespace acistore {

// Stores the bytes of a file ("-": standard input) as they are, as a blob that is no image. Refuses
// bytes that do not match `expected` (kInvalid).
ImageKey put(Store& store, const std::string& file, const std::optional<ExpectedKey>& expected,
             Progress& progress);

}  // namespace acistore

#endif
