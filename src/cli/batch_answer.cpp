// SPDX-License-Identifier: Apache-2.0
#include "cli/batch_answer.hpp"

#include <algorithm>

#include "aci/json_document.hpp"
#include "base/quote.hpp"
#include "cli/results.hpp"
#include "store/info.hpp"
#include "store/lookup.hpp"
#include "store/remotes.hpp"

namespace acistore {
namespace {

// What a verb that takes an IMAGE is asked about.
ImageArgument image_of(const BatchRequest& request) {
  ImageArgument image = parse_image_argument(*request.argument);
  auto* const reference = std::get_if<Reference>(&image);
  if (reference == nullptr && !request.labels.empty())
    throw Error(ErrorKind::kUsage, "labels: go with a name, not with a key");
  for (const Label& label : request.labels)
    with_context("labels", [&] { reference->add_label(label); });
  return image;
}

// What a verb that takes a name, or a key, alone is asked about.
template <typename Alternative>
Alternative only(const ImageArgument& image, const BatchRequest& request, const char* problem) {
  if (const auto* const wanted = std::get_if<Alternative>(&image)) return *wanted;
  throw Error(ErrorKind::kUsage, quoted(*request.argument) + problem);
}

ImageKey resolve(const Stores& stores, const BatchRequest& request) {
  if (!KeyPrefix::looks_like(*request.argument)) {
    throw Error(ErrorKind::kUsage, quoted(*request.argument) + ": not a key; get finds names");
  }
  return resolve_key(stores, KeyPrefix::parse(*request.argument));
}

bool exists(const Stores& stores, const ImageArgument& image) {
  try {
    find_image(stores, image);
    return true;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kNotFound) throw;
    return false;
  }
}

// JSON has line breaks only where it may as well have spaces.
std::string manifest_on_a_line(const Stores& stores, const ImageArgument& image) {
  std::string json = read_manifest(stores, image);
  try {
    const JsonDocument document(json);
  } catch (const Error& error) {
    throw Error(ErrorKind::kDamaged, "the manifest in the database: " + error.message());
  }
  std::replace_if(
      json.begin(), json.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return json;
}

ImageFilter filter_of(const BatchRequest& request) {
  ImageFilter filter;
  if (request.prefix) {
    filter.key_prefix =
        with_context("prefix", [&] { return KeyPrefix::parse(*request.prefix).text(); });
  }
  if (request.argument) {
    filter.reference =
        only<Reference>(image_of(request), request, ": is a key; \"prefix\" takes keys");
  } else if (!request.labels.empty()) {
    throw Error(ErrorKind::kUsage, "labels: go with a name");
  }
  return filter;
}

// As acistore-list(1) has it: an image, and where it is.
struct PlacedImage {
  const Image& image;
  const Stores& stores;
};

void to_json(Json& json, const PlacedImage& placed) {
  json.begin_object();
  image_members(json, placed.image);
  json.member_bytes("store", placed.stores.at(placed.image.depth).path());
  json.end_object();
}

void images_member(Json& json, const Stores& stores, const std::vector<Image>& images) {
  json.key("images");
  json.begin_array();
  for (const Image& image : images)
    to_json(json, PlacedImage{image, stores});
  json.end_array();
}

void remotes_member(Json& json, const std::vector<Remote>& remotes) {
  json.key("remotes");
  json.begin_array();
  for (const Remote& remote : remotes)
    to_json(json, remote);
  json.end_array();
}

template <typename Result>
void result_member(Json& json, const char* name, const Result& result) {
  json.key(name);
  to_json(json, result);
}

}  // namespace

void answer_batch_request(Json& json, const Stores& stores, const BatchRequest& request) {
  switch (request.verb) {
    case BatchVerb::kGet:
      return result_member(
          json, "key",
          resolve_blob(stores, only<Reference>(image_of(request), request,
                                               ": is a key, and get takes a name; resolve "
                                               "completes keys")));
    case BatchVerb::kResolve:
      return result_member(json, "key", resolve(stores, request));
    case BatchVerb::kExists:
      return json.member("exists", exists(stores, image_of(request)));
    case BatchVerb::kImage:
      return result_member(json, "image",
                           PlacedImage{find_image(stores, image_of(request)), stores});
    case BatchVerb::kInfo:
      return result_member(json, "image", image_info(stores, image_of(request)));
    case BatchVerb::kManifest: {
      const std::string manifest = manifest_on_a_line(stores, image_of(request));
      json.key("manifest");
      return json.raw(manifest);
    }
    case BatchVerb::kList:
      return images_member(json, stores, list(stores, filter_of(request)));
    case BatchVerb::kRemote:
      return result_member(json, "remote", find_remote(stores, *request.argument));
    case BatchVerb::kRemotes:
      return remotes_member(json, list_remotes(stores));
  }
}

}  // namespace acistore
