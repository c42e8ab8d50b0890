// SPDX-License-Identifier: Apache-2.0
#include "tree/acl.hpp"

#include "catch.hpp"
#include "errors.hpp"

using namespace acistore;
using namespace std::string_literals;

namespace {

std::string entry(int tag, int permissions, std::uint32_t id = 0xffffffff) {
  std::string text{static_cast<char>(tag), '\0', static_cast<char>(permissions), '\0'};
  for (int i = 0; i < 4; ++i)
    text += static_cast<char>(id >> (8 * i) & 0xff);
  return text;
}

const std::string kVersion2 = "\2\0\0\0"s;

}  // namespace

TEST_CASE("lists are read in each form that archives have") {
  const std::string value = kVersion2 + entry(1, 7) + entry(2, 5, 0) + entry(2, 4, 1001) +
                            entry(4, 5) + entry(8, 2, 300) + entry(16, 7) + entry(32, 0);
  for (const char* text : {
           "user::rwx,user:1001:r--,user:root:r-x,group::r-x,group:300:-w-,mask::rwx,other::---",
           // star, libarchive: the number is behind
           "user::rwx,user:root:r-x:0,user:nobody-has-this-name:r--:1001,group::r-x,"
           "group:staff:-w-:300,mask::rwx,other::---",
           // GNU tar
           "user::rwx\nuser:root:r-x\nuser:1001:r--\ngroup::r-x\t#effective:r-x\ngroup:300:-w-\n"
           "mask::rwx\nother::---\n",
           "u::rwx, u:0:rx, u:1001:r, g::rx, g:300:w, m:rwx, o:-",
       }) {
    CAPTURE(text);
    CHECK(acl_from_text(text) == value);
  }
}

TEST_CASE("who has no number here makes the list unknown") {
  CHECK(acl_from_text("user::rwx,user:nobody-has-this-name:r--,group::r-x,other::r-x") ==
        std::nullopt);
}

TEST_CASE("what is no list is refused") {
  for (const std::string text :
       {"x", "user", "user:", "user::", "user::rwq", "owner::rwx", "mask:5:rwx", ":::", "user:5",
        "user:x:rwx:y", "user:x:rwx:4294967295", "user:x:rwx:-1", "user::rwx,,x"}) {
    CAPTURE(text);
    const auto error = error_of([&] { acl_from_text(text); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::kInvalid);
  }
}
