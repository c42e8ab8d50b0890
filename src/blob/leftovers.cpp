// SPDX-License-Identifier: Apache-2.0
#include "blob/leftovers.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/quote.hpp"
#include "blob/directory.hpp"
#include "blob/layout.hpp"

namespace acistore {
namespace {

std::string path_of(const char* directory, const std::string& name) {
  return std::string(directory) + '/' + printable(name);
}

// What it is before anything is done to it; removed, unless it turns out otherwise.
Leftover look(int directory, const char* parent, const std::string& name) {
  struct stat status {};
  if (::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return {.state = Leftover::State::kGone};
    throw_errno("stat " + path_of(parent, name));
  }
  if (S_ISDIR(status.st_mode)) return {.state = Leftover::State::kNoFile};
  return {.state = Leftover::State::kRemoved, .size = static_cast<std::uint64_t>(status.st_size)};
}

void unlink_name(int directory, const char* parent, const std::string& name, Leftover& leftover) {
  if (::unlinkat(directory, name.c_str(), 0) == 0) return;
  if (errno != ENOENT) throw_errno("remove " + path_of(parent, name));
  leftover.state = Leftover::State::kGone;
}

}  // namespace

std::vector<std::string> leftover_names(int store, const char* directory) {
  const std::optional<Fd> parent = open_directory(store, directory);
  if (!parent) return {};
  std::vector<std::string> names = directory_names(parent->get());
  std::sort(names.begin(), names.end());
  return names;
}

Leftover sweep_temporary(int store, const std::string& name, Disposal disposal) {
  const char* const parent = layout::kTemporary;
  const std::optional<Fd> directory = open_directory(store, parent);
  if (!directory) return {};
  Leftover leftover = look(directory->get(), parent, name);
  if (leftover.state != Leftover::State::kRemoved) return leftover;
  // O_NONBLOCK: a fifo must not make the open wait.
  const Fd file(::openat(directory->get(), name.c_str(),
                         O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  // ELOOP, ENXIO: symbolic links and sockets, which nobody can hold.
  if (!file && errno != ELOOP && errno != ENXIO) {
    if (errno == ENOENT) return {.state = Leftover::State::kGone};
    if (errno == EACCES) return {.state = Leftover::State::kNotKnown};
    throw_errno("open " + path_of(parent, name));
  }
  // Whoever works on it holds it exclusively, and whoever has just made it and finds it locked
  // gives it up (BlobWriter). Shared, since the other needs a descriptor for writing over NFS.
  if (file && ::flock(file.get(), LOCK_SH | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return {.state = Leftover::State::kHeld};
    throw_errno("lock " + path_of(parent, name));
  }
  // A name in tmp/ is random and used once, so it is that of this file, or nobody's.
  if (disposal == Disposal::kRemove) unlink_name(directory->get(), parent, name, leftover);
  return leftover;
}

Leftover empty_quarantine(int store, const std::string& name, Disposal disposal) {
  const char* const parent = layout::kQuarantine;
  const std::optional<Fd> directory = open_directory(store, parent);
  if (!directory) return {};
  Leftover leftover = look(directory->get(), parent, name);
  if (leftover.state == Leftover::State::kRemoved && disposal == Disposal::kRemove) {
    unlink_name(directory->get(), parent, name, leftover);
  }
  return leftover;
}

}  // namespace acistore
