// SPDX-License-Identifier: Apache-2.0
// JSON itself: syntax, encoding, limits, and what encoding/json of Go makes of it.
#include "aci/manifest_cases.hpp"

using namespace acistore;

namespace {

std::string as_it_is(const std::string& json) {
  return json;
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i)
    out += text;
  return out;
}

}  // namespace

TEST_CASE("manifest: syntax errors name line and column") {
  using namespace std::string_literals;
  check_cases(
      as_it_is,
      {
          {"", "line 1, column 1: there is no JSON value"},
          {" \n ", "line 2, column 2: there is no JSON value"},
          {"}", "line 1, column 1: there is no JSON value"},
          {"\xef\xbb\xbf{}", "line 1, column 1: a value must stand here"},
          {"{", "line 1, column 2: the text ends before the JSON value does"},
          {"{\"a\"", "line 1, column 5: the text ends before the JSON value does"},
          {"{\"a", "line 1, column 4: the text ends before the JSON value does"},
          {"[1,", "line 1, column 4: the text ends before the JSON value does"},
          {"{a", "line 1, column 2: the name of a member, in quotes, must stand here"},
          {"{\"a\":1,}", "line 1, column 8: the name of a member, in quotes, must stand here"},
          {"{\"a\" 1}", "line 1, column 6: a colon must stand here, after the name of a member"},
          {"{\"a\":1 \"b\":2}", "line 1, column 8: a comma or } must stand here, after a member"},
          {"[1 2]", "line 1, column 4: a comma or ] must stand here, after an element"},
          {"[1,]", "line 1, column 4: a value must stand here"},
          {"[nul]", "line 1, column 5: a value must stand here"},
          {"[+1]", "line 1, column 2: a value must stand here"},
          {"[-]", "line 1, column 3: a value must stand here"},
          {"[NaN]", "line 1, column 2: a value must stand here"},
          {"[/* */1]", "line 1, column 2: a value must stand here"},
          {"['a']", "line 1, column 2: a value must stand here"},
          {"[01]", "line 1, column 3: a comma or ] must stand here, after an element"},
          {"[1.]", "line 1, column 4: a digit must follow the decimal point"},
          {"[1e+]", "line 1, column 5: a digit must stand in the exponent"},
          {"[\"\\x\"]", "line 1, column 3: no such escape in a string"},
          {"[\"\\u12g4\"]", "line 1, column 3: four hexadecimal digits must follow \\u"},
          {"[\"\t\"]", "line 1, column 3: a control character that is not escaped"},
          {"{}\0{}"s, "line 1, column 3: a control character that is not escaped"},
          {"{} {}", "line 1, column 4: something follows the end of the JSON value"},
          {"{\"\u00e9\u20ac\": 1,\n \"\u00fc\" ]",
           "line 2, column 6: a colon must stand here, "
           "after the name of a member"},
          {"[\"a\xff\"]", "line 1, column 4: the text is not UTF-8"},
          {"[\"\xed\xa0\x80\"]", "line 1, column 3: the text is not UTF-8"},
          {"[\"\xc3", "line 1, column 3: the text is not UTF-8"},
      });
}

TEST_CASE("manifest: the top is an object") {
  check_cases(as_it_is, {
                            {"[]", "a list where an object must be"},
                            {"\"x\"", "a string where an object must be"},
                            {" null ", "null where an object must be"},
                            {"-1.5e3", "a number where an object must be"},
                        });
  CHECK(verdict("\r\n\t " + manifest_with("") + " \n\r\t") == "");
}

TEST_CASE("manifest: unknown members may be anything that is JSON") {
  check_cases([](const std::string& value) { return manifest_with("\"x\":" + value); },
              {
                  {"1e999999999999", ""},
                  {"-0.0E-400", ""},
                  {std::string(1000, '9'), ""},
                  {R"("\ud800 \udc00 \ud800\ud800\udc00 \\ud800")", ""},
                  {"[[],{},null,true,false,\"\",{\"a\":[{}]}]", ""},
                  {"[1,]", "line 1, column 80: a value must stand here"},
              });
}

TEST_CASE("manifest: the case of member names does not matter") {
  CHECK(verdict(R"({"ACKIND":"ImageManifest","acversion":"1.0.0","Name":"a"})") == "");
  // Kelvin sign and long s fold to ASCII.
  CHECK(
      verdict("{\"ac\u212aind\":\"ImageManifest\",\"acVer\u017fion\":\"1.0.0\",\"name\":\"a\"}") ==
      "");
  CHECK(verdict(R"({"\u0061cKind":"ImageManifest","acVersion":"1.0.0","name":"a"})") == "");
  CHECK(verdict(R"({"acKind_":"ImageManifest","acVersion":"1.0.0","name":"a"})") ==
        "acKind: is missing");
  CHECK(verdict(R"({"acKin":"ImageManifest","acVersion":"1.0.0","name":"a"})") ==
        "acKind: is missing");
}

