// SPDX-License-Identifier: Apache-2.0
#include "store/carry.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "db/images.hpp"
#include "db/remotes.hpp"
#include "store/lookup.hpp"
#include "store/remotes.hpp"

namespace acistore {
namespace {

std::vector<Image> find_images(const Stores& from, const std::vector<ImageArgument>& arguments,
                               const std::function<void(const Error&)>& report) {
  if (arguments.empty()) return list(from, {});
  std::vector<Image> images;
  std::set<ImageKey> seen;
  for (const ImageArgument& argument : arguments) {
    try {
      Image image = find_image(from, argument);
      if (seen.insert(image.blob.key).second) images.push_back(std::move(image));
    } catch (const Error& error) {
      report(error);
    }
  }
  std::sort(images.begin(), images.end(),
            [](const Image& a, const Image& b) { return import_order(a, b) < 0; });
  return images;
}

CarryPlan plan(Store& to, const std::vector<CarriedImage>& images) {
  CarryPlan plan;
  for (const CarriedImage& wanted : images) {
    const Blob& blob = wanted.image.blob;
    const std::optional<Image> present = find_image(to.database(), blob.key);
    if (!present || to.blobs().size(blob.key) != present->blob.size) {
      plan.missing.push_back(&wanted);
      continue;
    }
    if (present->latest != wanted.image.latest) plan.marks.push_back(&wanted.image);
    for (const Remote& remote : wanted.remotes) {
      if (find_remote(to.database(), remote.aci_url) != remote) plan.remotes.push_back(&remote);
    }
  }
  return plan;
}

CarryPlan read_plan(Store& to, const std::vector<CarriedImage>& images) {
  const Snapshot snapshot(to.database());
  return plan(to, images);
}

}  // namespace

std::vector<CarriedImage> images_to_carry(const Stores& from,
                                          const std::vector<ImageArgument>& arguments,
                                          const std::function<void(const Error&)>& report) {
  std::vector<CarriedImage> images;
  std::map<ImageKey, std::vector<Remote>> remotes;
  for (Image& image : find_images(from, arguments, report)) {
    remotes.try_emplace(image.blob.key);
    images.push_back({.image = std::move(image), .remotes = {}});
  }
  for (Remote& remote : list_remotes(from)) {
    const auto place = remotes.find(remote.key);
    if (place != remotes.end()) place->second.push_back(std::move(remote));
  }
  for (CarriedImage& carried : images)
    carried.remotes = std::move(remotes[carried.image.blob.key]);
  return images;
}

CarryPlan bring_along_present(Store& to, const std::vector<CarriedImage>& images) {
  CarryPlan found = read_plan(to, images);
  if (!found.has_rows()) return found;
  Transaction transaction(to.database());
  // Once more: now nobody else writes.
  found = plan(to, images);
  for (const Image* image : found.marks)
    set_latest(to.database(), image->blob.key, image->latest);
  for (const Remote* remote : found.remotes)
    put_remote(to.database(), *remote);
  transaction.commit();
  return found;
}

}  // namespace acistore
