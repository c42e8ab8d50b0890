// SPDX-License-Identifier: Apache-2.0
#include "base/seeking_source.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"

namespace acistore {
namespace {

// A header, and the content of most files with it.
constexpr std::size_t kLeastPiece = 4096;
constexpr std::size_t kMostPiece = std::size_t{256} * 1024;

}  // namespace

SeekingSource::SeekingSource(int fd, std::uint64_t size)
    : fd_(fd),
      size_(size),
      piece_(kLeastPiece),
      buffer_(std::make_unique_for_overwrite<std::byte[]>(kMostPiece)) {}

void SeekingSource::seek(std::uint64_t offset) {
  offset_ = offset;
  piece_ = kLeastPiece;
}

Bytes SeekingSource::next() {
  while (true) {
    const ssize_t count = ::pread(fd_, buffer_.get(), piece_, static_cast<off_t>(offset_));
    if (count >= 0) {
      const auto length = static_cast<std::size_t>(count);
      offset_ += length;
      piece_ = std::min(piece_ * 2, kMostPiece);
      return {buffer_.get(), length};
    }
    if (errno != EINTR) throw_errno("read");
  }
}

std::uint64_t SeekingSource::skip(std::uint64_t count) {
  const std::uint64_t step = std::min(count, size_ - std::min(offset_, size_));
  offset_ += step;
  // A short step is no reason to expect another one.
  if (step >= kLeastPiece) piece_ = kLeastPiece;
  return step;
}

}  // namespace acistore
