// SPDX-License-Identifier: Apache-2.0
#include "blob/leftovers.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/fd.hpp"
#include "catch.hpp"
#include "errors.hpp"
#include "temporary_directory.hpp"

using namespace acistore;
namespace fs = std::filesystem;
using State = Leftover::State;

namespace {

struct StoreDirectory {
  StoreDirectory() { fs::create_directory(tmp()); }

  fs::path tmp() const { return directory.path() / "tmp"; }
  State sweep(const std::string& name, Disposal disposal = Disposal::kRemove) const {
    return sweep_temporary(fd.get(), name, disposal).state;
  }

  TemporaryDirectory directory;
  Fd fd{::open(directory.path().c_str(), O_RDONLY | O_DIRECTORY)};
};

}  // namespace

TEST_CASE("a temporary file that nobody holds is removed, and its size told") {
  const StoreDirectory store;
  std::ofstream(store.tmp() / "a") << "12345";
  fs::permissions(store.tmp() / "a", fs::perms::owner_read);
  const Leftover leftover = sweep_temporary(store.fd.get(), "a", Disposal::kRemove);
  CHECK(leftover.state == State::kRemoved);
  CHECK(leftover.size == 5);
  CHECK(fs::is_empty(store.tmp()));
  CHECK(store.sweep("a") == State::kGone);
}

TEST_CASE("one that somebody holds stays until he lets go") {
  const StoreDirectory store;
  {
    const Fd holder(::open((store.tmp() / "a").c_str(), O_CREAT | O_RDWR, 0444));
    REQUIRE(::flock(holder.get(), LOCK_EX | LOCK_NB) == 0);
    CHECK(store.sweep("a") == State::kHeld);
    CHECK(store.sweep("a", Disposal::kOnlyLook) == State::kHeld);
    CHECK(fs::exists(store.tmp() / "a"));
  }
  CHECK(store.sweep("a") == State::kRemoved);
}

TEST_CASE("whoever only looks says the same, and removes nothing") {
  const StoreDirectory store;
  std::ofstream(store.tmp() / "a") << "12345";
  CHECK(store.sweep("a", Disposal::kOnlyLook) == State::kRemoved);
  CHECK(fs::exists(store.tmp() / "a"));
  // Nor does it hold what it looked at.
  const Fd file(::open((store.tmp() / "a").c_str(), O_RDONLY));
  CHECK(::flock(file.get(), LOCK_EX | LOCK_NB) == 0);
}

TEST_CASE("what is no regular file is removed and not followed; directories stay") {
  const StoreDirectory store;
  std::ofstream(store.directory.path() / "elsewhere") << "x";
  fs::create_symlink(store.directory.path() / "elsewhere", store.tmp() / "link");
  REQUIRE(::mkfifo((store.tmp() / "fifo").c_str(), 0600) == 0);
  fs::create_directory(store.tmp() / "directory");
  CHECK(store.sweep("link") == State::kRemoved);
  CHECK(store.sweep("fifo") == State::kRemoved);
  CHECK(store.sweep("directory") == State::kNoFile);
  CHECK(fs::exists(store.directory.path() / "elsewhere"));
  CHECK(leftover_names(store.fd.get(), "tmp") == std::vector<std::string>{"directory"});
}

TEST_CASE("a directory of leftovers that is a symbolic link is not followed") {
  const StoreDirectory store;
  std::ofstream(store.tmp() / "a") << "12345";
  const TemporaryDirectory other;
  fs::create_directory_symlink(store.tmp(), other.path() / "tmp");
  const Fd fd(::open(other.path().c_str(), O_RDONLY | O_DIRECTORY));
  CHECK(error_of([&] { sweep_temporary(fd.get(), "a", Disposal::kRemove); }));
  CHECK(error_of([&] { leftover_names(fd.get(), "tmp"); }));
  CHECK(fs::exists(store.tmp() / "a"));
}

TEST_CASE("the quarantine is emptied file by file, and need not be there") {
  const StoreDirectory store;
  CHECK(leftover_names(store.fd.get(), "quarantine").empty());
  CHECK(empty_quarantine(store.fd.get(), "a", Disposal::kRemove).state == State::kGone);
  fs::create_directory(store.directory.path() / "quarantine");
  std::ofstream(store.directory.path() / "quarantine/a") << "123";
  const Leftover looked = empty_quarantine(store.fd.get(), "a", Disposal::kOnlyLook);
  CHECK(looked.state == State::kRemoved);
  CHECK(looked.size == 3);
  CHECK(leftover_names(store.fd.get(), "quarantine") == std::vector<std::string>{"a"});
  CHECK(empty_quarantine(store.fd.get(), "a", Disposal::kRemove).state == State::kRemoved);
  CHECK(leftover_names(store.fd.get(), "quarantine").empty());
}
