// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_LOOKUP_HPP
#define ACISTORE_STORE_LOOKUP_HPP

#include <optional>
#include <string>
#include <vector>

#include "db/images.hpp"
#include "model/image.hpp"
#include "model/reference.hpp"
#include "store/store.hpp"

namespace acistore {

// The key that begins with `prefix`. Throws Error: kNotFound, or kAmbiguous with some of the keys.
ImageKey resolve_key(Store& store, const KeyPrefix& prefix);

// The key of an image, or of any blob if it is asked for by key. Throws Error as resolve_key().
ImageKey resolve_blob(Store& store, const ImageArgument& argument);

// The blob itself. Throws Error as resolve_key().
Blob find_blob(Store& store, const ImageArgument& argument);

// Throws Error as resolve_key(), and kNotFound for a blob that is no image.
Image find_image(Store& store, const ImageArgument& argument);

// How the image does not have these labels (`has no label "os"`); nothing if it has them all.
std::optional<std::string> label_mismatch(const Image& image, const Labels& labels);

// What find_image() would choose from, and why all but one of them lost.
struct Candidate {
  Image image;
  std::string verdict;  // "chosen" or the reason
};
struct Explanation {
  std::vector<Candidate> candidates;  // all images of that name, best first
};
Explanation explain(Store& store, const Reference& reference);

// The manifest as it stands in the archive.
std::string read_manifest(Store& store, const ImageArgument& argument);

std::vector<Image> list(Store& store, const ImageFilter& filter);

}  // namespace acistore

#endif
