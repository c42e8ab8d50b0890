// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_MODEL_MANIFEST_HPP
#define ACISTORE_MODEL_MANIFEST_HPP

#include <string>
#include <vector>

#include "model/labels.hpp"

namespace acistore {

// What the store uses of a valid image manifest (appc spec/aci.md, "Image Manifest Schema").
struct Manifest {
  std::string name;
  Labels labels;
};

// An image that another one builds on.
struct Dependency {
  std::string name;
  std::string id;  // `sha512-` and whatever follows; empty: any image of that name and these labels
  Labels labels;
};

// What the root file system of an image is made of beside its own files.
struct Composition {
  std::vector<Dependency> dependencies;     // in order
  std::vector<std::string> path_whitelist;  // as written
};

}  // namespace acistore

#endif
