// SPDX-License-Identifier: Apache-2.0
#include "tree/new_directory.hpp"

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/error.hpp"
#include "base/quote.hpp"
#include "base/unnamed_file.hpp"
#include "tree/acl.hpp"
#include "tree/remove_tree.hpp"

namespace acistore {
namespace {

std::string without_slashes_at_end(std::string path) {
  while (path.size() > 1 && path.back() == '/')
    path.pop_back();
  return path;
}

bool is_one_of_dots(const std::string& name) {
  return name == "." || name == ".." || name == "/";
}

// The kernel or the file system has no such rename: EINVAL, ENOSYS.
bool has_no_flags(int error) {
  return error == EINVAL || error == ENOSYS;
}

}  // namespace

NewDirectory::NewDirectory(const std::string& path, IfExists if_exists)
    : path_(without_slashes_at_end(path)), if_exists_(if_exists) {
  const std::size_t slash = path_.rfind('/');
  name_ = slash == std::string::npos || path_.size() == 1 ? path_ : path_.substr(slash + 1);
  const std::string parent = slash == std::string::npos ? "." : path_.substr(0, slash + 1);
  with_context(printable(path_), [&] {
    if (path_.empty()) throw system_error(ENOENT, "make directory");
    parent_ = Fd(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!parent_) throw_errno("open directory");
    check_target();
    try {
      make_hidden();
    } catch (...) {
      if (fd_) ::unlinkat(parent_.get(), hidden_.c_str(), AT_REMOVEDIR);
      throw;
    }
  });
}

NewDirectory::~NewDirectory() {
  if (hidden_.empty()) return;
  try {
    remove_tree(parent_.get(), hidden_);
  } catch (const Error&) {
    // There is an error already, or a signal.
  }
}

void NewDirectory::make_hidden() {
  const std::string name = ".acistore-" + random_name();
  if (::mkdirat(parent_.get(), name.c_str(), S_IRWXU) != 0) throw_errno("make directory");
  hidden_ = name;
  fd_ = Fd(::openat(parent_.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd_) throw_errno("open directory");
  // What the parent hands on.
  for (const std::string_view xattr : {kAclAccessXattr, kAclDefaultXattr}) {
    if (::fremovexattr(fd_.get(), xattr.data()) != 0 && errno != ENODATA && errno != EOPNOTSUPP)
      throw_errno("remove access control list");
  }
  if (::fchmod(fd_.get(), S_IRWXU) != 0) throw_errno("set mode");
  // Only the kernel can tell the umask without changing it for other threads.
  struct stat status {};
  if (::mkdirat(fd_.get(), "mode", ACCESSPERMS) != 0 ||
      ::fstatat(fd_.get(), "mode", &status, AT_SYMLINK_NOFOLLOW) != 0 ||
      ::unlinkat(fd_.get(), "mode", AT_REMOVEDIR) != 0)
    throw_errno("make directory");
  usual_mode_ = status.st_mode & ACCESSPERMS;
}

void NewDirectory::refuse() const {
  throw Error(ErrorKind::kRefused, "is there already (--overwrite replaces it)");
}

// A look before the work begins. What counts is what is there when the directory gets its name.
void NewDirectory::check_target() const {
  struct stat status {};
  if (::fstatat(parent_.get(), name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return;
    throw_errno("stat");
  }
  if (if_exists_ == IfExists::kRefuse) refuse();
  if (is_one_of_dots(name_)) throw Error(ErrorKind::kRefused, "cannot be replaced by that name");
  if (!S_ISDIR(status.st_mode) && !S_ISLNK(status.st_mode))
    throw Error(ErrorKind::kRefused, "is there, and no directory that could be replaced");
}

void NewDirectory::publish(bool sync) {
  with_context(printable(path_), [&] {
    if (sync && ::syncfs(fd_.get()) != 0) throw_errno("flush");
    signals_.check();
    rename_or_exchange();
    // EINVAL: the file system has no such thing, and keeps its order in another way (fsync(2)).
    if (sync && ::fsync(parent_.get()) != 0 && errno != EINVAL) throw_errno("flush directory");
    if (hidden_.empty()) return;
    const std::string old = std::exchange(hidden_, {});
    with_context("is replaced, but what was there is left as " + old,
                 [&] { remove_tree(parent_.get(), old); });
  });
}

// Leaves in hidden_ what had the name before, if anything.
void NewDirectory::rename_or_exchange() {
  const int parent = parent_.get();
  while (true) {
    int result = ::renameat2(parent, hidden_.c_str(), parent, name_.c_str(), RENAME_NOREPLACE);
    if (result != 0 && has_no_flags(errno)) {
      // An empty directory is the only thing that this may replace.
      check_target();
      result = ::renameat(parent, hidden_.c_str(), parent, name_.c_str());
      if (result != 0 && (errno == ENOTEMPTY || errno == ENOTDIR)) errno = EEXIST;
    }
    if (result == 0) {
      hidden_.clear();
      return;
    }
    if (errno != EEXIST) throw_errno("rename");
    if (if_exists_ == IfExists::kRefuse) refuse();
    check_target();
    if (replace()) return;
  }
}

// False if there is nothing to replace any more.
bool NewDirectory::replace() {
  const int parent = parent_.get();
  if (::renameat2(parent, hidden_.c_str(), parent, name_.c_str(), RENAME_EXCHANGE) == 0)
    return true;
  if (errno == ENOENT) return false;
  if (!has_no_flags(errno)) throw_errno("exchange");
  // Not in one step, then: for a moment there is nothing of that name.
  const std::string old = ".acistore-" + random_name();
  if (::renameat(parent, name_.c_str(), parent, old.c_str()) != 0) {
    if (errno == ENOENT) return false;
    throw_errno("rename");
  }
  if (::renameat(parent, hidden_.c_str(), parent, name_.c_str()) != 0) {
    const int error = errno;
    ::renameat(parent, old.c_str(), parent, name_.c_str());
    throw system_error(error, "rename");
  }
  hidden_ = old;
  return true;
}

}  // namespace acistore
