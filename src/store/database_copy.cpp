// SPDX-License-Identifier: Apache-2.0
#include "store/database_copy.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "blob/directory.hpp"
#include "blob/layout.hpp"
#include "db/copy.hpp"
#include "db/migrations.hpp"

namespace acistore {
namespace {

constexpr const char* kInMaking = layout::kDatabaseCopyInMaking;

bool is_named(int directory, const char* name, int fd) {
  struct stat named {};
  struct stat open {};
  return ::fstatat(directory, name, &named, AT_SYMLINK_NOFOLLOW) == 0 && ::fstat(fd, &open) == 0 &&
         named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

// The file that becomes the copy, empty and locked: whoever was interrupted left it for the next
// one. Nothing if somebody else is at it.
std::optional<Fd> open_file_in_making(int directory) {
  Fd file(::openat(directory, kInMaking, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) throw_errno(std::string("make ") + kInMaking);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return std::nullopt;
    throw_errno(std::string("lock ") + kInMaking);
  }
  // Between the two calls it may have become the copy itself.
  if (!is_named(directory, kInMaking, file.get())) return std::nullopt;
  return file;
}

void make_copy(Store& store) {
  const int directory = store.directory();
  struct stat database {};
  if (::fstatat(directory, layout::kDatabase, &database, AT_SYMLINK_NOFOLLOW) != 0) {
    throw_errno(std::string("stat ") + layout::kDatabase);
  }
  std::optional<Fd> file = open_file_in_making(directory);
  if (!file) return;
  try {
    if (::ftruncate(file->get(), 0) != 0) throw_errno("truncate");
    copy_database(store.database(), store.path() + '/' + kInMaking);
    if (::fchmod(file->get(), database.st_mode & 0777) != 0) throw_errno("set mode");
    if (store.sync() && ::fsync(file->get()) != 0) throw_errno("flush");
    if (::renameat(directory, kInMaking, directory, layout::kDatabaseCopy) != 0) {
      throw_errno(std::string("rename to ") + layout::kDatabaseCopy);
    }
  } catch (const Error&) {
    ::unlinkat(directory, kInMaking, 0);
    throw;
  }
  if (store.sync()) flush_directory(directory);
}

}  // namespace

std::optional<Error> refresh_database_copy(Store& store) {
  try {
    check_integrity(store.database());
    if (store.try_to_allow_writing()) {
      with_context(layout::kDatabaseCopy, [&] { make_copy(store); });
    }
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace acistore
