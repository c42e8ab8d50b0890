// SPDX-License-Identifier: Apache-2.0
#include "base/fd.hpp"

#include <cerrno>

#include "base/error.hpp"

namespace acistore {

void Fd::close() {
  const int fd = std::exchange(fd_, -1);
  // EINTR leaves the descriptor closed on Linux (close(2)), so it is no failure and no retry.
  if (fd >= 0 && ::close(fd) != 0 && errno != EINTR) throw_errno("close");
}

}  // namespace acistore
