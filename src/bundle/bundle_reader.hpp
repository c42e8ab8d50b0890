// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BUNDLE_BUNDLE_READER_HPP
#define ACISTORE_BUNDLE_BUNDLE_READER_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/reader.hpp"
#include "base/sha512.hpp"
#include "base/source.hpp"
#include "bundle/bundle_format.hpp"
#include "model/carried_image.hpp"

namespace acistore {

// Reads a bundle, from front to back: see bundle_format.hpp. What does not keep to the format is
// told as Error(kInvalid): "not a bundle: ...", with the place.
class BundleReader {
 public:
  // Puts the bytes of an image that came before from an offset on into `out`, which is within what
  // it has; of the image that is being read, within what read() gave before its present call.
  using ReadEarlier =
      std::function<void(std::size_t image, std::uint64_t offset, std::span<std::byte> out)>;

  // Reads the list, and checks its digest. `bytes` must outlive this.
  explicit BundleReader(Reader& bytes);

  const std::vector<CarriedImage>& images() const { return images_; }

  // Goes on to the part of the next image; the last one must have been read to its end.
  void begin_image();

  // Puts bytes that come next of the image into `out`, which is not empty, and returns how many: 0
  // at its end only. They are as the bundle says, and not held against the image's digest.
  std::size_t read(std::span<std::byte> out, const ReadEarlier& read_earlier);

  // Passes over the rest of the image.
  void skip_image();

  // Passes over all images that are still to come, and checks the digest and that nothing follows.
  void finish();

 private:
  // A piece, or what is left of it.
  struct Piece {
    PieceKind kind = PieceKind::kData;
    std::uint64_t length = 0;
    std::size_t image = 0;  // of a copy: where its bytes begin
    std::uint64_t offset = 0;
  };

  void read_list();
  CarriedImage read_image();
  Remote read_remote(const ImageKey& key);
  void check_digest(std::string_view of_what);

  std::uint64_t image_size() const { return images_[begun_ - 1].image.blob.size; }
  void read_piece();
  std::size_t read_data(std::span<std::byte> out);

  bool fill();
  void hash_read();
  std::byte read_byte();
  void read_exactly(std::span<std::byte> out);
  std::uint64_t read_number();
  std::uint64_t read_number(std::string_view what, std::uint64_t most);
  std::string read_text(std::string_view what);

  std::uint64_t position() const { return passed_ + next_; }  // in the bundle
  [[noreturn]] void throw_invalid(const std::string& why) const;
  [[noreturn]] void throw_truncated() const;

  Reader& bytes_;
  std::unique_ptr<std::byte[]> buffer_;
  std::size_t size_ = 0;      // of what is in it
  std::size_t next_ = 0;      // so much of that was read,
  std::size_t hashed_ = 0;    // and so much hashed
  std::uint64_t passed_ = 0;  // bytes before it
  Sha512 hash_;

  std::vector<CarriedImage> images_;
  std::uint64_t labels_ = 0;   // of all of them
  std::uint64_t remotes_ = 0;  // likewise
  std::size_t begun_ = 0;      // so many images
  std::uint64_t offset_ = 0;   // in the last of them
  Piece piece_;
};

}  // namespace acistore

#endif
