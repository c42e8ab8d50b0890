// SPDX-License-Identifier: Apache-2.0
#include "bundle/bundle_reader.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/quote.hpp"

namespace acistore {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{256} * 1024;

}  // namespace

BundleReader::BundleReader(Reader& bytes)
    : bytes_(bytes), buffer_(std::make_unique_for_overwrite<std::byte[]>(kBufferBytes)) {
  std::string magic;
  while (magic.size() < kBundleMagic.size() && (next_ < size_ || fill()))
    magic += std::to_integer<char>(read_byte());
  if (magic != kBundleMagic)
    throw Error(ErrorKind::kInvalid, "not a bundle: does not begin with " +
                                         quoted(kBundleMagic.substr(0, kBundleMagic.size() - 1)));
  read_list();
  check_digest("the list of images");
}

void BundleReader::throw_invalid(const std::string& why) const {
  throw Error(ErrorKind::kInvalid,
              "bundle: " + why + " (before byte " + std::to_string(position()) + ")");
}

void BundleReader::throw_truncated() const {
  throw Error(ErrorKind::kInvalid, "bundle: truncated at byte " + std::to_string(position()));
}

// ---- Bytes, numbers and texts

bool BundleReader::fill() {
  hash_read();
  passed_ += size_;
  hashed_ = next_ = 0;
  size_ = bytes_.read({buffer_.get(), kBufferBytes});
  return size_ > 0;
}

void BundleReader::hash_read() {
  hash_.update({buffer_.get() + hashed_, next_ - hashed_});
  hashed_ = next_;
}

std::byte BundleReader::read_byte() {
  if (next_ == size_ && !fill()) throw_truncated();
  return buffer_[next_++];
}

void BundleReader::read_exactly(std::span<std::byte> out) {
  while (!out.empty())
    out = out.subspan(read_data(out));
}

// At least one byte.
std::size_t BundleReader::read_data(std::span<std::byte> out) {
  if (next_ == size_ && !fill()) throw_truncated();
  const std::size_t count = std::min(out.size(), size_ - next_);
  std::copy_n(buffer_.get() + next_, count, out.data());
  next_ += count;
  return count;
}

std::uint64_t BundleReader::read_number() {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    const auto byte = std::to_integer<std::uint64_t>(read_byte());
    number |= (byte & 0x7f) << shift;
    if ((byte & 0x80) != 0) continue;
    if (byte == 0 && shift > 0) throw_invalid("a number in more bytes than it takes");
    return number;
  }
  throw_invalid("a number of 2^63 or more");
}

std::uint64_t BundleReader::read_number(std::string_view what, std::uint64_t most) {
  const std::uint64_t number = read_number();
  if (number > most)
    throw_invalid(std::string(what) + ": " + std::to_string(number) + ", more than " +
                  std::to_string(most));
  return number;
}

std::string BundleReader::read_text(std::string_view what) {
  std::string text(read_number("length of the " + std::string(what), kMaxBundleTextBytes), '\0');
  if (position() + text.size() > kMaxBundleListBytes)
    throw_invalid("a list of images of more than " + std::to_string(kMaxBundleListBytes) +
                  " bytes");
  read_exactly(std::as_writable_bytes(std::span(text)));
  if (!is_utf8(text)) throw_invalid(std::string(what) + ": " + quoted(text) + ": not UTF-8");
  return text;
}

void BundleReader::check_digest(std::string_view of_what) {
  hash_read();
  const Sha512Digest computed = Sha512(hash_).finish();
  Sha512Digest digest;
  read_exactly(digest);
  if (digest != computed)
    throw_invalid("the digest of " + std::string(of_what) + " does not match");
}

// ---- The list

void BundleReader::read_list() {
  const std::uint64_t count = read_number("images", kMaxBundledImages);
  std::set<ImageKey> keys;
  for (std::uint64_t i = 0; i < count; ++i) {
    images_.push_back(read_image());
    const ImageKey& key = images_.back().image.blob.key;
    if (!keys.insert(key).second) throw_invalid(key.text() + " is there twice");
  }
}

