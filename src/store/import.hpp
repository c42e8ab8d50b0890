// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_IMPORT_HPP
#define ACISTORE_STORE_IMPORT_HPP

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "aci/tar.hpp"
#include "base/progress.hpp"
#include "codec/codec.hpp"
#include "model/image.hpp"
#include "store/stores.hpp"

namespace acistore {

struct ImportRequest {
  std::vector<std::string> files;
  bool latest = false;
  std::optional<ExpectedKey> expected;
  std::optional<std::string> pin_owner;  // who pins the images, for good
  // Whether a regular file that is what it was at its last import is not read again.
  bool if_changed = false;
  // Whether an image that a lower store has is stored all the same.
  bool copy_up = false;
  // How many images are read at the same time.
  unsigned jobs = 1;
  // How many bytes an image may have, uncompressed.
  std::uint64_t max_size = kMaxArchiveBytes;
};

struct ImportedImage {
  Image image;
  std::string source;
  Compression compression = Compression::kNone;
  std::uint64_t entries = 0;  // of the archive
  bool is_unchanged = false;  // the file was not read: it is what it was at its last import
  bool is_new = false;        // the store did not have these bytes
  bool made_change = false;   // see PublishedBlob
};

// What became of one file.
using ImportOutcome = std::variant<ImportedImage, Error>;

// Stores images in the top store. One that a lower store has is taken as present there, with its
// mark and its place in the sequence, unless it is to be copied up, or marked and is not. `report`
// is called once for each file, in the order given; an image is reported only when it is on stable
// storage (unless the store does not sync). A file that fails keeps no other from being imported,
// and leaves nothing behind. Throws Error for what concerns them all.
void import_images(const Stores& stores, const ImportRequest& request, Progress& progress,
                   const std::function<void(const ImportOutcome&)>& report);

}  // namespace acistore

#endif
