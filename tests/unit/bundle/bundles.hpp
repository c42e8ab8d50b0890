// SPDX-License-Identifier: Apache-2.0
// Bundles of texts, for tests.
#ifndef ACISTORE_TESTS_UNIT_BUNDLE_BUNDLES_HPP
#define ACISTORE_TESTS_UNIT_BUNDLE_BUNDLES_HPP

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bundle/bundle_reader.hpp"
#include "bundle/bundle_writer.hpp"
#include "runs_reader.hpp"

namespace acistore::bundles {

using Texts = std::vector<std::string>;

inline std::string random_text(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text(size, '\0');
  for (char& c : text)
    c = static_cast<char>(random() & 0xff);
  return text;
}

inline Sha512Digest digest_of(std::string_view text) {
  Sha512 hash;
  hash.update(as_bytes(text));
  return hash.finish();
}

// As a store would say it of an image with these bytes.
inline CarriedImage carried(std::string_view text) {
  const Sha512Digest digest = digest_of(text);
  return {.image = {.blob = {.key = ImageKey(digest),
                             .digest = digest,
                             .size = text.size(),
                             .verified = {}},
                    .name = "example.com/app",
                    .labels = {{"version", "1"}},
                    .latest = true,
                    .pins = {}},
          .remotes = {}};
}

inline std::string write(const std::vector<CarriedImage>& images, const Texts& texts,
                         std::size_t run = std::size_t{256} * 1024) {
  std::string out;
  BundleWriter writer(
      images,
      [&](std::size_t image, std::uint64_t offset, std::span<std::byte> bytes) {
        const Bytes rest = as_bytes(texts[image]).subspan(offset);
        const std::size_t count = std::min(rest.size(), bytes.size());
        std::copy_n(rest.begin(), count, bytes.begin());
        return count;
      },
      [&](Bytes bytes) { out += as_text(bytes); });
  for (const std::string& text : texts) {
    writer.begin_image();
    for (Bytes rest = as_bytes(text); !rest.empty();
         rest = rest.subspan(std::min(run, rest.size())))
      writer.add(rest.first(std::min(run, rest.size())));
    writer.end_image();
  }
  writer.finish();
  return out;
}

inline std::string write(const Texts& texts, std::size_t run = std::size_t{256} * 1024) {
  std::vector<CarriedImage> images;
  for (const std::string& text : texts)
    images.push_back(carried(text));
  return write(images, texts, run);
}

// The images that a bundle holds, asked for `ask` bytes at a time. Throws Error.
inline Texts read(std::string_view bundle, std::size_t run = 65536, std::size_t ask = 65536) {
  RunsReader bytes(bundle, run);
  BundleReader reader(bytes);
  Texts texts;
  std::vector<std::byte> out(ask);
  for (std::size_t i = 0; i < reader.images().size(); ++i) {
    reader.begin_image();
    std::string& text = texts.emplace_back();
    while (const std::size_t count =
               reader.read(out, [&](std::size_t image, std::uint64_t offset, auto part) {
                 const Bytes given = as_bytes(texts.at(image));
                 const Bytes wanted = given.subspan(offset).first(part.size());
                 std::copy(wanted.begin(), wanted.end(), part.begin());
               }))
      text += as_text(Bytes(out).first(count));
  }
  reader.finish();
  return texts;
}

}  // namespace acistore::bundles

#endif
