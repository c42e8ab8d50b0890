// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_SHA512_LANES_HPP
#define ACISTORE_BASE_SHA512_LANES_HPP

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/sha512.hpp"

namespace acistore {

// Eight streams of SHA-512 side by side, each in one lane of AVX-512's vectors: a processor can do
// next to nothing of one stream at once, since every step needs the one before, but eight streams
// cost it little more than two.
class Sha512Lanes {
 public:
  static constexpr std::size_t kLanes = 8;

  // Where each lane finds its next block.
  using Blocks = std::array<const std::byte*, kLanes>;

  // Whether this processor can; if not, compress() must not be called.
  static bool is_supported();

  Sha512State state(std::size_t lane) const;
  void set_state(std::size_t lane, const Sha512State& state);

  // Takes `count` blocks, one after the other, into the state of every lane. A lane without a
  // stream is given the blocks of another.
  void compress(Blocks blocks, std::size_t count);

 private:
  // words_[i][lane] is word i of that lane's state.
  alignas(64) std::array<std::array<std::uint64_t, kLanes>, 8> words_{};
};

}  // namespace acistore

#endif
