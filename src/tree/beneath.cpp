// SPDX-License-Identifier: Apache-2.0
#include "tree/beneath.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace acistore {
namespace {

std::atomic<bool> kernel_cannot{false};

Fd open_in_kernel(int root, const std::string& path, int flags) {
  open_how how{};
  how.flags = static_cast<__u64>(flags | O_NOFOLLOW | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return Fd(static_cast<int>(::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how)));
}

Fd open_stepwise(int root, const std::string& path, int flags) {
  Fd directory;
  std::size_t start = 0;
  for (std::size_t slash; (slash = path.find('/', start)) != std::string::npos; start = slash + 1) {
    const std::string component = path.substr(start, slash - start);
    Fd next(::openat(directory ? directory.get() : root, component.c_str(),
                     O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next) return next;
    directory = std::move(next);
  }
  return Fd(::openat(directory ? directory.get() : root, path.c_str() + start,
                     flags | O_NOFOLLOW | O_CLOEXEC));
}

}  // namespace

Resolver best_resolver() {
  return kernel_cannot ? Resolver::kStepwise : Resolver::kKernel;
}

Fd open_beneath(int root, const std::string& path, int flags, Resolver resolver) {
  if (resolver == Resolver::kKernel) {
    Fd fd = open_in_kernel(root, path, flags);
    // Sandboxes answer what they do not know by either.
    if (fd || (errno != ENOSYS && errno != EPERM)) return fd;
    if (errno == ENOSYS) kernel_cannot = true;
  }
  return open_stepwise(root, path, flags);
}

}  // namespace acistore
