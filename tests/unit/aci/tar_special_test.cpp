// SPDX-License-Identifier: Apache-2.0
// Special headers, and what an entry becomes under them.
#include <string>

#include "aci/tar_builder.hpp"
#include "aci/tar_listing.hpp"
#include "catch.hpp"

using namespace acistore;
using namespace acistore::tar;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

// The first entry of what follows these headers.
TarEntry under(const std::string& headers, const std::string& entry = file("short")) {
  const First first = first_of(headers + entry + kEnd);
  CHECK(first.error.empty());
  return first.entry;
}

std::string error_under(const std::string& headers, const std::string& entry = file("short")) {
  return error_in(headers + entry + kEnd);
}

std::string error_of_pax(const std::string& text) {
  return error_under(special('x', text));
}

const std::string kLink = Header('2', "short").link("target").text();

}  // namespace

TEST_CASE("GNU long names") {
  const std::string name = "rootfs/" + std::string(200, 'a') + "/" + std::string(200, 'b');
  CHECK(under(special('L', name + '\0')).path == name);
  CHECK(under(special('L', name)).path == name);
  CHECK(under(special('L', "a\0rest"s)).path == "a");
  CHECK(under(special('L', "")).path == "short");
  CHECK(under(special('L', name), Header('0', "n").prefix("p").text()).path == name);
  CHECK(under(special('K', name + '\0'), kLink).link == name);
  CHECK(under(special('L', "first") + special('L', "second")).path == "second");
  const TarEntry both = under(special('K', "to") + special('L', "from"), kLink);
  CHECK(both.path == "from");
  CHECK(both.link == "to");
}

TEST_CASE("a special header is for one entry") {
  const std::string text = listing(
      special('L', "long") + pax({{"uid", "7"}}) + file("a") + file("b") + kEnd, 512, false);
  CHECK(text ==
        "1 long long a regular file 0644 7:0 : 0 0.0 -> 0,0 acl ;\n"
        "2 b b a regular file 0644 0:0 : 0 0.0 -> 0,0 acl ;\n");
}

