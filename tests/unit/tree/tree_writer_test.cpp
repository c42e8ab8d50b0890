// SPDX-License-Identifier: Apache-2.0
#include "tree/tree_writer.hpp"

#include "catch.hpp"
#include "tree/tree.hpp"

using namespace acistore;
using namespace acistore::tree;
using namespace std::string_literals;
using tar::kEnd;
using tar::pax;

TEST_CASE("files, directories, links and fifos are written as they are recorded") {
  Tree tree;
  REQUIRE(tree.write(directory("d", "0001750") + file("d/f", "hello", "0000640") +
                     hard_link("d/hard", "./d//f") + soft_link("d/soft", "/etc/passwd") +
                     header('6', "d/fifo").mode("0000600").text() + pax({{"mtime", "-1.25"}}) +
                     file("d/old") + kEnd) == "");
  CHECK(tree.mode("d") == 01750);
  CHECK(tree.status("d").st_mtim.tv_sec == 0100);
  CHECK(tree.content("d/f") == "hello");
  CHECK(tree.mode("d/f") == 0640);
  CHECK(tree.status("d/f").st_nlink == 2);
  CHECK(tree.status("d/hard").st_ino == tree.status("d/f").st_ino);
  CHECK(fs::read_symlink(tree / "d/soft") == "/etc/passwd");
  CHECK(tree.status("d/soft").st_mtim.tv_sec == 0);
  CHECK(S_ISFIFO(tree.status("d/fifo").st_mode));
  CHECK(tree.mode("d/fifo") == 0600);
  CHECK(tree.status("d/old").st_mtim.tv_sec == -2);
  CHECK(tree.status("d/old").st_mtim.tv_nsec == 750'000'000);
  CHECK_FALSE(tree.writer().left_out().any());
}

TEST_CASE("the umask has no say, and set-id bits are set for the owner who is there") {
  Tree tree;
  const mode_t before = ::umask(0777);
  const std::string error = tree.write(directory("d", "0002777") + directory("d/e", "0000777") +
                                       file("d/e/f", "x", "0006777") + file("implied/f") + kEnd);
  ::umask(before);
  REQUIRE(error == "");
  CHECK(tree.mode("d") == 02777);
  CHECK(tree.mode("d/e") == 0777);
  CHECK(tree.mode("d/e/f") == 06777);
  CHECK(tree.mode("implied") == 0755);
}

TEST_CASE("a directory that nobody may write into is written into, and its time is kept") {
  Tree tree;
  REQUIRE(tree.write(directory("d", "0000000") + directory("d/e", "0000111") + file("d/e/f") +
                     directory("other") + file("d/g") + file("d/e/h") +
                     hard_link("other/l", "d/e/f") + directory("d/e/new") + file("last") + kEnd) ==
          "");
  CHECK(tree.mode("d") == 0);
  CHECK(tree.status("d").st_mtim.tv_sec == 0100);
  fs::permissions(tree / "d", fs::perms::owner_all);
  CHECK(tree.mode("d/e") == 0111);
  CHECK(tree.status("d/e").st_mtim.tv_sec == 0100);
  CHECK(tree.exists("d/e/h"));
  CHECK(tree.status("other/l").st_nlink == 2);
  CHECK(tree.status("other").st_mtim.tv_sec == 0100);
}

TEST_CASE("a directory may be recorded after what is in it, the top too") {
  Tree tree;
  REQUIRE(tree.write(file("d/e/f", "x") + directory("d/e", "0000500") + directory("d", "0000711") +
                     directory(".", "0000701") + kEnd) == "");
  CHECK(tree.mode("d/e") == 0500);
  CHECK(tree.mode("d") == 0711);
  CHECK(tree.status("d").st_mtim.tv_sec == 0100);
  CHECK(tree.mode(".") == 0701);
  CHECK(tree.status(".").st_mtim.tv_sec == 0100);
}

TEST_CASE("the top has the mode that it was given if no entry says it") {
  Tree tree;
  tree.writer().set_mode_of_top(0750);
  REQUIRE(tree.write(file("f") + kEnd) == "");
  CHECK(tree.mode(".") == 0750);
}

