// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_READER_HPP
#define ACISTORE_BASE_READER_HPP

#include <cstddef>
#include <span>

namespace acistore {

// A stream of bytes that is pulled into memory of the caller's choice: a file, a decoder. Whoever
// keeps the bytes (a pipeline with several buffers) has them made in place.
class Reader {
 public:
  Reader() = default;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  virtual ~Reader() = default;

  // Puts some of the bytes that come next into `out`, which is not empty, and returns how many: at
  // least one; 0 at the end only, and then ever after. Throws Error.
  virtual std::size_t read(std::span<std::byte> out) = 0;

  // Whether read() would have to wait for bytes that do not come at once: whoever collects bytes
  // then makes do with those that came. False if there are some, at the end, and where nobody can
  // tell.
  virtual bool is_idle() { return false; }
};

// Fills `out` and returns how many bytes there were: fewer than its size only at the end.
std::size_t read_full(Reader& reader, std::span<std::byte> out);

}  // namespace acistore

#endif
