// SPDX-License-Identifier: Apache-2.0
#include "bundle/bundle_writer.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/quote.hpp"
#include "bundle/bundle_format.hpp"

namespace acistore {
namespace {

constexpr std::size_t kOutBytes = std::size_t{256} * 1024;
// Data is written as one piece of up to so many bytes, and a copy may still take those at its end.
constexpr std::size_t kMostData = std::size_t{1024} * 1024;

std::uint64_t total_size(const std::vector<CarriedImage>& images) {
  std::uint64_t total = 0;
  for (const CarriedImage& carried : images)
    total += carried.image.blob.size;
  return total;
}

void check_limit(std::uint64_t value, std::uint64_t most, std::string_view what) {
  if (value <= most) return;
  throw Error(ErrorKind::kInvalid, std::string(what) + ": " + std::to_string(value) +
                                       ", and a bundle holds " + std::to_string(most) + " at most");
}

// How many bytes at their beginning are the same.
std::size_t common_beginning(Bytes a, Bytes b) {
  // Most often all are: blocks are compared faster than bytes.
  constexpr std::size_t kBlock = 1024;
  const std::size_t size = std::min(a.size(), b.size());
  std::size_t same = 0;
  while (size - same >= kBlock && std::memcmp(a.data() + same, b.data() + same, kBlock) == 0)
    same += kBlock;
  while (same < size && a[same] == b[same])
    ++same;
  return same;
}

// The same at their end.
std::size_t common_end(Bytes a, Bytes b) {
  const auto end = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first;
  return static_cast<std::size_t>(end - a.rbegin());
}

}  // namespace

BundleWriter::BundleWriter(const std::vector<CarriedImage>& images, ReadImageAt read_at,
                           Write write)
    : write_(std::move(write)), repeats_(total_size(images)), earlier_(std::move(read_at)) {
  this->write(as_bytes(kBundleMagic));
  write_list(images);
  check_limit(written_, kMaxBundleListBytes, "bytes of the list of images");
  write_digest();
}

void BundleWriter::write(Bytes bytes) {
  out_.insert(out_.end(), bytes.begin(), bytes.end());
  written_ += bytes.size();
  if (out_.size() >= kOutBytes) flush();
}

void BundleWriter::flush() {
  hash_.update(out_);
  write_(out_);
  out_.clear();
}

void BundleWriter::write_number(std::uint64_t number) {
  constexpr std::uint64_t kMore = 0x80;
  for (; number >= kMore; number >>= 7)
    write(Bytes({std::byte((number & (kMore - 1)) | kMore)}));
  write(Bytes({std::byte(number)}));
}

void BundleWriter::write_text(std::string_view text) {
  check_limit(text.size(), kMaxBundleTextBytes, "bytes of " + quoted(text));
  write_number(text.size());
  write(as_bytes(text));
}

void BundleWriter::write_list(const std::vector<CarriedImage>& images) {
  check_limit(images.size(), kMaxBundledImages, "images");
  write_number(images.size());
  std::uint64_t all_labels = 0;
  std::uint64_t all_remotes = 0;
  for (const CarriedImage& carried : images) {
    with_context(carried.image.blob.key.text(), [&] { write_listed(carried); });
    check_limit(all_labels += carried.image.labels.size(), kMaxBundledLabels,
                "labels of all images");
    check_limit(all_remotes += carried.remotes.size(), kMaxBundledRemotes, "remotes of all images");
  }
}

void BundleWriter::write_listed(const CarriedImage& carried) {
  const auto& [image, remotes] = carried;
  check_limit(image.blob.size, kMaxBundledImageBytes, "bytes of an image");
  check_limit(remotes.size(), kMaxRemotesOfImage, "remotes of an image");
  write(image.blob.digest);
  write_number(image.blob.size);
  write_number(image.latest ? 1 : 0);
  write_text(image.name);
  write_number(image.labels.size());
  for (const Label& label : image.labels) {
    write_text(label.name);
    write_text(label.value);
  }
  write_number(remotes.size());
  for (const Remote& remote : remotes) {
    write_text(remote.aci_url);
    write_text(remote.sig_url);
    write_text(remote.etag);
    write_number(static_cast<std::uint64_t>(std::max<std::int64_t>(remote.cache_max_age, 0)));
    write_number(static_cast<std::uint64_t>(std::max<UnixNanos>(remote.download_time, 0)));
  }
}

void BundleWriter::write_digest() {
  flush();
  Sha512 so_far = hash_;
  write(so_far.finish());
}

void BundleWriter::begin_image() {
  ++begun_;
  offset_ = 0;
  repeats_.restart();
}

void BundleWriter::add(Bytes bytes) {
  while (!bytes.empty())
    bytes = bytes.subspan(copy_.length > 0 ? extend_copy(bytes) : add_data(bytes));
}

void BundleWriter::end_image() {
  end_copy();
  end_data();
}

void BundleWriter::finish() {
  write_digest();
  flush();
}

std::size_t BundleWriter::extend_copy(Bytes bytes) {
  const PlaceInImages next{.image = copy_.from.image, .offset = copy_.from.offset + copy_.length};
  Bytes more = earlier_.from(next);
  if (next.image == image()) {
    // Only what stands before the copy.
    const std::uint64_t left = offset_ - copy_.length - next.offset;
    more = more.first(std::min<std::uint64_t>(more.size(), left));
  }
  const std::size_t same = common_beginning(more, bytes);
  copy_.length += same;
  offset_ += same;
  if (more.empty() || same < std::min(more.size(), bytes.size())) end_copy();
  return same;
}

std::size_t BundleWriter::add_data(Bytes bytes) {
  const Bytes data =
      bytes.first(repeats_.scan(bytes.first(std::min(bytes.size(), kMostData - data_.size()))));
  data_.insert(data_.end(), data.begin(), data.end());
  offset_ += data.size();
  if (repeats_.is_at_anchor()) {
    if (const auto before = repeats_.replace({.image = image(), .offset = offset_}))
      start_copy(*before);
  }
  if (data_.size() == kMostData) end_data();
  return data.size();
}

// What was written last may be a copy of what ends there.
void BundleWriter::start_copy(const PlaceInImages& end) {
  if (image() - end.image > kMostBack) return;
  std::uint64_t most = std::min<std::uint64_t>(data_.size(), end.offset);
  if (end.image == image()) most = std::min(most, offset_ - end.offset);
  std::size_t length = 0;
  while (length < most) {
    const Bytes before = earlier_.until({.image = end.image, .offset = end.offset - length});
    const std::size_t count = std::min<std::uint64_t>(before.size(), most - length);
    const std::size_t same =
        common_end(before.last(count), Bytes(data_).first(data_.size() - length).last(count));
    length += same;
    if (same < count || count == 0) break;
  }
  if (length < Repeats::kWindow) return;
  data_.resize(data_.size() - length);
  end_data();
  copy_ = {.from = {.image = end.image, .offset = end.offset - length}, .length = length};
}

void BundleWriter::end_copy() {
  if (copy_.length == 0) return;
  write_number(2 * copy_.length + static_cast<std::uint64_t>(PieceKind::kCopy));
  write_number(image() - copy_.from.image);
  write_number(copy_.from.offset);
  copy_ = {};
  repeats_.restart();
}

void BundleWriter::end_data() {
  if (data_.empty()) return;
  write_number(2 * data_.size() + static_cast<std::uint64_t>(PieceKind::kData));
  write(data_);
  data_.clear();
}

}  // namespace acistore
