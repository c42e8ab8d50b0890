// SPDX-License-Identifier: Apache-2.0
#include "db/anchor.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "db/sqlite.hpp"

namespace acistore {
namespace {

struct Place {
  std::string path;
  int fd;
};

std::mutex mutex;
std::vector<Place> places;  // of all anchors; guarded by `mutex`

// Where a path leads: to itself, or to a name in the open directory of an anchor.
struct Target {
  int directory = AT_FDCWD;
  const char* name;

  bool is_anchored() const { return directory != AT_FDCWD; }
};

Target find(const char* path) {
  const std::string_view text = path;
  const std::lock_guard<std::mutex> guard(mutex);
  for (const Place& place : places) {
    if (!text.starts_with(place.path)) continue;
    const std::string_view rest = text.substr(place.path.size());
    if (rest.empty()) return {place.fd, "."};
    if (rest.size() > 1 && rest.front() == '/' && rest.find('/', 1) == std::string_view::npos) {
      return {place.fd, path + place.path.size() + 1};
    }
  }
  return {AT_FDCWD, path};
}

// Whether the directory of an anchor stands at or below `path`.
bool is_above_anchor(std::string_view path) {
  const std::lock_guard<std::mutex> guard(mutex);
  return std::any_of(places.begin(), places.end(), [&](const Place& place) {
    return place.path.starts_with(path) &&
           (place.path.size() == path.size() || place.path[path.size()] == '/');
  });
}

// System calls of SQLite's VFS: those that take a path, and one that writes where it need not.

int open_file(const char* path, int flags, int mode) {
  // A file that cannot be made SQLite tries to open once more without making it: that it is not
  // there is no answer to why it cannot be made.
  thread_local int why_not_made = 0;
  const int before = std::exchange(why_not_made, 0);
  const Target target = find(path);
  if (target.is_anchored()) flags |= O_NOFOLLOW;
  const int fd = ::openat(target.directory, target.name, flags | O_CLOEXEC, mode);
  if (fd >= 0) return fd;
  if ((flags & O_CREAT) != 0) {
    why_not_made = errno;
  } else if (errno == ENOENT && before != 0) {
    errno = before;
  }
  return fd;
}

int access_file(const char* path, int mode) {
  const Target target = find(path);
  return ::faccessat(target.directory, target.name, mode, 0);
}

int stat_file(const char* path, struct stat* status) {
  const Target target = find(path);
  return ::fstatat(target.directory, target.name, status,
                   target.is_anchored() ? AT_SYMLINK_NOFOLLOW : 0);
}

// SQLite looks at every directory on the way for symbolic links; of those above an anchor it is
// known that they are none.
int lstat_file(const char* path, struct stat* status) {
  if (is_above_anchor(path)) {
    *status = {};
    status->st_mode = S_IFDIR;
    return 0;
  }
  const Target target = find(path);
  return ::fstatat(target.directory, target.name, status, AT_SYMLINK_NOFOLLOW);
}

int unlink_file(const char* path) {
  const Target target = find(path);
  return ::unlinkat(target.directory, target.name, 0);
}

// SQLite gives a journal to the owner of the database each time it opens one as root, for reading
// too, and that alone would leave a trace.
int set_owner(int fd, uid_t user, gid_t group) {
  struct stat status {};
  if (::fstat(fd, &status) == 0 && status.st_uid == user && status.st_gid == group) return 0;
  return ::fchown(fd, user, group);
}

template <typename Function>
void replace_call(sqlite3_vfs& vfs, const char* name, Function* function) {
  vfs.xSetSystemCall(&vfs, name, reinterpret_cast<sqlite3_syscall_ptr>(function));
}

bool replace_calls() {
  configure_sqlite();
  sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
  if (vfs == nullptr || vfs->iVersion < 3 || vfs->xSetSystemCall == nullptr) return false;
  replace_call(*vfs, "open", &open_file);
  replace_call(*vfs, "access", &access_file);
  replace_call(*vfs, "stat", &stat_file);
  replace_call(*vfs, "lstat", &lstat_file);
  replace_call(*vfs, "unlink", &unlink_file);
  replace_call(*vfs, "fchown", &set_owner);
  return true;
}

}  // namespace

Anchor::Anchor(std::string path, int fd) : fd_(fd) {
  [[maybe_unused]] static const bool replaced = replace_calls();
  const std::lock_guard<std::mutex> guard(mutex);
  places.push_back({std::move(path), fd});
}

Anchor::~Anchor() {
  const std::lock_guard<std::mutex> guard(mutex);
  places.erase(std::find_if(places.begin(), places.end(),
                            [&](const Place& place) { return place.fd == fd_; }));
}

}  // namespace acistore
