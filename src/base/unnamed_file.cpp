// SPDX-License-Identifier: Apache-2.0
#include "base/unnamed_file.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

#include "base/error.hpp"
#include "base/hex.hpp"

namespace acistore {

std::string random_name() {
  std::array<std::byte, 16> bits{};
  if (::getrandom(bits.data(), bits.size(), 0) != static_cast<ssize_t>(bits.size())) {
    throw_errno("getrandom");
  }
  return to_hex(bits);
}

Fd open_unnamed(int directory, mode_t mode) {
  Fd fd(::openat(directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, mode));
  // EOPNOTSUPP: overlayfs on older kernels, NFS and others. EISDIR: a kernel that has no O_TMPFILE.
  if (!fd && errno != EOPNOTSUPP && errno != EISDIR) throw_errno("make temporary file");
  return fd;
}

// AT_EMPTY_PATH needs a capability on older kernels, /proc needs to be mounted: one of the two
// works (open(2), O_TMPFILE).
int link_open_file(int fd, int directory, const char* name) {
  if (::linkat(fd, "", directory, name, AT_EMPTY_PATH) == 0) return 0;
  if (errno != ENOENT && errno != EPERM && errno != EINVAL) return errno;
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  if (::linkat(AT_FDCWD, path.c_str(), directory, name, AT_SYMLINK_FOLLOW) == 0) return 0;
  return errno;
}

}  // namespace acistore
