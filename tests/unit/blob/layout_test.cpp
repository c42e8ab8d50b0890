// SPDX-License-Identifier: Apache-2.0
#include "blob/layout.hpp"

#include "catch.hpp"

using namespace acistore;

TEST_CASE("a blob lies in the shard of its first two digits") {
  const std::string text = "sha512-ab" + std::string(62, '0');
  const ImageKey key = ImageKey::from_stored(text);
  CHECK(layout::shard(key) == "ab");
  CHECK(layout::blob_path(key) == "blob/sha512/ab/" + text);
  CHECK(layout::parse_blob("ab", text) == key);
  CHECK_FALSE(layout::parse_blob("ac", text));
  CHECK_FALSE(layout::parse_blob("ab", text + "0"));
  CHECK_FALSE(layout::parse_blob("ab", "x"));
}

TEST_CASE("the byte that stands for a key is one that can be locked") {
  const ImageKey first = ImageKey::from_stored("sha512-" + std::string(64, '0'));
  const ImageKey last = ImageKey::from_stored("sha512-" + std::string(64, 'f'));
  CHECK(layout::lock_byte(first) == 0);
  CHECK(layout::lock_byte(last) == (off_t{1} << 60) - 1);
}
