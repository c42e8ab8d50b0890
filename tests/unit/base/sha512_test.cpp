// SPDX-License-Identifier: Apache-2.0
#include "base/sha512.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/hex.hpp"
#include "base/sha512_compress.hpp"
#include "catch.hpp"

using namespace acistore;

namespace {

std::string hash(std::string_view text) {
  Sha512 sha512;
  sha512.update(as_bytes(text));
  return to_hex(sha512.finish());
}

std::vector<std::byte> some_bytes(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<std::byte>(i * 2654435761U >> 13);
  return bytes;
}

}  // namespace

// The vectors of NIST's examples for SHA-512: messages that fill no block, and one that with its
// padding fills two; and the long message of FIPS 180-2, a million times "a".
TEST_CASE("SHA-512 gives the published digests") {
  CHECK(hash("") ==
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
        "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e");
  CHECK(hash("abc") ==
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  CHECK(hash("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
             "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu") ==
        "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
        "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909");
  CHECK(hash(std::string(1'000'000, 'a')) ==
        "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
        "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b");
}

// What coreutils' sha512sum and Python's hashlib say: the digest of the digests of "", "a", "aa"...
TEST_CASE("SHA-512 pads messages of every length") {
  Sha512 digests;
  for (std::size_t size = 0; size <= 300; ++size) {
    Sha512 message;
    message.update(as_bytes(std::string(size, 'a')));
    digests.update(message.finish());
  }
  CHECK(to_hex(digests.finish()) ==
        "b0252e29bae50b5a42c84d684a695d3ce9eb9f45564b98f09503ce01bcdc907c"
        "14d2fad620cea072e46915da1321a945dee073b717b9c105a6a57beb402eddc5");
}

TEST_CASE("SHA-512 is the same however the bytes come") {
  for (std::size_t size = 0; size <= 300; ++size) {
    const std::vector<std::byte> bytes = some_bytes(size);
    Sha512 whole;
    whole.update(bytes);
    const Sha512Digest digest = whole.finish();
    for (const std::size_t piece : {1U, 13U, 112U, 127U, 128U, 129U, 256U}) {
      Sha512 pieces;
      for (Bytes rest = bytes; !rest.empty();) {
        const std::size_t count = std::min(piece, rest.size());
        pieces.update(rest.first(count));
        rest = rest.subspan(count);
      }
      REQUIRE(pieces.finish() == digest);
    }
  }
}

#ifdef SHA512_OTHER
TEST_CASE("both libraries compress alike") {
  const std::vector<std::byte> bytes = some_bytes(40 * kSha512BlockBytes + 1);
  for (std::size_t count = 1; count <= 40; ++count) {
    for (std::size_t unaligned = 0; unaligned <= 1; ++unaligned) {
      Sha512State ours = kSha512Start;
      Sha512State theirs = kSha512Start;
      // Twice, since the second time the state is not the one that they begin with.
      for (int turn = 0; turn < 2; ++turn) {
        sha512_compress(ours, bytes.data() + unaligned, count);
        SHA512_OTHER(theirs, bytes.data() + unaligned, count);
        REQUIRE(ours == theirs);
      }
    }
  }
}
#endif
