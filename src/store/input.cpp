// SPDX-License-Identifier: Apache-2.0
#include "store/input.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <utility>

namespace acistore {
namespace {

// How fine the times of files are, at worst. Most file systems take them from the kernel's clock,
// which goes on once a tick (the slowest: 10 ms); some keep whole seconds, or every second one
// (FAT), and then all the digits below are zero.
constexpr UnixNanos kSecond = 1'000'000'000;
constexpr UnixNanos kTick = kSecond / 100;
constexpr UnixNanos kCoarseTick = 2 * kSecond;

std::optional<FileIdentity> identity_of(const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  return FileIdentity{.device = static_cast<std::int64_t>(status.st_dev),
                      .inode = static_cast<std::int64_t>(status.st_ino),
                      .size = status.st_size,
                      .mtime = to_nanos(status.st_mtim),
                      .ctime = to_nanos(status.st_ctim)};
}

std::optional<FileIdentity> identify(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return std::nullopt;
  return identity_of(status);
}

std::optional<std::uint64_t> size_of(const std::optional<FileIdentity>& file) {
  if (!file) return std::nullopt;
  return static_cast<std::uint64_t>(file->size);
}

UnixNanos file_clock() {
  timespec time{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &time);
  return to_nanos(time);
}

}  // namespace

InputFile::InputFile(const std::string& name, Progress& progress)
    : InputFile(name == kStandardInput ? Fd() : open_input(name.c_str()), name, progress) {}

InputFile::InputFile(Fd file, const std::string& name, Progress& progress)
    : own_(std::move(file)),
      opened_(file_clock()),
      before_(identify(fd())),
      is_whole_(before_ && ::lseek(fd(), 0, SEEK_CUR) == 0),
      progress_(progress),
      scope_(progress, name, size_of(before_)),
      file_(before_ ? FdReader(fd()) : FdReader(fd(), interrupt_.emplace())),
      counted_(file_, progress) {}

std::optional<int> InputFile::whole_file() const {
  if (!is_whole_) return std::nullopt;
  return fd();
}

void InputFile::interrupt() {
  if (interrupt_) interrupt_->raise();
}

std::optional<FileIdentity> InputFile::identity() const {
  if (!before_ || identify(fd()) != before_) return std::nullopt;
  // Writing sets both times, and only mtime can be set back.
  const UnixNanos tick = before_->ctime % kSecond == 0 ? kCoarseTick : kTick;
  if (before_->ctime + tick >= opened_) return std::nullopt;
  return before_;
}

std::optional<FileIdentity> identify(const std::string& name) {
  struct stat status {};
  if (name == kStandardInput || ::stat(name.c_str(), &status) != 0) return std::nullopt;
  return identity_of(status);
}

}  // namespace acistore
