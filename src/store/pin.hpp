// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_PIN_HPP
#define ACISTORE_STORE_PIN_HPP

#include <string>

#include "model/image.hpp"
#include "model/reference.hpp"
#include "store/stores.hpp"

namespace acistore {

// Keeps an image, or a blob that is none, from being removed, in place of what the same owner had
// pinned it for before. Throws Error: kNotFound, kAmbiguous.
void pin(const Stores& stores, const ImageArgument& argument, const Pin& pin);

// Takes the pin of that owner away. Throws Error: kNotFound, also if there is no such pin;
// kAmbiguous.
void unpin(const Stores& stores, const ImageArgument& argument, const std::string& owner);

}  // namespace acistore

#endif
