// SPDX-License-Identifier: Apache-2.0
#include "tree/remove_tree.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/fd.hpp"
#include "catch.hpp"
#include "errors.hpp"
#include "temporary_directory.hpp"

using namespace acistore;
namespace fs = std::filesystem;

namespace {

struct Place {
  TemporaryDirectory directory;
  Fd fd{::open(directory.path().c_str(), O_RDONLY | O_DIRECTORY)};
  fs::path operator/(const char* name) const { return directory.path() / name; }
};

}  // namespace

TEST_CASE("a tree is removed whatever is in it, and links are not followed") {
  const Place place;
  fs::create_directories(place / "kept/sub");
  std::ofstream(place / "kept/file") << "x";
  fs::create_directories(place / "tree/a/b");
  fs::create_directory_symlink(place / "kept", place / "tree/link");
  fs::create_directory_symlink("../../../kept", place / "tree/a/b/link");
  fs::create_hard_link(place / "kept/file", place / "tree/a/hard");
  REQUIRE(::mkfifo((place / "tree/fifo").c_str(), 0) == 0);
  for (int i = 0; i < 1000; ++i)
    std::ofstream(place / "tree/a/b" / std::to_string(i)) << "x";
  fs::permissions(place / "tree/a/b", fs::perms::owner_read);
  fs::permissions(place / "tree/a", fs::perms::none);
  remove_tree(place.fd.get(), "tree");
  CHECK_FALSE(fs::exists(place / "tree"));
  CHECK(fs::exists(place / "kept/file"));
  CHECK(fs::exists(place / "kept/sub"));
}

TEST_CASE("a file, a link to a directory, and nothing") {
  const Place place;
  fs::create_directory(place / "kept");
  fs::create_directory_symlink("kept", place / "link");
  std::ofstream(place / "file") << "x";
  for (const char* name : {"link", "file", "nothing"})
    remove_tree(place.fd.get(), name);
  CHECK(fs::exists(place / "kept"));
  CHECK(std::distance(fs::directory_iterator(place.directory.path()), {}) == 1);
}

TEST_CASE("deeper than paths may be long and than descriptors reach") {
  const Place place;
  const std::string name(60, 'd');
  REQUIRE(::mkdirat(place.fd.get(), "tree", 0700) == 0);
  Fd here(::openat(place.fd.get(), "tree", O_RDONLY));
  for (int i = 0; i < 3000; ++i) {
    REQUIRE(::mkdirat(here.get(), name.c_str(), 0700) == 0);
    REQUIRE(::mkdirat(here.get(), "beside", 0700) == 0);
    here = Fd(::openat(here.get(), name.c_str(), O_RDONLY));
    REQUIRE(here);
  }
  remove_tree(place.fd.get(), "tree");
  CHECK(fs::is_empty(place.directory.path()));
}

TEST_CASE("what cannot be removed is told") {
  const Place place;
  const auto error = error_of([&] { remove_tree(place.fd.get(), std::string(300, 'x')); });
  REQUIRE(error);
  CHECK(error->message().find("File name too long") != std::string::npos);
}
