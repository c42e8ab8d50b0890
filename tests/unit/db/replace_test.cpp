// SPDX-License-Identifier: Apache-2.0
#include "db/replace.hpp"

#include <random>

#include "catch.hpp"
#include "db/damage.hpp"
#include "errors.hpp"

using namespace acistore;
using std::chrono::milliseconds;

namespace {

// A new database, and what is to be in its place.
class Content {
 public:
  Content() {
    database.execute("PRAGMA journal_mode = OFF");
    migrate(database);
    insert_blob(database, DamagedDatabase::digest(1'000), 1);
  }
  Database database = Database::temporary();
};

void replace(const DamagedDatabase& database, const Content& content) {
  Replacement(database.path(), content.database, milliseconds(0), false).commit();
}

std::size_t count_blobs(const std::string& path) {
  Database database(path, Database::Mode::kReadWrite, milliseconds(0));
  Statement check(database, "PRAGMA integrity_check");
  REQUIRE(check.step());
  REQUIRE(check.text(0) == "ok");
  check_schema(schema_state(database));
  return blobs_by_key(database).size();
}

}  // namespace

TEST_CASE("whatever a file consists of, a database takes its place") {
  const DamagedDatabase database;
  const Content content;
  const std::string sound = database.read();
  std::string wal = sound;
  wal[18] = wal[19] = 2;
  std::string other_pages = sound;
  other_pages[16] = 0x20;
  std::string newer = sound;
  newer[18] = newer[19] = 3;
  for (const std::string& old :
       {std::string(), std::string("x"), std::string(5'000, '\0'), std::string(100'000, 'x'), sound,
        sound.substr(0, sound.size() / 2), sound.substr(0, 5'000), wal, other_pages, newer}) {
    database.write(old);
    replace(database, content);
    CHECK(count_blobs(database.path()) == 1);
  }
}

TEST_CASE("the same with any bytes in the header") {
  const DamagedDatabase database;
  const Content content;
  const std::string sound = database.read().substr(0, 20'000);
  std::mt19937 random(1);
  for (int round = 0; round < 150; ++round) {
    INFO("round " << round);
    std::string damaged = sound;
    for (int change = 0; change <= round % 10; ++change)
      damaged[random() % 100] = static_cast<char>(random());
    database.write(damaged);
    replace(database, content);
    CHECK(count_blobs(database.path()) == 1);
  }
}

TEST_CASE("without a commit the file stays what it was") {
  const DamagedDatabase database;
  const Content content;
  for (const std::string& old : {database.read(), std::string(9'000, 'x')}) {
    database.write(old);
    { const Replacement replacement(database.path(), content.database, milliseconds(0), false); }
    CHECK(database.read() == old);
  }
}

TEST_CASE("who has the database open is kept out, and then goes on with the new content") {
  const DamagedDatabase database;
  const Content content;
  Database reader(database.path(), Database::Mode::kReadWrite, milliseconds(0));
  CHECK(blobs_by_key(reader).size() == DamagedDatabase::kImages);
  {
    Replacement replacement(database.path(), content.database, milliseconds(0), false);
    const auto error = error_of([&] { blobs_by_key(reader); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::kBusy);
    replacement.commit();
  }
  CHECK(blobs_by_key(reader).size() == 1);
  insert_blob(reader, DamagedDatabase::digest(1), 1);
  CHECK(count_blobs(database.path()) == 2);
}

TEST_CASE("it waits for nobody longer than it may") {
  const DamagedDatabase database;
  const Content content;
  Database other(database.path(), Database::Mode::kReadWrite, milliseconds(0));
  const Snapshot snapshot(other);
  CHECK(blobs_by_key(other).size() == DamagedDatabase::kImages);
  const auto error = error_of([&] { replace(database, content); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::kBusy);
}
