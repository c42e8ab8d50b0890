// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_EXTRACT_HPP
#define ACISTORE_STORE_EXTRACT_HPP

#include "base/progress.hpp"
#include "model/reference.hpp"
#include "store/new_tree.hpp"
#include "store/stores.hpp"

namespace acistore {

enum class ExtractWhat {
  kImage,   // the directory gets "manifest" and "rootfs"
  kRootfs,  // it is "rootfs" itself
};

struct ExtractRequest {
  ImageArgument image;
  TreeRequest target;
  ExtractWhat what = ExtractWhat::kImage;
};

// Unpacks an image into a new directory, which appears whole or not at all, and marks the image as
// used. Returns what had to be left out. Throws Error: as use_image(), NewTree, unpack() and
// TreeWriter do; of those only kInvalid says something of the image, which is that it cannot be
// unpacked safely.
LeftOut extract_image(const Stores& stores, const ExtractRequest& request, Progress& progress);

}  // namespace acistore

#endif
