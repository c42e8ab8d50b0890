// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_BUNDLE_IMPORT_HPP
#define ACISTORE_STORE_BUNDLE_IMPORT_HPP

#include <functional>
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "model/carried_image.hpp"
#include "store/import.hpp"
#include "store/stores.hpp"

namespace acistore {

struct BundleImportRequest {
  std::string file;  // kStandardInput, or a path
  // Whether images that a lower store has are stored all the same.
  bool copy_up = false;
};

// Stores the images of a bundle (bundle/bundle_format.hpp), plain or compressed, in the top store,
// with their latest marks and the remotes that point at them. First the marks and remotes of those
// that are there already, only where they differ; then those that are missing,
// in the order of the bundle. Nothing is believed of one but that it should be an image, and have
// this digest, name and labels. If none is missing, no more than the list of a file is read.
//
// `report` is called for each image that is stored, when it is on stable storage, for each that
// could not be, and once if the bundle is damaged: what came before is stored then. Returns whether
// anything changed. Throws Error for what concerns all images.
bool import_bundle(const Stores& stores, const BundleImportRequest& request, Progress& progress,
                   const std::function<void(const ImportOutcome&)>& report);

// What a bundle says that it holds; no more than its list is read. Throws Error.
std::vector<CarriedImage> list_bundle(const std::string& file, Progress& progress);

}  // namespace acistore

#endif
