// SPDX-License-Identifier: Apache-2.0
#include "db/sqlite.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/fd.hpp"
#include "base/io.hpp"
#include "base/lock_holder.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

constexpr std::string_view kWhat = "database";

// Who keeps others from the database, by the bytes that SQLite locks (fileformat2, "Locking"): from
// PENDING_BYTE on, which is 1 GiB, and 511 more.
std::string holder_of(sqlite3* handle) {
  constexpr ByteRange kLockBytes{.first = 0x40000000, .last = 0x40000000 + 511};
  const char* path = handle != nullptr ? sqlite3_db_filename(handle, "main") : nullptr;
  struct stat file {};
  if (path == nullptr || ::stat(path, &file) != 0) return {};
  return describe_lock_holder(file, kLockBytes);
}

// Whether the system would let the user write it.
bool is_writable_file(sqlite3* handle) {
  const char* path = handle != nullptr ? sqlite3_db_filename(handle, "main") : nullptr;
  return path != nullptr && ::faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0;
}

// Of a database that may not be rolled back. SQLite takes a journal that it could not open (too
// many open files, say) for one that a killed writer left; that one begins with its magic, and one
// that is done with with a zero.
Error rollback_error(sqlite3* handle) {
  const std::string path = std::string(sqlite3_db_filename(handle, "main")) + "-journal";
  const Fd journal(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!journal && errno != ENOENT) return system_error(errno, "database: open its journal");
  std::byte first{};
  if (!journal || read_at(journal.get(), 0, {&first, 1}) == 0 || first == std::byte{0})
    return Error(ErrorKind::kIo, "database: its journal could not be opened");
  return Error(ErrorKind::kDamaged,
               "database: a writer was killed in mid-commit; run any command with write "
               "access to the store once");
}

Error error_of(sqlite3* handle, int code) {
  const int extended = handle != nullptr ? sqlite3_extended_errcode(handle) : code;
  // SQLite quotes what it finds in the file.
  const std::string text =
      std::string(kWhat) + ": " +
      printable(handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error(ErrorKind::kBusy, busy_message(holder_of(handle)));
    case SQLITE_FULL:
      return Error(ErrorKind::kNoSpace, text);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    // The statements are the program's own: where one cannot be, or its values cannot, the tables
    // are not what they should be, or contradict themselves.
    case SQLITE_ERROR:
    case SQLITE_SCHEMA:
    case SQLITE_TOOBIG:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return Error(ErrorKind::kDamaged, text + std::string(kRecoverAdvice));
    case SQLITE_READONLY:
      if (handle != nullptr &&
          (extended == SQLITE_READONLY_ROLLBACK || extended == SQLITE_READONLY_RECOVERY)) {
        return rollback_error(handle);
      }
      if (extended == SQLITE_READONLY && is_writable_file(handle)) {
        return Error(ErrorKind::kDamaged, "database: its format can only be read, not written");
      }
      return system_error(EACCES, kWhat);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN: {
      const int errnum = handle != nullptr ? sqlite3_system_errno(handle) : 0;
      if (errnum != 0) return system_error(errnum, kWhat);
      return Error(ErrorKind::kIo, text);
    }
    default:
      return Error(ErrorKind::kIo, text);
  }
}

void check(sqlite3* handle, int code) {
  if (code != SQLITE_OK) throw error_of(handle, code);
}

// For the whole process; SQLite only takes it before it is used for the first time.
bool set_up() {
  // SQLite counts the memory that it has in use, for a limit that is not set, under a mutex that
  // each allocation takes: a tenth of the instructions of a lookup. Other settings (memory maps,
  // lookaside and page cache of other sizes) made no difference to one, or a small loss.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  // What a statement would undo stays in memory (some MB for the largest image), not in a temporary
  // file elsewhere: a removal must not fail because that disk is full.
  sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
  return true;
}

// More than any value or row of ours: a manifest has up to 4 MiB.
constexpr int kMaxRowBytes = 16 << 20;

