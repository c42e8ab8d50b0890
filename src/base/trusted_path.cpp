// SPDX-License-Identifier: Apache-2.0
#include "base/trusted_path.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <filesystem>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/group_share.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

// As many as the kernel follows.
constexpr int kMaxLinks = 40;

// Goes from the root to a directory.
class Walk {
 public:
  Walk(const std::string& path, bool make) : asked_(path), make_(make) {
    fd_ = Fd(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!fd_) fail(errno);
    look();
    push(path);
    if (path.front() != '/') {
      std::error_code error;
      const std::filesystem::path here = std::filesystem::current_path(error);
      if (error) fail(error.value());
      push(here);
    }
  }

  std::optional<TrustedDirectory> go() {
    while (!ahead_.empty()) {
      const std::string name = std::move(ahead_.back());
      ahead_.pop_back();
      if (!step(name)) return std::nullopt;
    }
    if ((here_.st_mode & S_IWOTH) != 0) {
      throw Error(ErrorKind::kRefused, printable(path()) +
                                           ": not trusted: everybody may write to it "
                                           "(chmod o-w makes it safe)");
    }
    Fd directory(::openat(fd_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory) fail(errno);
    return TrustedDirectory{std::move(directory), path()};
  }

 private:
  [[noreturn]] void fail(int error) const { throw system_error(error, printable(asked_)); }

  std::string path() const { return path_.empty() ? "/" : path_; }

  // The names of a path, to be gone before those that are still ahead.
  void push(const std::string& path) {
    std::vector<std::string> names;
    std::string_view rest = path;
    while (!rest.empty()) {
      const std::string_view name = rest.substr(0, rest.find('/'));
      rest.remove_prefix(std::min(name.size() + 1, rest.size()));
      if (!name.empty() && name != ".") names.emplace_back(name);
    }
    ahead_.insert(ahead_.end(), names.rbegin(), names.rend());
  }

  void look() {
    if (::fstat(fd_.get(), &here_) != 0) fail(errno);
  }

  // False if there is nothing of that name.
  bool step(const std::string& name) {
    Fd next(::openat(fd_.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!next && errno == ENOENT) {
      if (!make_) return false;
      make_directory(name);
      next = Fd(::openat(fd_.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    }
    if (!next) fail(errno);
    struct stat status {};
    if (::fstat(next.get(), &status) != 0) fail(errno);
    if (name == "..") {
      path_.erase(path_.empty() ? 0 : path_.rfind('/'));
    } else {
      check_owner(name, status);
      if (S_ISLNK(status.st_mode)) {
        follow(next.get());
        return true;
      }
      path_ += '/' + name;
    }
    if (!S_ISDIR(status.st_mode)) fail(ENOTDIR);
    fd_ = std::move(next);
    here_ = status;
    return true;
  }

  void make_directory(const std::string& name) {
    if (::mkdirat(fd_.get(), name.c_str(), 0777) != 0) {
      if (errno == EEXIST) return;
      throw_errno(printable(asked_) + ": make directory");
    }
    const Fd made(
        ::openat(fd_.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (made) share_with_group(fd_.get(), made.get());
  }

  void check_owner(const std::string& name, const struct stat& entry) const {
    if ((here_.st_mode & S_IWOTH) == 0) return;
    if (entry.st_uid == 0 || entry.st_uid == ::geteuid() || entry.st_uid == here_.st_uid) return;
    throw Error(ErrorKind::kRefused, printable(path_ + '/' + name) +
                                         ": not trusted: it belongs to user " +
                                         std::to_string(entry.st_uid) +
                                         ", and everybody may write to " + printable(path()));
  }

  void follow(int link) {
    if (++links_ > kMaxLinks) fail(ELOOP);
    std::array<char, PATH_MAX> target{};
    const ssize_t size = ::readlinkat(link, "", target.data(), target.size());
    if (size < 0) fail(errno);
    const std::string text(target.data(), static_cast<std::size_t>(size));
    push(text);
    if (!text.starts_with('/')) return;
    fd_ = Fd(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!fd_) fail(errno);
    path_.clear();
    look();
  }

  const std::string& asked_;
  bool make_;
  Fd fd_;  // where the walk is
  struct stat here_ {};
  std::string path_;                // of it; empty for the root
  std::vector<std::string> ahead_;  // the last is the next
  int links_ = 0;
};

}  // namespace

std::optional<TrustedDirectory> open_trusted_directory(const std::string& path, bool make) {
  return Walk(path, make).go();
}

}  // namespace acistore
