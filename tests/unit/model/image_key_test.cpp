// SPDX-License-Identifier: Apache-2.0
#include "model/image_key.hpp"

#include "catch.hpp"
#include "errors.hpp"

using namespace acistore;

namespace {

const std::string kAbcId =
    "sha512-ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

Sha512Digest digest_of_abc() {
  Sha512 hash;
  hash.update(as_bytes("abc"));
  return hash.finish();
}

}  // namespace

TEST_CASE("a key is the first half of the image ID") {
  CHECK(image_id(digest_of_abc()) == kAbcId);
  CHECK(ImageKey(digest_of_abc()).text() == kAbcId.substr(0, 71));
  CHECK(ImageKey::is_key(kAbcId.substr(0, 71)));
  CHECK_FALSE(ImageKey::is_key(kAbcId));
  CHECK_FALSE(ImageKey::is_key(kAbcId.substr(0, 70)));
}

TEST_CASE("a key that is not one in the store is damage, not a usage error") {
  const auto error = error_of([] { ImageKey::from_stored("sha512-xy"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::kDamaged);
}

TEST_CASE("a key prefix has two digits or more, and is cut to the length of a key") {
  CHECK(KeyPrefix::parse("sha512-dd").text() == "sha512-dd");
  CHECK(KeyPrefix::parse(kAbcId).text() == kAbcId.substr(0, 71));
  for (const char* bad :
       {"sha512-", "sha512-d", "sha512-DD", "sha512-dg", "sha512-dd ", "sha512", "dd", ""}) {
    CAPTURE(bad);
    const auto error = error_of([&] { KeyPrefix::parse(bad); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::kUsage);
    CHECK(error->message().find(bad) != std::string::npos);
  }
}

TEST_CASE("an expected key is compared by every digit that was given") {
  const Sha512Digest digest = digest_of_abc();
  CHECK(ExpectedKey::parse(kAbcId).matches(digest));
  CHECK(ExpectedKey::parse(kAbcId.substr(0, 71)).matches(digest));
  std::string other = kAbcId;
  other.back() = 'e';
  CHECK_FALSE(ExpectedKey::parse(other).matches(digest));
  for (const std::string& bad : {kAbcId + "0", std::string("ddaf"), std::string("sha512-d")}) {
    const auto error = error_of([&] { ExpectedKey::parse(bad); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::kUsage);
  }
}
