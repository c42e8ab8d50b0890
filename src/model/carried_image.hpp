// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_MODEL_CARRIED_IMAGE_HPP
#define ACISTORE_MODEL_CARRIED_IMAGE_HPP

#include <vector>

#include "model/image.hpp"
#include "model/remote.hpp"

namespace acistore {

// An image on its way from one store to another, with what goes along with its bytes. Of the image
// its digest, size, name, labels and mark count.
struct CarriedImage {
  Image image;
  std::vector<Remote> remotes;  // that point at it
};

}  // namespace acistore

#endif
