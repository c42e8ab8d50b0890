// SPDX-License-Identifier: Apache-2.0
#include "base/sha512.hpp"

#include <algorithm>

#include "base/sha512_compress.hpp"

namespace acistore {
namespace {

template <typename Word>
void store_big_endian(Word word, std::byte* out) {
  for (std::size_t i = sizeof(Word); i-- > 0; word = static_cast<Word>(word >> 8))
    out[i] = static_cast<std::byte>(word & 0xff);
}

}  // namespace

void sha512_compress(Sha512State& state, const std::byte* blocks, std::size_t count) {
  SHA512_COMPRESS(state, blocks, count);  // of the library that Meson found
}

const Sha512State kSha512Start{0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                               0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                               0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

std::size_t sha512_pad(std::uint64_t stream_bytes, std::byte* out) {
  // A bit 1, as many bits 0 as it takes, and the length in bits as a number of 16 bytes.
  constexpr std::size_t kLength = 16;
  const auto held = static_cast<std::size_t>(stream_bytes % kSha512BlockBytes);
  const std::size_t blocks = held + 1 + kLength <= kSha512BlockBytes ? 1 : 2;
  const std::size_t padding = blocks * kSha512BlockBytes - held;
  out[0] = std::byte{0x80};
  std::fill(out + 1, out + padding - kLength, std::byte{0});
  store_big_endian(stream_bytes >> 61, out + padding - 16);
  store_big_endian(stream_bytes << 3, out + padding - 8);
  return padding;
}

Sha512Digest sha512_digest(const Sha512State& state) {
  Sha512Digest digest;
  std::byte* out = digest.data();
  for (const std::uint64_t word : state) {
    store_big_endian(word, out);
    out += sizeof(word);
  }
  return digest;
}

void Sha512::update(Bytes bytes) {
  std::size_t at = held();
  bytes_ += bytes.size();
  if (at > 0) {
    const std::size_t count = std::min(bytes.size(), kSha512BlockBytes - at);
    std::copy_n(bytes.begin(), count, rest_.data() + at);
    bytes = bytes.subspan(count);
    at += count;
    if (at < kSha512BlockBytes) return;
    sha512_compress(state_, rest_.data(), 1);
  }
  const std::size_t blocks = bytes.size() / kSha512BlockBytes;
  if (blocks > 0) sha512_compress(state_, bytes.data(), blocks);
  bytes = bytes.subspan(blocks * kSha512BlockBytes);
  std::copy(bytes.begin(), bytes.end(), rest_.data());
}

Sha512Digest Sha512::finish() {
  const std::size_t padded = held() + sha512_pad(bytes_, rest_.data() + held());
  sha512_compress(state_, rest_.data(), padded / kSha512BlockBytes);
  return sha512_digest(state_);
}

}  // namespace acistore
