// SPDX-License-Identifier: Apache-2.0
#include "store/seed_file.hpp"

#include "base/error.hpp"
#include "catch.hpp"
#include "errors.hpp"
#include "store/seed_source.hpp"
#include "store/seed_write.hpp"

using namespace acistore;
using Strings = std::vector<std::string>;

namespace {

std::string id(char digit = 'a') {
  return "sha512-" + std::string(128, digit);
}

std::string image(const std::string& rest, char digit = 'a') {
  return "[[image]]\nid = \"" + id(digit) + "\"\n" + rest;
}

SeedFile parse(const std::string& text) {
  return parse_seed_file("version = 1\n" + text, "dir/fleet.lock");
}

// What is wrong with a file that begins with a line for the version.
std::string fault(const std::string& text) {
  const auto error = error_of([&] { parse(text); });
  if (!error) return "nothing";
  CHECK(error->kind() == ErrorKind::kInvalid);
  return error->message();
}

}  // namespace

TEST_CASE("a lock file says what it says, and the rest is as if left out") {
  const SeedFile file =
      parse("owner = 'fleet'\nfrom = '/srv'\n" +
            image("name = 'example.com/app:1,os=linux'\nfrom = ['a', 'b']\nlatest = false\n") +
            image("pin = ['x', 'y']\nlatest = true\n", 'b') + image("pin = false\n", 'c') +
            image("pin = 'z'", 'd'));
  CHECK(file.owner == "fleet");
  CHECK(file.from == Strings{"/srv"});
  REQUIRE(file.images.size() == 4);
  CHECK(file.images[0].name->text() == "example.com/app:1,os=linux");
  CHECK(file.images[0].from == Strings{"a", "b"});
  CHECK(file.images[0].latest == std::optional(false));
  CHECK(file.images[0].pins == Strings{"fleet"});
  CHECK(file.images[0].key().text() == "sha512-" + std::string(64, 'a'));
  CHECK(file.images[0].line == 4);
  CHECK_FALSE(file.images[1].name);
  CHECK(file.images[1].latest == std::optional(true));
  CHECK(file.images[1].pins == Strings{"x", "y"});
  CHECK(file.images[2].pins.empty());
  CHECK_FALSE(file.images[2].latest);
  CHECK(file.images[3].pins == Strings{"z"});
  CHECK(parse(image("")).owner == kDefaultSeedOwner);
  CHECK(parse("").images.empty());
  // The owner counts wherever it stands.
  CHECK(parse("image = [{id = '" + id() + "'}]\nowner = 'late'").images[0].pins == Strings{"late"});
}

TEST_CASE("a path is relative to the directory of the lock file") {
  SeedFile file;
  file.file = "dir/fleet.lock";
  CHECK(file.path("a/b") == "dir/a/b");
  CHECK(file.path("-") == "dir/-");
  CHECK(file.path("/a") == "/a");
  file.file = "/fleet.lock";
  CHECK(file.path("a") == "/a");
  file.file = "fleet.lock";
  CHECK(file.path("a") == "a");
  CHECK(file.path("-") == "./-");
}

TEST_CASE("dots are for strings and comments only") {
  CHECK(fault("a.b = 1").starts_with("dir/fleet.lock:2: a dotted key"));
  CHECK(fault("[image.x]\n").starts_with("dir/fleet.lock:2: a dotted key"));
  CHECK(fault("# one. two\nowner = 'a.b' # c.d\nx.y = 1")
            .starts_with("dir/fleet.lock:4: a dotted key"));
  CHECK(fault("owner = \"a\\\".b\\\\\"\nx.y = 1").starts_with("dir/fleet.lock:3: a dotted key"));
  CHECK(fault("owner = \"\"\"\na.b\"\".c\\\"\"\"\"\"\"\nx.y = 1")
            .starts_with("dir/fleet.lock:4: a dotted key"));
  CHECK(fault("owner = '''\n.\\'''\nx.y = 1").starts_with("dir/fleet.lock:4: a dotted key"));
  CHECK(fault("owner = \"\"\"\\\n  a.b\"\"\"\nx.y = 1").starts_with("dir/fleet.lock:4: a dotted"));
  CHECK(parse("owner = \"\"\"\n.a\"\".b\"\"\"\"\"\n").owner == ".a\"\".b\"\"");
  CHECK(parse("owner = ''' '. '' '''").owner == " '. '' ");
  // Strings that do not end are the parser's to tell, with the dots that may be in them.
  CHECK(fault("owner = \"a.b\n") != "nothing");
  CHECK(fault("owner = '''a.b\n") != "nothing");
  CHECK(fault("owner = \"a\\") != "nothing");
  CHECK(fault("'") != "nothing");
}

