// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_MODEL_MANIFEST_HPP
#define ACISTORE_MODEL_MANIFEST_HPP

#include <string>

#include "model/labels.hpp"

namespace acistore {

// What the store uses of a valid image manifest (appc spec/aci.md, "Image Manifest Schema").
struct Manifest {
  std::string name;
  Labels labels;
};

}  // namespace acistore

#endif
