// SPDX-License-Identifier: Apache-2.0
#include "aci/tar_path_set.hpp"

#include <string>

#include "catch.hpp"

using namespace acistore;

// The first vectors of the reference implementation: key 00 01 ... 0f, input 00 01 ... of each
// length, output little-endian.
TEST_CASE("SipHash-2-4-128 is the published one") {
  const SipHashKey key{0x0706050403020100, 0x0f0e0d0c0b0a0908};
  const std::string input{0, 1, 2, 3, 4, 5, 6, 7, 8};
  CHECK(sip_hash_128(key, "") == PathHash{0xe6a825ba047f81a3, 0x930255c71472f66d});
  CHECK(sip_hash_128(key, input.substr(0, 1)) == PathHash{0x44af996bd8c187da, 0x45fc229b11597634});
  CHECK(sip_hash_128(key, input.substr(0, 8)) != sip_hash_128(key, input));
}

TEST_CASE("a path set knows what it has seen") {
  PathSet set;
  for (int i = 0; i < 20000; ++i) {
    if (!set.insert("rootfs/" + std::to_string(i)))
      FAIL("a new path is taken for an old one: " << i);
  }
  for (int i = 0; i < 20000; ++i) {
    if (set.insert("rootfs/" + std::to_string(i)))
      FAIL("an old path is taken for a new one: " << i);
  }
  CHECK(set.insert("rootfs/20000"));
}
