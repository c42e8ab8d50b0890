// SPDX-License-Identifier: Apache-2.0
#include "store/seed_plan.hpp"

#include <algorithm>
#include <map>

#include "base/quote.hpp"
#include "db/images.hpp"
#include "db/pins.hpp"
#include "store/lookup.hpp"

namespace acistore {
namespace {

bool is_pinned_for_good(const Image& image, const std::string& owner) {
  return std::any_of(image.pins.begin(), image.pins.end(),
                     [&](const Pin& pin) { return pin.owner == owner && !pin.expires; });
}

// Compares one image of the file with what the store has of it.
class ImagePlanner {
 public:
  ImagePlanner(const Stores* stores, const SeedFile& file, bool copy_up)
      : stores_(stores), file_(file), copy_up_(copy_up) {}

  void add(std::size_t number) {
    const SeedImage& wanted = file_.images[number];
    const std::optional<Image> own = find(wanted.key());
    const bool has_own = own && stores_->top().blobs().size(own->blob.key) == own->blob.size;
    const std::optional<Image> lower =
        has_own || stores_ == nullptr ? std::nullopt : find_in_lower_stores(*stores_, wanted.key());
    // One that has a row and no blob is to have it again.
    const bool is_there = has_own || (!own && lower && !copy_up_ &&
                                      wanted.latest.value_or(lower->latest) == lower->latest);
    const Image* image = own ? &*own : lower ? &*lower : nullptr;
    if (!is_there) {
      plan_.imports.push_back(
          {.image = number,
           .latest = wanted.latest || own || !lower ? wanted.latest : lower->latest,
           .lower = lower ? std::optional(stores_->at(lower->depth).path()) : std::nullopt});
      return;
    }
    try {
      if (!wanted.id.matches(image->blob.digest)) {
        throw Error(ErrorKind::kInvalid,
                    "the stored image has another ID: " + image_id(image->blob.digest));
      }
      check_name(wanted, image->name, image->labels);
    } catch (Error& error) {
      error.add_context(file_.place(wanted.line) + ": " + wanted.text());
      plan_.errors.push_back(error);
      return;
    }
    if (own) compare(wanted, *own);
  }

  SeedPlan take() { return std::move(plan_); }

 private:
  // In the store that can be changed.
  std::optional<Image> find(const ImageKey& key) const {
    if (stores_ == nullptr || stores_->top().is_lower()) return std::nullopt;
    return find_image(stores_->top().database(), key);
  }

  void compare(const SeedImage& wanted, const Image& image) {
    const std::string name =
        wanted.name ? wanted.name->text() : Reference{image.name, image.labels}.text();
    if (wanted.latest && *wanted.latest != image.latest) {
      plan_.changes.push_back(
          {.action = *wanted.latest ? SeedAction::kMarked : SeedAction::kUnmarked,
           .key = image.blob.key,
           .name = name,
           .owner = {}});
    }
    for (const std::string& owner : wanted.pins) {
      if (is_pinned_for_good(image, owner)) continue;
      plan_.changes.push_back(
          {.action = SeedAction::kPinned, .key = image.blob.key, .name = name, .owner = owner});
    }
  }

  const Stores* stores_;
  const SeedFile& file_;
  bool copy_up_;
  SeedPlan plan_;
};

}  // namespace

SeedPlan plan_seed(const Stores* stores, const SeedFile& file, bool copy_up) {
  ImagePlanner planner(stores, file, copy_up);
  for (std::size_t i = 0; i < file.images.size(); ++i)
    planner.add(i);
  return planner.take();
}

PrunePlan plan_prune(Store& store, const SeedFile& file) {
  const Database& database = store.database();
  std::map<ImageKey, const SeedImage*> named;
  for (const SeedImage& image : file.images)
    named.emplace(image.key(), &image);
  PrunePlan plan;
  const UnixNanos time = now();
  for (const ImageKey& key : keys_pinned_by(database, file.owner, time)) {
    const auto found = named.find(key);
    const SeedImage* image = found == named.end() ? nullptr : found->second;
    if (image != nullptr && std::count(image->pins.begin(), image->pins.end(), file.owner) != 0)
      continue;
    const auto stored = find_image(database, key);
    SeedChange change{.action = SeedAction::kUnpinned,
                      .key = key,
                      .name = stored ? Reference{stored->name, stored->labels}.text() : "",
                      .owner = file.owner};
    if (image != nullptr || pins_in_force(database, key, time).size() > 1) {
      plan.unpinned.push_back(std::move(change));
    } else {
      change.action = SeedAction::kRemoved;
      change.owner.clear();
      plan.removals.push_back(std::move(change));
    }
  }
  return plan;
}

SeedChange import_of(const SeedImage& image) {
  return {.action = SeedAction::kImported,
          .key = image.key(),
          .name = image.name ? image.name->text() : "",
          .owner = {}};
}

void check_name(const SeedImage& image, const std::string& name, const Labels& labels) {
  if (!image.name) return;
  const bool fits =
      image.name->name == name &&
      std::all_of(image.name->labels.begin(), image.name->labels.end(), [&](const Label& label) {
        return label_value(labels, label.name) == label.value;
      });
  if (fits) return;
  throw Error(ErrorKind::kInvalid, "the image of this ID is called " +
                                       quoted(Reference{name, labels}.text()) + ", not " +
                                       quoted(image.name->text()));
}

}  // namespace acistore
