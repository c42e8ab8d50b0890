// SPDX-License-Identifier: Apache-2.0
#include "cli/batch_request.hpp"

#include "catch.hpp"
#include "errors.hpp"

using namespace acistore;

namespace {

BatchRequest parsed(std::string_view line) {
  BatchRequest request;
  parse_batch_request(line, request);
  return request;
}

std::string problem(std::string_view line, BatchRequest request = {}) {
  const auto error = error_of([&] { parse_batch_request(line, request); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::kUsage);
  return error->message() + (request.id.empty() ? "" : " of " + request.id);
}

}  // namespace

TEST_CASE("a request has a verb, and members that go with it, in any order") {
  const BatchRequest get = parsed(R"({"labels":{"b":"x,\"y","a":""},"get":"c:1","id":7})");
  CHECK(get.verb == BatchVerb::kGet);
  CHECK(get.argument == "c:1");
  CHECK(get.labels == Labels{{"b", "x,\"y"}, {"a", ""}});
  CHECK(get.id == "7");
  CHECK_FALSE(get.prefix);

  const BatchRequest list = parsed(" {\t\"list\" : null , \"prefix\" : \"sha512-ab\" }\r");
  CHECK(list.verb == BatchVerb::kList);
  CHECK_FALSE(list.argument);
  CHECK(list.prefix == "sha512-ab");
  CHECK(list.id.empty());
  CHECK(parsed(R"({"list":""})").argument == "");

  CHECK(parsed(R"({"resolve":"x"})").verb == BatchVerb::kResolve);
  CHECK(parsed(R"({"exists":"x"})").verb == BatchVerb::kExists);
  CHECK(parsed(R"({"image":"x"})").verb == BatchVerb::kImage);
  CHECK(parsed(R"({"info":"x"})").verb == BatchVerb::kInfo);
  CHECK(parsed(R"({"manifest":"x"})").verb == BatchVerb::kManifest);
  CHECK(parsed(R"({"remote show":"x"})").verb == BatchVerb::kRemote);
  CHECK(parsed(R"({"remote list":null})").verb == BatchVerb::kRemotes);
}

TEST_CASE("an escape in a name or a text is what it stands for") {
  CHECK(parsed("{\"g\\u0065t\":\"a\\u002fb\"}").argument == "a/b");
}

TEST_CASE("an id is kept as it is written") {
  for (const char* id : {"0", "-1.50e+400", "12345678901234567890", "null", "true", "false",
                         R"("")", R"("\ud800\u00e9\"\\")"}) {
    CHECK(parsed(R"({"exists":"x","id":)" + std::string(id) + '}').id == id);
  }
}

TEST_CASE("what is wrong with a request is told, with its id where that could be read") {
  CHECK(problem("") == "column 1: there is no JSON value");
  CHECK(problem("[]") == "a request is a JSON object");
  CHECK(problem("{}") == "there is no verb");
  CHECK(problem(R"({"get":"a"} x)") == "column 13: something follows the end of the JSON value");
  CHECK(problem(R"({"labels":5,"id":1})") == "there is no verb of 1");
  CHECK(problem(R"({"get":"a","id":{}})") == "id: must be a string, a number, true, false or null");
  CHECK(problem(R"({"id":1,"id":2,"get":"a"})") == "id: is given twice of 1");
  CHECK(problem(R"({"get":"a","exists":"b","id":"x"})") ==
        "get and exists: there is one verb in a request of \"x\"");
  CHECK(problem(R"({"id":1,"list":"a","perfix":"b"})") ==
        "\"perfix\": no such verb or member; did you mean prefix? of 1");
  CHECK(problem(R"({"\u001b[m":1})") == "\"\\x1b[m\": no such verb or member");
  CHECK(problem(R"({"get":null})") == "get: must be a string");
  CHECK(problem(R"({"remote list":""})") == "remote list: must be null");
  CHECK(problem(R"({"get":"a","prefix":"sha512-00"})") == "prefix: does not go with get");
  CHECK(problem(R"({"resolve":"a","labels":{}})") == "labels: does not go with resolve");
  CHECK(problem(R"({"list":null,"prefix":5})") == "prefix: must be a string");
  CHECK(problem(R"({"list":null,"prefix":"a","prefix":"a"})") == "prefix: is given twice");
  CHECK(problem(R"({"get":"a","labels":{"\n":null}})") == "labels: \\x0a: must be a string");
}
