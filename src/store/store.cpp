// SPDX-License-Identifier: Apache-2.0
#include "store/store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/group_share.hpp"
#include "base/quote.hpp"
#include "base/trusted_path.hpp"
#include "blob/directory.hpp"
#include "blob/layout.hpp"
#include "db/migrations.hpp"
#include "store/reserve.hpp"

namespace acistore {
namespace {

Error no_store(const std::string& directory) {
  return Error(ErrorKind::kNotFound, printable(directory) + ": there is no store");
}

// In one transaction: each of its own takes and gives back SQLite's locks and looks for a journal,
// in 16 system calls.
SchemaState read_schema_state(Database& database) {
  const Snapshot snapshot(database);
  return schema_state(database);
}

// Blobs without a database are somebody's images; to make a new database over them would turn them
// into rubbish.
Error blobs_without_database() {
  return Error(ErrorKind::kDamaged, "the store is damaged: there are blobs, but no database" +
                                        std::string(kRecoverAdvice));
}

}  // namespace

Store::Store(const StoreOptions& options, StoreAccess access) : options_(options) {
  open_directory_at_path(access);
  blobs_.emplace(directory_.get());
  if (access == StoreAccess::kRepair) {
    if (database_file_is_empty() && blobs_->is_empty()) throw no_store(options_.directory);
    return;
  }
  if (database_file_is_empty()) {
    if (blobs_->is_empty()) {
      if (access != StoreAccess::kCreate) throw no_store(options_.directory);
      make_parts();
    } else if (database_file_is_empty()) {  // still: whoever makes a store does so before any blob
      with_context(printable(path_), [] { throw blobs_without_database(); });
    }
  }
  with_context(printable(path_), [&] {
    try {
      open_database(access);
    } catch (const Error& error) {
      // To bring the schema up to date, or to roll back a killed writer's transaction, takes space
      // too, and what wants to remove something must get past it.
      if (error.kind() != ErrorKind::kNoSpace || access != StoreAccess::kWrite) throw;
      give_up_reserve();
      open_database(access);
    }
  });
  if (access == StoreAccess::kWrite || access == StoreAccess::kCreate) {
    try_to_restore_reserve(*this);
  }
}

std::string Store::database_path() const {
  return path_ + '/' + layout::kDatabase;
}

void Store::open_directory_at_path(StoreAccess access) {
  // Resolved once; from here on everything is reached from this descriptor, by SQLite too.
  auto directory = open_trusted_directory(options_.directory, access == StoreAccess::kCreate);
  if (!directory) throw no_store(options_.directory);
  directory_ = std::move(directory->fd);
  path_ = std::move(directory->path);
  anchor_.emplace(path_, directory_.get());
}

bool Store::database_file_is_empty() const {
  struct stat status {};
  if (::fstatat(directory_.get(), layout::kDatabase, &status, AT_SYMLINK_NOFOLLOW) == 0) {
    // SQLite would open a fifo, and wait.
    if (!S_ISREG(status.st_mode)) {
      throw Error(ErrorKind::kDamaged, printable(path_) + ": the store is damaged: " +
                                           layout::kDatabase + " is not a regular file");
    }
    return status.st_size == 0;
  }
  if (errno != ENOENT) throw_errno(printable(path_) + ": " + layout::kDatabase);
  return true;
}

// Makes what a store consists of, durably, and the database last: where that is, the rest is too.
void Store::make_parts() {
  const Fd parent = make_directory(directory_.get(), layout::kBlobParent);
  const Fd root = make_directory(parent.get(), layout::kBlobRoot);
  const Fd temporary = make_directory(directory_.get(), layout::kTemporary);
  for (const char* name : {layout::kLock, layout::kDatabase}) {
    // The database is made here because SQLite would leave the group no right to write.
    const Fd file(
        ::openat(directory_.get(), name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (!file) throw_errno(printable(path_) + ": make " + name);
    share_with_group(directory_.get(), file.get());
  }
  if (!options_.sync) return;
  flush_directory(parent.get());
  flush_directory(directory_.get());
}

void Store::check_locks_work() const {
  const Fd file(
      ::openat(directory_.get(), layout::kLock, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (file) acistore::check_locks_work(file.get());
}

void Store::open_database(StoreAccess access) {
  // SQLite takes a file system that refuses to lock for one where somebody else holds the lock, and
  // waits.
  check_locks_work();
  // A reader opens for writing too where it may, so that it can roll back what a killed writer left
  // behind; where it may not, SQLite falls back to reading.
  const bool may_write =
      !is_lower() && ::faccessat(directory_.get(), layout::kDatabase, W_OK, AT_EACCESS) == 0;
  if (!may_write && access != StoreAccess::kRead) {
    throw_errno(std::string(layout::kDatabase) + ": cannot be written");
  }
  database_.emplace(database_path(),
                    may_write ? Database::Mode::kReadWrite : Database::Mode::kReadOnly,
                    options_.lock_timeout);
  if (access != StoreAccess::kRead) database_->require_writable();
  SchemaState state = read_schema_state(*database_);
  if (state.is_blank() && !blobs_->is_empty()) {
    // Looked at once more: whoever makes a store writes the schema before any blob.
    state = read_schema_state(*database_);
    if (state.is_blank()) throw blobs_without_database();
  }
  if (access == StoreAccess::kRead) {
    if (state.is_blank()) throw no_store(options_.directory);
    check_schema(state);
    return;
  }
  prepare_for_writing();
  if (state.is_blank() || state.version < newest_schema()) {
    migrate(*database_);
  } else {
    check_schema(state);
  }
}

void Store::prepare_for_writing() {
  // PERSIST and FULL: DELETE loses acknowledged commits at a power cut, WAL cannot be opened on
  // read-only media nor on a full disk (acistore-store(5) has the measurements).
  database_->execute("PRAGMA journal_mode = PERSIST");
  database_->execute(options_.sync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
  database_->execute("PRAGMA foreign_keys = ON");
  // Some builds of SQLite overwrite what is deleted, and then to remove an image takes as much
  // space in the journal as its manifest.
  database_->execute("PRAGMA secure_delete = OFF");
}

bool Store::try_to_allow_writing() {
  if (database_->is_read_only()) return false;
  prepare_for_writing();
  return true;
}

int Store::lock_file_for_writing() {
  if (!lock_file_) {
    lock_file_ = Fd(
        ::openat(directory_.get(), layout::kLock, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (!lock_file_) throw_errno(printable(path_) + ": open " + layout::kLock);
    share_with_group(directory_.get(), lock_file_.get());
  }
  return lock_file_.get();
}

ByteLock Store::lock_reserve() {
  return ByteLock(lock_file_for_writing(), layout::kReserveLockByte, LockMode::kExclusive,
                  options_.lock_timeout);
}

void Store::give_up_reserve() const {
  [[maybe_unused]] const int ignored = ::unlinkat(directory_.get(), layout::kReserve, 0);
}

std::vector<ByteLock> Store::lock_exclusively(const std::vector<ImageKey>& keys) {
  const int file = lock_file_for_writing();
  std::vector<off_t> bytes;
  bytes.reserve(keys.size());
  for (const ImageKey& key : keys)
    bytes.push_back(layout::lock_byte(key));
  std::sort(bytes.begin(), bytes.end());
  bytes.erase(std::unique(bytes.begin(), bytes.end()), bytes.end());
  std::vector<ByteLock> locks;
  locks.reserve(bytes.size());
  for (const off_t byte : bytes) {
    locks.emplace_back(file, byte, LockMode::kExclusive, options_.lock_timeout);
  }
  return locks;
}

ByteLock Store::lock_all() {
  return ByteLock(lock_file_for_writing(), 0, LockMode::kExclusive, options_.lock_timeout,
                  layout::kLockBytes);
}

std::optional<ByteLock> Store::lock_shared(const ImageKey& key) {
  if (!lock_file_) {
    lock_file_ = Fd(
        ::openat(directory_.get(), layout::kLock, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!lock_file_) return std::nullopt;
  }
  return ByteLock(lock_file_.get(), layout::lock_byte(key), LockMode::kShared,
                  options_.lock_timeout);
}

}  // namespace acistore