TEST_CASE("manifest: of a member that stands twice each is checked and the last counts") {
  CHECK(parse_manifest(manifest_with(R"("name":"b","NAME":"c")")).name == "c");
  CHECK(verdict(manifest_with(R"("name":"B","name":"c")")) ==
        "name: \"B\": upper-case letters are not allowed");
  const std::string twice = R"("labels":[{"name":"a","value":"1"}],"labels":)";
  CHECK(parse_manifest(manifest_with(twice + R"([{"name":"b","value":"2"}])")).labels ==
        Labels{{"b", "2"}});
  CHECK(parse_manifest(manifest_with(twice + "null")).labels.empty());
  // An app adds to the one before it, unless that is null.
  const std::string app = R"("app":{"user":"0","group":"0"},)";
  CHECK(verdict(manifest_with(app + R"("app":{})")) == "");
  CHECK(verdict(manifest_with(app + R"("app":null,"app":{})")) == "app.user: is missing or empty");
  // Whole lists that are judged at the end may be replaced before.
  CHECK(verdict(app_with(R"("isolators":[{"name":"x"}],"isolators":[])")) == "");
}

TEST_CASE("manifest: escapes are resolved, lone surrogates become U+FFFD") {
  const auto value = [](const std::string& text) {
    return parse_manifest(manifest_with(R"("labels":[{"name":"a","value":")" + text + "\"}]"))
        .labels.at(0)
        .value;
  };
  CHECK(value(R"(\"\\\/\b\f\n\r\t\u00e9)") == "\"\\/\b\f\n\r\t\u00e9");
  CHECK(value(R"(\u0000x)") == std::string("\0x", 2));
  CHECK(value(R"(\ud83d\udE00)") == "\U0001f600");
  CHECK(value(R"(\ud83dx)") == "\ufffdx");
  CHECK(value(R"(\ude00\ud83d)") == "\ufffd\ufffd");
  CHECK(value(R"(\ud83d\ud83d\ude00)") == "\ufffd\U0001f600");
  CHECK(value(R"(\ud83d\u0041)") == "\ufffdA");
  CHECK(value(R"(\\ud83d)") == "\\ud83d");
}

TEST_CASE("manifest: limits are named") {
  const auto padded = [](std::size_t size) {
    std::string json = manifest_with("");
    return json.append(size - json.size(), ' ');
  };
  CHECK(verdict(padded(kMaxManifestBytes)) == "");
  CHECK(verdict(padded(kMaxManifestBytes + 1)) ==
        "4194305 bytes are more than the limit of 4194304");

  const auto nested = [](const std::string& open, const std::string& close, std::size_t depth) {
    return manifest_with("\"x\":" + repeated(open, depth) + "1" + repeated(close, depth));
  };
  CHECK(verdict(nested("[", "]", kMaxJsonDepth - 1)) == "");
  CHECK(verdict(nested("[", "]", kMaxJsonDepth)) ==
        "line 1, column 10076: nested deeper than the limit of 10000");
  CHECK(verdict(nested("{\"a\":", "}", kMaxJsonDepth - 1)) == "");
  CHECK(verdict(nested("{\"a\":", "}", kMaxJsonDepth)) ==
        "line 1, column 50072: nested deeper than the limit of 10000");
  CHECK(verdict(repeated("[", kMaxManifestBytes)) ==
        "line 1, column 10001: nested deeper than the limit of 10000");

  const auto named = [](std::size_t size) {
    return manifest_with("\"name\":\"" + std::string(size, 'a') + "\"");
  };
  CHECK(verdict(named(kMaxNameBytes)) == "");
  CHECK(verdict(named(kMaxNameBytes + 1)) == "name: 4097 bytes are more than the limit of 4096");

  const auto labelled = [](std::size_t count) {
    std::string labels;
    for (std::size_t i = 0; i < count; ++i)
      labels += (i == 0 ? "" : ",") + (R"({"name":"l)" + std::to_string(i) + "\"}");
    return "\"labels\":[" + labels + "]";
  };
  CHECK(verdict(manifest_with(labelled(kMaxLabels))) == "");
  CHECK(verdict(manifest_with(labelled(kMaxLabels + 1))) ==
        "labels: more than the limit of 10000 labels");
  CHECK(verdict(manifest_with(R"("dependencies":[{"imageName":"a",)" + labelled(kMaxLabels + 1) +
                              "}]")) ==
        "dependencies[0].labels: more than the limit of 10000 labels");
}

// Each would take hours if any step were quadratic.
TEST_CASE("manifest: a full manifest of hostile lists is read at once") {
  const auto filled = [](const std::string& before, const auto& item, const std::string& after) {
    std::string list;
    for (std::size_t i = 0; list.size() + 200 < kMaxManifestBytes; ++i)
      list += (i == 0 ? "" : ",") + item(std::to_string(i));
    return manifest_with(before + list + after);
  };
  using S = const std::string&;
  CHECK(verdict(filled(
            "\"x\":{", [](S i) { return "\"" + i + "\":0"; }, "}")) == "");
  CHECK(verdict(filled(
            "", [](S i) { return "\"x" + i + "\":0"; }, "")) == "");
  CHECK(verdict(filled(
            "\"annotations\":[", [](S i) { return R"({"name":"a)" + i + "\"}"; }, "]")) == "");
  CHECK(verdict(filled(R"("app":{"user":"0","group":"0","environment":[)",
                       [](S i) { return R"({"name":"A)" + i + "\"}"; }, "]}")) == "");
  CHECK(verdict(filled(
            "\"x\":[", [](S) { return std::string("[]"); }, "]")) == "");
  CHECK(verdict("[" + std::string(kMaxManifestBytes - 2, '9') + "e").substr(0, 6) == "line 1");
}
