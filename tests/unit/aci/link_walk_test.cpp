// SPDX-License-Identifier: Apache-2.0
// Where paths lead: aci/link_walk.hpp.
#include "aci/link_walk.hpp"

#include <map>

#include "catch.hpp"
#include "errors.hpp"

using namespace acistore;

namespace {

using Entries = std::map<std::string, PathTarget>;

PathTarget file() {
  return {.type = EntryType::kFile, .link = {}};
}
PathTarget directory() {
  return {.type = EntryType::kDirectory, .link = {}};
}
PathTarget symlink(std::string to) {
  return {.type = EntryType::kSymlink, .link = std::move(to)};
}
PathTarget hard_link(std::string to) {
  return {.type = EntryType::kHardLink, .link = std::move(to)};
}

std::string walk(const Entries& entries, std::string_view path, LastLink last = LastLink::kFollow) {
  const LookUpPath look_up = [&](const std::string& place) -> std::optional<PathTarget> {
    const auto found = entries.find(place);
    if (found == entries.end()) return std::nullopt;
    return found->second;
  };
  return walk_links(path, last, look_up).value_or("nowhere");
}

}  // namespace

TEST_CASE("a path without links leads to itself") {
  const Entries entries{{"manifest", file()}, {"rootfs/a/b", file()}, {"rootfs/d", directory()}};
  CHECK(walk(entries, "manifest") == "manifest");
  CHECK(walk(entries, "rootfs/a/b") == "rootfs/a/b");
  CHECK(walk(entries, "rootfs/./a//b") == "rootfs/a/b");
  CHECK(walk(entries, "rootfs/d/") == "rootfs/d");
  CHECK(walk(entries, "rootfs/none") == "rootfs/none");
  CHECK(walk(entries, ".") == ".");
  CHECK(walk(entries, "") == ".");
}

TEST_CASE("symbolic links are relative to their directory or to rootfs") {
  const Entries entries{
      {"rootfs/usr/bin/sh", symlink("dash")},     {"rootfs/bin", symlink("usr/bin")},
      {"rootfs/usr/bin/abs", symlink("/bin/sh")}, {"rootfs/usr/bin/up", symlink("../lib/x")},
      {"rootfs/usr/lib64", symlink("lib/")},      {"rootfs/slashes", symlink("//usr//bin/./sh")}};
  CHECK(walk(entries, "rootfs/usr/bin/sh") == "rootfs/usr/bin/dash");
  CHECK(walk(entries, "rootfs/bin/sh") == "rootfs/usr/bin/dash");
  CHECK(walk(entries, "rootfs/usr/bin/abs") == "rootfs/usr/bin/dash");
  CHECK(walk(entries, "rootfs/bin/up") == "rootfs/usr/lib/x");
  CHECK(walk(entries, "rootfs/usr/lib64/y") == "rootfs/usr/lib/y");
  CHECK(walk(entries, "rootfs/slashes") == "rootfs/usr/bin/dash");
}

TEST_CASE("nothing leads out of rootfs") {
  const Entries entries{{"manifest", file()},
                        {"rootfs/up", symlink("../manifest")},
                        {"rootfs/a/far", symlink("../../../../etc/passwd")},
                        {"rootfs/root", symlink("/")},
                        {"rootfs/dots", symlink("/../..")}};
  CHECK(walk(entries, "rootfs/up") == "rootfs/manifest");
  CHECK(walk(entries, "rootfs/a/far") == "rootfs/etc/passwd");
  CHECK(walk(entries, "rootfs/root") == "rootfs");
  CHECK(walk(entries, "rootfs/dots") == "rootfs");
  CHECK(walk(entries, "rootfs/root/etc") == "rootfs/etc");
}

TEST_CASE(".. goes up from where a link led") {
  const Entries entries{{"rootfs/a/link", symlink("/x/y")},
                        {"rootfs/z", symlink("a/link/../file")}};
  CHECK(walk(entries, "rootfs/z") == "rootfs/x/file");
}

