// SPDX-License-Identifier: Apache-2.0
// Input: a bundle. Or, where it begins with two bytes that are a length, the list of images of one
// and what follows it, which get the digests that they need.
//
//  - What is refused is refused as kInvalid, in one line.
//  - The outcome is the same however the bytes come, and however many are asked for.
//  - What is accepted keeps the limits; each image has its size.
//  - Written again by who writes bundles, it reads back as it was.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/quote.hpp"
#include "bundle/bundles.hpp"
#include "property.hpp"

using namespace acistore;
using namespace acistore::bundles;
using namespace acistore::fuzz;

namespace {

// A few bytes may stand for gigabytes, which is fine, but not for each input.
constexpr std::uint64_t kMostBytes = std::uint64_t{4} << 20;

struct Outcome {
  std::vector<CarriedImage> images;
  Texts texts;
  std::string error;
  bool is_large = false;
};

Outcome outcome_of(std::string_view bundle, std::size_t run, std::size_t ask) {
  Outcome outcome;
  const auto error = error_of({ErrorKind::kInvalid}, [&] {
    RunsReader bytes(bundle, run);
    const BundleReader list(bytes);
    outcome.images = list.images();
    std::uint64_t total = 0;
    for (const CarriedImage& carried : outcome.images) {
      require(carried.image.blob.size <= kMaxBundledImageBytes, "an image keeps its limit");
      total += std::min(carried.image.blob.size, kMostBytes);
    }
    outcome.is_large = total >= kMostBytes;
    if (!outcome.is_large) outcome.texts = read(bundle, run, ask);
  });
  if (error) outcome.error = error->message();
  return outcome;
}

void check_list(const std::vector<CarriedImage>& images) {
  std::set<std::string> keys;
  std::size_t labels = 0;
  std::size_t all_remotes = 0;
  for (const auto& [image, remotes] : images) {
    require(keys.insert(image.blob.key.text()).second, "no image is there twice");
    require(image.blob.key == ImageKey(image.blob.digest), "a key is that of the digest");
    require(is_utf8(image.name), "a name is text");
    for (const Label& label : image.labels)
      require(is_utf8(label.name) && is_utf8(label.value), "a label is text");
    for (const Remote& remote : remotes) {
      require(!remote.aci_url.empty() && is_utf8(remote.aci_url), "a URL is text");
      require(remote.key == image.blob.key, "a remote points at its image");
      require(remote.cache_max_age >= 0 && remote.download_time >= 0, "no time is negative");
    }
    require(remotes.size() <= kMaxRemotesOfImage, "an image keeps its limit");
    labels += image.labels.size();
    all_remotes += remotes.size();
  }
  require(labels <= kMaxBundledLabels && all_remotes <= kMaxBundledRemotes,
          "a list keeps its limits");
}

bool is_same(const CarriedImage& a, const CarriedImage& b) {
  return a.image.blob.digest == b.image.blob.digest && a.image.blob.size == b.image.blob.size &&
         a.image.name == b.image.name && a.image.labels == b.image.labels &&
         a.image.latest == b.image.latest && a.remotes == b.remotes;
}

void check(std::string_view bundle) {
  const Outcome outcome = outcome_of(bundle, bundle.size() + 1, 65536);
  check_list(outcome.images);
  if (outcome.is_large) return;
  for (const std::size_t size : {1, 7, 1000}) {
    const Outcome again = outcome_of(bundle, size, size);
    require(again.error == outcome.error, "it is refused for the same reason", again.error);
    require(again.texts == outcome.texts, "it is the same however it is read");
  }
  if (!outcome.error.empty()) return;
  require(outcome.texts.size() == outcome.images.size(), "all images are there");
  for (std::size_t i = 0; i < outcome.images.size(); ++i)
    require(outcome.texts[i].size() == outcome.images[i].image.blob.size, "an image has its size");
  const Outcome written = outcome_of(write(outcome.images, outcome.texts), 4096, 4096);
  require(written.error.empty(), "what is written is accepted", written.error);
  require(written.texts == outcome.texts, "what is written has the same bytes");
  require(std::equal(written.images.begin(), written.images.end(), outcome.images.begin(),
                     outcome.images.end(), is_same),
          "what is written says the same");
}

std::string with_digest(std::string bytes) {
  const Sha512Digest digest = digest_of(bytes);
  return bytes.append(as_text(digest));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = text_of(data, size);
  check(input);
  if (size < 2) return 0;
  const std::string_view rest = input.substr(2);
  const std::size_t list = std::min<std::size_t>(data[0] | data[1] << 8, rest.size());
  check(with_digest(
      with_digest(std::string(kBundleMagic) += rest.substr(0, list)).append(rest.substr(list))));
  return 0;
}
