// SPDX-License-Identifier: Apache-2.0
#include "blob/blob_writer.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/group_share.hpp"
#include "base/io.hpp"
#include "base/unnamed_file.hpp"

namespace acistore {
namespace {

// Read-only for everybody, less the umask, from its first moment: a blob never changes.
constexpr mode_t kMode = 0444;

// Marks a file in tmp/ as somebody's. Returns 0 or errno; EWOULDBLOCK if another has a lock on it.
int try_to_hold(int fd) {
  return ::flock(fd, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
}

}  // namespace

BlobWriter::BlobWriter(int temporary, Writeback writeback)
    : temporary_(temporary), writeback_(writeback), fd_(open_unnamed(temporary, kMode)) {
  if (!fd_) make_named();
  share_with_group(temporary_, fd_.get());
}

void BlobWriter::make_named() {
  while (true) {
    std::string name = random_name();
    fd_ = Fd(::openat(temporary_, name.c_str(), O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC,
                      kMode));
    if (!fd_) throw_errno("make temporary file");
    // Somebody who sweeps tmp/ may have come between the two calls and taken the file for rubbish:
    // it is unlinked then, or about to be, which shows by his lock on it.
    const int error = try_to_hold(fd_.get());
    struct stat status {};
    if (error == 0 && ::fstat(fd_.get(), &status) == 0 && status.st_nlink > 0) {
      name_ = std::move(name);
      return;
    }
    ::unlinkat(temporary_, name.c_str(), 0);
    if (error != 0 && error != EWOULDBLOCK) throw system_error(error, "lock temporary file");
  }
}

BlobWriter::BlobWriter(BlobWriter&& other) noexcept
    : temporary_(other.temporary_),
      writeback_(other.writeback_),
      fd_(std::move(other.fd_)),
      name_(std::exchange(other.name_, {})),
      size_(other.size_),
      written_back_(other.written_back_) {}

BlobWriter::~BlobWriter() {
  if (has_name()) ::unlinkat(temporary_, name_.c_str(), 0);
}

void BlobWriter::write(Bytes bytes) {
  write_all(fd_.get(), bytes);
  size_ += bytes.size();
  if (writeback_ == Writeback::kEarly) write_back_early();
}

void BlobWriter::write_back_early() {
  // Of 200 MB that were decoded and written, the flush at the end took 168 ms, and 30 ms with this;
  // the calls took 46 ms in all, while others decoded. 4 to 32 MiB were much the same.
  constexpr std::uint64_t kStepBytes = std::uint64_t{8} << 20;
  const std::uint64_t ready = size_ - written_back_;
  if (ready < kStepBytes) return;
  // Only a start. Whether it is done, or can be done here at all, flush() sees to.
  [[maybe_unused]] const int ignored =
      ::sync_file_range(fd_.get(), static_cast<off64_t>(written_back_), static_cast<off64_t>(ready),
                        SYNC_FILE_RANGE_WRITE);
  written_back_ = size_;
}

bool BlobWriter::clone(int file) {
  // Whatever the reason why it fails, who then writes the bytes is told of it if it lasts.
  const bool is_cloned = ::ioctl(fd_.get(), FICLONE, file) == 0;
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0) throw_errno("stat temporary file");
  if (!is_cloned) {
    // Where it failed in the middle, something may be there. Not without need: a file that was cut
    // off is written out by ext4 when it is closed.
    const bool is_empty = status.st_size == 0 && status.st_blocks == 0;
    if (!is_empty && ::ftruncate(fd_.get(), 0) != 0) throw_errno("truncate temporary file");
    return false;
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
  return true;
}

Fd BlobWriter::duplicate() const {
  Fd fd(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0));
  if (!fd) throw_errno("duplicate the descriptor of a temporary file");
  return fd;
}

void BlobWriter::allocate(std::uint64_t size) {
  // Where the file system cannot do it, the C library writes to each block.
  const int error = ::posix_fallocate(fd_.get(), 0, static_cast<off_t>(size));
  if (error != 0) throw system_error(error, "allocate");
  size_ = size;
}

void BlobWriter::set_mtime(UnixNanos mtime) {
  const std::array<timespec, 2> times{timespec{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                                      to_timespec(mtime)};
  if (::futimens(fd_.get(), times.data()) != 0) throw_errno("set modification time");
}

void BlobWriter::flush() {
  if (::fsync(fd_.get()) != 0) throw_errno("flush");
}

void BlobWriter::publish(int directory, const std::string& name) {
  if (!has_name()) {
    const int error = link_open_file(fd_.get(), directory, name.c_str());
    if (error == 0) return;
    if (error != EEXIST) throw system_error(error, "link " + name);
    // A link never replaces, so the file gets a name to be renamed from. It is held before it has
    // one, so that nobody takes it for rubbish.
    const int held = try_to_hold(fd_.get());
    if (held != 0) throw system_error(held, "lock temporary file");
    std::string temporary_name = random_name();
    const int second = link_open_file(fd_.get(), temporary_, temporary_name.c_str());
    if (second != 0) throw system_error(second, "link temporary file");
    name_ = std::move(temporary_name);
  }
  if (::renameat(temporary_, name_.c_str(), directory, name.c_str()) != 0) {
    throw_errno("rename to " + name);
  }
  name_.clear();
}

}  // namespace acistore
