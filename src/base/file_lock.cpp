// SPDX-License-Identifier: Apache-2.0
#include "base/file_lock.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/lock_holder.hpp"

namespace acistore {
namespace {

// As F_OFD_SETLK and F_OFD_GETLK say it on NFS without its lock service, on Lustre mounted without
// locks, and on others.
bool means_no_locks(int error) {
  return error == ENOLCK || error == EOPNOTSUPP || error == ENOSYS || error == EINVAL;
}

Error lock_error(int error) {
  return system_error(error,
                      means_no_locks(error) ? "the file system has no working locks" : "lock");
}

int set_lock(int fd, off_t byte, off_t count, int type) {
  struct flock lock {};
  lock.l_type = static_cast<short>(type);
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = count;
  while (true) {
    if (::fcntl(fd, F_OFD_SETLK, &lock) == 0) return 0;
    if (errno != EINTR) return errno;
  }
}

}  // namespace

void check_locks_work(int fd) {
  struct flock lock {};
  lock.l_type = F_RDLCK;
  lock.l_whence = SEEK_SET;
  if (::fcntl(fd, F_OFD_GETLK, &lock) != 0 && means_no_locks(errno)) throw lock_error(errno);
}

ByteLock::ByteLock(int fd, off_t byte, LockMode mode, std::chrono::milliseconds timeout,
                   off_t count)
    : fd_(fd), byte_(byte), count_(count) {
  // Polling, because a wait in the kernel (F_OFD_SETLKW) can only be ended by a signal. Locks are
  // held for milliseconds, so the steps begin short.
  const Deadline deadline(timeout);
  std::chrono::milliseconds step{1};
  while (true) {
    const int error = set_lock(fd, byte, count, mode == LockMode::kShared ? F_RDLCK : F_WRLCK);
    if (error == 0) return;
    if (error != EAGAIN && error != EACCES) throw lock_error(error);
    if (deadline.passed()) {
      struct stat file {};
      const auto first = static_cast<std::uint64_t>(byte);
      const ByteRange bytes{first, first + static_cast<std::uint64_t>(count) - 1};
      throw Error(ErrorKind::kBusy,
                  busy_message(::fstat(fd, &file) == 0 ? describe_lock_holder(file, bytes)
                                                       : std::string()));
    }
    std::this_thread::sleep_for(step);
    step = std::min(step * 2, std::chrono::milliseconds{50});
  }
}

ByteLock::ByteLock(ByteLock&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), byte_(other.byte_), count_(other.count_) {}

ByteLock::~ByteLock() {
  if (fd_ >= 0) set_lock(fd_, byte_, count_, F_UNLCK);
}

}  // namespace acistore
