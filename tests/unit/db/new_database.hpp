// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_TESTS_UNIT_DB_NEW_DATABASE_HPP
#define ACISTORE_TESTS_UNIT_DB_NEW_DATABASE_HPP

#include <fstream>
#include <string>

#include "db/blobs.hpp"
#include "db/images.hpp"
#include "db/migrations.hpp"
#include "temporary_directory.hpp"

namespace acistore {

// A database with our schema and nothing in it, and what fills it.
class NewDatabase {
 public:
  NewDatabase() {
    database.execute("PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON");
    migrate(database);
  }

  // An image whose bytes are `content`, imported as the command would.
  ImageKey import(const std::string& content, const Manifest& manifest, bool latest = false) {
    Sha512 hash;
    hash.update(as_bytes(content));
    const Sha512Digest digest = hash.finish();
    const ImageKey key(digest);
    Transaction transaction(database);
    const auto row = find_blob(database, key);
    const std::int64_t id = row ? row->id : insert_blob(database, digest, content.size());
    record_import(database, id, manifest, "{}", latest, ++time_);
    transaction.commit();
    return key;
  }

 private:
  static std::string made(const TemporaryDirectory& directory) {
    const std::string path = directory.path() / "acistore.db";
    std::ofstream{path};
    return path;
  }

  TemporaryDirectory directory_;
  UnixNanos time_ = 0;

 public:
  Database database{made(directory_), Database::Mode::kReadWrite, std::chrono::seconds(1)};
};

}  // namespace acistore

#endif