TEST_CASE("the last link is kept where that is asked for") {
  const Entries entries{{"rootfs/bin", symlink("usr/bin")},
                        {"rootfs/usr/bin/sh", symlink("dash")},
                        {"rootfs/hard", hard_link("rootfs/usr/bin/sh")}};
  CHECK(walk(entries, "rootfs/bin/sh", LastLink::kKeep) == "rootfs/usr/bin/sh");
  CHECK(walk(entries, "rootfs/bin", LastLink::kKeep) == "rootfs/bin");
  CHECK(walk(entries, "rootfs/bin/", LastLink::kKeep) == "rootfs/usr/bin");
  CHECK(walk(entries, "rootfs/hard", LastLink::kKeep) == "rootfs/hard");
}

TEST_CASE("a hard link is what it names") {
  const Entries entries{{"rootfs/file", file()},
                        {"rootfs/a", hard_link("rootfs/file")},
                        {"rootfs/b", hard_link("./rootfs//a")},
                        {"rootfs/dir", symlink("d")},
                        {"rootfs/d/file", file()},
                        {"rootfs/c", hard_link("rootfs/dir/file")},
                        {"rootfs/link", symlink("file")},
                        {"rootfs/d/link", hard_link("rootfs/link")}};
  CHECK(walk(entries, "rootfs/a") == "rootfs/file");
  CHECK(walk(entries, "rootfs/b") == "rootfs/file");
  CHECK(walk(entries, "rootfs/c") == "rootfs/d/file");
  // A second name of a symbolic link leads on from its own directory.
  CHECK(walk(entries, "rootfs/d/link") == "rootfs/d/file");
}

TEST_CASE("ways that end before") {
  const Entries entries{{"rootfs/file", file()},
                        {"rootfs/empty", symlink("")},
                        {"rootfs/long", symlink(std::string(4096, 'x'))},
                        {"rootfs/lost", hard_link("rootfs/none")},
                        {"rootfs/out", hard_link("../etc/passwd")},
                        {"rootfs/abs", hard_link("/etc/passwd")}};
  CHECK(walk(entries, "rootfs/file/x") == "nowhere");
  CHECK(walk(entries, "rootfs/file/") == "nowhere");
  CHECK(walk(entries, "rootfs/file/..") == "nowhere");
  CHECK(walk(entries, "rootfs/empty") == "nowhere");
  CHECK(walk(entries, "rootfs/long") == "nowhere");
  CHECK(walk(entries, "rootfs/lost") == "nowhere");
  CHECK(walk(entries, "rootfs/out") == "nowhere");
  CHECK(walk(entries, "rootfs/abs") == "nowhere");
}

TEST_CASE("a path that grows beyond all bounds ends") {
  const std::string name(200, 'n');
  const Entries entries{{"rootfs/" + name, symlink("a/" + std::string(3000, 'd'))}};
  CHECK(walk(entries, "rootfs/" + name) == "rootfs/a/" + std::string(3000, 'd'));
  CHECK(walk(entries, "rootfs/" + name + "/" + std::string(2000, 'd')) == "nowhere");
}

TEST_CASE("40 links are followed and no more") {
  Entries entries;
  for (int i = 0; i < 41; ++i)
    entries["rootfs/" + std::to_string(i)] = symlink(std::to_string(i + 1));
  CHECK(walk(entries, "rootfs/1") == "rootfs/41");
  const auto error = error_of([&] { walk(entries, "rootfs/0"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::kNotFound);
  CHECK(error->message() == "more than 40 links on the way (a loop of links?)");
}

TEST_CASE("loops of every kind end") {
  const Entries entries{{"rootfs/a", symlink("b")},
                        {"rootfs/b", symlink("a")},
                        {"rootfs/self", symlink("self/x")},
                        {"rootfs/h", hard_link("rootfs/h")},
                        {"rootfs/i", hard_link("rootfs/i/x")},
                        {"rootfs/j", hard_link("rootfs/k/x")},
                        {"rootfs/k", hard_link("rootfs/j/x")}};
  for (const char* path :
       {"rootfs/a", "rootfs/a/x", "rootfs/self", "rootfs/h", "rootfs/i", "rootfs/j"}) {
    INFO(path);
    const auto error = error_of([&] { walk(entries, path); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::kNotFound);
  }
}
