// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_SEEKING_SOURCE_HPP
#define ACISTORE_BASE_SEEKING_SOURCE_HPP

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/source.hpp"

namespace acistore {

// The bytes of a regular file for somebody who looks at few of them: skip() costs no system call,
// and what comes after it is read in a small piece first. As long as nothing is skipped the pieces
// grow. FdSource is for whoever reads all. Does not own the descriptor, and does not move its
// position.
class SeekingSource final : public Source {
 public:
  // `size` is that of the file, in bytes.
  SeekingSource(int fd, std::uint64_t size);

  // The next run begins here, wherever the source was. A Cursor over it has to be made anew.
  void seek(std::uint64_t offset);

  Bytes next() override;
  std::uint64_t skip(std::uint64_t count) override;

 private:
  int fd_;
  std::uint64_t size_;
  std::uint64_t offset_ = 0;
  std::size_t piece_;  // bytes to read next
  std::unique_ptr<std::byte[]> buffer_;
};

}  // namespace acistore

#endif
