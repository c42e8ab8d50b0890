// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_PUBLISH_HPP
#define ACISTORE_STORE_PUBLISH_HPP

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/sha512.hpp"
#include "blob/blob_writer.hpp"
#include "model/image.hpp"
#include "model/manifest.hpp"
#include "model/remote.hpp"
#include "model/source_file.hpp"
#include "store/store.hpp"

namespace acistore {

// Throws Error(kInvalid) if a key was expected and the digest does not match it.
void check_expected(const std::optional<ExpectedKey>& expected, const Sha512Digest& digest);

// A blob that is written and good, and not yet visible.
struct PendingBlob {
  // Nothing if the blob is said to be stored already.
  std::optional<BlobWriter> file;
  Sha512Digest digest;
  std::uint64_t size = 0;  // bytes
  // What makes it an image; a blob without is none.
  struct ImageData {
    Manifest manifest;
    std::string manifest_json;
    // What its latest mark is to be; nothing: as it is, and none for an image that was not there.
    std::optional<bool> latest;
    std::vector<std::string> pin_owners;  // who pins it, for good
    // Whether one that is there by now gets its mark and pins only, and is not the last imported.
    bool keeps_place = false;
  };
  std::optional<ImageData> image;
  // What it was imported from, where that can be told again.
  std::optional<SourceFile> source;
  // What is known of URLs that it came from: added, or put in place of what was.
  std::vector<Remote> remotes;
};

struct PublishedBlob {
  ImageKey key;
  bool is_gone = false;  // it came without a file, and is not stored: nothing was done
  bool is_new = false;   // the store did not have these bytes
  // Something is other than before: the bytes, that they are an image, its mark or its pins. That
  // it is the last imported does not count.
  bool made_change = false;
  std::optional<Image> image;  // as it is now; nothing for a blob that is none
};

// Makes blobs visible, in the order of acistore-store(5): flush the files, lock their keys, name
// them, flush the directories, write their rows in one transaction. A stored file is kept if its
// row is there and its size right, and replaced otherwise. Throws Error, and then none of them is
// in the store that was not before.
std::vector<PublishedBlob> publish(Store& store, std::vector<PendingBlob> pending);

}  // namespace acistore

#endif
