// SPDX-License-Identifier: Apache-2.0
#include "store/lookup.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "base/quote.hpp"
#include "db/blobs.hpp"

namespace acistore {
namespace {

constexpr std::int64_t kAllKeys = std::numeric_limits<std::int64_t>::max();

// The first `limit` of each store.
std::set<ImageKey> keys_that_begin(const Stores& stores, const KeyPrefix& prefix,
                                   std::int64_t limit) {
  std::set<ImageKey> keys;
  stores.visit([&](std::size_t /*depth*/, Store& store) {
    for (ImageKey& key : keys_with_prefix(store.database(), prefix.text(), limit))
      keys.insert(std::move(key));
  });
  return keys;
}

Error ambiguous(const Stores& stores, const KeyPrefix& prefix) {
  constexpr std::size_t kShown = 3;
  // So many digits beyond the prefix tell most keys apart and still fit on a line.
  constexpr std::size_t kMoreDigits = 4;
  const std::set<ImageKey> keys = keys_that_begin(stores, prefix, kAllKeys);
  std::string message =
      prefix.text() + ": ambiguous: " + std::to_string(keys.size()) + " keys begin so: ";
  std::size_t shown = 0;
  for (const ImageKey& key : keys) {
    if (shown > 0) message += ", ";
    if (shown++ == kShown) {
      message += "…";
      break;
    }
    message += key.text().substr(0, prefix.text().size() + kMoreDigits) + "…";
  }
  return Error(ErrorKind::kAmbiguous, std::move(message));
}

Error no_image(const ImageArgument& argument) {
  return Error(ErrorKind::kNotFound, printable(to_text(argument)) + ": no such image");
}

// Whether a reference prefers `a`. Both match it.
bool is_preferred(const Image& a, const Image& b, const Reference& reference) {
  if (!reference.names_version() && a.latest != b.latest) return a.latest;
  return import_order(a, b) > 0;
}

// Of the images that match the reference, the one that it prefers.
const Image* choose(const std::vector<Image>& images, const Reference& reference) {
  const Image* best = nullptr;
  for (const Image& image : images) {
    if (!matches(image, reference)) continue;
    if (best == nullptr || is_preferred(image, *best, reference)) best = &image;
  }
  return best;
}

// `winner` is what was chosen, if any image has the labels.
std::string verdict(const Image& image, const Reference& reference, const Image& winner) {
  if (auto mismatch = label_mismatch(image, reference.labels)) return std::move(*mismatch);
  if (image.blob.key == winner.blob.key) return "chosen";
  if (!reference.names_version() && winner.latest && !image.latest) {
    return "is not marked latest, and another one is";
  }
  if (image.depth != winner.depth) return "is in a lower store than the one chosen";
  return "was imported before the one chosen";
}

bool is_image_above(const Stores& stores, std::size_t depth, const ImageKey& key) {
  bool found = false;
  stores.visit([&](std::size_t above, Store& store) {
    found = found || (above < depth && find_image(store.database(), key));
  });
  return found;
}

// The best image of one of the stores that those above it do not hide.
std::optional<Image> best_at(const Stores& stores, std::size_t depth, const Reference& reference) {
  Database& database = stores.at(depth).database();
  const Snapshot snapshot(database);
  std::optional<Image> best = best_image(database, reference);
  if (best && is_image_above(stores, depth, best->blob.key)) {
    std::vector<Image> images = list_images(database, {.reference = reference, .key_prefix = {}});
    std::erase_if(
        images, [&](const Image& image) { return is_image_above(stores, depth, image.blob.key); });
    const Image* next = choose(images, reference);
    best = next == nullptr ? std::nullopt : std::optional(*next);
  }
  if (best) best->depth = depth;
  return best;
}

std::optional<Image> image_of(const Stores& stores, const ImageKey& key) {
  std::optional<Image> found;
  stores.visit([&](std::size_t depth, Store& store) {
    if (found) return;
    const Snapshot snapshot(store.database());
    found = find_image(store.database(), key);
    if (found) found->depth = depth;
  });
  return found;
}

}  // namespace

ImageKey resolve_key(const Stores& stores, const KeyPrefix& prefix) {
  const std::set<ImageKey> keys = keys_that_begin(stores, prefix, 2);
  if (keys.empty()) {
    throw Error(ErrorKind::kNotFound, prefix.text() + ": no key begins so");
  }
  if (keys.size() > 1) throw ambiguous(stores, prefix);
  return *keys.begin();
}

ImageKey resolve_blob(const Stores& stores, const ImageArgument& argument) {
  if (const auto* prefix = std::get_if<KeyPrefix>(&argument)) return resolve_key(stores, *prefix);
  const auto& reference = std::get<Reference>(argument);
  if (stores.size() == 1) {
    Database& database = stores.top().database();
    const Snapshot snapshot(database);
    if (auto key = best_key(database, reference)) return std::move(*key);
  } else if (auto image = best_image(stores, reference)) {
    return std::move(image->blob.key);
  }
  throw no_image(argument);
}

ImageKey resolve_to_change(const Stores& stores, const ImageArgument& argument) {
  try {
    return resolve_blob(stores.top(), argument);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kNotFound || stores.size() == 1) throw;
  }
  const ImageKey key = resolve_blob(stores, argument);
  throw Error(ErrorKind::kRefused,
              key.text() + ": " + belongs_to_lower_store(stores.row_holder(key)));
}

