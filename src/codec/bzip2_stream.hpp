// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_BZIP2_STREAM_HPP
#define ACISTORE_CODEC_BZIP2_STREAM_HPP

#include <bzlib.h>

#include <cstddef>
#include <span>

#include "base/source.hpp"

namespace acistore {

// libbz2 at work on one stream. What it gives before an error does not depend on the room that it
// was given for it, as it does with BZ2_bzDecompress() alone.
class Bzip2Stream {
 public:
  Bzip2Stream() = default;
  Bzip2Stream(const Bzip2Stream&) = delete;
  Bzip2Stream& operator=(const Bzip2Stream&) = delete;
  ~Bzip2Stream() { close(); }

  // Begins with a new stream; false if there is no memory.
  bool open();

  struct Step {
    int status;  // of libbz2
    std::size_t consumed;
    std::size_t produced;
  };

  // Decodes some of `in` (may be empty) into `out` (may not be).
  Step decode(Bytes in, std::span<std::byte> out);

  void close();

 private:
  Step call(Bytes in, std::span<std::byte> out);

  bz_stream bzip2_{};  // points to itself
  bool is_open_ = false;
};

}  // namespace acistore

#endif
