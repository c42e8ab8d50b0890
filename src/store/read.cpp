// SPDX-License-Identifier: Apache-2.0
#include "store/read.hpp"

#include <unistd.h>

#include <chrono>

#include "aci/archive.hpp"
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

namespace acistore {
namespace {

// What removes images by age must be waited for, but not for long: the mark is best effort.
constexpr std::chrono::milliseconds kMarkTimeout{250};

// More hard links to hard links than any archive has for good reason.
constexpr int kMaxHardLinks = 16;

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

}  // namespace

StoredBlob open_blob(Store& store, Blob blob) {
  const ImageKey& key = blob.key;
  auto file = store.blobs().open(key);
  if (!file) {
    // Removed in between, or lost?
    if (!has_blob(store.database(), key)) {
      throw Error(ErrorKind::kNotFound, key.text() + ": no such image");
    }
    throw Error(ErrorKind::kDamaged,
                key.text() + ": the store is damaged: there is no " + layout::blob_path(key));
  }
  if (file->size != blob.size) {
    throw Error(ErrorKind::kDamaged, key.text() + ": the store is damaged: its blob has " +
                                         std::to_string(file->size) + " bytes, not " +
                                         std::to_string(blob.size));
  }
  return {.blob = std::move(blob), .file = std::move(*file)};
}

void copy_blob(Store& store, const ImageArgument& argument, Progress& progress,
               const CopyFile& copy) {
  const StoredBlob stored = open_blob(store, find_blob(store, argument));
  mark_used(store, stored.blob.key);
  const ProgressScope scope(progress, stored.blob.key.text(), stored.file.size);
  copy(stored.file.fd.get());
}

void read_blob(Store& store, const ImageArgument& argument, Progress& progress,
               const WriteBytes& write) {
  const StoredBlob stored = open_blob(store, find_blob(store, argument));
  mark_used(store, stored.blob.key);
  const ProgressScope scope(progress, stored.blob.key.text(), stored.file.size);
  FdReader file(stored.file.fd.get());
  // Hashing is the work. Reading and writing are done beside it, by the second thread.
  Pipeline bytes(file, Threading::kOwnThread, [&](Bytes run) {
    write(run);
    progress.advance(run.size());
  });
  const Sha512Digest digest = sha512_of(bytes);
  bytes.finish();
  if (digest != stored.blob.digest) {
    throw Error(ErrorKind::kDamaged,
                stored.blob.key.text() + ": the store is damaged: the blob does not match its key");
  }
}

void read_file(Store& store, const ImageArgument& argument, const std::string& path,
               const WriteBytes& write) {
  const StoredBlob stored = open_blob(store, find_image(store, argument).blob);
  const ImageKey& key = stored.blob.key;
  mark_used(store, key);
  std::string wanted = path;
  for (int hops = 0; hops <= kMaxHardLinks; ++hops) {
    if (::lseek(stored.file.fd.get(), 0, SEEK_SET) != 0) throw_errno("seek");
    FdSource file(stored.file.fd.get());
    TarReader reader(file, stored.file.size);  // it was accepted once
    const TarEntry* entry = find_entry(reader, wanted);
    if (entry == nullptr) {
      throw Error(ErrorKind::kNotFound, printable(path) + ": no such path in " + key.text());
    }
    if (entry->type == EntryType::kHardLink) {
      wanted = entry->link;
      continue;
    }
    if (entry->type != EntryType::kFile) {
      throw Error(
          ErrorKind::kNotFound,
          printable(path) + ": is " + std::string(describe(entry->type)) + ", not a regular file");
    }
    EntryContent content(reader, *entry);
    for (Bytes run = content.next(); !run.empty(); run = content.next())
      write(run);
    return;
  }
  throw Error(ErrorKind::kNotFound, printable(path) + ": more than " +
                                        std::to_string(kMaxHardLinks) + " hard links in a row");
}

}  // namespace acistore
