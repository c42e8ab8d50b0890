// SPDX-License-Identifier: Apache-2.0
#include "store/blob_scan.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "aci/archive.hpp"
#include "base/error.hpp"
#include "base/hashing_source.hpp"
#include "base/io.hpp"

namespace acistore {
namespace {

// 2200-01-01T00:00:00Z. A later time is a mistake, and would leave no room for those that follow.
constexpr std::int64_t kLatestSecond = 7'258'118'400;

UnixNanos modification_time(const OpenBlob& blob) {
  struct stat status {};
  if (::fstat(blob.fd.get(), &status) != 0) throw_errno("stat");
  timespec time = status.st_mtim;
  time.tv_sec = std::clamp<std::int64_t>(time.tv_sec, 0, kLatestSecond);
  return to_nanos(time);
}

std::optional<ScannedBlob::Image> read_image(Source& bytes) {
  std::optional<ScannedBlob::Image> image;
  try {
    ArchiveContents contents = read_archive(bytes);
    image = ScannedBlob::Image{std::move(contents.manifest), std::move(contents.manifest_json)};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInvalid) throw;
    while (!bytes.next().empty()) {
    }
  }
  return image;
}

ScanOutcome scan(const BlobStore& blobs, const ImageKey& key, Threading threading,
                 Progress& progress) {
  const auto file = blobs.open(key);
  if (!file) return std::monostate{};
  const UnixNanos mtime = modification_time(*file);
  const ProgressScope scope(progress, key.text(), file->size);
  FdReader reader(file->fd.get());
  ProgressReader counted(reader, progress);
  Pipeline pipeline(counted, threading);
  HashingSource bytes(pipeline);
  std::optional<ScannedBlob::Image> image = read_image(bytes);
  const Sha512Digest digest = bytes.finish();
  if (ImageKey(digest) != key) {
    return BadBlob{.key = key, .why = "its bytes have the image ID " + image_id(digest)};
  }
  return ScannedBlob{.key = key,
                     .digest = digest,
                     .size = bytes.size(),
                     .mtime = mtime,
                     .image = std::move(image)};
}

}  // namespace

ScanOutcome scan_blob(const BlobStore& blobs, const ImageKey& key, Threading threading,
                      Progress& progress) {
  try {
    return scan(blobs, key, threading, progress);
  } catch (const Error& error) {
    return BadBlob{
        .key = key, .why = error.message(), .is_unread = error.kind() != ErrorKind::kDamaged};
  }
}

}  // namespace acistore
