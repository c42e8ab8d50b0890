// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_DB_SQLITE_HPP
#define ACISTORE_DB_SQLITE_HPP

#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/source.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace acistore {

// Follows the message of an error that only a new database mends.
inline constexpr std::string_view kRecoverAdvice =
    "; \"acistore recover\" makes a new one from the blobs";

// Sets up SQLite for this process, once. Has to come before any other use of it; opening a Database
// does it.
void configure_sqlite();

// One connection to a database. Every failure is an Error of the kind that fits: a lock not had in
// time is kBusy, a full disk kNoSpace, a malformed database kDamaged.
class Database {
 public:
  enum class Mode { kReadOnly, kReadWrite };

  // Opens an existing file; never creates one, never follows a symbolic link as last component. A
  // statement that meets a lock waits up to `busy_timeout`.
  Database(const std::string& path, Mode mode, std::chrono::milliseconds busy_timeout);

  // One of its own, which has no name and is gone with the connection. It is on disk as far as it
  // does not fit into a small cache.
  static Database temporary();

  // Runs statements that give no rows.
  void execute(const char* sql);

  void set_busy_timeout(std::chrono::milliseconds timeout);

  // Whether it could be opened for writing only for reading (a file or medium that is read-only).
  bool is_read_only() const;

  // Throws Error(kIo) if it is so right after it was opened: SQLite reads a file that it could not
  // open for writing, and keeps the reason to itself.
  void require_writable() const;

  // Rows that the last statement inserted, changed or removed.
  std::int64_t changes() const;
  std::int64_t last_insert_id() const;

  sqlite3* handle() const { return handle_.get(); }

  // Throws the Error that fits the code of SQLite, unless that is SQLITE_OK.
  void check(int code) const;

 private:
  Database() = default;
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

// A prepared statement. Parameters are numbered from 1, columns from 0.
class Statement {
 public:
  Statement(const Database& database, std::string_view sql);

  // Binds the parameters in order and starts anew. Text and blobs are copied.
  template <typename... Values>
  Statement& bind(const Values&... values) {
    reset();
    int index = 0;
    (bind_one(++index, values), ...);
    return *this;
  }

  // The same for as many texts as there are.
  void bind_texts(const std::vector<std::string>& values);

  // Goes to the next row; false when there is none. A statement that is stepped to its end, reset
  // or destroyed holds no lock.
  bool step();

  // For a statement without rows: binds, runs it to its end.
  template <typename... Values>
  void run(const Values&... values) {
    bind(values...);
    while (step()) {
    }
    reset();
  }

  void reset();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::optional<std::int64_t> optional_integer(int column) const;
  std::string text(int column) const;
  // Valid until the next step() or reset().
  Bytes blob(int column) const;

 private:
  void bind_one(int index, std::int64_t value);
  void bind_one(int index, std::string_view value);
  void bind_one(int index, Bytes value);
  void bind_one(int index, std::nullopt_t);
  template <std::integral Integer>
  void bind_one(int index, Integer value) {
    bind_one(index, static_cast<std::int64_t>(value));
  }
  template <typename Value>
  void bind_one(int index, const std::optional<Value>& value) {
    if (value) {
      bind_one(index, *value);
    } else {
      bind_one(index, std::nullopt);
    }
  }

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// A transaction that has the write lock from its beginning, so that nothing in it can fail for want
// of a lock. Rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

// Makes several reads see the same state. Holds off commits while it lasts, so it must not span the
// reading of a blob or the writing of output. Within another one it is a part of that.
class Snapshot {
 public:
  explicit Snapshot(Database& database);
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot();

 private:
  Database& database_;
  bool is_outermost_;
};

}  // namespace acistore

#endif
