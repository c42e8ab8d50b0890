// SPDX-License-Identifier: Apache-2.0
#include "db/salvage.hpp"

#include <random>

#include "catch.hpp"
#include "db/damage.hpp"
#include "errors.hpp"

using namespace acistore;

namespace {

Salvage salvage(const DamagedDatabase& database, const std::set<ImageKey>& with_manifest = {}) {
  return salvage(database.path(), Database::Mode::kReadWrite, std::chrono::seconds(1),
                 with_manifest);
}

int count_marks(const Salvage& salvage) {
  int marks = 0;
  for (const auto& [key, blob] : salvage.blobs)
    marks += blob.image && blob.image->latest == true ? 1 : 0;
  return marks;
}

constexpr int kMarks = (DamagedDatabase::kImages + 2) / 3;
constexpr std::size_t kPins = (DamagedDatabase::kImages + 4) / 5;
constexpr std::size_t kRemotes = (DamagedDatabase::kImages + 6) / 7;

}  // namespace

TEST_CASE("of a sound database all is read") {
  const DamagedDatabase database;
  const ImageKey one(DamagedDatabase::digest(1));
  const Salvage found = salvage(database, {one});
  CHECK(found.is_there);
  CHECK(found.is_intact);
  CHECK(found.trouble.empty());
  CHECK(
      (found.has_all_blobs && found.has_all_images && found.has_all_pins && found.has_all_remotes));
  REQUIRE(found.blobs.size() == DamagedDatabase::kImages);
  CHECK(count_marks(found) == kMarks);
  CHECK(found.pins.size() == kPins);
  CHECK(found.remotes.size() == kRemotes);
  CHECK(found.sequence == DamagedDatabase::kImages);
  const SalvagedBlob& blob = found.blobs.at(one);
  REQUIRE((blob.row && blob.image));
  CHECK(blob.row->digest == DamagedDatabase::digest(1));
  CHECK(blob.image->sequence == 2);
  CHECK(blob.image->import_time == 1);
  CHECK(blob.image->manifest.ends_with("{}"));
  CHECK(found.blobs.at(ImageKey(DamagedDatabase::digest(2))).image->manifest.empty());
}

TEST_CASE("whichever page is destroyed, every key and every latest mark is found") {
  const DamagedDatabase database;
  const std::string sound = database.read();
  const std::size_t pages = sound.size() / DamagedDatabase::kPageBytes;
  REQUIRE(pages > 40);
  for (const char filler : {'\0', 'X'}) {
    for (std::size_t page = 0; page < pages; ++page) {
      INFO("page " << page + 1);
      std::string damaged = sound;
      damaged.replace(page * DamagedDatabase::kPageBytes, DamagedDatabase::kPageBytes,
                      DamagedDatabase::kPageBytes, filler);
      database.write(damaged);
      const Salvage found = salvage(database);
      CHECK(!found.is_intact);
      CHECK(!found.trouble.empty());
      CHECK(found.blobs.size() == DamagedDatabase::kImages);
      CHECK(count_marks(found) == kMarks);
      // What stood on the page is lost, and of a tree's root all the rest can be had by its keys.
      CHECK(found.remotes.size() == kRemotes);
      CHECK((found.pins.size() == kPins || !found.has_all_pins));
    }
  }
}

TEST_CASE("a file that is cut off anywhere gives what is left") {
  const DamagedDatabase database;
  const std::string sound = database.read();
  std::size_t most = 0;
  for (std::size_t size = 0; size < sound.size(); size += 3000) {
    database.write(sound.substr(0, size));
    const Salvage found = salvage(database);
    CHECK(found.is_there == (size > 0));
    CHECK(!found.is_intact);
    most = std::max(most, found.blobs.size());
  }
  CHECK(most == DamagedDatabase::kImages);
}

TEST_CASE("rubbish is read without a fault, and never taken for more than it is") {
  const DamagedDatabase database;
  const std::string sound = database.read();
  std::mt19937 random(1);
  for (int round = 0; round < 150; ++round) {
    INFO("round " << round);
    std::string damaged = sound;
    // Some bytes here and there, more often at the beginning.
    const std::size_t range = round % 2 == 0 ? damaged.size() : 200;
    for (int change = 0; change <= round % 20; ++change)
      damaged[random() % range] = static_cast<char>(random());
    database.write(damaged);
    const auto error = error_of([&] {
      for (const auto& [key, blob] : salvage(database).blobs)
        CHECK((!blob.row || ImageKey(blob.row->digest) == key));
    });
    CHECK((!error || error->kind() == ErrorKind::kRefused));
  }
  database.write(std::string(100'000, 'x'));
  CHECK(salvage(database).blobs.empty());
}

TEST_CASE("a newer schema is refused, another program's database has nothing for us") {
  const DamagedDatabase database;
  {
    Database open(database.path(), Database::Mode::kReadWrite, std::chrono::seconds(1));
    open.execute("PRAGMA user_version = 1000");
  }
  for (const auto& error : {error_of([&] { salvage(database); }), error_of([&] {
                              is_ours(database.path(), Database::Mode::kReadOnly,
                                      std::chrono::seconds(1));
                            })}) {
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::kRefused);
  }
  database.write("");
  CHECK(!salvage(database).is_there);
  {
    Database open(database.path(), Database::Mode::kReadWrite, std::chrono::seconds(1));
    open.execute("CREATE TABLE blob (x); INSERT INTO blob VALUES (1)");
  }
  CHECK(!is_ours(database.path(), Database::Mode::kReadOnly, std::chrono::seconds(1)));
  CHECK(salvage(database).blobs.empty());
}
