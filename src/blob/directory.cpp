// SPDX-License-Identifier: Apache-2.0
#include "blob/directory.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string_view>

#include "base/error.hpp"
#include "base/group_share.hpp"

namespace acistore {

std::optional<Fd> open_directory(int parent, const std::string& name) {
  Fd fd(::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (fd) return fd;
  if (errno == ENOENT) return std::nullopt;
  throw_errno("open directory " + name);
}

Fd make_directory(int parent, const std::string& name) {
  if (auto fd = open_directory(parent, name)) return std::move(*fd);
  const bool made = ::mkdirat(parent, name.c_str(), 0777) == 0;
  if (!made && errno != EEXIST) throw_errno("make directory " + name);
  if (auto fd = open_directory(parent, name)) {
    if (made) share_with_group(parent, fd->get());
    return std::move(*fd);
  }
  throw system_error(ENOENT, "open directory " + name);
}

void flush_directory(int directory) {
  // EINVAL: the file system has no such thing, and keeps its order in another way (fsync(2)).
  if (::fsync(directory) != 0 && errno != EINVAL) throw_errno("flush directory");
}

std::vector<std::string> directory_names(int directory) {
  // fdopendir() takes over the descriptor and its position, so it gets one of its own.
  Fd own(::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!own) throw_errno("open directory");
  struct Close {
    void operator()(DIR* dir) const { ::closedir(dir); }
  };
  std::unique_ptr<DIR, Close> dir(::fdopendir(own.get()));
  if (!dir) throw_errno("open directory");
  own.release();
  std::vector<std::string> names;
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(dir.get());
    if (entry == nullptr) {
      if (errno != 0) throw_errno("read directory");
      return names;
    }
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
}

}  // namespace acistore
