// SPDX-License-Identifier: Apache-2.0
#include "aci/path_whitelist.hpp"

#include "catch.hpp"

using namespace acistore;

namespace {

constexpr EntryType kDirectory = EntryType::kDirectory;
constexpr EntryType kFile = EntryType::kFile;

}  // namespace

TEST_CASE("a whitelist keeps what it lists and the directories that lead there") {
  const PathWhitelist list({"/usr/bin/tool", "/etc/unit/"});
  CHECK(list.keeps("rootfs", kDirectory));
  CHECK(list.keeps("rootfs/usr", kDirectory));
  CHECK(list.keeps("rootfs/usr/bin", kDirectory));
  CHECK(list.keeps("rootfs/usr/bin/tool", kFile));
  CHECK(list.keeps("rootfs/usr/bin/tool", kDirectory));
  CHECK(list.keeps("rootfs/usr/bin/tool", EntryType::kSymlink));
  CHECK(list.keeps("rootfs/etc/unit", kDirectory));
  CHECK(list.keeps("rootfs/etc/unit", kFile));
  CHECK(list.size() == 5);  // and "rootfs"

  SECTION("but nothing in a directory that it lists") {
    CHECK_FALSE(list.keeps("rootfs/etc/unit/a", kFile));
    CHECK_FALSE(list.keeps("rootfs/etc/unit/a", kDirectory));
  }
  SECTION("and no link or file where a directory would lead there") {
    CHECK_FALSE(list.keeps("rootfs/usr", EntryType::kSymlink));
    CHECK_FALSE(list.keeps("rootfs/usr/bin", kFile));
  }
  SECTION("and none of their neighbours") {
    CHECK_FALSE(list.keeps("rootfs/usr/bin/tools", kFile));
    CHECK_FALSE(list.keeps("rootfs/us", kDirectory));
    CHECK_FALSE(list.keeps("rootfs/usr/lib", kDirectory));
    CHECK_FALSE(list.keeps("usr/bin/tool", kFile));
  }
}

TEST_CASE("the paths of a whitelist are cleaned") {
  const PathWhitelist list(
      {"no/slash", "//a//./b/", "/c/../d", "/..", "/../rootfs/e", "/f/../../g", "/h\n\xff"});
  CHECK(list.keeps("rootfs/no/slash", kFile));
  CHECK(list.keeps("rootfs/a/b", kFile));
  CHECK(list.keeps("rootfs/d", kFile));
  CHECK_FALSE(list.keeps("rootfs/c", kDirectory));
  CHECK_FALSE(list.keeps("rootfs/e", kFile));
  CHECK_FALSE(list.keeps("rootfs/g", kFile));
  CHECK_FALSE(list.keeps("rootfs/f", kDirectory));
  CHECK(list.keeps("rootfs/h\n\xff", kFile));
}

TEST_CASE("a whitelist of the root alone keeps that alone") {
  for (const std::string path : {"", "/", "./", "/x/.."}) {
    const PathWhitelist list({path});
    CHECK(list.keeps("rootfs", kDirectory));
    CHECK_FALSE(list.keeps("rootfs/x", kDirectory));
    CHECK(list.size() == 1);
  }
}

TEST_CASE("a path that no archive can have costs nothing") {
  const PathWhitelist list({std::string(kMaxPathBytes, '/') + "a/" + std::string(4096, 'b'),
                            "/" + std::string(kMaxPathBytes - 7, 'c')});
  CHECK(list.size() == 1);
  CHECK(list.keeps("rootfs/" + std::string(kMaxPathBytes - 7, 'c'), kFile));
}
