// SPDX-License-Identifier: Apache-2.0
#include "tree/beneath.hpp"

#include <fcntl.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "catch.hpp"
#include "temporary_directory.hpp"

using namespace acistore;
namespace fs = std::filesystem;

TEST_CASE("a path is resolved below a directory and through no link, by kernel or by steps") {
  const Resolver resolver = GENERATE(Resolver::kKernel, Resolver::kStepwise);
  const TemporaryDirectory directory;
  fs::create_directories(directory.path() / "root/a/b");
  std::ofstream(directory.path() / "root/a/b/f") << "x";
  std::ofstream(directory.path() / "secret") << "x";
  fs::create_directory_symlink("a", directory.path() / "root/inside");
  fs::create_directory_symlink("..", directory.path() / "root/up");
  fs::create_directory_symlink("/", directory.path() / "root/slash");
  fs::create_symlink("a/b/f", directory.path() / "root/file");
  fs::create_directory_symlink("..", directory.path() / "root/a/up");
  const Fd root(::open((directory.path() / "root").c_str(), O_RDONLY | O_DIRECTORY));
  const auto open = [&](const char* path, int flags = O_RDONLY) {
    errno = 0;
    const Fd fd = open_beneath(root.get(), path, flags, resolver);
    return fd ? 0 : errno;
  };
  CHECK(open("a/b/f") == 0);
  CHECK(open("a/b", O_RDONLY | O_DIRECTORY) == 0);
  CHECK(open(".", O_RDONLY | O_DIRECTORY) == 0);
  CHECK(open("a/x/f") == ENOENT);
  CHECK(open("a/b/f/g") == ENOTDIR);
  for (const char* path :
       {"inside/b/f", "up/secret", "slash/etc", "file", "a/up/secret", "inside", "a/up"}) {
    CAPTURE(path);
    const int error = open(path);
    CHECK((error == ELOOP || error == ENOTDIR));
    CHECK(open(path, O_RDONLY | O_DIRECTORY) != 0);
  }
  // No descriptor is left open, and none is inherited.
  const auto descriptors = [] {
    return std::distance(fs::directory_iterator("/proc/self/fd"), {});
  };
  const auto before = descriptors();
  const Fd fd = open_beneath(root.get(), "a/b/f", O_RDONLY, resolver);
  CHECK((::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK(descriptors() == before + 1);
}
