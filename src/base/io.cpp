// SPDX-License-Identifier: Apache-2.0
#include "base/io.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "base/error.hpp"

namespace acistore {

std::size_t read_some(int fd, std::span<std::byte> buffer) {
  while (true) {
    const ssize_t count = ::read(fd, buffer.data(), buffer.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) throw_errno("read");
  }
}

std::size_t read_at(int fd, std::uint64_t offset, std::span<std::byte> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const ssize_t count =
        ::pread(fd, out.data() + filled, out.size() - filled, static_cast<off_t>(offset + filled));
    if (count == 0) break;
    if (count > 0) {
      filled += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      throw_errno("read");
    }
  }
  return filled;
}

void write_all(int fd, Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      throw_errno("write");
    }
  }
}

Fd open_input(const char* path) {
  while (true) {
    Fd fd(::open(path, O_RDONLY | O_CLOEXEC));
    if (fd) return fd;
    if (errno != EINTR) throw_errno("open");
  }
}

std::size_t FdReader::read(std::span<std::byte> out) {
  if (interrupt_ != nullptr && !std::exchange(has_input_, false)) interrupt_->wait_for_input(fd_);
  return read_some(fd_, out);
}

bool FdReader::is_idle() {
  // Longer than a busy writer takes for its next piece, and too short to be noticed.
  constexpr std::chrono::milliseconds kPatience{20};
  if (interrupt_ == nullptr) return false;
  has_input_ = interrupt_->wait_for_input(fd_, kPatience);
  return !has_input_;
}

FdSource::FdSource(int fd)
    : fd_(fd), buffer_(std::make_unique_for_overwrite<std::byte[]>(kBufferBytes)) {
  struct stat status {};
  seekable_ = ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

Bytes FdSource::next() {
  const std::size_t count = read_some(fd_, {buffer_.get(), kBufferBytes});
  return {buffer_.get(), count};
}

std::uint64_t FdSource::skip(std::uint64_t count) {
  // A seek costs a system call and the readahead, so a short skip is better read over.
  if (!seekable_ || count < kBufferBytes) return 0;
  struct stat status {};
  const off_t here = ::lseek(fd_, 0, SEEK_CUR);
  if (here < 0 || ::fstat(fd_, &status) != 0 || status.st_size <= here) return 0;
  // Seeking beyond the end succeeds, so the end is looked up first.
  const auto left = static_cast<std::uint64_t>(status.st_size - here);
  const std::uint64_t step = std::min(count, left);
  if (::lseek(fd_, static_cast<off_t>(step), SEEK_CUR) < 0) throw_errno("seek");
  return step;
}

}  // namespace acistore
