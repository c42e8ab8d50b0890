// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_MARK_HPP
#define ACISTORE_STORE_MARK_HPP

#include "model/reference.hpp"
#include "store/stores.hpp"

namespace acistore {

// Sets or clears the latest mark of an image. Throws Error: kNotFound, kAmbiguous.
void mark(const Stores& stores, const ImageArgument& argument, bool latest);

}  // namespace acistore

#endif
