// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_LOOKUP_HPP
#define ACISTORE_STORE_LOOKUP_HPP

#include <optional>
#include <string>
#include <vector>

#include "db/images.hpp"
#include "model/image.hpp"
#include "model/reference.hpp"
#include "store/stores.hpp"

namespace acistore {

// These look through all stores: see Stores.

// The key that begins with `prefix`. Throws Error: kNotFound, or kAmbiguous with some of the keys.
ImageKey resolve_key(const Stores& stores, const KeyPrefix& prefix);

// The key of an image, or of any blob if it is asked for by key. Throws Error as resolve_key().
ImageKey resolve_blob(const Stores& stores, const ImageArgument& argument);

// The key of a blob of the top store, which is to be changed there. Throws Error as resolve_key(),
// and kRefused for what only a lower store has.
ImageKey resolve_to_change(const Stores& stores, const ImageArgument& argument);

// The blob itself. Throws Error as resolve_key().
Blob find_blob(const Stores& stores, const ImageArgument& argument);

// Throws Error as resolve_key(), and kNotFound for a blob that is no image.
Image find_image(const Stores& stores, const ImageArgument& argument);

// The image that a reference picks: of the best of each store, one marked latest if the reference
// names no version, and then that of the upper store.
std::optional<Image> best_image(const Stores& stores, const Reference& reference);

// What the uppermost lower store that has the image, with its file, says of it.
std::optional<Image> find_in_lower_stores(const Stores& stores, const ImageKey& key);

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
Explanation explain(const Stores& stores, const Reference& reference);

// The manifest of an image as it stands in the archive. Throws Error(kNotFound).
std::string manifest_of(const Stores& stores, const ImageKey& key);
std::string read_manifest(const Stores& stores, const ImageArgument& argument);

// In the order of their import.
std::vector<Image> list(const Stores& stores, const ImageFilter& filter);

}  // namespace acistore

#endif
