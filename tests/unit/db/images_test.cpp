// SPDX-License-Identifier: Apache-2.0
#include "db/images.hpp"

#include <optional>
#include <string>

#include "catch.hpp"
#include "db/new_database.hpp"
#include "db/pins.hpp"
#include "db/remotes.hpp"

using namespace acistore;

namespace {

Manifest app(Labels labels) {
  return {.name = "example.com/app", .labels = std::move(labels)};
}

std::optional<std::string> best(NewDatabase& store, const std::string& reference) {
  const Snapshot snapshot(store.database);
  const auto image = best_image(store.database, Reference::parse(reference));
  const auto key = best_key(store.database, Reference::parse(reference));
  REQUIRE(image.has_value() == key.has_value());
  if (!image) return std::nullopt;
  CHECK(*key == image->blob.key);
  return image->blob.key.text();
}

}  // namespace

TEST_CASE("the image imported last is the best of those that match") {
  NewDatabase store;
  const ImageKey one = store.import("one", app({{"version", "1"}, {"os", "linux"}}));
  const ImageKey two = store.import("two", app({{"version", "2"}, {"os", "linux"}}));
  CHECK(best(store, "example.com/app") == two.text());
  CHECK(best(store, "example.com/app:1") == one.text());
  CHECK(best(store, "example.com/app,os=linux") == two.text());
  CHECK(best(store, "example.com/app:1,os=linux") == one.text());
  CHECK_FALSE(best(store, "example.com/app:1,os=darwin"));
  CHECK_FALSE(best(store, "example.com/app:3"));
  CHECK_FALSE(best(store, "example.com/ap"));
  store.import("one", app({{"version", "1"}, {"os", "linux"}}));
  CHECK(best(store, "example.com/app") == one.text());
}

TEST_CASE("the latest mark wins unless a version is asked for") {
  NewDatabase store;
  const ImageKey marked = store.import("one", app({{"version", "1"}, {"os", "linux"}}), true);
  const ImageKey plain = store.import("two", app({{"version", "1"}, {"os", "linux"}}));
  CHECK(best(store, "example.com/app") == marked.text());
  CHECK(best(store, "example.com/app,os=linux") == marked.text());
  CHECK(best(store, "example.com/app:1") == plain.text());
  REQUIRE(set_latest(store.database, marked, false));
  CHECK(best(store, "example.com/app") == plain.text());
  CHECK(best(store, "example.com/app,os=linux") == plain.text());
  REQUIRE(set_latest(store.database, marked, true));
  CHECK(best(store, "example.com/app,os=linux") == marked.text());
}

TEST_CASE("importing again sets the mark to what that import says") {
  NewDatabase store;
  const ImageKey one = store.import("one", app({}), true);
  const ImageKey two = store.import("two", app({}));
  store.import("one", app({}), false);
  store.import("two", app({}), false);
  CHECK(best(store, "example.com/app") == two.text());
  CHECK_FALSE(find_image(store.database, one)->latest);
}

TEST_CASE("labels keep the order of the manifest, whatever characters are in them") {
  NewDatabase store;
  const Labels labels{{"z", "1"}, {"a", std::string("\0x", 2)}, {"m", "gr\u00fcn"}};
  const ImageKey key = store.import("one", app(labels));
  CHECK(find_image(store.database, key)->labels == labels);
}

TEST_CASE("images are listed by sequence, and can be chosen by name, labels and key") {
  NewDatabase store;
  const ImageKey one = store.import("one", app({{"os", "linux"}}));
  const ImageKey two = store.import("two", {.name = "other", .labels = {}});
  CHECK(list_images(store.database, {}).size() == 2);
  CHECK(list_images(store.database, {}).front().blob.key == one);
  const auto by_name = list_images(store.database, {Reference::parse("other"), ""});
  REQUIRE(by_name.size() == 1);
  CHECK(by_name.front().blob.key == two);
  CHECK(list_images(store.database, {Reference::parse("example.com/app,os=darwin"), ""}).empty());
  const auto by_key = list_images(store.database, {std::nullopt, one.text().substr(0, 20)});
  REQUIRE(by_key.size() == 1);
  CHECK(by_key.front().blob.key == one);
}

TEST_CASE("what points at a blob goes with it") {
  NewDatabase store;
  const ImageKey key = store.import("one", app({{"os", "linux"}}));
  REQUIRE(
      put_remote(store.database, {.aci_url = "http://a", .sig_url = "", .etag = "", .key = key}));
  store.database.execute("INSERT INTO pin (blob_id, owner) SELECT id, 'me' FROM blob");
  REQUIRE(pins_in_force(store.database, key, 0).size() == 1);
  delete_blob(store.database, find_blob(store.database, key)->id);
  CHECK_FALSE(find_image(store.database, key));
  CHECK_FALSE(find_remote(store.database, "http://a"));
  for (const char* table : {"image", "label", "pin", "remote"}) {
    CAPTURE(table);
    Statement count(store.database, std::string("SELECT count(*) FROM ") + table);
    count.step();
    CHECK(count.integer(0) == 0);
  }
}

TEST_CASE("a use is recorded only if the last one is long enough ago") {
  NewDatabase store;
  const ImageKey key = store.import("one", app({}));
  set_last_used(store.database, key, 1'000, 0);
  CHECK(find_image(store.database, key)->last_used == 1);
  set_last_used(store.database, key, 1'000, 1);
  CHECK(find_image(store.database, key)->last_used == 1'000);
}

TEST_CASE("modification times of blobs only ever grow") {
  NewDatabase store;
  CHECK(next_blob_mtime(store.database, 100) == 100);
  CHECK(next_blob_mtime(store.database, 50) == 101);
  CHECK(next_blob_mtime(store.database, 101) == 102);
  CHECK(next_blob_mtime(store.database, 500) == 500);
}
