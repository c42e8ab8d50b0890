// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_IO_HPP
#define ACISTORE_BASE_IO_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/fd.hpp"
#include "base/interrupt.hpp"
#include "base/reader.hpp"
#include "base/source.hpp"

namespace acistore {

// read(2) that goes on after EINTR. 0 at the end. Throws Error ("read: ...").
std::size_t read_some(int fd, std::span<std::byte> buffer);

// pread(2) until `out` is full, going on after EINTR and short reads; returns how many bytes there
// were: fewer than its size only at the end. Throws Error ("read: ...").
std::size_t read_at(int fd, std::uint64_t offset, std::span<std::byte> out);

// Writes all of `bytes`, going on after EINTR and short writes. Throws Error ("write: ...").
void write_all(int fd, Bytes bytes);

// Opens a file that the user named, for reading. Throws Error: "open: ...".
Fd open_input(const char* path);

// The bytes of a descriptor from its current position to its end. Does not own the descriptor.
class FdReader final : public Reader {
 public:
  explicit FdReader(int fd) : fd_(fd) {}

  // A pipe, say, in which nothing may come for long: `interrupt`, which must outlive the reader,
  // ends the waiting.
  FdReader(int fd, const Interrupt& interrupt) : fd_(fd), interrupt_(&interrupt) {}

  // Throws Error, too, once it was interrupted.
  std::size_t read(std::span<std::byte> out) override;

  bool is_idle() override;

 private:
  int fd_;
  const Interrupt* interrupt_ = nullptr;
  bool has_input_ = false;  // as is_idle() saw
};

// The bytes of a descriptor from its current position to its end, in runs of one buffer's size. If
// it is a regular file, skip() seeks. Does not own the descriptor.
class FdSource final : public Source {
 public:
  static constexpr std::size_t kBufferBytes = 256 * 1024;

  explicit FdSource(int fd);
  Bytes next() override;
  std::uint64_t skip(std::uint64_t count) override;

 private:
  int fd_;
  bool seekable_;
  std::unique_ptr<std::byte[]> buffer_;
};

}  // namespace acistore

#endif