TEST_CASE("what is no lock file is told with its line") {
  CHECK(parse_seed_file("version = 1", "x").images.empty());
  CHECK(fault("from = 'ftp://x/y'") ==
        "dir/fleet.lock:2: from: \"ftp://x/y\": URLs are not supported by version 1 of the lock "
        "file");
  CHECK(parse("from = ['a:b', './http://x', '://x', 'a b://x']").from.size() == 4);
  CHECK(fault("owner = ['a']") == "dir/fleet.lock:2: owner: must be a string, not an array");
  CHECK(fault(image("latest = 2026-01-01")) ==
        "dir/fleet.lock:4: latest: must be true or false, not a date or time");
  CHECK(fault("from = []") == "dir/fleet.lock:2: from: is empty");
  CHECK(fault("from = ['']") == "dir/fleet.lock:2: from: is empty");
  CHECK(fault(image("name = \"a,b=\\u0000\"")) ==
        "dir/fleet.lock:4: name: \"a,b=\\x00\" has a NUL in it");
  CHECK(fault("\n\n'a\\nb' = 1") == "dir/fleet.lock:4: \"a\\\\nb\": no such key");
  CHECK(fault(image("") + image("name = 'x'")) ==
        "dir/fleet.lock:4: x: the image of line 2 once more");
}

TEST_CASE("what is written reads back as it was, in one form") {
  const std::string text =
      "# Images for acistore seed: see acistore-seed(5).\n"
      "version = 1\n"
      "owner = \"o\\\"w\\\\n\\u000A\\u202E\xc3\xa4\xf0\x9f\x98\x80\"\n"
      "from = [\"/srv\", \"../x y\"]\n"
      "\n"
      "[[image]]\n"
      "name = \"example.com/app:1,os=linux\"\n"
      "id = \"" +
      id() +
      "\"\n"
      "from = \"a\"\n"
      "latest = true\n"
      "pin = false\n"
      "\n"
      "[[image]]\n"
      "id = \"" +
      id('b') +
      "\"\n"
      "latest = false\n"
      "pin = [\"x\", \"y\"]\n"
      "\n"
      "[[image]]\n"
      "id = \"" +
      id('c') + "\"\n";
  const SeedFile file = parse_seed_file(text, "x");
  CHECK(file.owner == "o\"w\\n\n\xe2\x80\xae\xc3\xa4\xf0\x9f\x98\x80");
  CHECK(to_toml(file) == text);
  SeedFile raw = file;
  raw.from = {"\xff"};
  const auto error = error_of([&] { to_toml(raw); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::kInvalid);
  CHECK(error->message() == "\"\\xff\": is not UTF-8, and a lock file can name nothing else");
}

TEST_CASE("where in a directory an image is looked for") {
  const std::string key = "sha512-" + std::string(64, 'a');
  const Strings by_id{"blob/sha512/aa/" + key, key, key + ".aci", id(), id() + ".aci"};
  const auto places = [](const std::string& name) {
    return places_in_directory(parse(image("name = '" + name + "'")).images[0]);
  };
  CHECK(places_in_directory(parse(image("")).images[0]) == by_id);
  CHECK(places("app:1,os=linux") == by_id);
  CHECK(places("app:1/2,os=linux,arch=x") == by_id);
  Strings all = by_id;
  all.emplace_back("app-1-linux-amd64.aci");
  CHECK(places("app,arch=amd64,os=linux,version=1") == all);
  all.back() = "example.com/a/app-1-linux-amd64.aci";
  all.emplace_back("app-1-linux-amd64.aci");
  CHECK(places("example.com/a/app:1,os=linux,arch=amd64,more=x") == all);
}

TEST_CASE("a table whose name does not begin as one") {
  for (const char* const text : {"[%image]]", "[[%", "[[", "[", "[ \x01]", "[[#]]", "[=]"})
    CHECK(fault(text).starts_with("dir/fleet.lock:2: "));
  CHECK(fault(std::string("[[\0\0", 4)).starts_with("dir/fleet.lock:2: "));
}

TEST_CASE("characters beyond ASCII belong into strings and comments") {
  CHECK(parse("owner = '\u00fc' # \u00fc\nfrom = \"\"\"\\\n\u00fc\"\"\"").from ==
        Strings{"\u00fc"});
  CHECK(parse_seed_file("\ufeffversion = 1\nowner = 'o'", "x").owner == "o");
  for (const char* const text :
       {"\u00fc = 1", "owner = \u00fc", "owner = 0n\"x=\u02fa", "[[\u00fc]]",
        "owner = \"\\\u00fc\"", "owner = \"\"\"\\ \u00fc\"\"\""})
    CHECK(fault(text).starts_with("dir/fleet.lock:2: "));
}

TEST_CASE("how much an array and an owner may have") {
  const auto paths = [](std::size_t count) {
    std::string text = "from = [";
    for (std::size_t i = 0; i < count; ++i)
      text += "'" + std::to_string(i) + "',";
    return text + "]\n";
  };
  CHECK(parse(paths(1000)).from.size() == 1000);
  CHECK(fault(paths(1001)) == "dir/fleet.lock:2: from: an array of 1001; the limit is 1000");
  const std::string owner(255, 'x');
  CHECK(parse("owner = '" + owner + "'\n").owner == owner);
  CHECK(fault("owner = '" + owner + "x'\n") ==
        "dir/fleet.lock:2: owner: an owner of 256 bytes; the limit is 255");
  CHECK(fault(image("pin = ['a', '" + owner + "x']")) ==
        "dir/fleet.lock:4: pin: an owner of 256 bytes; the limit is 255");
}
