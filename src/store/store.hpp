// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_STORE_HPP
#define ACISTORE_STORE_STORE_HPP

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "base/file_lock.hpp"
#include "blob/blob_store.hpp"
#include "db/anchor.hpp"
#include "db/sqlite.hpp"
#include "model/image_key.hpp"

namespace acistore {

// What a use case needs of a store, from the least to the most.
enum class StoreAccess {
  kNone,    // no store at all
  kRead,    // one that exists; nothing is created or changed, and no right to write is needed
  kWrite,   // one that exists and may be changed
  kCreate,  // as kWrite, and it is made if there is none
  kRepair,  // one that has at least blobs or a database, in whatever state; that is not opened
};

struct StoreOptions {
  std::string directory;
  std::chrono::milliseconds lock_timeout{60'000};
  // Whether what is acknowledged has to be on stable storage.
  bool sync = true;
  // Whether it lies below the store that is written to: nothing in it is ever changed.
  bool is_lower = false;
};

// So many images come or go in one transaction, and share its flushes; more would hold more keys
// locked, and more temporary files open, for little gain.
inline constexpr std::size_t kGroupSize = 64;

// An open store (acistore-store(5)): a directory of blobs and the database that knows them. The use
// cases are functions over it, a file each: import, lookup, remove, verify, ...
//
// One thread uses a Store at a time.
class Store {
 public:
  // Throws Error: kNotFound if there is no store (and access is not kCreate), kDamaged if there are
  // blobs but no database of ours, kRefused if a newer program wrote it.
  Store(const StoreOptions& options, StoreAccess access);

  // Not with kRepair.
  Database& database() { return *database_; }
  BlobStore& blobs() { return *blobs_; }

  // For a store that was opened for reading: makes the database ready for a write that may fail.
  // False where nothing can be written.
  bool try_to_allow_writing();

  // The descriptor of its directory.
  int directory() const { return directory_.get(); }

  // The path of its directory with all symbolic links resolved.
  const std::string& path() const { return path_; }
  std::string database_path() const;
  bool sync() const { return options_.sync; }
  bool is_lower() const { return options_.is_lower; }
  Writeback writeback() const { return sync() ? Writeback::kEarly : Writeback::kLate; }
  std::chrono::milliseconds lock_timeout() const { return options_.lock_timeout; }

  // Makes what a store consists of and is not there, durably. The database is then an empty file.
  void make_parts();

  // Excludes everybody else who publishes or removes one of these keys. In ascending order whatever
  // the order given, so that no two wait for each other; taken before a Transaction begins, never
  // in one.
  std::vector<ByteLock> lock_exclusively(const std::vector<ImageKey>& keys);

  // Excludes everybody who publishes or removes anything.
  ByteLock lock_all();

  // Waits until nobody is publishing or removing the key. Does nothing where there is no lock file
  // that may be read: then nobody else writes here.
  std::optional<ByteLock> lock_shared(const ImageKey& key);

  // Excludes everybody else who spends the reserve (store/reserve.hpp). Taken before a key is
  // locked.
  ByteLock lock_reserve();

  // Gives the space of the reserve back to the disk, if there is any.
  void give_up_reserve() const;

 private:
  void open_directory_at_path(StoreAccess access);
  void open_database(StoreAccess access);
  int lock_file_for_writing();
  void check_locks_work() const;
  void prepare_for_writing();
  bool database_file_is_empty() const;

  StoreOptions options_;
  std::string path_;
  Fd directory_;
  std::optional<Anchor> anchor_;
  Fd lock_file_;
  std::optional<BlobStore> blobs_;
  std::optional<Database> database_;
};

}  // namespace acistore

#endif
