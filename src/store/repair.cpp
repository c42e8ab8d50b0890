// SPDX-License-Identifier: Apache-2.0
#include "store/repair.hpp"

#include "base/hashing_source.hpp"
#include "base/io.hpp"
#include "db/blobs.hpp"
#include "store/reserve.hpp"

namespace acistore {
namespace {

// The digest of a blob's file, if it is a regular one. Throws Error if it cannot be read.
std::optional<Sha512Digest> digest_of(const BlobStore& blobs, const ImageKey& key) {
  try {
    const auto file = blobs.open(key);
    if (!file) return std::nullopt;
    FdSource source(file->fd.get());
    return sha512_of(source);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kDamaged) return std::nullopt;
    throw;
  }
}

// `moved` gets the new name of its file, and keeps it for another attempt.
std::optional<std::string> try_to_repair(Store& store, const ImageKey& key,
                                         std::optional<std::string>& moved) {
  const std::vector<ByteLock> locks = store.lock_exclusively({key});
  const auto row = find_blob(store.database(), key);
  if (!row) return std::nullopt;
  std::optional<Sha512Digest> digest;
  try {
    digest = digest_of(store.blobs(), key);
  } catch (const Error& error) {
    return "left, since it cannot be read: " + error.message();
  }
  if (digest && ImageKey(*digest) == key) {
    if (*digest == row->blob.digest && store.blobs().size(key) == row->blob.size) {
      return std::nullopt;
    }
    return "left, since the bytes match the key" + std::string(kRecoverAdvice);
  }
  // The file first: a crash then leaves a row without a blob, which is found again, and not a
  // damaged file that is taken for rubbish.
  if (auto name = store.blobs().move_to_quarantine(key, store.sync())) moved = std::move(name);
  Transaction transaction(store.database());
  delete_blob(store.database(), row->id);
  transaction.commit();
  return moved ? "moved to " + *moved + ", and forgotten" : std::string("forgotten");
}

}  // namespace

std::optional<std::string> repair(Store& store, const ImageKey& key) {
  std::optional<std::string> moved;
  return with_reserve(store, [&] { return try_to_repair(store, key, moved); });
}

}  // namespace acistore
