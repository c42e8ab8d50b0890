// SPDX-License-Identifier: Apache-2.0
#include "db/migrations.hpp"

#include <fstream>
#include <sstream>

#include "catch.hpp"
#include "db/new_database.hpp"
#include "errors.hpp"

using namespace acistore;

// The schema as it is after all steps, for people to read. When a step is added: look at the
// difference, then put it into the file.
TEST_CASE("the schema is that of schema.golden.sql") {
  NewDatabase store;
  Statement statement(store.database,
                      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid");
  std::string schema;
  while (statement.step())
    schema += statement.text(0) + ";\n";
  std::ifstream file(GOLDEN_SCHEMA);
  std::stringstream golden;
  golden << file.rdbuf();
  CHECK(schema == golden.str());
}

TEST_CASE("a database that is migrated already stays as it is") {
  NewDatabase store;
  migrate(store.database);
  const SchemaState state = schema_state(store.database);
  CHECK(state.application_id == kApplicationId);
  CHECK(state.version == newest_schema());
}

TEST_CASE("a newer schema is refused, not guessed at") {
  NewDatabase store;
  store.database.execute("PRAGMA user_version = 1000");
  for (const auto& error : {error_of([&] { migrate(store.database); }),
                            error_of([&] { check_schema(schema_state(store.database)); })}) {
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::kRefused);
    CHECK(error->message().find("1000") != std::string::npos);
  }
}

TEST_CASE("somebody else's database is not touched") {
  NewDatabase store;
  store.database.execute("PRAGMA application_id = 7; PRAGMA user_version = 0");
  const auto error = error_of([&] { migrate(store.database); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::kDamaged);
  store.database.execute("PRAGMA application_id = 0");
  CHECK(error_of([&] { migrate(store.database); }));  // it has tables
}
