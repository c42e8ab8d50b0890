// SPDX-License-Identifier: Apache-2.0
#include "aci/manifest_diff.hpp"

#include "catch.hpp"

using namespace acistore;

namespace {

// "member: before -> after", a line each; "-" for what is not there.
std::string changes(std::string_view before, std::string_view after) {
  std::string text;
  for (const MemberChange& change : manifest_changes(before, after)) {
    text += change.member + ": " + change.before.value_or("-") + " -> " +
            change.after.value_or("-") + '\n';
  }
  return text;
}

std::string nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') + "1" +
         std::string(static_cast<std::size_t>(depth), ']');
}

}  // namespace

TEST_CASE("manifests that mean the same have no changes") {
  CHECK(changes("{}", " { } ").empty());
  CHECK(changes(R"({"a":1,"b":[true,null]})", "{ \"b\" : [ true, null ],\n\"a\" : 1 }").empty());
  CHECK(changes(R"({"a":"\u0041\n"})", R"({"a":"A\u000a"})").empty());
  CHECK(changes(R"({"a":1,"a":2})", R"({"a":2})").empty());
}

TEST_CASE("members of objects are compared by name") {
  CHECK(
      changes(R"({"a":1,"b":2,"c":{"d":3,"e":"x"}})", R"({"b":2.0,"c":{"e":"y","d":3},"f":[]})") ==
      "a: 1 -> -\n"
      "b: 2 -> 2.0\n"
      "c.e: \"x\" -> \"y\"\n"
      "f: - -> []\n");
  CHECK(changes(R"({"a":{}})", R"({"a":[]})") == "a: {} -> []\n");
}

TEST_CASE("elements of lists are compared by their names, whatever their order") {
  CHECK(changes(R"({"labels":[{"name":"os","value":"linux"},{"name":"arch","value":"amd64"}]})",
                R"({"labels":[{"name":"arch","value":"i386"},{"name":"os","value":"linux"},)"
                R"({"name":"x","value":""}]})") ==
        "labels[arch].value: \"amd64\" -> \"i386\"\n"
        "labels[x]: - -> {\"name\":\"x\",\"value\":\"\"}\n");
}

TEST_CASE("lists without names, or with a name twice, are compared as a whole") {
  CHECK(changes(R"({"a":["x","y"]})", R"({"a":["y","x"]})") ==
        "a: [\"x\",\"y\"] -> [\"y\",\"x\"]\n");
  CHECK(changes(R"({"a":[{"name":"x"},{"name":"x"}]})", R"({"a":[{"name":"x"}]})") ==
        "a: [{\"name\":\"x\"},{\"name\":\"x\"}] -> [{\"name\":\"x\"}]\n");
  CHECK(changes(R"({"a":[{"name":1}]})", R"({"a":[{"name":2}]})") ==
        "a: [{\"name\":1}] -> [{\"name\":2}]\n");
}

TEST_CASE("strings that only look alike differ") {
  CHECK(changes(R"({"a":["x","y"]})", R"({"a":["x\",\"y"]})") ==
        "a: [\"x\",\"y\"] -> [\"x\\\",\\\"y\"]\n");
}

TEST_CASE("values are JSON again") {
  CHECK(changes("{}", R"({"a":"\u001b\"\\"})") == R"(a: - -> "\u001b\"\\")"
                                                  "\n");
}

TEST_CASE("deep manifests are compared as well") {
  CHECK(changes("{\"a\":" + nested(9000) + "}", "{\"a\":" + nested(9000) + "}").empty());
  CHECK(manifest_changes("{\"a\":" + nested(9000) + "}", "{\"a\":" + nested(8999) + "}").size() ==
        1);
  CHECK(changes(R"({"a":{"b":{"c":{"d":{"e":1}}}}})", R"({"a":{"b":{"c":{"d":{"e":2}}}}})") ==
        "a.b.c.d: {\"e\":1} -> {\"e\":2}\n");
}

TEST_CASE("long values and names are cut, between characters") {
  std::string letters;
  for (int i = 0; i < 300; ++i)
    letters += "\u00e9";
  const auto found = manifest_changes("{\"a\":\"" + letters + "\"}", "{\"" + letters + "\":1}");
  REQUIRE(found.size() == 2);
  CHECK(found[0].before == "\"" + letters.substr(0, 254) + "…");
  CHECK(found[1].member == letters.substr(0, 256) + "…");
}

TEST_CASE("of many changes the first ones are told") {
  std::string many = "{";
  for (int i = 0; i < 2000; ++i)
    many += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
  const auto found = manifest_changes(many + "}", "{}");
  CHECK(found.size() == kMaxMemberChanges + 1);
  CHECK(found.back().member == "...");
}
