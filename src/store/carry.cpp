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

// Whether a store has just this image. One that is said to be something else is missing: whoever
// reads it finds out which of the two is right.
bool is_there(Store& to, const std::optional<Image>& present, const Image& wanted) {
  return present && present->blob.digest == wanted.blob.digest &&
         present->blob.size == wanted.blob.size && present->name == wanted.name &&
         present->labels == wanted.labels && to.blobs().size(wanted.blob.key) == wanted.blob.size;
}

CarryPlan make_plan(Store& to, const std::vector<CarriedImage>& images) {
  const Snapshot snapshot(to.database());
  CarryPlan plan;
  for (const CarriedImage& wanted : images) {
    const std::optional<Image> present = find_image(to.database(), wanted.image.blob.key);
    if (!is_there(to, present, wanted.image)) {
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

// In transactions of so many, so that nobody waits for long.
template <typename Row, typename Write>
void write_rows(Store& to, const std::vector<Row>& rows, Write&& write) {
  constexpr std::size_t kRowsAtOnce = 1000;
  for (std::size_t begin = 0; begin < rows.size(); begin += kRowsAtOnce) {
    Transaction transaction(to.database());
    for (std::size_t i = begin; i < std::min(begin + kRowsAtOnce, rows.size()); ++i)
      write(*rows[i]);
    transaction.commit();
  }
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
  CarryPlan plan = make_plan(to, images);
  if (!plan.has_rows()) return plan;
  write_rows(to, plan.marks,
             [&](const Image& image) { set_latest(to.database(), image.blob.key, image.latest); });
  write_rows(to, plan.remotes, [&](const Remote& remote) { put_remote(to.database(), remote); });
  // One that was removed meanwhile has none of them.
  plan.missing = make_plan(to, images).missing;
  return plan;
}

}  // namespace acistore
