// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_SHA512_HPP
#define ACISTORE_BASE_SHA512_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/source.hpp"

namespace acistore {

using Sha512Digest = std::array<std::byte, 64>;

// What SHA-512 carries from one block to the next: the hash value H of FIPS 180-4, word by word.
using Sha512State = std::array<std::uint64_t, 8>;

inline constexpr std::size_t kSha512BlockBytes = 128;

// H(0), with which every stream begins.
extern const Sha512State kSha512Start;

// The most bytes that sha512_pad() appends.
inline constexpr std::size_t kSha512MostPadding = kSha512BlockBytes + 16;

// Appends the padding of a stream of `stream_bytes` bytes, which makes whole blocks of it, and
// returns its length. `out` is what follows the stream's last byte, with room for
// kSha512MostPadding bytes.
std::size_t sha512_pad(std::uint64_t stream_bytes, std::byte* out);

// The digest of a stream whose blocks, padding included, led to `state`.
Sha512Digest sha512_digest(const Sha512State& state);

// SHA-512 (FIPS 180-4) of a stream.
class Sha512 {
 public:
  void update(Bytes bytes);

  // The digest of all that was given. Ends the stream: nothing may be called after it.
  Sha512Digest finish();

 private:
  std::size_t held() const { return static_cast<std::size_t>(bytes_ % kSha512BlockBytes); }

  Sha512State state_ = kSha512Start;
  std::uint64_t bytes_ = 0;  // of the stream, so far
  // The bytes that make no whole block yet; room for padding after them.
  std::array<std::byte, kSha512BlockBytes + kSha512MostPadding> rest_;
};

}  // namespace acistore

#endif
