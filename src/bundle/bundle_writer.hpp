// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BUNDLE_BUNDLE_WRITER_HPP
#define ACISTORE_BUNDLE_BUNDLE_WRITER_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/sha512.hpp"
#include "base/source.hpp"
#include "bundle/repeats.hpp"
#include "model/carried_image.hpp"

namespace acistore {

// Writes a bundle: see bundle_format.hpp. The same bytes for the same images, however they are cut
// up. Memory does not grow with the images beyond a table of 32 MiB.
class BundleWriter {
 public:
  using Write = std::function<void(Bytes)>;

  // Writes the list of the images. `read_at` gives the bytes of each, by its number, from the time
  // at which its part is begun. Throws Error(kInvalid) for what no bundle can hold, and what
  // `write` throws.
  BundleWriter(const std::vector<CarriedImage>& images, ReadImageAt read_at, Write write);

  // The parts, in the order of the list: begin_image(), all of its bytes by add(), end_image().
  // They throw what `read_at` and `write` throw.
  void begin_image();
  void add(Bytes bytes);
  void end_image();

  // After the last of them.
  void finish();

 private:
  void write(Bytes bytes);
  void flush();
  void write_number(std::uint64_t number);
  void write_text(std::string_view text);
  void write_list(const std::vector<CarriedImage>& images);
  void write_listed(const CarriedImage& carried);
  void write_digest();

  // The number of the image that is being written.
  std::size_t image() const { return begun_ - 1; }

  std::size_t extend_copy(Bytes bytes);
  std::size_t add_data(Bytes bytes);
  void start_copy(const PlaceInImages& end);
  void end_copy();
  void end_data();

  Write write_;
  std::vector<std::byte> out_;  // what is to be written
  std::uint64_t written_ = 0;   // bytes of the bundle, those of out_ included
  Sha512 hash_;                 // of those, without out_
  Repeats repeats_;
  EarlierBytes earlier_;
  std::size_t begun_ = 0;     // so many images
  std::uint64_t offset_ = 0;  // in the last of them
  // What was not written yet: a copy that may grow, or data. Not both.
  struct Copy {
    PlaceInImages from;
    std::uint64_t length = 0;
  };
  Copy copy_;
  std::vector<std::byte> data_;
};

}  // namespace acistore

#endif
