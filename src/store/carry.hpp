// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_CARRY_HPP
#define ACISTORE_STORE_CARRY_HPP

#include <functional>
#include <vector>

#include "model/carried_image.hpp"
#include "model/reference.hpp"
#include "store/stores.hpp"

namespace acistore {

// What carries images from one store to another, directly or in a file, has in common.

// The images that are asked for, each once, or else all, in the order of their import, with the
// remotes that point at them. One that is not there is reported.
std::vector<CarriedImage> images_to_carry(const Stores& from,
                                          const std::vector<ImageArgument>& arguments,
                                          const std::function<void(const Error&)>& report);

// How a store differs from what it is to have. Points into what that was said by.
struct CarryPlan {
  std::vector<const CarriedImage*> missing;
  std::vector<const Image*> marks;  // of images that are there
  std::vector<const Remote*> remotes;

  bool has_rows() const { return !marks.empty() || !remotes.empty(); }
};

// Gives images that are there already their latest marks and the remotes that point at them, only
// where they differ. Nothing of an image that is there is read but the size of its blob. Returns
// how the store differed just before, and what is missing now.
CarryPlan bring_along_present(Store& to, const std::vector<CarriedImage>& images);

}  // namespace acistore

#endif
