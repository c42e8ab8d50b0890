// SPDX-License-Identifier: Apache-2.0
#include "db/image_uses.hpp"

#include "catch.hpp"
#include "db/new_database.hpp"
#include "db/pins.hpp"
#include "errors.hpp"

using namespace acistore;

namespace {

const Manifest kApp{.name = "example.com/app", .labels = {}};

}  // namespace

TEST_CASE("images are told by sequence, with one owner of the pins that hold") {
  NewDatabase store;
  const ImageKey one = store.import("one", kApp);
  const ImageKey two = store.import("twofold", kApp);
  put_pin(store.database, find_blob(store.database, two)->id, {"b", 100});
  put_pin(store.database, find_blob(store.database, two)->id, {"a", 50});
  const ImageUses uses = image_uses(store.database, 50);
  CHECK(uses.damage.empty());
  REQUIRE(uses.images.size() == 2);
  CHECK(uses.images[0].key == one);
  CHECK(uses.images[0].size == 3);
  CHECK_FALSE(uses.images[0].pinned_by);
  CHECK(uses.images[1].key == two);
  CHECK(uses.images[1].pinned_by == "b");
  CHECK(uses.images[1].sequence == 2);
  CHECK(uses.images[1].last_used == 2);
  CHECK(uses.images[1].name == "example.com/app");
  CHECK_FALSE(find_image_use(store.database, two, 100)->pinned_by);
  delete_blob(store.database, find_blob(store.database, two)->id);
  CHECK_FALSE(find_image_use(store.database, two, 0));
}

TEST_CASE("a row that cannot be read keeps nobody from the others") {
  NewDatabase store;
  store.import("one", kApp);
  const ImageKey two = store.import("two", kApp);
  store.database.execute("UPDATE blob SET key = 'sha512-x' WHERE id = 1");
  const ImageUses uses = image_uses(store.database, 0);
  REQUIRE(uses.damage.size() == 1);
  CHECK(uses.damage[0].kind() == ErrorKind::kDamaged);
  REQUIRE(uses.images.size() == 1);
  CHECK(uses.images[0].key == two);
}

TEST_CASE("newer images are counted by name, marked latest or not") {
  NewDatabase store;
  for (const char* content : {"one", "two", "three"})
    store.import(content, kApp, *content == 't');
  store.import("other", {.name = "example.com/other", .labels = {}});
  CHECK(has_newer_images(store.database, "example.com/app", 1, 0));
  CHECK(has_newer_images(store.database, "example.com/app", 1, 2));
  CHECK_FALSE(has_newer_images(store.database, "example.com/app", 1, 3));
  CHECK_FALSE(has_newer_images(store.database, "example.com/app", 1, UINT64_MAX));
  CHECK_FALSE(has_newer_images(store.database, "example.com/app", 3, 1));
  CHECK(has_newer_images(store.database, "example.com/none", 1, 0));
}

TEST_CASE("blobs that are no images have a size of their own") {
  NewDatabase store;
  store.import("one", kApp);
  CHECK(size_of_other_blobs(store.database) == 0);
  insert_blob(store.database, Sha512Digest{}, 17);
  CHECK(size_of_other_blobs(store.database) == 17);
}

TEST_CASE("an index that lacks a row is damage") {
  NewDatabase store;
  store.import("one", kApp);
  check_integrity(store.database);
  store.database.execute(
      "PRAGMA writable_schema = ON;"
      "UPDATE sqlite_schema SET sql = 'CREATE TABLE blob (id INTEGER PRIMARY KEY, key TEXT NOT "
      "NULL "
      "UNIQUE, digest BLOB NOT NULL CHECK (length(digest) = 63), size INTEGER NOT NULL, verified "
      "INTEGER) STRICT' WHERE name = 'blob';"
      "PRAGMA writable_schema = RESET");
  const auto error = error_of([&] { check_integrity(store.database); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::kDamaged);
}
