// SPDX-License-Identifier: Apache-2.0
#include "store/store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "base/quote.hpp"
#include "blob/directory.hpp"
#include "blob/layout.hpp"
#include "db/migrations.hpp"

namespace acistore {
namespace {

Error no_store(const std::string& directory) {
  return Error(ErrorKind::kNotFound, printable(directory) + ": there is no store");
}

void make_directories(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw system_error(error.value(), printable(path) + ": make directory");
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
  with_context(printable(path_), [&] { open_database(access); });
}

std::string Store::database_path() const {
  return path_ + '/' + layout::kDatabase;
}

void Store::open_directory_at_path(StoreAccess access) {
  if (access == StoreAccess::kCreate) make_directories(options_.directory);
  // Resolved once; from here on everything is reached from this descriptor, but for SQLite, which
  // gets the resolved path and does not follow a link at its end.
  const std::unique_ptr<char, decltype(&std::free)> resolved(
      ::realpath(options_.directory.c_str(), nullptr), &std::free);
  if (!resolved) {
    if (errno == ENOENT) throw no_store(options_.directory);
    throw_errno(printable(options_.directory));
  }
  path_ = resolved.get();
  directory_ = Fd(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory_) throw_errno(printable(options_.directory));
}

bool Store::database_file_is_empty() const {
  struct stat status {};
  if (::fstatat(directory_.get(), layout::kDatabase, &status, AT_SYMLINK_NOFOLLOW) == 0) {
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
  }
  if (!options_.sync) return;
  flush_directory(parent.get());
  flush_directory(directory_.get());
}

void Store::open_database(StoreAccess access) {
  // A reader opens for writing too where it may, so that it can roll back what a killed writer left
  // behind; where it may not, SQLite falls back to reading.
  const bool may_write = ::faccessat(directory_.get(), layout::kDatabase, W_OK, AT_EACCESS) == 0;
  if (!may_write && access != StoreAccess::kRead) {
    throw_errno(std::string(layout::kDatabase) + ": cannot be written");
  }
  database_.emplace(database_path(),
                    may_write ? Database::Mode::kReadWrite : Database::Mode::kReadOnly,
                    options_.lock_timeout);
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
}

bool Store::try_to_allow_writing() {
  if (database_->is_read_only()) return false;
  prepare_for_writing();
  return true;
}

std::vector<ByteLock> Store::lock_exclusively(const std::vector<ImageKey>& keys) {
  open_lock_file();
  std::vector<off_t> bytes;
  bytes.reserve(keys.size());
  for (const ImageKey& key : keys)
    bytes.push_back(layout::lock_byte(key));
  std::sort(bytes.begin(), bytes.end());
  bytes.erase(std::unique(bytes.begin(), bytes.end()), bytes.end());
  std::vector<ByteLock> locks;
  locks.reserve(bytes.size());
  for (const off_t byte : bytes) {
    locks.emplace_back(lock_file_.get(), byte, LockMode::kExclusive, options_.lock_timeout);
  }
  return locks;
}

ByteLock Store::lock_all() {
  open_lock_file();
  return ByteLock(lock_file_.get(), 0, LockMode::kExclusive, options_.lock_timeout,
                  layout::kLockBytes);
}

void Store::open_lock_file() {
  if (lock_file_) return;
  lock_file_ = Fd(
      ::openat(directory_.get(), layout::kLock, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!lock_file_) throw_errno(printable(path_) + ": open " + layout::kLock);
}

std::optional<ByteLock> Store::lock_shared(const ImageKey& key) {
  if (!lock_file_) {
    lock_file_ = Fd(::openat(directory_.get(), layout::kLock, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!lock_file_) return std::nullopt;
  }
  return ByteLock(lock_file_.get(), layout::lock_byte(key), LockMode::kShared,
                  options_.lock_timeout);
}

}  // namespace acistore
