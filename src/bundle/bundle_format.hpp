// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BUNDLE_BUNDLE_FORMAT_HPP
#define ACISTORE_BUNDLE_BUNDLE_FORMAT_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace acistore {

// A bundle (acistore-bundle(5)) is several images in one stream, in which what is in several places
// stands once:
//
//   bundle  = magic list digest part... digest
//   magic   = "acistore bundle 1\n"
//   list    = number of images, and of each
//             its digest, 64 bytes
//             size            number, of bytes
//             marks           number: bit 0, the latest mark; the others are 0
//             name            text
//             labels          number of them, and of each its name and its value, texts
//             remotes         number of them, and of each
//                             aciURL, sigURL, etag: texts; max age: number, of seconds;
//                             download time: number, of nanoseconds since 1970
//   part    = the bytes of one image, in the order of the list, as pieces that make up its size:
//             data            number, twice the length; then so many bytes
//             copy            number, twice the length plus one; then
//                             back      number: 0 for the same image, n for the n-th before it
//                             offset    number: where in that image the bytes begin
//   digest  = SHA-512 of all bytes of the bundle before it
//   text    = number, its length; then so many bytes, UTF-8
//   number  = unsigned LEB128: seven bits a byte, the lowest first; bit 7 says that more follow. In
//             as few bytes as it takes, and below 2^63.
//
// No piece is empty. A copy from the same image takes what stands before the copy. A copy from
// another one reaches back kMostBack images at most, so that a reader keeps no more of them open.

inline constexpr std::string_view kBundleMagic = "acistore bundle 1\n";
inline constexpr std::size_t kMostBack = 255;

// What a bundle may ask of its reader. Whoever exceeds one is told which.
inline constexpr std::uint64_t kMaxBundledImages = 100'000;
inline constexpr std::uint64_t kMaxBundledImageBytes = std::uint64_t{64} << 30;
inline constexpr std::uint64_t kMaxBundleTextBytes = std::uint64_t{4} << 20;  // as a manifest has
inline constexpr std::uint64_t kMaxBundledLabels = 1'000'000;                 // of all images
inline constexpr std::uint64_t kMaxBundledRemotes = 100'000;                  // of all images
inline constexpr std::uint64_t kMaxRemotesOfImage = 1'000;
inline constexpr std::uint64_t kMaxBundleListBytes = std::uint64_t{64} << 20;

enum class PieceKind : std::uint8_t { kData = 0, kCopy = 1 };

}  // namespace acistore

#endif