TEST_CASE("pax records win over the header") {
  const TarEntry entry = under(pax({{"path", "rootfs/p\xc3\xa4th"},
                                    {"uid", "3000000"},
                                    {"gid", "-2"},
                                    {"uname", "user"},
                                    {"gname", "group"},
                                    {"mtime", "1500000000.123456789"},
                                    {"comment", "ignored"},
                                    {"hdrcharset", "BINARY"}}),
                               Header('0', "n").prefix("p").set(265, "u").text());
  CHECK(entry.path == "rootfs/p\xc3\xa4th");
  CHECK(entry.uid == 3'000'000);
  CHECK(entry.gid == -2);
  CHECK(entry.uname == "user");
  CHECK(entry.gname == "group");
  CHECK(entry.mtime == TarTime{1'500'000'000, 123'456'789});
  CHECK(under(pax({{"linkpath", "elsewhere"}}), kLink).link == "elsewhere");
  CHECK(under(special('X', record("path", "of Solaris"))).path == "of Solaris");
}

TEST_CASE("a pax size wins over the header's") {
  const auto sized = [](std::string_view value) {
    return first_of(pax({{"size", value}}) + Header('0', "x", 100).text() + padded("abc") + kEnd);
  };
  CHECK(sized("3").content == "abc");
  CHECK(sized("").error == "");
  CHECK(sized("-1").error == "entry 1 (\"x\"): the size is -1");
  CHECK(sized("12x").error == "entry 1 (\"x\"): pax size \"12x\" is no number");
  CHECK(sized("1.0").error == "entry 1 (\"x\"): pax size \"1.0\" is no number");
  CHECK(sized("99999999999999999999").error ==
        "entry 1 (\"x\"): pax size \"99999999999999999999\" is no number");
  CHECK_THAT(sized("68719476737").error, EndsWith("(limit of the uncompressed size: 68719476736)"));
}

TEST_CASE("of a pax record given twice the last counts, and an empty one takes it back") {
  CHECK(under(pax({{"path", "first"}, {"path", "second"}})).path == "second");
  CHECK(under(pax({{"path", "first"}, {"path", ""}})).path == "short");
  CHECK(under(pax({{"path", "first"}, {"uid", "1"}}) + pax({{"gid", "2"}})).path == "short");
}

TEST_CASE("pax times") {
  const auto time = [](std::string_view value) { return under(pax({{"mtime", value}})).mtime; };
  CHECK(time("5") == TarTime{5, 0});
  CHECK(time("5.") == TarTime{5, 0});
  CHECK(time("5.5") == TarTime{5, 500'000'000});
  CHECK(time("5.1234567899") == TarTime{5, 123'456'789});
  CHECK(time("-1.25") == TarTime{-2, 750'000'000});
  CHECK(time("-1") == TarTime{-1, 0});
  CHECK(time("-0.5") == TarTime{-1, 500'000'000});
  for (const std::string bad : {".5", "5.x", "1e9", "5.5.5", "5.5 ", "-"}) {
    CHECK(error_under(pax({{"mtime", bad}})) ==
          "entry 1 (\"short\"): pax mtime \"" + bad + "\" is no time");
  }
  CHECK(error_under(pax({{"mtime", "-9223372036854775808.5"}})) ==
        "entry 1 (\"short\"): pax mtime \"-9223372036854775808.5\" is out of range");
}

TEST_CASE("pax records that are none") {
  const auto error = [](const std::string& text) {
    const std::string message = error_of_pax(text);
    CHECK_THAT(message, StartsWith("entry 1 at byte 0: pax record"));
    return message;
  };
  CHECK_THAT(error("path=x\n"), EndsWith("has no length: \"path=x\\x0a\""));
  CHECK_THAT(error(" 8 a=b\n"), EndsWith("has no length: \" 8 a=b\\x0a\""));
  CHECK_THAT(error("-8 a=b\n"), EndsWith("has no length: \"-8 a=b\\x0a\""));
  CHECK_THAT(error("99999999999999999999 a=b\n"), EndsWith("a=b\\x0a\""));
  CHECK_THAT(error("7 a=b\n"), EndsWith("has a length of 7 where 6 bytes are left"));
  CHECK_THAT(error("2 a=b\n"), EndsWith("has a length of 2 where 6 bytes are left"));
  CHECK_THAT(error("5 a=b\n"), EndsWith("has no newline at its end: \"5 a=b\""));
  CHECK_THAT(error("6 a=bx"), EndsWith("has no newline at its end: \"6 a=bx\""));
  CHECK_THAT(error("6 abc\n"), EndsWith("is not KEY=VALUE: \"abc\""));
  CHECK_THAT(error("6 =bc\n"), EndsWith("is not KEY=VALUE: \"=bc\""));
  CHECK_THAT(error("6 a=b\n\0"s), EndsWith("has no length: \"\\x00\""));
}

TEST_CASE("a NUL in a pax path is refused") {
  for (const std::string key : {"path", "linkpath", "uname", "gname", "GNU.sparse.name"}) {
    CHECK(error_under(pax({{key, "a\0b"s}})) ==
          "entry 1 at byte 0: pax " + key + " has a NUL: \"a\\x00b\"");
  }
  CHECK(error_under(pax({{"a\0b"s, "c"}})) == "entry 1 at byte 0: pax key has a NUL: \"a\\x00b\"");
  CHECK(error_under(pax({{"SCHILY.xattr.user.a", "a\0b"s}})).empty());
}

TEST_CASE("a path or a link that pax and GNU give differently is refused") {
  CHECK(error_under(pax({{"path", "a"}}) + special('L', "b\0"s)) ==
        "entry 1 at byte 2048: the path is \"a\" in a pax header and \"b\" in a GNU header");
  CHECK(error_under(special('K', "b") + pax({{"linkpath", "a"}}), kLink) ==
        "entry 1 (\"short\"): the link is \"a\" in a pax header and \"b\" in a GNU header");
  CHECK(under(pax({{"path", "same"}}) + special('L', "same\0"s)).path == "same");
}

TEST_CASE("global records count for the owner and the time, never for what an entry is") {
  const std::string global = special('g', records({{"path", "moved"},
                                                   {"linkpath", "moved"},
                                                   {"size", "0"},
                                                   {"uid", "5"},
                                                   {"gid", "6"},
                                                   {"uname", "u"},
                                                   {"gname", "g"},
                                                   {"mtime", "7"},
                                                   {"GNU.sparse.major", "1"},
                                                   {"SCHILY.xattr.user.a", "b"}}));
  CHECK(listing(global + file("a", "content") + pax({{"uid", "1"}, {"mtime", "2"}}) +
                    Header('2', "b").link("t").text() + special('g', record("gname", "h")) +
                    file("c") + kEnd,
                512, true) ==
        "1 a a a regular file 0644 5:6 u:g 7 7.0 -> 0,0 acl ; content\n"
        "2 b b a symbolic link 0644 1:6 u:g 0 2.0 ->t 0,0 acl ; \n"
        "3 c c a regular file 0644 5:6 u:h 0 7.0 -> 0,0 acl ; \n");
  CHECK_THAT(error_under(special('g', "junk")), EndsWith("pax record has no length: \"junk\""));
}

TEST_CASE("a special header with no entry after it is refused") {
  for (const char type : {'x', 'X', 'g', 'L', 'K'}) {
    CAPTURE(type);
    const std::string lonely = special(type, record("path", "p"));
    const std::string message = "entry 2 at byte 1536: a special header with no entry after it";
    CHECK(error_in(file("a") + lonely + kEnd) == message);
    CHECK(error_in(file("a") + lonely) == message);
    CHECK(error_in(file("a") + lonely + std::string(512, '\0')) == message);
  }
}

TEST_CASE("special headers have limits") {
  std::string many;
  for (int i = 0; i < 16; ++i)
    many += special(i % 2 == 0 ? 'x' : 'L', i % 2 == 0 ? record("uid", "1") : "path");
  CHECK(error_in(many + file("a") + many + file("b") + kEnd).empty());
  CHECK(error_in(many + special('K', "x") + file("a") + kEnd) ==
        "entry 1 at byte 16384: more than 16 special headers in a row (limit of an entry)");

  const std::string most(kMaxSpecialHeaderBytes, '/');
  CHECK(under(special('L', "a" + most.substr(1))).path == "a");
  CHECK(error_under(special('L', most + "a")) ==
        "entry 1 at byte 0: a special header has 1048577 bytes (limit 1048576)");
  CHECK(error_under(Header('x', "x").size(base256(-1, 12)).text()) ==
        "entry 1 at byte 0: the size of a special header is -1");
}

TEST_CASE("extended attributes and access control lists") {
  const TarEntry entry = under(pax({{"SCHILY.xattr.user.b", "1\0\n=2"s},
                                    {"SCHILY.xattr.user.empty", ""},
                                    {"LIBARCHIVE.xattr.user.a%3D", "AP8"},
                                    {"LIBARCHIVE.xattr.user.b", "bGFzdA=="},
                                    {"SCHILY.acl.access", "user::rwx"},
                                    {"SCHILY.acl.default", "user::r-x"}}));
  CHECK(entry.xattrs ==
        std::vector<Xattr>{{"user.a=", "\0\xff"s}, {"user.b", "last"}, {"user.empty", ""}});
  CHECK(entry.acl_access == "user::rwx");
  CHECK(entry.acl_default == "user::r-x");
  CHECK_THAT(error_under(pax({{"LIBARCHIVE.xattr.user.a", "A*"}})),
             EndsWith("pax \"LIBARCHIVE.xattr.user.a\" is not base 64: \"A*\""));
  CHECK(error_under(pax({{"SCHILY.xattr.user.a", std::string(kMaxXattrBytes, 'v')}})).empty());
  CHECK_THAT(error_under(pax({{"SCHILY.xattr.user.a", std::string(kMaxXattrBytes + 1, 'v')}})),
             EndsWith("pax xattr \"user.a\" has 65537 bytes (limit 65536)"));
}

TEST_CASE("device numbers too big for the header") {
  const TarEntry entry = under(pax({{"SCHILY.devmajor", "1000000000"}, {"SCHILY.devminor", "9"}}),
                               Header('3', "dev").text());
  CHECK(entry.dev_major == 1'000'000'000);
  CHECK(entry.dev_minor == 9);
}
