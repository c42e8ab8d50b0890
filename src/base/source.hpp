// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_SOURCE_HPP
#define ACISTORE_BASE_SOURCE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace acistore {

using Bytes = std::span<const std::byte>;

// A stream of bytes that is pulled. Each stage of an import (file, decoder, hash and write, tar
// reader) is a Source over another one, and bytes are handed on in the buffer in which they were
// made, so that a stage copies only what it must.
class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  // The next run of bytes, of any length but zero; empty at the end, and then ever after. The bytes
  // stay valid until the next call of next() or skip(). Throws Error.
  virtual Bytes next() = 0;

  // Passes over up to `count` bytes without reading them and returns how many: a saving for a
  // source that can seek. 0 means only that the bytes have to be read; see Cursor::skip.
  virtual std::uint64_t skip([[maybe_unused]] std::uint64_t count) { return 0; }
};

// A reader's place in a Source: takes what it needs of a run and keeps the rest for later.
class Cursor {
 public:
  explicit Cursor(Source& source) : source_(source) {}

  // Up to `most` of the bytes that come next, at least one; empty at the end only. Valid until the
  // next call.
  Bytes take(std::uint64_t most);

  // Fills `out` and returns how many bytes there were: fewer than its size only at the end.
  std::size_t read(std::span<std::byte> out);

  // Passes over `count` bytes and returns how many there were: fewer only at the end.
  std::uint64_t skip(std::uint64_t count);

 private:
  Source& source_;
  Bytes rest_;
};

// A Source over bytes that somebody else keeps, in one run.
class MemorySource final : public Source {
 public:
  explicit MemorySource(Bytes bytes) : bytes_(bytes) {}
  Bytes next() override { return std::exchange(bytes_, {}); }

 private:
  Bytes bytes_;
};

inline Bytes as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace acistore

#endif
