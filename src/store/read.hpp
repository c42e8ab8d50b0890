// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_READ_HPP
#define ACISTORE_STORE_READ_HPP

#include <functional>
#include <string>

#include "base/progress.hpp"
#include "base/sha512.hpp"
#include "base/source.hpp"
#include "blob/blob_store.hpp"
#include "model/image.hpp"
#include "model/reference.hpp"
#include "store/stores.hpp"

namespace acistore {

// A blob that is open for reading, with what the database says of it.
struct StoredBlob {
  Blob blob;
  OpenBlob file;
  std::string place;  // see Stores::place_of()
};

// `blob` is what was read of it. Throws Error: kNotFound if it was removed since; kDamaged if there
// is a row but no file, or one of the wrong size.
StoredBlob open_blob(const Stores& stores, Blob blob);

// Opens a blob and marks the image as used. Throws Error as resolve_blob() and open_blob().
StoredBlob use_blob(const Stores& stores, const ImageArgument& argument);

// The same for a blob that was found before. Throws Error as open_blob().
StoredBlob use_blob(const Stores& stores, Blob blob);

// The same for an image. Throws Error(kNotFound), too, for a blob that is none.
StoredBlob use_image(const Stores& stores, const ImageArgument& argument);

using WriteBytes = std::function<void(Bytes)>;

// Hands the bytes of a blob to `write`. They are hashed as they pass, and if the hash is wrong it
// throws Error(kDamaged) after the last of them. `write` is called from any thread, one call at a
// time.
void read_blob(const StoredBlob& stored, Progress& progress, const WriteBytes& write);

// The same after use_blob().
void read_blob(const Stores& stores, const ImageArgument& argument, Progress& progress,
               const WriteBytes& write);

// Throws Error(kDamaged) unless `bytes`, a copy of the blob, match its key.
void verify_blob(const StoredBlob& stored, Reader& bytes, Progress& progress);

// Throws Error(kDamaged) unless `digest`, of all of the blob, is that of its key.
void check_digest(const StoredBlob& stored, const Sha512Digest& digest);

// Has `copy` take the bytes of a blob from its descriptor, and marks the image as used. Not
// verified. `copy` tells the progress. The file never changes: it was written under another name,
// and is read-only.
using CopyFile = std::function<void(int file)>;
void copy_blob(const Stores& stores, const ImageArgument& argument, Progress& progress,
               const CopyFile& copy);

// As read_blob() for one regular file in the archive of an image, whose path is cleaned as the
// archive's paths are. What the archive records under that path is meant, if it is no link;
// otherwise links are followed, inside the image: see walk_links(). Not verified. Throws
// Error(kNotFound) if nothing, or something that is no regular file, is there.
void read_file(const Stores& stores, const ImageArgument& argument, const std::string& path,
               const WriteBytes& write);

}  // namespace acistore

#endif
