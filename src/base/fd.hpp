// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_FD_HPP
#define ACISTORE_BASE_FD_HPP

#include <unistd.h>

#include <utility>

namespace acistore {

// Owns a file descriptor. The destructor closes it and ignores the answer: it is the failure path.
// Where closing can lose data (a file that was written), call close() and let it throw.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

  // Gives it up to somebody else, who closes it.
  int release() { return std::exchange(fd_, -1); }

  // Closes it and throws Error when the kernel reports that written data was lost (close(2): EIO,
  // ENOSPC and EDQUOT can come as late as here, on NFS above all).
  void close();

 private:
  int fd_ = -1;
};

}  // namespace acistore

#endif
