// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_CODEC_HPP
#define ACISTORE_CODEC_CODEC_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/reader.hpp"

namespace acistore {

// How an archive may be compressed.
enum class Compression { kNone, kGzip, kBzip2, kXz, kZstd };

// The most memory that decoding may take, whatever the stream asks for. Streams of xz and zstd can
// ask for much: up to 4 GiB (`xz -9` asks for 65 MiB, `zstd --ultra -22` for 128 MiB).
inline constexpr std::uint64_t kMaxDecoderMemory = std::uint64_t{256} << 20;

// none, gzip, bzip2, xz or zstd.
std::string_view to_text(Compression compression);

// The other way round; nothing for any other text.
std::optional<Compression> parse_compression(std::string_view text);

struct DecodedStream {
  Compression compression;
  std::unique_ptr<Reader> bytes;
};

// What is inside `compressed`, which is recognised by its first bytes alone and must outlive the
// result. Whatever is not recognised passes through as it is.
//
//   gzip   1f 8b; several members are one stream, and zero bytes may follow the last one
//   bzip2  "BZh", a digit 1-9 and a block or the end of the stream; several streams are one
//   xz     fd 37 7a 58 5a 00; several streams are one, with stream padding (zero bytes, a multiple
//          of four) between and after them
//   zstd   28 b5 2f fd, or the beginning of a skippable frame, 50-5f 2a 4d 18; several frames of
//          either kind are one stream
//
// Nothing else may follow. Reading to the end has verified every checksum and the end of the
// compressed data. What could be decoded is given first; then read() throws, and ever after,
// Error(kInvalid) if the data is damaged, cut off or followed by something else:
// "gzip: truncated at byte 12345 of the compressed data". decode() itself throws Error(kInvalid) if
// this is zstd and the build has no libzstd.
//
// With more than one thread bzip2 and xz are decoded in up to so many threads beside the caller's,
// in which `compressed` is read; the outcome is the same.
DecodedStream decode(Reader& compressed, unsigned threads = 1);

}  // namespace acistore

#endif
