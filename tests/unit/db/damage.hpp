// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_TESTS_UNIT_DB_DAMAGE_HPP
#define ACISTORE_TESTS_UNIT_DB_DAMAGE_HPP

#include <fstream>
#include <sstream>
#include <string>

#include "db/blobs.hpp"
#include "db/images.hpp"
#include "db/migrations.hpp"
#include "db/remotes.hpp"
#include "db/restore.hpp"
#include "temporary_directory.hpp"

namespace acistore {

// A database with so many images that its tables have several pages each, as a file that tests do
// harm to. Every third image is marked latest, every fifth is pinned, every seventh has a remote.
class DamagedDatabase {
 public:
  static constexpr int kImages = 150;
  static constexpr std::size_t kPageBytes = 4096;

  DamagedDatabase() {
    write("");
    Database database(path(), Database::Mode::kReadWrite, std::chrono::seconds(1));
    database.execute("PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON");
    migrate(database);
    Transaction transaction(database);
    for (int i = 0; i < kImages; ++i)
      add(database, i);
    transaction.commit();
  }

  static Sha512Digest digest(int image) {
    Sha512 hash;
    hash.update(as_bytes(std::to_string(image)));
    return hash.finish();
  }

  std::string path() const { return directory_.path() / "acistore.db"; }

  std::string read() const {
    std::ifstream file(path(), std::ios::binary);
    std::stringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
  }

  void write(const std::string& bytes) const {
    std::ofstream(path(), std::ios::binary).write(bytes.data(), std::ssize(bytes));
  }

 private:
  static void add(const Database& database, int image) {
    const std::int64_t id = insert_blob(database, digest(image), 100);
    record_import(database, id, {"example.com/" + std::to_string(image), {{"version", "1"}}},
                  std::string(300, ' ') + "{}", image % 3 == 0, image);
    if (image % 5 == 0) restore_pin(database, id, {"owner", std::nullopt});
    if (image % 7 == 0) {
      put_remote(database,
                 {.aci_url = "https://example.com/" + std::string(300, 'x') + std::to_string(image),
                  .sig_url = "sig",
                  .etag = "tag",
                  .key = ImageKey(digest(image))});
    }
  }

  TemporaryDirectory directory_;
};

}  // namespace acistore

#endif
