// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_RENDER_HPP
#define ACISTORE_STORE_RENDER_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/progress.hpp"
#include "model/image.hpp"
#include "model/reference.hpp"
#include "store/new_tree.hpp"
#include "store/stores.hpp"

namespace acistore {

// In all whitelists of one rendering together, the directories that lead to them included.
inline constexpr std::size_t kMaxWhitelistPaths = 8'000'000;

struct RenderRequest {
  ImageArgument image;
  TreeRequest target;
};

struct RenderedLayer {
  Image image;
  std::size_t whitelists = 0;  // that it is subject to
  std::uint64_t entries = 0;   // of its archive that are part of the result
};

struct Rendering {
  std::vector<RenderedLayer> layers;  // what is laid down first comes first
  LeftOut left_out;
};

// Makes the root file system of an image, its dependencies and whitelists applied
// (resolve_dependencies() and RenderPlan have the rules), in a new directory, which appears whole
// or not at all; and marks all these images as used. Each archive is read once, and its headers
// once more before for each time that it takes part. Throws Error as resolve_dependencies(),
// RenderPlan, NewTree, unpack() and TreeWriter do.
Rendering render_image(const Stores& stores, const RenderRequest& request, Progress& progress);

}  // namespace acistore

#endif
