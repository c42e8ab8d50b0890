// SPDX-License-Identifier: Apache-2.0
#include "base/sha512_lanes.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <utility>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace acistore {

Sha512State Sha512Lanes::state(std::size_t lane) const {
  Sha512State state{};
  for (std::size_t i = 0; i < state.size(); ++i)
    state[i] = words_[i][lane];
  return state;
}

void Sha512Lanes::set_state(std::size_t lane, const Sha512State& state) {
  for (std::size_t i = 0; i < state.size(); ++i)
    words_[i][lane] = state[i];
}

#ifdef __x86_64__

// The functions below are compiled for AVX-512 whatever the rest of the program is compiled for,
// and are inlined into compress(), so that the vectors stay in registers. The compilers' vector
// types do most of it; GCC 12 warns of its own header where intrinsic functions do.
#define AVX512 __attribute__((target("avx512f,avx512bw")))
#define AVX512_INLINE AVX512 __attribute__((always_inline)) inline

namespace {

// The same word of each lane.
using Words __attribute__((vector_size(64))) = std::uint64_t;

// The round constants K of FIPS 180-4.
constexpr std::array<std::uint64_t, 80> kRound{
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817};

// Any function of three bits, bit by bit: given as what it makes of the bits 0xf0, 0xcc and 0xaa.
template <unsigned char kFunction>
AVX512_INLINE Words ternary(Words x, Words y, Words z) {
  return reinterpret_cast<Words>(
      _mm512_ternarylogic_epi64(reinterpret_cast<__m512i>(x), reinterpret_cast<__m512i>(y),
                                reinterpret_cast<__m512i>(z), kFunction));
}

// The functions of FIPS 180-4, 4.1.3.
AVX512_INLINE Words rotate(Words x, int count) {
  return x >> count | x << (64 - count);
}
AVX512_INLINE Words exclusive_or(Words x, Words y, Words z) {
  return ternary<0xf0 ^ 0xcc ^ 0xaa>(x, y, z);
}
AVX512_INLINE Words choose(Words x, Words y, Words z) {
  return ternary<(0xf0 & 0xcc) | (0x0f & 0xaa)>(x, y, z);
}
AVX512_INLINE Words majority(Words x, Words y, Words z) {
  return ternary<(0xf0 & 0xcc) | (0xf0 & 0xaa) | (0xcc & 0xaa)>(x, y, z);
}
AVX512_INLINE Words big_sigma_0(Words x) {
  return exclusive_or(rotate(x, 28), rotate(x, 34), rotate(x, 39));
}
AVX512_INLINE Words big_sigma_1(Words x) {
  return exclusive_or(rotate(x, 14), rotate(x, 18), rotate(x, 41));
}
AVX512_INLINE Words sigma_0(Words x) {
  return exclusive_or(rotate(x, 1), rotate(x, 8), x >> 7);
}
AVX512_INLINE Words sigma_1(Words x) {
  return exclusive_or(rotate(x, 19), rotate(x, 61), x >> 6);
}

// Eight words of a block, in the processor's order of bytes.
AVX512_INLINE Words load(const std::byte* bytes) {
  using Chars __attribute__((vector_size(64))) = char;
  Chars chars;
  std::memcpy(&chars, bytes, sizeof(chars));
  return reinterpret_cast<Words>(__builtin_shufflevector(
      chars, chars, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8, 23, 22, 21, 20, 19, 18,
      17, 16, 31, 30, 29, 28, 27, 26, 25, 24, 39, 38, 37, 36, 35, 34, 33, 32, 47, 46, 45, 44, 43,
      42, 41, 40, 55, 54, 53, 52, 51, 50, 49, 48, 63, 62, 61, 60, 59, 58, 57, 56));
}

// Loads the eight words at byte `offset` of each block, a vector a word.
AVX512_INLINE void load(const Sha512Lanes::Blocks& blocks, std::size_t offset, Words* words) {
  // A vector a lane, then pairs of lanes, then fours: the letters are words, the digits lanes.
  const Words r0 = load(blocks[0] + offset);
  const Words r1 = load(blocks[1] + offset);
  const Words r2 = load(blocks[2] + offset);
  const Words r3 = load(blocks[3] + offset);
  const Words r4 = load(blocks[4] + offset);
  const Words r5 = load(blocks[5] + offset);
  const Words r6 = load(blocks[6] + offset);
  const Words r7 = load(blocks[7] + offset);
#define EVEN(x, y) __builtin_shufflevector(x, y, 0, 8, 2, 10, 4, 12, 6, 14)
#define ODD(x, y) __builtin_shufflevector(x, y, 1, 9, 3, 11, 5, 13, 7, 15)
  const Words p0 = EVEN(r0, r1), p1 = ODD(r0, r1);
  const Words p2 = EVEN(r2, r3), p3 = ODD(r2, r3);
  const Words p4 = EVEN(r4, r5), p5 = ODD(r4, r5);
  const Words p6 = EVEN(r6, r7), p7 = ODD(r6, r7);
#define LOWQ(x, y) __builtin_shufflevector(x, y, 0, 1, 4, 5, 8, 9, 12, 13)
#define HIGHQ(x, y) __builtin_shufflevector(x, y, 2, 3, 6, 7, 10, 11, 14, 15)
  const Words q0 = LOWQ(p0, p2), q2 = HIGHQ(p0, p2), q4 = LOWQ(p4, p6), q6 = HIGHQ(p4, p6);
  const Words q1 = LOWQ(p1, p3), q3 = HIGHQ(p1, p3), q5 = LOWQ(p5, p7), q7 = HIGHQ(p5, p7);
  words[0] = LOWQ(q0, q4);
  words[4] = HIGHQ(q0, q4);
  words[2] = LOWQ(q2, q6);
  words[6] = HIGHQ(q2, q6);
  words[1] = LOWQ(q1, q5);
  words[5] = HIGHQ(q1, q5);
  words[3] = LOWQ(q3, q7);
  words[7] = HIGHQ(q3, q7);
}

// Holds the compiler to the order in which sums are written. GCC would make it another one, in
// which what is known last is not added last: that takes a third longer.
AVX512_INLINE Words settled(Words sum) {
  asm("" : "+v"(sum));
  return sum;
}

// Round `kNumber` of the sixteen that begin at round constant `round`, which takes one word of the
// message. Instead of moving a to h by one place in every round, the place of `a` moves.
template <std::size_t kNumber>
AVX512_INLINE void do_round(Words (&state)[8], const Words (&message)[16],
                            const std::uint64_t* round) {
  constexpr auto kPlace = [](std::size_t letter) { return (letter + 16 - kNumber) % 8; };
  const Words a = state[kPlace(0)];
  const Words b = state[kPlace(1)];
  const Words c = state[kPlace(2)];
  const Words e = state[kPlace(4)];
  const Words f = state[kPlace(5)];
  const Words g = state[kPlace(6)];
  const Words sum = settled(state[kPlace(7)] + (message[kNumber] + round[kNumber]));
  const Words t1 = settled(settled(sum + choose(e, f, g)) + big_sigma_1(e));
  state[kPlace(3)] += t1;
  state[kPlace(7)] = t1 + settled(majority(a, b, c) + big_sigma_0(a));
}

// Replaces one word of the message by the one that is needed sixteen rounds later.
template <std::size_t kNumber>
AVX512_INLINE void do_schedule(Words (&message)[16]) {
  message[kNumber] += message[(kNumber + 9) % 16] + sigma_0(message[(kNumber + 1) % 16]) +
                      sigma_1(message[(kNumber + 14) % 16]);
}

template <std::size_t... kNumbers>
AVX512_INLINE void do_rounds(Words (&state)[8], Words (&message)[16],
                             std::index_sequence<kNumbers...>) {
  const std::uint64_t* round = kRound.data();
  (do_round<kNumbers>(state, message, round), ...);
  for (round += 16; round != kRound.data() + kRound.size(); round += 16)
    ((do_schedule<kNumbers>(message), do_round<kNumbers>(state, message, round)), ...);
}

}  // namespace

bool Sha512Lanes::is_supported() {
  return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0;
}

AVX512 void Sha512Lanes::compress(Blocks blocks, std::size_t count) {
  Words state[8];
  std::memcpy(state, words_.data(), sizeof(state));
  for (; count > 0; --count) {
    Words message[16];
    load(blocks, 0, message);
    load(blocks, 64, message + 8);
    Words next[8];
    std::copy(std::begin(state), std::end(state), next);
    do_rounds(next, message, std::make_index_sequence<16>());
    for (std::size_t i = 0; i < 8; ++i)
      state[i] += next[i];
    for (const std::byte*& block : blocks)
      block += kSha512BlockBytes;
  }
  std::memcpy(words_.data(), state, sizeof(state));
}

#else

bool Sha512Lanes::is_supported() {
  return false;
}

void Sha512Lanes::compress(Blocks, std::size_t) {
  std::abort();
}

#endif

}  // namespace acistore