TEST_CASE("only what is below the top is written, without it") {
  Tree tree("rootfs/a");
  REQUIRE(tree.write(directory("rootfs") + file("manifest") + directory("rootfs/a", "0000700") +
                     file("rootfs/a/f", "x") + file("rootfs/ab") +
                     hard_link("rootfs/a/l", "rootfs/a/f") + kEnd) == "");
  CHECK(tree.mode(".") == 0700);
  CHECK(tree.status("l").st_nlink == 2);
  CHECK(std::distance(fs::directory_iterator(tree.path()), {}) == 2);
  CHECK(Tree("a").add(file("b") + hard_link("a/l", "b")) ==
        "entry 2 (\"a/l\"): hard link to \"b\", which it may not lead to");
  CHECK(Tree("a").add(file("a")) == "entry 1 (\"a\"): the top is a regular file, not a directory");
}

TEST_CASE("holes stay holes") {
  Tree tree;
  const std::uint64_t size = std::uint64_t{1} << 33;
  REQUIRE(tree.write(pax({{"GNU.sparse.major", "1"},
                          {"GNU.sparse.minor", "0"},
                          {"GNU.sparse.name", "sparse"},
                          {"GNU.sparse.realsize", std::to_string(size)}}) +
                     file("x", tar::padded("2\n4096\n3\n8192000\n2\n") + "abcde") +
                     pax({{"GNU.sparse.major", "1"},
                          {"GNU.sparse.minor", "0"},
                          {"GNU.sparse.name", "empty"},
                          {"GNU.sparse.realsize", "100000"}}) +
                     file("y", tar::padded("0\n")) + kEnd) == "");
  CHECK(static_cast<std::uint64_t>(tree.status("sparse").st_size) == size);
  CHECK(tree.status("sparse").st_blocks < 100);
  std::ifstream in(tree / "sparse", std::ios::binary);
  char bytes[5]{};
  in.seekg(4095).read(bytes, 5);
  CHECK(std::string(bytes, 5) == std::string("\0abc\0", 5));
  in.seekg(8191999).read(bytes, 4);
  CHECK(std::string(bytes, 4) == std::string("\0de\0", 4));
  CHECK(tree.status("empty").st_size == 100000);
  CHECK(tree.status("empty").st_blocks == 0);
}

TEST_CASE("an entry below a link or a file is refused, wherever that leads") {
  const std::string refused = ", which is a symbolic link";
  for (const char* target : {"/etc", "..", "d", ".", "nowhere", "link"}) {
    for (const char* below : {"link/f", "link/a/b/f"}) {
      Tree tree;
      CHECK(tree.add(directory("d") + soft_link("link", target) + file(below)) ==
            "entry 3 (\"" + std::string(below) + "\"): lies below \"link\"" + refused);
      CHECK(fs::is_empty(tree / "d"));
    }
  }
  CHECK(Tree().add(directory("d") + soft_link("d/l", "..") + directory("d/l/e")) ==
        "entry 3 (\"d/l/e\"): lies below \"d/l\"" + refused);
  CHECK(Tree().add(file("f") + file("f/x")) ==
        "entry 2 (\"f/x\"): lies below \"f\", which is no directory");
  CHECK(Tree().add(header('6', "f").text() + directory("f/x/y")) ==
        "entry 2 (\"f/x/y\"): lies below \"f\", which is no directory");
}

TEST_CASE("a path that is taken is refused in one archive") {
  const std::string taken = "something is there already, or lies below it";
  const std::string before[] = {file("a"), directory("a"), soft_link("a", "d"), file("a/b")};
  const std::string after[] = {file("a"), soft_link("a", "/etc"), header('6', "a").text(),
                               hard_link("a", "f")};
  for (const std::string& first : before) {
    for (const std::string& second : after) {
      Tree tree;
      CHECK(tree.add(directory("d") + file("f") + first + second) == "entry 4 (\"a\"): " + taken);
    }
  }
  CHECK(Tree().add(file("a") + directory("a")) == "entry 2 (\"a\"): " + taken);
  CHECK(Tree().add(soft_link("a", ".") + directory("a")) == "entry 2 (\"a\"): " + taken);
}

