// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_EXTRACT_HPP
#define ACISTORE_STORE_EXTRACT_HPP

#include <string>

#include "base/output_file.hpp"
#include "base/progress.hpp"
#include "model/reference.hpp"
#include "store/store.hpp"
#include "tree/left_out.hpp"

namespace acistore {

enum class ExtractWhat {
  kImage,   // the directory gets "manifest" and "rootfs"
  kRootfs,  // it is "rootfs" itself
};

struct ExtractRequest {
  ImageArgument image;
  std::string directory;
  ExtractWhat what = ExtractWhat::kImage;
  IfExists if_exists = IfExists::kRefuse;
  bool strict = false;  // to leave something out is an Error(kIo)
};

// Unpacks an image into a new directory, which appears whole or not at all, and marks the image as
// used. Returns what had to be left out. Throws Error: as use_image(), NewDirectory, unpack() and
// TreeWriter do; of those only kInvalid says something of the image, which is that it cannot be
// unpacked safely.
LeftOut extract_image(Store& store, const ExtractRequest& request, Progress& progress);

}  // namespace acistore

#endif
