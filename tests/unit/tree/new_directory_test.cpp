// SPDX-License-Identifier: Apache-2.0
#include "tree/new_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "catch.hpp"
#include "errors.hpp"
#include "temporary_directory.hpp"

using namespace acistore;
namespace fs = std::filesystem;

namespace {

void put(const NewDirectory& directory, const char* name) {
  const Fd made(::openat(directory.fd(), name, O_CREAT | O_WRONLY, 0600));
  REQUIRE(made);
}

std::ptrdiff_t count(const fs::path& path) {
  return std::distance(fs::directory_iterator(path), {});
}

ErrorKind kind_of(const fs::path& path, IfExists if_exists) {
  const auto error = error_of([&] { NewDirectory(path, if_exists).publish(false); });
  REQUIRE(error);
  return error->kind();
}

}  // namespace

TEST_CASE("a directory appears when it is published, and leaves nothing else") {
  const TemporaryDirectory place;
  const fs::path path = place.path() / "new";
  const bool sync = GENERATE(false, true);
  {
    NewDirectory made(path.string() + "//", IfExists::kRefuse);
    put(made, "a");
    CHECK_FALSE(fs::exists(path));
    struct stat status {};
    REQUIRE(::fstat(made.fd(), &status) == 0);
    CHECK((status.st_mode & ALLPERMS) == 0700);
    made.publish(sync);
  }
  CHECK(fs::exists(path / "a"));
  CHECK(count(place.path()) == 1);
}

TEST_CASE("one that is not published leaves nothing") {
  const TemporaryDirectory place;
  {
    const NewDirectory made(place.path() / "new", IfExists::kRefuse);
    put(made, "a");
  }
  CHECK(fs::is_empty(place.path()));
}

TEST_CASE("its usual mode is that of the umask") {
  const TemporaryDirectory place;
  const mode_t before = ::umask(027);
  const mode_t mode = NewDirectory(place.path() / "new", IfExists::kRefuse).usual_mode();
  ::umask(before);
  CHECK(mode == 0750);
}

TEST_CASE("what is there is refused, or replaced as a whole") {
  const TemporaryDirectory place;
  const fs::path path = place.path() / "new";
  fs::create_directories(place.path() / "target");
  std::ofstream(place.path() / "target/kept") << "x";
  const char* what = GENERATE("directory", "empty", "link", "dangling");
  CAPTURE(what);
  if (*what == 'd' || *what == 'e') fs::create_directory(path);
  if (*what == 'd') std::ofstream(path / "old") << "x";
  if (*what == 'l') fs::create_directory_symlink("target", path);
  if (what == std::string("dangling")) {
    fs::remove_all(path);
    fs::create_directory_symlink("nowhere", path);
  }
  CHECK(kind_of(path, IfExists::kRefuse) == ErrorKind::kRefused);
  {
    NewDirectory made(path, IfExists::kReplace);
    put(made, "a");
    made.publish(false);
  }
  CHECK(fs::is_directory(fs::symlink_status(path)));
  CHECK(count(path) == 1);
  CHECK(fs::exists(place.path() / "target/kept"));
  CHECK(count(place.path()) == 2);
}

TEST_CASE("what is no directory, and what has no name of its own, is refused") {
  const TemporaryDirectory place;
  std::ofstream(place.path() / "file") << "x";
  for (const char* name : {"file", ".", ".."}) {
    CHECK(kind_of(place.path() / name, IfExists::kReplace) == ErrorKind::kRefused);
    CHECK(kind_of(place.path() / name, IfExists::kRefuse) == ErrorKind::kRefused);
  }
  CHECK(kind_of("/", IfExists::kReplace) == ErrorKind::kRefused);
  CHECK(kind_of("", IfExists::kReplace) == ErrorKind::kIo);
  CHECK(kind_of(place.path() / "none/x", IfExists::kReplace) == ErrorKind::kIo);
  CHECK(count(place.path()) == 1);
}

TEST_CASE("who takes the name meanwhile keeps it, unless he is to be replaced") {
  const TemporaryDirectory place;
  const fs::path path = place.path() / "new";
  {
    NewDirectory made(path, IfExists::kRefuse);
    fs::create_directory(path);
    std::ofstream(path / "other") << "x";
    const auto error = error_of([&] { made.publish(false); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::kRefused);
  }
  CHECK(fs::exists(path / "other"));
  CHECK(count(place.path()) == 1);
  NewDirectory made(path, IfExists::kReplace);
  fs::remove_all(path);
  put(made, "a");
  made.publish(false);
  CHECK(fs::exists(path / "a"));
  CHECK(count(place.path()) == 1);
}

TEST_CASE("a signal ends the process after all has been removed") {
  const TemporaryDirectory place;
  for (const int signal : kDeadlySignals) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      // Catch2 has handlers of its own.
      ::signal(signal, SIG_DFL);
      try {
        const NewDirectory made(place.path() / "new", IfExists::kRefuse);
        const Fd file(::openat(made.fd(), "a", O_CREAT | O_WRONLY, 0600));
        ::raise(signal);
        made.signals().check();
      } catch (const Error&) {
      }
      ::_exit(1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == signal);
    CHECK(fs::is_empty(place.path()));
  }
}
