// SPDX-License-Identifier: Apache-2.0
#include "cli/entry_text.hpp"

#include "catch.hpp"

using namespace acistore;

namespace {

TarEntry a_file() {
  TarEntry entry;
  entry.path = "rootfs/etc/motd";
  entry.mode = 0644;
  entry.size = 12;
  entry.mtime = {1'709'208'000, 1};
  return entry;
}

std::string line(const TarEntry& entry, EntryStyle style = {.details = true}) {
  std::string text;
  append_entry(text, entry, true, style);
  return text;
}

std::string json(const TarEntry& entry, bool recorded = true) {
  Json out;
  out.begin_object();
  entry_members(out, entry, recorded);
  out.end_object();
  return out.take();
}

}  // namespace

TEST_CASE("modes are shown as ls shows them") {
  CHECK(mode_text(EntryType::kFile, 0644) == "-rw-r--r--");
  CHECK(mode_text(EntryType::kDirectory, 0755) == "drwxr-xr-x");
  CHECK(mode_text(EntryType::kHardLink, 0) == "h---------");
  CHECK(mode_text(EntryType::kSymlink, 0777) == "lrwxrwxrwx");
  CHECK(mode_text(EntryType::kCharDevice, 0666) == "crw-rw-rw-");
  CHECK(mode_text(EntryType::kBlockDevice, 0660) == "brw-rw----");
  CHECK(mode_text(EntryType::kFifo, 0600) == "prw-------");
  CHECK(mode_text(EntryType::kFile, 04755) == "-rwsr-xr-x");
  CHECK(mode_text(EntryType::kFile, 06644) == "-rwSr-Sr--");
  CHECK(mode_text(EntryType::kFile, 02755) == "-rwxr-sr-x");
  CHECK(mode_text(EntryType::kDirectory, 01777) == "drwxrwxrwt");
  CHECK(mode_text(EntryType::kDirectory, 01776) == "drwxrwxrwT");
  CHECK(octal_mode(0644) == "0644");
  CHECK(octal_mode(04755) == "4755");
}

TEST_CASE("times are in UTC, and those without a date are told in seconds") {
  CHECK(entry_time({0, 0}) == "1970-01-01T00:00:00Z");
  CHECK(entry_time({1'709'208'000, 999'999'999}) == "2024-02-29T12:00:00Z");
  CHECK(exact_entry_time({1'709'208'000, 1}) == "2024-02-29T12:00:00.000000001Z");
  CHECK(entry_time({-1, 0}) == "1969-12-31T23:59:59Z");
  CHECK(entry_time({253'402'300'799, 0}) == "9999-12-31T23:59:59Z");
  CHECK(entry_time({253'402'300'800, 0}) == "@253402300800");
  CHECK(entry_time({-62'167'219'200, 0}) == "0000-01-01T00:00:00Z");
  CHECK(entry_time({-62'167'219'201, 0}) == "@-62167219201");
  CHECK(entry_time({INT64_MAX, 0}) == "@9223372036854775807");
  CHECK(entry_time({INT64_MIN, 0}) == "@-9223372036854775808");
}

TEST_CASE("owners are names where there are some, and otherwise numbers") {
  TarEntry entry = a_file();
  entry.uid = 1000;
  entry.gid = 2000;
  CHECK(line(entry) ==
        "-rw-r--r-- 1000     2000             12 2024-02-29T12:00:00Z rootfs/etc/motd\n");
  entry.uname = "anna";
  entry.gname = "people of the world";
  CHECK(line(entry) ==
        "-rw-r--r-- anna     people\\x20of\\x20the\\x20world         12 "
        "2024-02-29T12:00:00Z rootfs/etc/motd\n");
  CHECK(line(entry, {.details = true, .numeric_owner = true}) ==
        "-rw-r--r-- 1000     2000             12 2024-02-29T12:00:00Z rootfs/etc/motd\n");
  // A name of digits would be taken for a number.
  entry.uname = "0";
  CHECK(line(entry).find("1000 ") != std::string::npos);
}

TEST_CASE("links say where they lead, devices which they are") {
  TarEntry entry = a_file();
  entry.type = EntryType::kSymlink;
  entry.link = "../a\nb";
  CHECK(line(entry).ends_with(" rootfs/etc/motd -> ../a\\x0ab\n"));
  entry.type = EntryType::kHardLink;
  CHECK(line(entry).ends_with(" rootfs/etc/motd link to ../a\\x0ab\n"));
  CHECK(line(entry, {}) == "rootfs/etc/motd\n");
  entry.type = EntryType::kCharDevice;
  entry.dev_major = 1;
  entry.dev_minor = 3;
  CHECK(line(entry).find("       1,3 2024") != std::string::npos);
}

TEST_CASE("extended attributes and ACLs have a line each") {
  TarEntry entry = a_file();
  entry.xattrs = {{"security.capability", std::string("\1\0\n", 3)}, {"user.a", "b"}};
  entry.acl_access = "user::rwx";
  CHECK(line(entry, {.xattrs = true}) ==
        "rootfs/etc/motd\n"
        "    security.capability = \\x01\\x00\\x0a\n"
        "    user.a = b\n"
        "    system.posix_acl_access = user::rwx\n");
}

TEST_CASE("an entry as JSON") {
  CHECK(
      json(a_file()) ==
      R"({"path":"rootfs/etc/motd","type":"file","mode":"0644","uid":0,"gid":0,"uname":"",)"
      R"("gname":"","size":12,"mtime":"2024-02-29T12:00:00.000000001Z","link":null,"xattrs":[]})");
  TarEntry entry = a_file();
  entry.type = EntryType::kDirectory;
  CHECK(json(entry, false) ==
        R"({"path":"rootfs/etc/motd","type":"directory","mode":null,"uid":null,"gid":null,)"
        R"("size":null,"mtime":null,"link":null,"recorded":false})");
}

TEST_CASE("if one text of an entry is not UTF-8 all of them are written byte by byte") {
  TarEntry entry = a_file();
  entry.type = EntryType::kSymlink;
  entry.path = "rootfs/\u00e9";
  entry.link = "\xe9";
  const std::string text = json(entry);
  CHECK(text.find("\"path\":\"rootfs/\u00c3\u00a9\",\"raw\":true") != std::string::npos);
  CHECK(text.find("\"link\":\"\u00e9\"") != std::string::npos);
  entry.link = "a";
  CHECK(json(entry).find("\"path\":\"rootfs/\u00e9\",\"type\"") != std::string::npos);
}
