// SPDX-License-Identifier: Apache-2.0
#include "base/kernel_copy.hpp"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace acistore {
namespace {

// As much as a call may copy: so little that progress can be told while a file is copied, and, for
// file systems that share extents rather than copy, a multiple of any block size.
constexpr std::size_t kMostBytes = std::size_t{16} << 20;

// What a pipe is made to hold at least. With the 64 KiB of a new pipe its two ends wait for each
// other so often that a copy takes a third longer. More would be a little faster still, but all
// pipes of a user together may hold no more than 64 MiB, and later ones then get next to nothing.
constexpr int kPipeBytes = 256 * 1024;

// One call of the kernel: the bytes that it copied, 0 at the end, or -1 with errno set.
using Step = ssize_t (*)(int from, int to);

ssize_t step_splice(int from, int to) {
  return ::splice(from, nullptr, to, nullptr, kMostBytes, SPLICE_F_MORE);
}

ssize_t step_copy_file_range(int from, int to) {
  return ::copy_file_range(from, nullptr, to, nullptr, kMostBytes, 0);
}

ssize_t step_sendfile(int from, int to) {
  return ::sendfile(to, from, nullptr, kMostBytes);
}

void enlarge_pipe(int pipe) {
  const int size = ::fcntl(pipe, F_GETPIPE_SZ);
  // It may be refused, and then it stays as it is.
  if (size > 0 && size < kPipeBytes) ::fcntl(pipe, F_SETPIPE_SZ, kPipeBytes);
}

// Until there is nothing more, or it fails.
void repeat(Step step, int from, int to, Progress& progress) {
  while (true) {
    const ssize_t count = step(from, to);
    if (count > 0) {
      progress.advance(static_cast<std::uint64_t>(count));
    } else if (count == 0 || errno != EINTR) {
      return;
    }
  }
}

}  // namespace

void copy_in_kernel(int from, int to, Progress& progress) {
  struct stat status {};
  if (::fstat(to, &status) != 0) return;
  if (S_ISFIFO(status.st_mode)) {
    enlarge_pipe(to);
    repeat(step_splice, from, to, progress);
  } else if (S_ISREG(status.st_mode)) {
    // Refuses two file systems before Linux 5.3, and some pairs of them since (EXDEV).
    repeat(step_copy_file_range, from, to, progress);
    repeat(step_sendfile, from, to, progress);
  } else if (S_ISSOCK(status.st_mode)) {
    repeat(step_sendfile, from, to, progress);
  }
}

}  // namespace acistore
