// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_DB_REPLACE_HPP
#define ACISTORE_DB_REPLACE_HPP

#include <chrono>
#include <string>

#include "db/sqlite.hpp"

struct sqlite3_backup;

namespace acistore {

// Puts the content of one database in the place of another's, whatever that consists of: nothing,
// zeros, a torn database, bytes of any kind. The file stays the same one and is written in a single
// transaction of SQLite, so that a crash leaves the old content or the new, and who has it open
// goes on with the new.
class Replacement {
 public:
  // Begins the transaction: from here on nobody else reads or writes the database at `path`, which
  // must exist. Waits for those who do up to `timeout`. `content` must not change meanwhile and
  // must outlive the replacement. Throws Error.
  Replacement(const std::string& path, const Database& content, std::chrono::milliseconds timeout,
              bool sync);
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;

  // Without commit() leaves everything as it was.
  ~Replacement();

  void commit();

 private:
  // Runs sqlite3_backup_step(). Throws unless it gives `expected`.
  void step(int pages, int expected);
  int finish();

  Database target_;
  sqlite3_backup* backup_ = nullptr;
};

}  // namespace acistore

#endif