// What may fail is read before the aggregate is begun: GCC 12 destroys the members of one twice
// when a later initialiser throws.
CarriedImage BundleReader::read_image() {
  Sha512Digest digest;
  read_exactly(digest);
  const ImageKey key(digest);
  const std::uint64_t size = read_number("bytes of an image", kMaxBundledImageBytes);
  const bool latest = read_number("marks", 1) == 1;
  std::string name = read_text("name of an image");
  CarriedImage carried{
      .image = {.blob = {.key = key, .digest = digest, .size = size, .verified = {}},
                .name = std::move(name),
                .labels = {},
                .latest = latest,
                .pins = {}},
      .remotes = {}};
  std::uint64_t left = read_number("labels", kMaxBundledLabels - labels_);
  labels_ += left;
  for (; left > 0; --left) {
    std::string label = read_text("name of a label");
    std::string value = read_text("value of a label");
    carried.image.labels.push_back({.name = std::move(label), .value = std::move(value)});
  }
  left = read_number("remotes", std::min(kMaxBundledRemotes - remotes_, kMaxRemotesOfImage));
  remotes_ += left;
  for (; left > 0; --left)
    carried.remotes.push_back(read_remote(key));
  return carried;
}

Remote BundleReader::read_remote(const ImageKey& key) {
  std::string aci_url = read_text("URL of a remote");
  if (aci_url.empty()) throw_invalid("a remote without a URL");
  std::string sig_url = read_text("signature's URL");
  std::string etag = read_text("ETag");
  const std::uint64_t max_age = read_number();
  const std::uint64_t time = read_number();
  return {.aci_url = std::move(aci_url),
          .sig_url = std::move(sig_url),
          .etag = std::move(etag),
          .key = key,
          .cache_max_age = static_cast<std::int64_t>(max_age),
          .download_time = static_cast<UnixNanos>(time)};
}

// ---- The images

void BundleReader::begin_image() {
  ++begun_;
  offset_ = 0;
}

void BundleReader::read_piece() {
  const std::uint64_t number = read_number();
  piece_ = {.kind = static_cast<PieceKind>(number & 1), .length = number / 2};
  if (piece_.length == 0) throw_invalid("an empty piece");
  if (piece_.length > image_size() - offset_)
    throw_invalid("a piece of " + std::to_string(piece_.length) +
                  " bytes, of which the image has " + std::to_string(image_size() - offset_) +
                  " left");
  if (piece_.kind == PieceKind::kData) return;
  const std::size_t image = begun_ - 1;
  const std::uint64_t back =
      read_number("images to copy back from", std::min<std::uint64_t>(image, kMostBack));
  piece_.image = image - back;
  piece_.offset = read_number();
  const std::uint64_t end = back == 0 ? offset_ : images_[piece_.image].image.blob.size;
  if (piece_.length > end || piece_.offset > end - piece_.length)
    throw_invalid("a copy of " + std::to_string(piece_.length) + " bytes from byte " +
                  std::to_string(piece_.offset) + " on, where there are " + std::to_string(end));
}

std::size_t BundleReader::read(std::span<std::byte> out, const ReadEarlier& read_earlier) {
  const std::uint64_t given_before = offset_;
  std::size_t filled = 0;
  while (filled < out.size() && offset_ < image_size()) {
    if (piece_.length == 0) read_piece();
    std::size_t count = std::min<std::uint64_t>(out.size() - filled, piece_.length);
    if (piece_.kind == PieceKind::kData) {
      count = read_data(out.subspan(filled, count));
    } else {
      // The caller does not have yet what this call gives.
      if (piece_.image == begun_ - 1 && piece_.offset + count > given_before) break;
      read_earlier(piece_.image, piece_.offset, out.subspan(filled, count));
      piece_.offset += count;
    }
    piece_.length -= count;
    offset_ += count;
    filled += count;
  }
  return filled;
}

void BundleReader::skip_image() {
  const auto nothing = [](std::size_t, std::uint64_t, std::span<std::byte>) {};
  const auto scratch = std::make_unique_for_overwrite<std::byte[]>(kBufferBytes);
  while (read({scratch.get(), kBufferBytes}, nothing) > 0) {
  }
}

void BundleReader::finish() {
  if (begun_ > 0) skip_image();
  while (begun_ < images_.size()) {
    begin_image();
    skip_image();
  }
  check_digest("all");
  if (next_ < size_ || fill()) throw_invalid("more after its end");
}

}  // namespace acistore
