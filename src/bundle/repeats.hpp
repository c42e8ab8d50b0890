// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BUNDLE_REPEATS_HPP
#define ACISTORE_BUNDLE_REPEATS_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/source.hpp"

namespace acistore {

struct PlaceInImages {
  std::size_t image = 0;
  std::uint64_t offset = 0;  // in it
};

// Remembers where bytes stood, to find them when they come again.
//
// A rolling hash (a "gear") goes over the bytes; where it has a certain form, which depends on the
// last kWindow bytes alone, those are an anchor, and the table gets its place. So the same bytes
// have the same anchors wherever they stand. A table of fixed size: a newer anchor takes the place
// of an older one, and what is forgotten is merely stored again. What it finds is a guess, which is
// to be held against the bytes.
class Repeats {
 public:
  static constexpr std::size_t kWindow = 64;

  // For so many bytes in all: the more, the farther apart the anchors.
  explicit Repeats(std::uint64_t total_bytes);

  // Forgets the last bytes: what comes next follows nothing.
  void restart();

  // Goes over bytes until after the first anchor in them, or all of them; returns over how many.
  std::size_t scan(Bytes bytes);

  // Whether scan() ended at an anchor.
  bool is_at_anchor() const { return is_at_anchor_; }

  // Where the anchor that scan() found may have ended before, if it is known; `now`, where it ends
  // this time, is remembered.
  std::optional<PlaceInImages> replace(const PlaceInImages& now);

 private:
  std::uint64_t hash_ = 0;
  std::size_t seen_ = 0;  // bytes since the restart, no more than kWindow
  bool is_at_anchor_ = false;
  std::uint64_t last_anchor_ = 0;
  std::uint64_t anchor_mask_;
  unsigned slot_shift_;
  std::vector<std::uint64_t> slots_;
};

// Puts the bytes of an image from an offset on into `out`, as many as there are.
using ReadImageAt =
    std::function<std::size_t(std::size_t image, std::uint64_t offset, std::span<std::byte> out)>;

// What images hold, for who looks at one place after the other, close to each other.
class EarlierBytes {
 public:
  explicit EarlierBytes(ReadImageAt read_at);

  // Bytes of the image from this place on; empty at its end only. Valid until the next call.
  Bytes from(const PlaceInImages& place);

  // Bytes of the image that end there, of which there are some. Valid until the next call.
  Bytes until(const PlaceInImages& place);

 private:
  void load(const PlaceInImages& place);

  ReadImageAt read_at_;
  std::unique_ptr<std::byte[]> buffer_;
  PlaceInImages start_;  // of what is in the buffer
  std::size_t size_ = 0;
};

}  // namespace acistore

#endif
