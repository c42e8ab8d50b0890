// SPDX-License-Identifier: Apache-2.0
#include "db/graft.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <set>

#include "base/fd.hpp"
#include "base/io.hpp"
#include "db/migrations.hpp"

namespace acistore {
namespace {

// Some hundred thousand images. Nothing else is held in memory as a whole.
constexpr std::size_t kMostBytes = std::size_t{1} << 30;

struct Free {
  void operator()(unsigned char* bytes) const { sqlite3_free(bytes); }
};
using PageBytes = std::unique_ptr<unsigned char, Free>;

// Of the header of a database (fileformat2, "The Database Header"): its size in pages. If it is 0,
// the size of the file counts.
constexpr std::size_t kPageCount = 28;

std::size_t page_size_of(const Database& database) {
  Statement statement(database, "PRAGMA page_size");
  statement.step();
  return static_cast<std::size_t>(statement.integer(0));
}

std::set<std::size_t> root_pages(const Database& database) {
  Statement statement(database, "SELECT rootpage FROM sqlite_schema");
  std::set<std::size_t> roots;
  while (statement.step())
    roots.insert(static_cast<std::size_t>(statement.integer(0)));
  return roots;
}

}  // namespace

std::optional<Database> open_with_new_beginning(const std::string& path) {
  Database fresh = Database::temporary();
  migrate(fresh);
  sqlite3_int64 fresh_size = 0;
  const PageBytes pages(sqlite3_serialize(fresh.handle(), "main", &fresh_size, 0));
  const Fd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!pages || !file || ::fstat(file.get(), &status) != 0) return std::nullopt;
  const std::size_t page_size = page_size_of(fresh);
  const auto fresh_bytes = static_cast<std::size_t>(fresh_size);
  const auto file_bytes = static_cast<std::size_t>(status.st_size);
  if (file_bytes > kMostBytes) return std::nullopt;
  const std::size_t size =
      std::max(fresh_bytes, (file_bytes + page_size - 1) / page_size * page_size);
  PageBytes copy(static_cast<unsigned char*>(sqlite3_malloc64(size)));
  if (!copy) return std::nullopt;
  std::memset(copy.get(), 0, size);
  for (std::size_t at = 0; at < file_bytes;) {
    const std::size_t count =
        read_some(file.get(), {reinterpret_cast<std::byte*>(copy.get()) + at, file_bytes - at});
    if (count == 0) break;
    at += count;
  }
  // Of a new database, all pages that are no root of a table or index hold the schema.
  const std::set<std::size_t> roots = root_pages(fresh);
  for (std::size_t page = 1; page * page_size <= fresh_bytes; ++page) {
    const std::size_t at = (page - 1) * page_size;
    if (!roots.contains(page)) std::memcpy(copy.get() + at, pages.get() + at, page_size);
  }
  std::memset(copy.get() + kPageCount, 0, 4);

  Database grafted = Database::temporary();
  // SQLite frees it in any case.
  grafted.check(sqlite3_deserialize(grafted.handle(), "main", copy.release(),
                                    static_cast<sqlite3_int64>(size),
                                    static_cast<sqlite3_int64>(size),
                                    SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY));
  grafted.execute("PRAGMA writable_schema = ON");
  return grafted;
}

}  // namespace acistore
