// SPDX-License-Identifier: Apache-2.0
#include "tree/directory_stack.hpp"

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "aci/tar_path.hpp"
#include "base/error.hpp"
#include "base/quote.hpp"
#include "tree/acl.hpp"
#include "tree/beneath.hpp"
#include "tree/metadata.hpp"

namespace acistore {
namespace {

constexpr int kDirectoryFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr mode_t kOpenMode = 0700;
// More would not be met again, and descriptors are few.
constexpr std::size_t kMostDescriptors = 64;

// The value of the attribute; empty if there is none.
std::string xattr_of(int fd, std::string_view name) {
  const std::string text(name);
  std::string value;
  ssize_t size = 0;
  do {
    size = ::fgetxattr(fd, text.c_str(), nullptr, 0);
    value.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    if (size > 0) size = ::fgetxattr(fd, text.c_str(), value.data(), value.size());
  } while (size < 0 && errno == ERANGE);
  if (size >= 0) return value;
  if (errno != ENODATA && errno != EOPNOTSUPP) throw_errno("get access control list");
  return {};
}

// Sees to it that a directory can be written into, and hands nothing on. An access list stays, and
// shows in the bits of the group, which stay.
void unlock(int fd, mode_t mode) {
  const mode_t unlocked = (mode | kOpenMode) & ~static_cast<mode_t>(S_ISGID);
  if (unlocked != mode && ::fchmod(fd, unlocked) != 0) throw_errno("set mode");
}

// Unlocks a directory that has got its end, and returns the end.
DirectoryEnd take_end_away(int fd, const struct stat& status) {
  DirectoryEnd end{.mode = status.st_mode & ALLPERMS,
                   .mtime = status.st_mtim,
                   .acl_access = {},
                   .acl_default = xattr_of(fd, kAclDefaultXattr)};
  if (!end.acl_default.empty() && ::fremovexattr(fd, kAclDefaultXattr.data()) != 0)
    throw_errno("remove access control list");
  unlock(fd, end.mode);
  return end;
}

void give_end(int fd, const DirectoryEnd& end, const std::string& path, LeftOut& left_out) {
  const Node node{.directory = -1, .name = nullptr, .fd = fd};
  set_mode(node, end.mode, path, left_out);
  set_acl(node, kAclAccessXattr, end.acl_access, path, left_out);
  set_acl(node, kAclDefaultXattr, end.acl_default, path, left_out);
  if (end.mtime) set_mtime(node, *end.mtime);
}

}  // namespace

DirectoryStack::DirectoryStack(int top, LeftOut& left_out) : top_(top), left_out_(left_out) {
  Fd fd(::openat(top, ".", kDirectoryFlags));
  if (!fd) throw_errno("open directory");
  levels_.push_back({.path_length = 0, .fd = std::move(fd), .end = {}});
}

int DirectoryStack::enter(std::string_view path) {
  if (path == kTopDirectory) path = {};
  const auto is_on_the_way = [&] {
    const std::size_t length = path_.size();
    return length == 0 ||
           (path.starts_with(path_) && (path.size() == length || path[length] == '/'));
  };
  while (!is_on_the_way())
    leave();
  fd_of(levels_.back());
  if (path.size() == path_.size()) return directory();
  std::string_view rest = path.substr(path_.empty() ? 0 : path_.size() + 1);
  if (enter_existing(rest)) return directory();
  while (!rest.empty()) {
    const std::string_view name = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    step(name);
  }
  return directory();
}

// All of the way at once, if it is there.
bool DirectoryStack::enter_existing(std::string_view rest) {
  Fd fd = open_beneath(directory(), std::string(rest), O_RDONLY | O_DIRECTORY);
  if (!fd) return false;
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) throw_errno("stat");
  DirectoryEnd end = take_end_away(fd.get(), status);
  push(rest, std::move(fd), std::move(end));
  return true;
}

void DirectoryStack::step(std::string_view name) {
  try {
    enter_child(name);
  } catch (const Error&) {
    struct stat status {};
    const std::string text(name);
    if (::fstatat(directory(), text.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        S_ISDIR(status.st_mode))
      throw;
    const std::string path = path_.empty() ? text : path_ + '/' + text;
    throw Error(ErrorKind::kInvalid,
                "lies below " + quoted(path) + ", which is " +
                    (S_ISLNK(status.st_mode) ? "a symbolic link" : "no directory"));
  }
}

void DirectoryStack::enter_child(std::string_view name) {
  const int parent = fd_of(levels_.back());
  const std::string text(name);
  const bool is_new = ::mkdirat(parent, text.c_str(), kOpenMode) == 0;
  if (!is_new && errno != EEXIST) throw_errno("make directory");
  struct stat status {};
  Fd fd(::openat(parent, text.c_str(), kDirectoryFlags));
  if (fd) {
    if (::fstat(fd.get(), &status) != 0) throw_errno("stat");
  } else if (errno == EACCES) {
    fd = open_locked(text, status);
  } else {
    throw_errno("open directory");
  }
  if (is_new) {
    unlock(fd.get(), status.st_mode & ALLPERMS);  // the umask may have taken anything
    return push(name, std::move(fd), {});
  }
  DirectoryEnd end = take_end_away(fd.get(), status);
  push(name, std::move(fd), std::move(end));
}

// A directory of ours with a mode that keeps out ourselves, or one that was just made under an
// umask that does.
Fd DirectoryStack::open_locked(const std::string& name, struct stat& status) {
  const int parent = directory();
  if (::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) throw_errno("stat");
  const mode_t mode = (status.st_mode & ALLPERMS) | kOpenMode;
  if (::fchmodat(parent, name.c_str(), mode, AT_SYMLINK_NOFOLLOW) != 0) throw_errno("set mode");
  Fd fd(::openat(parent, name.c_str(), kDirectoryFlags));
  if (!fd) throw_errno("open directory");
  return fd;
}

void DirectoryStack::close() {
  while (levels_.size() > 1)
    leave();
  Level& top = levels_.back();
  give_end(top.fd.get(), top.end, std::string(kTopDirectory), left_out_);
  levels_.clear();
}

void DirectoryStack::leave() {
  Level& level = levels_.back();
  give_end(fd_of(level), level.end, path_, left_out_);
  levels_.pop_back();
  path_.resize(levels_.back().path_length);
}

int DirectoryStack::fd_of(Level& level) {
  if (!level.fd) {
    level.fd = open_beneath(top_, path_.substr(0, level.path_length), O_RDONLY | O_DIRECTORY);
    if (!level.fd) throw_errno("open directory");
  }
  return level.fd.get();
}

void DirectoryStack::push(std::string_view name, Fd fd, DirectoryEnd end) {
  if (levels_.size() > kMostDescriptors) levels_.back().fd = Fd();
  if (!path_.empty()) path_ += '/';
  path_ += name;
  levels_.push_back({.path_length = path_.size(), .fd = std::move(fd), .end = std::move(end)});
}

}  // namespace acistore
