// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BLOB_BLOB_STORE_HPP
#define ACISTORE_BLOB_BLOB_STORE_HPP

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "blob/blob_writer.hpp"
#include "model/image_key.hpp"

namespace acistore {

// An open blob. It is read to its end whatever happens to its name meanwhile.
struct OpenBlob {
  Fd fd;
  std::uint64_t size = 0;  // bytes
};

// The blobs of a store: files under their keys. Knows nothing of what they are, and takes no locks.
class BlobStore {
 public:
  // `directory` is the store's, and must outlive this object.
  explicit BlobStore(int directory) : directory_(directory) {}

  // Nothing if there is no file of that name. Throws Error.
  std::optional<OpenBlob> open(const ImageKey& key) const;

  // The size in bytes of its file; nothing if there is no regular file of that name. Throws Error.
  std::optional<std::uint64_t> size(const ImageKey& key) const;

  // The keys of all files that are named as blobs, in order.
  std::vector<ImageKey> keys() const;

  bool is_empty() const;

  // A new blob in the making, kEarly if it is going to be flushed. May be called by several threads
  // at once, and beside the others.
  BlobWriter create(Writeback writeback = Writeback::kLate);

  // Gives a blob its name, in place of a file that has it. The name is on stable storage only after
  // flush_names().
  void publish(BlobWriter& blob, const ImageKey& key);

  // Brings all names that were published since the last call to stable storage, each directory
  // once.
  void flush_names();

  // In place of that, where nothing has to be on stable storage: closes the directories.
  void forget_names() { unflushed_.clear(); }

  // Sets the modification time of a stored blob if the caller may; a shared store has files of
  // other users.
  void try_set_mtime(const ImageKey& key, UnixNanos mtime);

  // Removes its file, if there is one.
  void remove(const ImageKey& key);

  // Moves what has the name of a blob, whatever it is, out of the way for a person to look at, and
  // returns its new path below the store. If something of that name lies there already, a number is
  // added. Nothing if there is no such file. The caller holds the lock of the key. Durable if
  // `sync`. Throws Error.
  std::optional<std::string> move_to_quarantine(const ImageKey& key, bool sync);

 private:
  std::optional<Fd> root() const;
  std::optional<Fd> shard_of(const ImageKey& key) const;

  int directory_;
  std::mutex making_temporary_;
  Fd temporary_;
  Fd writable_root_;
  std::map<std::string, Fd> unflushed_;  // shards by name
};

}  // namespace acistore

#endif
