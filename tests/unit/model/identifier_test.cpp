// SPDX-License-Identifier: Apache-2.0
#include "model/identifier.hpp"

#include "catch.hpp"

using namespace acistore;

TEST_CASE("AC identifiers: lower-case letters, digits and - . _ ~ /") {
  for (const char* good : {"a", "0", "example.com/reduce-worker", "a--b", "a_b~c", "a//b"}) {
    CAPTURE(good);
    CHECK_FALSE(ac_identifier_problem(good));
  }
  CHECK(ac_identifier_problem("") == "is empty");
  CHECK(ac_identifier_problem("Version") == "upper-case letters are not allowed");
  CHECK(ac_identifier_problem("a b") == "\" \" is not allowed in it");
  CHECK(ac_identifier_problem("a:b") == "\":\" is not allowed in it");
  CHECK(ac_identifier_problem("gr\u00fcn") == "\"\u00fc\" is not allowed in it");
  CHECK(ac_identifier_problem("-a") == "must begin with a lower-case letter or a digit");
  CHECK(ac_identifier_problem("a/") == "must end with a lower-case letter or a digit");
}

TEST_CASE("AC names: lower-case letters, digits and -") {
  CHECK_FALSE(ac_name_problem("work-dir"));
  CHECK(ac_name_problem("a.b") == "\".\" is not allowed in it");
  CHECK(ac_name_problem("a-") == "must end with a lower-case letter or a digit");
  CHECK(ac_name_problem("") == "is empty");
}
