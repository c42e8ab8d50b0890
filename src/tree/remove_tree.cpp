// SPDX-License-Identifier: Apache-2.0
#include "tree/remove_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/quote.hpp"
#include "base/unnamed_file.hpp"

namespace acistore {
namespace {

// Directories are read with one descriptor a level, down to here. One that lies deeper is moved up
// to the top, and has its turn when the others are gone.
constexpr std::size_t kMostLevels = 48;

struct CloseStream {
  void operator()(DIR* stream) const { ::closedir(stream); }
};
using DirectoryStream = std::unique_ptr<DIR, CloseStream>;

[[noreturn]] void fail_at(std::string_view action, std::string_view name) {
  const int error = errno;
  throw system_error(error, std::string(action) + ' ' + printable(name));
}

// Opens a directory that is to be emptied.
DirectoryStream open_doomed(int parent, const std::string& name) {
  constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  Fd fd(::openat(parent, name.c_str(), kFlags));
  if (!fd && errno == EACCES && ::fchmodat(parent, name.c_str(), S_IRWXU, AT_SYMLINK_NOFOLLOW) == 0)
    fd = Fd(::openat(parent, name.c_str(), kFlags));
  if (!fd) fail_at("open directory", name);
  struct stat status {};
  // Whether it did anything shows at the first file.
  if (::fstat(fd.get(), &status) == 0 && (status.st_mode & S_IRWXU) != S_IRWXU) [[maybe_unused]]
    const int ignored = ::fchmod(fd.get(), S_IRWXU);
  DirectoryStream stream(::fdopendir(fd.get()));
  if (!stream) fail_at("open directory", name);
  fd.release();
  return stream;
}

class Removal {
 public:
  explicit Removal(int parent) : parent_(parent) {}

  void run(const std::string& name) {
    push(name);
    while (!levels_.empty()) {
      errno = 0;
      const dirent* entry = ::readdir(levels_.back().stream.get());
      if (entry != nullptr) {
        const std::string_view child = entry->d_name;
        if (child != "." && child != "..") remove(*entry);
      } else if (errno != 0) {
        fail_at("read directory", levels_.back().name);
      } else {
        pop();
      }
    }
  }

 private:
  struct Level {
    std::string name;
    DirectoryStream stream;
    bool has_changed = false;  // since it was last read from its beginning
  };

  int fd_of(const Level& level) const { return ::dirfd(level.stream.get()); }

  void push(const std::string& name) {
    const int parent = levels_.empty() ? parent_ : fd_of(levels_.back());
    levels_.push_back({.name = name, .stream = open_doomed(parent, name), .has_changed = false});
  }

  void remove(const dirent& entry) {
    Level& level = levels_.back();
    level.has_changed = true;
    if (entry.d_type != DT_DIR) {
      if (::unlinkat(fd_of(level), entry.d_name, 0) == 0 || errno == ENOENT) return;
      // POSIX has EPERM for directories, Linux EISDIR.
      if (entry.d_type != DT_UNKNOWN || (errno != EISDIR && errno != EPERM))
        fail_at("remove", entry.d_name);
    }
    if (levels_.size() < kMostLevels) return push(entry.d_name);
    // The mode of the directory counts, since the ".." in it changes.
    [[maybe_unused]] const int ignored =
        ::fchmodat(fd_of(level), entry.d_name, S_IRWXU, AT_SYMLINK_NOFOLLOW);
    if (::renameat(fd_of(level), entry.d_name, fd_of(levels_.front()), random_name().c_str()) != 0)
      fail_at("rename", entry.d_name);
    levels_.front().has_changed = true;
  }

  // The last level has been read to its end.
  void pop() {
    Level& level = levels_.back();
    const int parent = levels_.size() == 1 ? parent_ : fd_of(levels_[levels_.size() - 2]);
    if (::unlinkat(parent, level.name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) {
      levels_.pop_back();
      return;
    }
    // What was removed, or moved here, may have hidden something from who was reading.
    if ((errno != ENOTEMPTY && errno != EEXIST) || !level.has_changed)
      fail_at("remove directory", level.name);
    level.has_changed = false;
    ::rewinddir(level.stream.get());
  }

  int parent_;
  std::vector<Level> levels_;
};

}  // namespace

void remove_tree(int parent, const std::string& name) {
  if (::unlinkat(parent, name.c_str(), 0) == 0 || errno == ENOENT) return;
  if (errno != EISDIR && errno != EPERM) fail_at("remove", name);
  Removal(parent).run(name);
}

}  // namespace acistore
