// SPDX-License-Identifier: Apache-2.0
#include "db/anchor.hpp"

#include <fcntl.h>

#include <fstream>

#include "base/fd.hpp"
#include "catch.hpp"
#include "db/sqlite.hpp"
#include "errors.hpp"
#include "temporary_directory.hpp"

using namespace acistore;
namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds kNoTime{0};

// A directory with an empty database, and an anchor in it.
struct Anchored {
  TemporaryDirectory directory;
  fs::path path = fs::canonical(directory.path()) / "store";
  Fd fd;
  std::optional<Anchor> anchor;

  Anchored() {
    fs::create_directory(path);
    std::ofstream(path / "db").close();
    fd = Fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY));
    anchor.emplace(path, fd.get());
  }

  // Has another directory under that path, as a stranger could, and gives the new path of this.
  fs::path swap() const {
    const fs::path moved = path.parent_path() / "moved";
    fs::rename(path, moved);
    fs::create_directory(path);
    std::ofstream(path / "db").close();
    return moved;
  }
};

}  // namespace

TEST_CASE("a database stays in the directory that was opened, whatever its path comes to be") {
  const Anchored anchored;
  Database database(anchored.path / "db", Database::Mode::kReadWrite, kNoTime);
  database.execute("PRAGMA journal_mode = PERSIST; CREATE TABLE one (x)");
  const fs::path moved = anchored.swap();
  database.execute("CREATE TABLE two (x)");
  Database again(anchored.path / "db", Database::Mode::kReadWrite, kNoTime);
  again.execute("PRAGMA journal_mode = DELETE; INSERT INTO two VALUES (1); SELECT * FROM one");
  CHECK(fs::is_empty(anchored.path / "db"));
  CHECK_FALSE(fs::exists(anchored.path / "db-journal"));
  CHECK_FALSE(fs::exists(moved / "db-journal"));
  CHECK(fs::file_size(moved / "db") > 0);
}

TEST_CASE("other directories are what they are, and so is this once the anchor is gone") {
  Anchored anchored;
  fs::create_directory(anchored.path / "deeper");
  std::ofstream(anchored.path / "deeper/db").close();
  std::ofstream(anchored.path.string() + "-db").close();
  anchored.swap();
  for (const fs::path& file :
       {anchored.path / "deeper/db", fs::path(anchored.path.string() + "x/db")}) {
    CAPTURE(file);
    CHECK(error_of([&] {
      Database(file, Database::Mode::kReadWrite, kNoTime).execute("CREATE TABLE one (x)");
    }));
  }
  Database(anchored.path.string() + "-db", Database::Mode::kReadWrite, kNoTime)
      .execute("CREATE TABLE one (x)");
  anchored.anchor.reset();
  Database(anchored.path / "db", Database::Mode::kReadWrite, kNoTime)
      .execute("CREATE TABLE one (x)");
  CHECK(fs::file_size(anchored.path / "db") > 0);
}

TEST_CASE("a database or a journal that is a symbolic link is not followed") {
  const Anchored anchored;
  const fs::path outside = anchored.path.parent_path() / "outside";
  std::ofstream(outside).close();
  fs::create_symlink(outside, anchored.path / "link");
  CHECK(error_of([&] {
    Database(anchored.path / "link", Database::Mode::kReadWrite, kNoTime)
        .execute("CREATE TABLE one (x)");
  }));
  // A journal that SQLite takes for left over is unlinked, and then it is the link that goes.
  fs::create_symlink(outside, anchored.path / "db-journal");
  error_of([&] {
    Database(anchored.path / "db", Database::Mode::kReadWrite, kNoTime)
        .execute("PRAGMA journal_mode = PERSIST; CREATE TABLE one (x)");
  });
  CHECK(fs::is_empty(outside));
}