Blob find_blob(const Stores& stores, const ImageArgument& argument) {
  const ImageKey key = resolve_blob(stores, argument);
  if (auto row = find_blob(stores.row_holder(key).database(), key)) return std::move(row->blob);
  throw Error(ErrorKind::kNotFound, key.text() + ": no such image");
}

Image find_image(const Stores& stores, const ImageArgument& argument) {
  if (const auto* prefix = std::get_if<KeyPrefix>(&argument)) {
    const ImageKey key = resolve_key(stores, *prefix);
    if (auto image = image_of(stores, key)) return std::move(*image);
    throw Error(ErrorKind::kNotFound, key.text() + ": a blob, but not an image");
  }
  if (auto image = best_image(stores, std::get<Reference>(argument))) return std::move(*image);
  throw no_image(argument);
}

std::optional<Image> best_image(const Stores& stores, const Reference& reference) {
  std::optional<Image> best;
  stores.visit([&](std::size_t depth, Store& /*store*/) {
    std::optional<Image> image = best_at(stores, depth, reference);
    if (image && (!best || is_preferred(*image, *best, reference))) best = std::move(image);
  });
  return best;
}

std::optional<Image> find_in_lower_stores(const Stores& stores, const ImageKey& key) {
  std::optional<Image> found;
  stores.visit([&](std::size_t depth, Store& store) {
    if (found || !store.is_lower()) return;
    const Snapshot snapshot(store.database());
    std::optional<Image> image = find_image(store.database(), key);
    if (!image || !has_file(store, image->blob)) return;
    image->depth = depth;
    found = std::move(image);
  });
  return found;
}

std::optional<std::string> label_mismatch(const Image& image, const Labels& labels) {
  for (const Label& wanted : labels) {
    const auto value = label_value(image.labels, wanted.name);
    if (!value) return "has no label " + quoted(wanted.name);
    if (*value != wanted.value) {
      return "label " + quoted(wanted.name) + " is " + quoted(*value) + ", not " +
             quoted(wanted.value);
    }
  }
  return std::nullopt;
}

Explanation explain(const Stores& stores, const Reference& reference) {
  std::vector<Image> images =
      list(stores, {.reference = Reference{reference.name, {}}, .key_prefix = {}});
  std::reverse(images.begin(), images.end());
  const Image* best = choose(images, reference);
  Explanation explanation;
  if (images.empty()) return explanation;
  const Image winner = best == nullptr ? images.front() : *best;
  std::stable_partition(images.begin(), images.end(), [&](const Image& image) {
    return best != nullptr && image.blob.key == winner.blob.key;
  });
  for (Image& image : images) {
    std::string why = verdict(image, reference, winner);
    explanation.candidates.push_back({std::move(image), std::move(why)});
  }
  return explanation;
}

std::string manifest_of(const Stores& stores, const ImageKey& key) {
  std::optional<std::string> manifest;
  stores.visit([&](std::size_t /*depth*/, Store& store) {
    if (!manifest) manifest = image_manifest(store.database(), key);
  });
  if (manifest) return std::move(*manifest);
  throw Error(ErrorKind::kNotFound, key.text() + ": no such image");
}

std::string read_manifest(const Stores& stores, const ImageArgument& argument) {
  return manifest_of(stores, find_image(stores, argument).blob.key);
}

std::vector<Image> list(const Stores& stores, const ImageFilter& filter) {
  std::vector<Image> images;
  std::set<ImageKey> seen;
  stores.visit([&](std::size_t depth, Store& store) {
    const Snapshot snapshot(store.database());
    for (Image& image : list_images(store.database(), filter)) {
      if (stores.size() > 1 && !seen.insert(image.blob.key).second) continue;
      image.depth = depth;
      images.push_back(std::move(image));
    }
  });
  if (stores.size() > 1)
    std::sort(images.begin(), images.end(),
              [](const Image& a, const Image& b) { return import_order(a, b) < 0; });
  return images;
}

}  // namespace acistore
