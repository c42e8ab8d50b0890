// SPDX-License-Identifier: Apache-2.0
#include "base/trusted_path.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "catch.hpp"
#include "errors.hpp"
#include "temporary_directory.hpp"

using namespace acistore;
namespace fs = std::filesystem;

namespace {

constexpr uid_t kStranger = 60001;

struct Tree {
  TemporaryDirectory directory;
  fs::path root = fs::canonical(directory.path());
  fs::path open = root / "open";  // everybody may write to it

  Tree() {
    fs::create_directory(open);
    ::chmod(open.c_str(), 01777);
  }
};

std::string path_of(const fs::path& path, bool make = false) {
  const auto found = open_trusted_directory(path, make);
  return found ? found->path : "nothing";
}

}  // namespace

TEST_CASE("a directory is found through links, dots and slashes, and its path has none") {
  const Tree tree;
  fs::create_directories(tree.root / "a/b");
  fs::create_symlink("a", tree.root / "one");
  fs::create_symlink(tree.root / "one/../a/b", tree.root / "a/two");
  CHECK(path_of(tree.root / "one/b/") == tree.root / "a/b");
  CHECK(path_of(tree.root / "one/two/.././/b") == tree.root / "a/b");
  CHECK(path_of("/") == "/");
  CHECK(path_of("/../..") == "/");
  const fs::path here = fs::current_path();
  fs::current_path(tree.root / "a");
  CHECK(path_of("b") == tree.root / "a/b");
  CHECK(path_of(".") == tree.root / "a");
  fs::current_path(here);
}

TEST_CASE("what is missing is nothing, or made") {
  const Tree tree;
  CHECK(path_of(tree.root / "new/below") == "nothing");
  CHECK_FALSE(fs::exists(tree.root / "new"));
  CHECK(path_of(tree.root / "new/below", true) == tree.root / "new/below");
  CHECK(fs::is_directory(tree.root / "new/below"));
  CHECK(path_of(tree.open / "new", true) == tree.open / "new");
}

TEST_CASE("what is no directory, or leads in circles, is an error") {
  const Tree tree;
  fs::create_symlink("loop", tree.root / "loop");
  auto error = error_of([&] { open_trusted_directory(tree.root / "loop", false); });
  REQUIRE(error);
  CHECK(error->message() == (tree.root / "loop").string() + ": Too many levels of symbolic links");
  error = error_of([&] { open_trusted_directory("/dev/null/x", true); });
  REQUIRE(error);
  CHECK(error->message() == "/dev/null/x: Not a directory");
}

TEST_CASE("a directory to which everybody may write is not trusted, and what is in it is") {
  const Tree tree;
  const auto error = error_of([&] { open_trusted_directory(tree.open, true); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::kRefused);
  fs::create_directory(tree.open / "mine");
  CHECK(path_of(tree.open / "mine") == tree.open / "mine");
}

TEST_CASE("what a stranger has put where everybody may write is not trusted") {
  if (::geteuid() != 0) return;  // only root can give files away
  const Tree tree;
  fs::create_directory(tree.root / "precious");
  fs::create_directory(tree.open / "his");
  fs::create_symlink(tree.root / "precious", tree.open / "link");
  REQUIRE(::lchown((tree.open / "his").c_str(), kStranger, kStranger) == 0);
  REQUIRE(::lchown((tree.open / "link").c_str(), kStranger, kStranger) == 0);
  for (const mode_t mode : {01777U, 0777U, 0702U}) {
    REQUIRE(::chmod(tree.open.c_str(), mode) == 0);
    for (const char* name : {"his", "link", "his/new", "link/new"}) {
      CAPTURE(name, mode);
      const auto error = error_of([&] { open_trusted_directory(tree.open / name, true); });
      REQUIRE(error);
      CHECK(error->kind() == ErrorKind::kRefused);
    }
  }
  CHECK(fs::is_empty(tree.root / "precious"));
  // Where only some may write it is theirs to decide.
  REQUIRE(::chmod(tree.open.c_str(), 0775) == 0);
  CHECK(path_of(tree.open / "his") == tree.open / "his");
  CHECK(path_of(tree.open / "link") == tree.root / "precious");
  // And whom the directory belongs to may do so anyway.
  REQUIRE(::chmod(tree.open.c_str(), 0777) == 0);
  REQUIRE(::lchown(tree.open.c_str(), kStranger, kStranger) == 0);
  CHECK(path_of(tree.open / "his") == tree.open / "his");
}
