// SPDX-License-Identifier: Apache-2.0
#include "store/read.hpp"

#include <chrono>

#include "aci/tar_path.hpp"
#include "aci/tar_reader.hpp"
#include "base/hashing_source.hpp"
#include "base/io.hpp"
#include "base/pipeline.hpp"
#include "base/quote.hpp"
#include "blob/layout.hpp"
#include "db/blobs.hpp"
#include "db/images.hpp"
#include "model/image_use.hpp"
#include "store/lookup.hpp"
#include "store/stored_archive.hpp"

namespace acistore {
namespace {

// What removes images by age must be waited for, but not for long: the mark is best effort.
constexpr std::chrono::milliseconds kMarkTimeout{250};

void mark_used(Store& store, const ImageKey& key) {
  try {
    const UnixNanos time = now();
    const auto image = find_image(store.database(), key);
    if (!image || image->last_used > time - kUseResolution) return;
    if (!store.try_to_allow_writing()) return;
    store.database().set_busy_timeout(kMarkTimeout);
    set_last_used(store.database(), key, time, time - kUseResolution);
  } catch (const Error&) {
    // Best effort: who may not write, or finds the store busy or full, may still read.
  }
}

StoredBlob open_blob(Store& store, Blob blob) {
  const ImageKey& key = blob.key;
  auto file = store.blobs().open(key);
  if (!file) {
    // Removed in between, and perhaps imported again since, or lost? Nobody is at it now.
    const std::optional<ByteLock> lock = store.lock_shared(key);
    file = store.blobs().open(key);
    if (!file && !has_blob(store.database(), key)) {
      throw Error(ErrorKind::kNotFound, key.text() + ": no such image");
    }
  }
  if (!file) {
    throw Error(ErrorKind::kDamaged,
                key.text() + ": the store is damaged: there is no " + layout::blob_path(key));
  }
  if (file->size != blob.size) {
    throw Error(ErrorKind::kDamaged, key.text() + ": the store is damaged: its blob has " +
                                         std::to_string(file->size) + " bytes, not " +
                                         std::to_string(blob.size));
  }
  return {.blob = std::move(blob), .file = std::move(*file), .place = {}};
}

void hash_blob(const StoredBlob& stored, Reader& reader, Progress& progress,
               const WriteBytes& write) {
  const ProgressScope scope(progress, stored.blob.key.text(), stored.file.size);
  ProgressReader counted(reader, progress);
  // Hashing is the work. Reading and writing are done beside it, by the second thread.
  Pipeline bytes(counted, Threading::kOwnThread, write);
  const Sha512Digest digest = sha512_of(bytes);
  bytes.finish();
  check_digest(stored, digest);
}

}  // namespace

void check_digest(const StoredBlob& stored, const Sha512Digest& digest) {
  if (digest == stored.blob.digest) return;
  Error error(ErrorKind::kDamaged,
              stored.blob.key.text() + ": the store is damaged: the blob does not match its key");
  if (!stored.place.empty()) error.add_context(stored.place);
  throw error;
}

StoredBlob open_blob(const Stores& stores, Blob blob) {
  Store& store = stores.holder(blob.key);
  StoredBlob stored = stores.in_store(store, [&] { return open_blob(store, std::move(blob)); });
  stored.place = stores.place_of(store);
  return stored;
}

StoredBlob use_blob(const Stores& stores, Blob blob) {
  StoredBlob stored = open_blob(stores, std::move(blob));
  mark_used(stores.holder(stored.blob.key), stored.blob.key);
  return stored;
}

StoredBlob use_blob(const Stores& stores, const ImageArgument& argument) {
  return use_blob(stores, find_blob(stores, argument));
}

StoredBlob use_image(const Stores& stores, const ImageArgument& argument) {
  return use_blob(stores, find_image(stores, argument).blob);
}

void copy_blob(const Stores& stores, const ImageArgument& argument, Progress& progress,
               const CopyFile& copy) {
  const StoredBlob stored = use_blob(stores, argument);
  const ProgressScope scope(progress, stored.blob.key.text(), stored.file.size);
  copy(stored.file.fd.get());
}

void read_blob(const StoredBlob& stored, Progress& progress, const WriteBytes& write) {
  FdReader file(stored.file.fd.get());
  hash_blob(stored, file, progress, write);
}

void read_blob(const Stores& stores, const ImageArgument& argument, Progress& progress,
               const WriteBytes& write) {
  read_blob(use_blob(stores, argument), progress, write);
}

void verify_blob(const StoredBlob& stored, Reader& bytes, Progress& progress) {
  hash_blob(stored, bytes, progress, {});
}

namespace {

[[noreturn]] void throw_not_found(const std::string& path, const std::string& why) {
  throw Error(ErrorKind::kNotFound, printable(path) + ": " + why);
}

void write_content(TarReader& reader, const TarEntry& entry, const WriteBytes& write) {
  EntryContent content(reader, entry);
  for (Bytes run = content.next(); !run.empty(); run = content.next())
    write(run);
}

// Sends the reader to the entry that is `wanted` itself, and returns it if it is no link. What it
// passes goes into the index, all of the archive if it finds none.
const TarEntry* find_plainly(StoredArchive& archive, const std::string& wanted) {
  TarReader& reader = archive.reader();
  while (const TarEntry* entry = reader.next()) {
    const bool is_link = entry->type == EntryType::kHardLink || entry->type == EntryType::kSymlink;
    if (!is_link && entry->path == wanted) return entry;
    archive.add_to_index(*entry);
  }
  return nullptr;
}

// Sends the reader to where `wanted` leads.
const TarEntry* find_by_links(StoredArchive& archive, const std::string& path,
                              const std::string& wanted) {
  const auto place =
      with_context(printable(path), [&] { return archive.walk(wanted, LastLink::kFollow); });
  const std::string no_such_path = "no such path in " + archive.key().text();
  if (!place || *place == wanted) throw_not_found(path, no_such_path);
  const TarEntry* entry = archive.find(*place);
  if (entry == nullptr)
    throw_not_found(path, "leads to " + printable(*place) + ": " + no_such_path);
  return entry;
}

}  // namespace

void read_file(const Stores& stores, const ImageArgument& argument, const std::string& path,
               const WriteBytes& write) {
  StoredArchive archive(use_image(stores, argument));
  std::string wanted;
  if (clean_path(path, wanted)) throw_not_found(path, "no such path in " + archive.key().text());
  archive.guard([&] {
    const TarEntry* entry = find_plainly(archive, wanted);
    if (entry == nullptr) entry = find_by_links(archive, path, wanted);
    if (entry->type != EntryType::kFile) {
      throw_not_found(
          path, (entry->path == wanted ? "" : "leads to " + printable(entry->path) + ": ") + "is " +
                    std::string(describe(entry->type)) + ", not a regular file");
    }
    write_content(archive.reader(), *entry, write);
  });
}

}  // namespace acistore
