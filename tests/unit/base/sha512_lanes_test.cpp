// SPDX-License-Identifier: Apache-2.0
#include "base/sha512_lanes.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "base/hex.hpp"
#include "base/sha512_compress.hpp"
#include "catch.hpp"

using namespace acistore;

namespace {

constexpr std::size_t kLanes = Sha512Lanes::kLanes;

}  // namespace

TEST_CASE("a lane keeps the state that it is given") {
  Sha512Lanes lanes;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    Sha512State state = kSha512Start;
    state[lane] = lane;
    lanes.set_state(lane, state);
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    Sha512State state = kSha512Start;
    state[lane] = lane;
    CHECK(lanes.state(lane) == state);
  }
}

TEST_CASE("the lanes give the published digest") {
  if (!Sha512Lanes::is_supported()) return;
  std::vector<std::byte> abc(3 + kSha512MostPadding);
  std::copy_n(as_bytes("abc").begin(), 3, abc.begin());
  REQUIRE(3 + sha512_pad(3, abc.data() + 3) == kSha512BlockBytes);
  Sha512Lanes lanes;
  Sha512Lanes::Blocks blocks{};
  blocks.fill(abc.data());
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    lanes.set_state(lane, kSha512Start);
  lanes.compress(blocks, 1);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    CHECK(to_hex(sha512_digest(lanes.state(lane))) ==
          "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
          "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  }
}

TEST_CASE("the lanes compress as the library does, each its own blocks") {
  if (!Sha512Lanes::is_supported()) return;
  constexpr std::size_t kMost = 9;
  std::vector<std::byte> bytes(kLanes * (kMost * kSha512BlockBytes + 1));
  std::uint32_t number = 1;
  for (std::byte& byte : bytes)
    byte = static_cast<std::byte>((number = number * 1664525 + 1013904223) >> 24);

  for (std::size_t count = 0; count <= kMost; ++count) {
    Sha512Lanes lanes;
    Sha512Lanes::Blocks blocks{};
    std::array<Sha512State, kLanes> expected;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      // One byte further in every lane, so that every alignment occurs.
      blocks[lane] = bytes.data() + lane * (kMost * kSha512BlockBytes + 1);
      expected[lane] = kSha512Start;
      expected[lane][0] += lane;
      lanes.set_state(lane, expected[lane]);
    }
    // Twice: it goes on where it was.
    for (int turn = 0; turn < 2; ++turn) {
      lanes.compress(blocks, count);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        if (count > 0) sha512_compress(expected[lane], blocks[lane], count);
        REQUIRE(lanes.state(lane) == expected[lane]);
      }
    }
  }
}
