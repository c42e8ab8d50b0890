// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_ENCODE_HPP
#define ACISTORE_CODEC_ENCODE_HPP

#include <cstdint>
#include <memory>
#include <optional>

#include "codec/codec.hpp"
#include "codec/encoder.hpp"

namespace acistore {

// What a level of compression may be, and which it is if nobody says.
struct LevelRange {
  int least;
  int most;
  int usual;
};

// Nothing for Compression::kNone.
std::optional<LevelRange> compression_levels(Compression compression);

struct EncodeOptions {
  Compression compression = Compression::kNone;
  int level = 0;         // within compression_levels()
  unsigned threads = 1;  // that compress, beside the one that writes
  // Of all that will be written, in bytes, where that is known.
  std::optional<std::uint64_t> size = {};
};

// An encoder that gives `write` the compressed bytes. They depend on what is compressed, on the
// format and its level, and on the library, and on nothing else: neither on the threads, nor on how
// the bytes are cut up when they are written, nor on the time.
//
//   gzip   one member without a name or a time, deflated in pieces as pigz(1) does
//   bzip2  streams of up to one block each, one after the other, as pbzip2(1) makes them
//   xz     one stream of blocks of three dictionaries each, as `xz -T` makes it; CRC-64
//   zstd   one frame with its size, if known, and a checksum, as `zstd -T` makes it
//
// Throws Error(kUsage) for zstd in a build without libzstd.
std::unique_ptr<Encoder> make_encoder(const EncodeOptions& options, WriteEncoded write);

}  // namespace acistore

#endif
