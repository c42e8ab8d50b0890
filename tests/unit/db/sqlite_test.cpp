// SPDX-License-Identifier: Apache-2.0
#include "db/sqlite.hpp"

#include "catch.hpp"
#include "db/new_database.hpp"
#include "errors.hpp"

using namespace acistore;

TEST_CASE("a statement that does not fit the tables tells that the database is damaged") {
  NewDatabase store;
  store.database.execute("DROP TABLE remote");
  const auto missing = error_of([&] { Statement(store.database, "SELECT etag FROM remote"); });
  REQUIRE(missing);
  CHECK(missing->kind() == ErrorKind::kDamaged);
  CHECK(missing->message().starts_with("database: no such table: remote"));
  const auto twice = error_of(
      [&] { store.database.execute("INSERT INTO counter (name, value) VALUES ('sequence', 1)"); });
  REQUIRE(twice);
  CHECK(twice->kind() == ErrorKind::kDamaged);
}

TEST_CASE("what SQLite quotes of a database is shown without control characters") {
  NewDatabase store;
  const auto other = error_of([&] { store.database.execute("SELECT * FROM \"\x1b[31m\""); });
  REQUIRE(other);
  CHECK(other->message().starts_with("database: no such table: \\x1b[31m"));
}

TEST_CASE("views and triggers that a database brings along are not run") {
  NewDatabase store;
  store.database.execute("CREATE VIEW v AS SELECT 1");
  const auto error = error_of([&] { Statement(store.database, "SELECT * FROM v"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::kDamaged);
  store.database.execute(
      "CREATE TRIGGER t BEFORE UPDATE ON counter BEGIN SELECT RAISE(ABORT, 'x'); END");
  store.database.execute("UPDATE counter SET value = 7");
  CHECK(store.database.changes() == 2);
}