TEST_CASE("hard links lead to earlier entries only, and through no link") {
  const auto refused = [](const std::string& before, const char* target) {
    Tree tree;
    std::ofstream(tree.outside() / "secret") << "x";
    const std::string error = tree.add(before + hard_link("l", target) + file("later"));
    CHECK_FALSE(tree.exists("l"));
    return error;
  };
  const std::string at = "entry 1 (\"l\"): hard link";
  CHECK(refused("", "../secret") == at + ": path \"../secret\" has a \"..\" component");
  CHECK(refused("", "/etc/passwd") == at + ": path \"/etc/passwd\" begins with a slash");
  CHECK(refused("", "later") == at + " to \"later\", which is no earlier entry");
  CHECK(refused("", "l") == at + " to \"l\", which it may not lead to");
  CHECK(refused("", "") == at + " to \".\", which it may not lead to");
  CHECK(refused("", "secret") == at + " to \"secret\", which is no earlier entry");
  const std::string third = "entry 2 (\"l\"): hard link";
  CHECK(refused(soft_link("up", ".."), "up/secret") ==
        third + " to \"up/secret\", which is no earlier entry");
  CHECK(refused(directory("d"), "d") == third + " to \"d\", which is a directory");
  Tree tree;
  REQUIRE(tree.write(soft_link("s", "/etc/passwd") + hard_link("l", "s") + kEnd) == "");
  CHECK(fs::read_symlink(tree / "l") == "/etc/passwd");
  CHECK(tree.status("l").st_nlink == 2);
}

TEST_CASE("what others put in the way is not followed") {
  Tree tree;
  fs::create_directory(tree.outside() / "target");
  REQUIRE(tree.add(directory("d") + file("d/f")) == "");
  fs::rename(tree / "d", tree.outside() / "moved");
  fs::create_directory_symlink(tree.outside() / "target", tree / "d");
  // The directory that is open goes on being the one.
  CHECK(tree.add(file("d/g")) == "");
  CHECK(fs::exists(tree.outside() / "moved/g"));
  CHECK(tree.add(file("e") + file("d/h")) ==
        "entry 2 (\"d/h\"): lies below \"d\", which is a symbolic link");
  CHECK(fs::is_empty(tree.outside() / "target"));
}

TEST_CASE("a deep tree takes few descriptors, and is gone back to") {
  Tree tree;
  std::string deep = "d";
  while (deep.size() < 4000)
    deep += "/d";
  const std::string archive = pax({{"path", deep + "/f"}}) + file("x", "deep") + file("top") +
                              pax({{"path", deep + "/g"}}) + file("x") + pax({{"path", deep}}) +
                              directory("x", "0000700") + pax({{"path", deep.substr(0, 3001)}}) +
                              directory("x", "0000711") + pax({{"path", deep + "/h"}}) + file("x") +
                              kEnd;
  REQUIRE(tree.write(archive) == "");
  CHECK(tree.content(deep + "/f") == "deep");
  CHECK(tree.exists(deep + "/h"));
  CHECK(tree.mode(deep) == 0700);
  CHECK(tree.status(deep).st_mtim.tv_sec == 0100);
  CHECK(tree.mode(deep.substr(0, 3001)) == 0711);
}

TEST_CASE("owners and devices that cannot be are refused") {
  const auto refused = [](const tar::Header& header) { return Tree().add(header.text()); };
  using tar::base256;
  CHECK(refused(tar::Header('0', "f").uid(base256(4294967295, 8))) ==
        "entry 1 (\"f\"): user ID 4294967295 is none");
  CHECK(refused(tar::Header('5', "f").gid(base256(-1, 8))) ==
        "entry 1 (\"f\"): group ID -1 is none");
  CHECK(refused(header('3', "f").set(329, base256(4096, 8))) ==
        "entry 1 (\"f\"): there is no device 4096,0");
  CHECK(refused(header('4', "f").set(337, base256(-1, 8))) ==
        "entry 1 (\"f\"): there is no device 0,-1");
  CHECK(Tree().add(soft_link("l", "")) == "entry 1 (\"l\"): a symbolic link to nothing");
  CHECK(Tree().add(pax({{"SCHILY.acl.access", "nonsense"}}) + file("f")) ==
        "entry 1 (\"f\"): access control list: \"nonsense\" is no entry");
}

