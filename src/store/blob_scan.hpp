// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_BLOB_SCAN_HPP
#define ACISTORE_STORE_BLOB_SCAN_HPP

#include <optional>
#include <string>
#include <variant>

#include "base/clock.hpp"
#include "base/pipeline.hpp"
#include "base/progress.hpp"
#include "blob/blob_store.hpp"
#include "model/manifest.hpp"

namespace acistore {

// What a blob is, by its bytes alone.
struct ScannedBlob {
  ImageKey key;
  Sha512Digest digest;
  std::uint64_t size = 0;  // bytes
  UnixNanos mtime = 0;     // of its file: that of its last import
  struct Image {
    Manifest manifest;
    std::string manifest_json;
  };
  std::optional<Image> image;  // nothing for a blob that is none
};

// A file that has a blob's name and is not that blob.
struct BadBlob {
  ImageKey key;
  std::string why;
  // It could not be read, so its bytes may be good all the same.
  bool is_unread = false;
};

// Nothing if there is no such file any more.
using ScanOutcome = std::variant<std::monostate, ScannedBlob, BadBlob>;

// Reads a blob once, from front to end, hashes it and looks whether it is an image. Does not throw
// Error. May be called by several threads at once.
ScanOutcome scan_blob(const BlobStore& blobs, const ImageKey& key, Threading threading,
                      Progress& progress);

}  // namespace acistore

#endif
