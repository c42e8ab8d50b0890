// SPDX-License-Identifier: Apache-2.0
#include "cli/complete.hpp"

#include "catch.hpp"
#include "cli/shell_words.hpp"

using namespace acistore;

namespace {

using Words = std::vector<std::string>;

WordKind kind(const Words& words) {
  return unfinished_word(words).kind;
}

}  // namespace

TEST_CASE("a line of a shell is split into words without their quotes") {
  CHECK(split_shell_words("") == Words{""});
  CHECK(split_shell_words("a  b\tc") == Words{"a", "b", "c"});
  CHECK(split_shell_words("a ") == Words{"a", ""});
  CHECK(split_shell_words("a ''") == Words{"a", ""});
  CHECK(split_shell_words("'' a") == Words{"", "a"});
  CHECK(split_shell_words(R"(a\ b\'"c d"e'f "g')") == Words{R"(a b'c def "g)"});
  CHECK(split_shell_words(R"("a\"b\\c\d\$" '\')") == Words{R"(a"b\c\d$)", "\\"});
  CHECK(split_shell_words("a 'b c") == Words{"a", "b c"});
  CHECK(split_shell_words("a b\\") == Words{"a", "b"});
}

TEST_CASE("of what kind a word is follows from what stands before it") {
  CHECK(kind({""}) == WordKind::kChoice);
  CHECK(kind({"get", ""}) == WordKind::kReference);
  CHECK(kind({"get", "x", ""}) == WordKind::kNothing);
  CHECK(kind({"resolve", "x", "y", ""}) == WordKind::kKey);
  CHECK(kind({"cat", ""}) == WordKind::kImage);
  CHECK(kind({"cat", "x", ""}) == WordKind::kNothing);
  CHECK(kind({"diff", "x", ""}) == WordKind::kImage);
  CHECK(kind({"remote", "show", ""}) == WordKind::kUrl);
  CHECK(kind({"remote", "add", "x", ""}) == WordKind::kImage);
  CHECK(kind({"import", "--expect", ""}) == WordKind::kKey);
  CHECK(kind({"import", "--expect", "x", ""}) == WordKind::kFile);
  CHECK(kind({"import", "-j", ""}) == WordKind::kNothing);
  CHECK(kind({"import", "-j", "2", ""}) == WordKind::kFile);
  CHECK(kind({"import", "-j2", ""}) == WordKind::kFile);
  CHECK(kind({"import", "--pin", ""}) == WordKind::kFile);
  CHECK(kind({"import", "--pin=ci", ""}) == WordKind::kFile);
  CHECK(kind({"import", "-", ""}) == WordKind::kFile);
  CHECK(kind({"import", "--", "--"}) == WordKind::kFile);
  CHECK(kind({"import", "--no-such-option", ""}) == WordKind::kFile);
  CHECK(kind({"no-such-command", ""}) == WordKind::kNothing);
  CHECK(kind({"no-such-command", "get", ""}) == WordKind::kNothing);
}

TEST_CASE("a word is completed behind what of it stands already, and the store is told") {
  const UnfinishedWord fields =
      unfinished_word({"--lower=/l", "list", "--store", "/s", "--fields=id,la"});
  CHECK(fields.head == "--fields=id,");
  CHECK(fields.typed == "la");
  REQUIRE(fields.choices.size() == 3);
  CHECK(fields.choices.front().word == "labels");
  CHECK(fields.store == "/s");
  CHECK(fields.lower == Words{"/l"});
  // What is the value of another option is none.
  CHECK_FALSE(unfinished_word({"list", "--prefix", "--store", "x", ""}).store);
}