TEST_CASE("owners and devices as root, and what is left out as another") {
  Tree tree;
  REQUIRE(tree.write(
              tar::Header('0', "f").mode("0006755").uid("0001234").gid("0000012").text() +
              tar::Header('5', "d").mode("0003755").uid("0001234").gid("0000012").text() +
              tar::Header('2', "l").link("x").uid("0001234").gid("0000012").text() +
              header('3', "null").mode("0000666").set(329, "0000001").set(337, "0000003").text() +
              hard_link("null2", "null") + hard_link("null3", "null2") +
              pax({{"SCHILY.xattr.trusted.x", "1"}}) + file("x") + kEnd) == "");
  const LeftOut& left_out = tree.writer().left_out();
  if (is_root()) {
    CHECK_FALSE(left_out.any());
    for (const char* name : {"f", "d", "l"}) {
      CHECK(tree.status(name).st_uid == 01234);
      CHECK(tree.status(name).st_gid == 012);
    }
    CHECK(tree.mode("f") == 06755);
    CHECK(tree.mode("d") == 03755);
    CHECK(tree.status("null").st_rdev == 0x103);
    CHECK(tree.mode("null") == 0666);
    CHECK(tree.status("null").st_nlink == 3);
    return;
  }
  CHECK(left_out.owners == 3);
  CHECK(left_out.set_ids == 2);
  CHECK(left_out.devices == 3);
  CHECK(left_out.xattrs == 1);
  CHECK(left_out.first == "f");
  CHECK(tree.mode("f") == 0755);
  CHECK(tree.mode("d") == 01755);
  CHECK_FALSE(tree.exists("null"));
}

TEST_CASE("attributes that no file can have are left out, whoever writes") {
  Tree tree;
  REQUIRE(tree.write(pax({{"SCHILY.xattr.", "1"},
                          {"SCHILY.xattr.com.apple.x", "1"},
                          {"SCHILY.xattr.user." + std::string(300, 'x'), "1"}}) +
                     file("f", "x") + kEnd) == "");
  CHECK(tree.writer().left_out().xattrs == 3);
  CHECK(describe(tree.writer().left_out()) == "3 extended attributes; the first at f");
  CHECK(tree.content("f") == "x");
}

TEST_CASE("extended attributes and access control lists, by text and as they are") {
  Tree tree;
  const std::string list = "user::rwx,user:7:r-x,group::r--,mask::r-x,other::---";
  const std::string value =
      "\2\0\0\0\1\0\7\0\377\377\377\377\2\0\5\0\7\0\0\0\4\0\4\0\377\377\377\377"
      "\20\0\5\0\377\377\377\377\40\0\0\0\377\377\377\377"s;
  REQUIRE(tree.add(pax({{"SCHILY.xattr.user.a", "1"}, {"SCHILY.acl.access", list}}) +
                   file("f", "x", "0000750") +
                   pax({{"SCHILY.xattr.user.b", "\1\0\2"s},
                        {"SCHILY.xattr.system.posix_acl_access", value},
                        {"SCHILY.acl.default", list}}) +
                   directory("d", "0000550") + directory("d/e", "0000755") +
                   file("d/g", "x", "0000666") + kEnd) == "");
  if (tree.writer().left_out().any()) return;  // not with this file system
  CHECK(tree.xattr("f", "user.a") == "1");
  CHECK(tree.xattr("f", "system.posix_acl_access") == value);
  REQUIRE(tree.add(file("z") + file("d/h", "x", "0000666")) == "");
  REQUIRE(tree.add(file("y")) == "");
  CHECK(tree.xattr("d", "user.b") == "\1\0\2"s);
  CHECK(tree.xattr("d", "system.posix_acl_access") == value);
  CHECK(tree.xattr("d", "system.posix_acl_default") == value);
  CHECK(tree.mode("d") == 0750);
  // Nothing is inherited.
  for (const char* name : {"d/e", "d/g", "d/h"})
    CHECK(tree.xattr(name, "system.posix_acl_access") == "none");
  CHECK(tree.mode("d/h") == 0666);
}
