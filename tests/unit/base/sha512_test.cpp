// SPDX-License-Identifier: Apache-2.0
#include "base/sha512.hpp"

#include <string>

#include "base/hex.hpp"
#include "catch.hpp"

using namespace acistore;

// The vectors of NIST's examples for SHA-512: the empty message and "abc".
TEST_CASE("SHA-512 gives the published digests") {
  Sha512 empty;
  CHECK(to_hex(empty.finish()) ==
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
        "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e");
  Sha512 abc;
  abc.update(as_bytes("a"));
  abc.update(as_bytes("bc"));
  CHECK(to_hex(abc.finish()) ==
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}
