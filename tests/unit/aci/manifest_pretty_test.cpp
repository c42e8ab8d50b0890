// SPDX-License-Identifier: Apache-2.0
#include "aci/manifest_cases.hpp"

using namespace acistore;

TEST_CASE("pretty_json: two spaces a level, members in order") {
  CHECK(pretty_json(R"( {"b":[1,{"c":null}],"a" :{},"d":[ ],"b":true} )") ==
        "{\n"
        "  \"b\": [\n"
        "    1,\n"
        "    {\n"
        "      \"c\": null\n"
        "    }\n"
        "  ],\n"
        "  \"a\": {},\n"
        "  \"d\": [],\n"
        "  \"b\": true\n"
        "}");
  CHECK(pretty_json("1") == "1");
  CHECK(pretty_json("{}") == "{}");
}

TEST_CASE("pretty_json: numbers and strings stay as written") {
  const std::string list = "[\n  1.50e+07,\n  -0,\n  1e999,\n  \"\\u00e9\\ud800 {[,:]} \u00fc\"\n]";
  CHECK(pretty_json(list) == list);
}

TEST_CASE("pretty_json: what a terminal may act on is escaped") {
  CHECK(pretty_json("\"a\x7f\u009b\u202e\"") == "\"a\\u007f\\u009b\\u202e\"");
}

TEST_CASE("pretty_json: deep nesting does not multiply the size") {
  std::string deep = "7,7";
  for (int i = 0; i < 9999; ++i)
    deep = "[" + deep + "]";
  const std::string pretty = pretty_json(deep);
  CHECK(pretty.size() < deep.size() + 4000);
  CHECK(pretty_json(pretty) == pretty);
  CHECK(pretty.find("7, 7") != std::string::npos);
}

TEST_CASE("pretty_json: refuses what is not JSON") {
  const auto error = error_of([] { pretty_json("{\"a\":\n1,}"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::kInvalid);
  CHECK(error->message() == "line 2, column 3: the name of a member, in quotes, must stand here");
}