// A database may come from anywhere. No row may claim a gigabyte of memory. What it brings along is
// not run: triggers, views, and functions with side effects in its definitions of tables. The
// program has none of these.
void distrust_schema(sqlite3* handle) {
  for (const int setting : {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_TRIGGER,
                            SQLITE_DBCONFIG_ENABLE_VIEW})
    sqlite3_db_config(handle, setting, 0, nullptr);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, kMaxRowBytes);
}

}  // namespace

void configure_sqlite() {
  [[maybe_unused]] static const bool configured = set_up();
}

void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close(handle);
}

Database::Database(const std::string& path, Mode mode, std::chrono::milliseconds busy_timeout) {
  configure_sqlite();
  const int access = mode == Mode::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  sqlite3* handle = nullptr;
  // One connection is used by one thread at a time, so SQLite need not guard it (NOMUTEX).
  const int code = sqlite3_open_v2(path.c_str(), &handle,
                                   access | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(handle);
  check(code);
  sqlite3_extended_result_codes(handle, 1);
  distrust_schema(handle);
  set_busy_timeout(busy_timeout);
}

Database Database::temporary() {
  configure_sqlite();
  Database database;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(
      "", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  database.handle_.reset(handle);
  acistore::check(handle, code);
  sqlite3_extended_result_codes(handle, 1);
  return database;
}

void Database::check(int code) const {
  acistore::check(handle_.get(), code);
}

void Database::execute(const char* sql) {
  check(sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr));
}

void Database::set_busy_timeout(std::chrono::milliseconds timeout) {
  sqlite3_busy_timeout(handle_.get(), static_cast<int>(timeout.count()));
}

bool Database::is_read_only() const {
  return sqlite3_db_readonly(handle_.get(), "main") != 0;
}

void Database::require_writable() const {
  if (is_read_only()) {
    throw Error(ErrorKind::kIo, std::string(kWhat) + ": cannot be opened for writing");
  }
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(handle_.get());
}

std::int64_t Database::last_insert_id() const {
  return sqlite3_last_insert_rowid(handle_.get());
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(const Database& database, std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                      &statement, nullptr);
  database.check(code);
  statement_.reset(statement);
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  Error error = error_of(sqlite3_db_handle(statement_.get()), code);
  sqlite3_reset(statement_.get());
  throw error;
}

// The error that sqlite3_reset() repeats has been thrown by step().
void Statement::reset() {
  sqlite3_reset(statement_.get());
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::string Statement::text(int column) const {
  return std::string(as_text(blob(column)));
}

Bytes Statement::blob(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return {static_cast<const std::byte*>(data), size};
}

void Statement::bind_texts(const std::vector<std::string>& values) {
  reset();
  int index = 0;
  for (const std::string& value : values)
    bind_one(++index, value);
}

void Statement::bind_one(int index, std::int64_t value) {
  check(sqlite3_db_handle(statement_.get()), sqlite3_bind_int64(statement_.get(), index, value));
}

void Statement::bind_one(int index, std::string_view value) {
  // An empty view may have no pointer, and SQLite takes a null pointer for NULL.
  const char* data = value.empty() ? "" : value.data();
  check(sqlite3_db_handle(statement_.get()),
        sqlite3_bind_text64(statement_.get(), index, data, value.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8));
}

void Statement::bind_one(int index, Bytes value) {
  const void* data = value.empty() ? static_cast<const void*>("") : value.data();
  check(sqlite3_db_handle(statement_.get()),
        sqlite3_bind_blob64(statement_.get(), index, data, value.size(), SQLITE_TRANSIENT));
}

void Statement::bind_one(int index, std::nullopt_t) {
  check(sqlite3_db_handle(statement_.get()), sqlite3_bind_null(statement_.get(), index));
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

Snapshot::Snapshot(Database& database)
    : database_(database), is_outermost_(sqlite3_get_autocommit(database.handle()) != 0) {
  if (is_outermost_) database_.execute("BEGIN");
}

Snapshot::~Snapshot() {
  if (is_outermost_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace acistore
