// SPDX-License-Identifier: Apache-2.0
#include "db/pins.hpp"

#include "catch.hpp"
#include "db/new_database.hpp"

using namespace acistore;

namespace {

std::vector<std::string> owners(const NewDatabase& store, const ImageKey& key, UnixNanos when) {
  std::vector<std::string> names;
  for (const Pin& pin : pins_in_force(store.database, key, when))
    names.push_back(pin.owner);
  return names;
}

using Owners = std::vector<std::string>;

}  // namespace

TEST_CASE("a pin holds until it expires, and one for good always") {
  NewDatabase store;
  const ImageKey key = store.import("one", {.name = "example.com/app", .labels = {}});
  const std::int64_t id = find_blob(store.database, key)->id;
  put_pin(store.database, id, {"b", 100});
  put_pin(store.database, id, {"a", std::nullopt});
  CHECK(owners(store, key, 99) == Owners{"a", "b"});
  CHECK(owners(store, key, 100) == Owners{"a"});
}

TEST_CASE("an owner has one pin on a blob: the last one") {
  NewDatabase store;
  const ImageKey key = store.import("one", {.name = "example.com/app", .labels = {}});
  const std::int64_t id = find_blob(store.database, key)->id;
  put_pin(store.database, id, {"a", 100});
  put_pin(store.database, id, {"a", std::nullopt});
  CHECK(owners(store, key, 1'000) == Owners{"a"});
  put_pin(store.database, id, {"a", 100});
  CHECK(owners(store, key, 1'000).empty());
}

TEST_CASE("an owner takes his own pin away; expired ones are forgotten") {
  NewDatabase store;
  const ImageKey key = store.import("one", {.name = "example.com/app", .labels = {}});
  const std::int64_t id = find_blob(store.database, key)->id;
  put_pin(store.database, id, {"a", 100});
  put_pin(store.database, id, {"b", std::nullopt});
  CHECK_FALSE(delete_pin(store.database, id, "c"));
  CHECK(delete_pin(store.database, id, "b"));
  CHECK_FALSE(delete_pin(store.database, id, "b"));
  delete_expired_pins(store.database, id, 99);
  CHECK(owners(store, key, 0) == Owners{"a"});
  delete_expired_pins(store.database, id, 100);
  CHECK(owners(store, key, 0).empty());
}
