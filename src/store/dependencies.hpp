// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_DEPENDENCIES_HPP
#define ACISTORE_STORE_DEPENDENCIES_HPP

#include <cstddef>
#include <string>
#include <vector>

#include "model/image.hpp"
#include "model/reference.hpp"
#include "store/stores.hpp"

namespace acistore {

// What one rendering may consist of.
inline constexpr std::size_t kMaxDependencies = 10'000;  // that are looked up
inline constexpr std::size_t kMaxLayers = 500;

// An image that takes part in a rendering.
struct ImagePart {
  Image image;
  std::vector<std::string> path_whitelist;
};

// One image in the order of a rendering.
struct Layer {
  std::size_t part = 0;  // its number in Layers::parts
  // The parts, in ascending order, whose whitelists it is subject to: those of the images that need
  // it, directly or not, and its own. None of these lists is empty.
  std::vector<std::size_t> whitelists;
};

struct Layers {
  std::vector<ImagePart> parts;  // no image twice; the one that was asked for is the first
  std::vector<Layer> order;      // what is laid down first comes first; the last is part 0
};

// What an image is rendered from: before each image its dependencies in their order, each with its
// own before it.
//
// An image that several others need would come once for each of them. Where the same image comes
// again later, and under no whitelist that it is not under now, it is left out: all that it brings
// now it brings then, and what it replaces now it replaces then, so that the result is the same.
// (What came in between differs only in what it had of this image.) In this way a chain of diamonds
// costs as much as it has images.
//
// Throws Error with the chain of images that leads there: kNotFound for a dependency that is not in
// the store, or not with that name, these labels or that image ID; kAmbiguous for an image ID that
// begins several; kInvalid for a cycle and when a limit is exceeded.
Layers resolve_dependencies(const Stores& stores, const ImageArgument& argument);

}  // namespace acistore

#endif
