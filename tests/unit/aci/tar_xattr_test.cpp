// SPDX-License-Identifier: Apache-2.0
#include "aci/tar_xattr.hpp"

#include "catch.hpp"

using namespace acistore;
using namespace std::string_literals;

TEST_CASE("url decoding") {
  CHECK(url_decode("user.a%20b%3D%ff") == "user.a b=\xff");
  CHECK(url_decode("%") == "%");
  CHECK(url_decode("%4") == "%4");
  CHECK(url_decode("%zz%4z") == "%zz%4z");
  CHECK(url_decode("a%41") == "aA");
}

TEST_CASE("base 64") {
  CHECK(base64_decode("") == "");
  CHECK(base64_decode("Zg==") == "f");
  CHECK(base64_decode("Zg") == "f");
  CHECK(base64_decode("Zm8=") == "fo");
  CHECK(base64_decode("Zm9vYmFy") == "foobar");
  CHECK(base64_decode("AP8+/w") == "\0\xff\x3e\xff"s);
  CHECK_FALSE(base64_decode("Z"));
  CHECK_FALSE(base64_decode("Zm9v\n"));
  CHECK_FALSE(base64_decode("Z=9v"));
  CHECK_FALSE(base64_decode("===="));
}
