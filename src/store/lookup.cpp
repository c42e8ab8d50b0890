// SPDX-License-Identifier: Apache-2.0
#include "store/lookup.hpp"

#include <algorithm>

#include "base/quote.hpp"
#include "db/blobs.hpp"

namespace acistore {
namespace {

Error ambiguous(const Database& database, const KeyPrefix& prefix) {
  constexpr std::int64_t kShown = 3;
  // So many digits beyond the prefix tell most keys apart and still fit on a line.
  constexpr std::size_t kMoreDigits = 4;
  const std::int64_t count = count_keys_with_prefix(database, prefix.text());
  std::string message =
      prefix.text() + ": ambiguous: " + std::to_string(count) + " keys begin so: ";
  bool first = true;
  for (const ImageKey& key : keys_with_prefix(database, prefix.text(), kShown)) {
    if (!first) message += ", ";
    first = false;
    message += key.text().substr(0, prefix.text().size() + kMoreDigits) + "…";
  }
  if (count > kShown) message += ", …";
  return Error(ErrorKind::kAmbiguous, std::move(message));
}

Error no_image(const ImageArgument& argument) {
  return Error(ErrorKind::kNotFound, printable(to_text(argument)) + ": no such image");
}

std::string verdict(const Image& image, const Reference& reference, const Image* winner) {
  if (auto mismatch = label_mismatch(image, reference.labels)) return std::move(*mismatch);
  if (winner == nullptr || image.sequence == winner->sequence) return "chosen";
  if (!reference.names_version() && winner->latest && !image.latest) {
    return "is not marked latest, and another one is";
  }
  return "was imported before the one chosen";
}

}  // namespace

ImageKey resolve_key(Store& store, const KeyPrefix& prefix) {
  const Database& database = store.database();
  const std::vector<ImageKey> keys = keys_with_prefix(database, prefix.text(), 2);
  if (keys.empty()) {
    throw Error(ErrorKind::kNotFound, prefix.text() + ": no key begins so");
  }
  if (keys.size() > 1) throw ambiguous(database, prefix);
  return keys.front();
}

ImageKey resolve_blob(Store& store, const ImageArgument& argument) {
  if (const auto* prefix = std::get_if<KeyPrefix>(&argument)) return resolve_key(store, *prefix);
  const Snapshot snapshot(store.database());
  if (auto key = best_key(store.database(), std::get<Reference>(argument))) return std::move(*key);
  throw no_image(argument);
}

Blob find_blob(Store& store, const ImageArgument& argument) {
  const ImageKey key = resolve_blob(store, argument);
  if (auto row = find_blob(store.database(), key)) return std::move(row->blob);
  throw Error(ErrorKind::kNotFound, key.text() + ": no such image");
}

Image find_image(Store& store, const ImageArgument& argument) {
  const Snapshot snapshot(store.database());
  if (const auto* prefix = std::get_if<KeyPrefix>(&argument)) {
    const ImageKey key = resolve_key(store, *prefix);
    if (auto image = acistore::find_image(store.database(), key)) return std::move(*image);
    throw Error(ErrorKind::kNotFound, key.text() + ": a blob, but not an image");
  }
  if (auto image = best_image(store.database(), std::get<Reference>(argument))) {
    return std::move(*image);
  }
  throw no_image(argument);
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

Explanation explain(Store& store, const Reference& reference) {
  std::vector<Image> images;
  std::optional<Image> winner;
  {
    const Snapshot snapshot(store.database());
    images = list_images(store.database(),
                         {.reference = Reference{reference.name, {}}, .key_prefix = {}});
    winner = best_image(store.database(), reference);
  }
  std::reverse(images.begin(), images.end());
  std::stable_partition(images.begin(), images.end(), [&](const Image& image) {
    return winner && image.sequence == winner->sequence;
  });
  Explanation explanation;
  for (Image& image : images) {
    std::string why = verdict(image, reference, winner ? &*winner : nullptr);
    explanation.candidates.push_back({std::move(image), std::move(why)});
  }
  return explanation;
}

std::string read_manifest(Store& store, const ImageArgument& argument) {
  const Image image = find_image(store, argument);
  if (auto manifest = image_manifest(store.database(), image.blob.key)) return std::move(*manifest);
  throw no_image(argument);
}

std::vector<Image> list(Store& store, const ImageFilter& filter) {
  const Snapshot snapshot(store.database());
  return list_images(store.database(), filter);
}

}  // namespace acistore
