// SPDX-License-Identifier: Apache-2.0
#include "db/replace.hpp"

#include <sqlite3.h>

#include <utility>

namespace acistore {

Replacement::Replacement(const std::string& path, const Database& content,
                         std::chrono::milliseconds timeout, bool sync)
    : target_(path, Database::Mode::kReadWrite, timeout) {
  target_.require_writable();
  // SQLite then takes the file for empty, however it begins.
  target_.check(sqlite3_db_config(target_.handle(), SQLITE_DBCONFIG_RESET_DATABASE, 1, nullptr));
  target_.execute("PRAGMA journal_mode = PERSIST");
  target_.execute(sync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
  backup_ = sqlite3_backup_init(target_.handle(), "main", content.handle(), "main");
  if (backup_ == nullptr) target_.check(sqlite3_extended_errcode(target_.handle()));
  // No page at all: it only takes the lock.
  step(0, SQLITE_OK);
}

Replacement::~Replacement() {
  finish();
}

void Replacement::commit() {
  step(-1, SQLITE_DONE);
  target_.check(finish());
}

void Replacement::step(int pages, int expected) {
  const int code = sqlite3_backup_step(backup_, pages);
  if (code == expected) return;
  // The connection knows of the error only now.
  finish();
  target_.check(code);
}

int Replacement::finish() {
  return sqlite3_backup_finish(std::exchange(backup_, nullptr));
}

}  // namespace acistore
