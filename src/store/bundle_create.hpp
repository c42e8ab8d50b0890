// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_BUNDLE_CREATE_HPP
#define ACISTORE_STORE_BUNDLE_CREATE_HPP

#include <functional>
#include <string>
#include <vector>

#include "base/output_file.hpp"
#include "base/progress.hpp"
#include "codec/encode.hpp"
#include "model/reference.hpp"
#include "store/read.hpp"
#include "store/stores.hpp"

namespace acistore {

struct BundleCreateRequest {
  std::string file;                   // kStandardOutput, or a path
  std::vector<ImageArgument> images;  // none: all of them
  EncodeOptions encoding;             // without a size
  IfExists if_exists = IfExists::kRefuse;
};

// Writes a bundle (bundle/bundle_format.hpp) of images, with their marks and the remotes that point
// at them, in the order of their import. Each is hashed as it is read, and if a hash is wrong the
// file does not appear, and it throws Error(kDamaged). Nor does it where an image that was asked
// for is not there: `report` is told of each.
void create_bundle(const Stores& stores, const BundleCreateRequest& request, Progress& progress,
                   const WriteBytes& to_standard_output,
                   const std::function<void(const Error&)>& report);

}  // namespace acistore

#endif
