// SPDX-License-Identifier: Apache-2.0
#include "db/copy.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.hpp"

namespace acistore {
namespace {

// What is said of a new file that could not be opened for writing, or whose size the system does
// not tell. It is no damage of the database.
constexpr std::array<std::string_view, 2> kAboutTheCopy{"can only be read, not written",
                                                        "output file already exists"};

}  // namespace

void copy_database(Database& database, const std::string& path) {
  try {
    Statement(database, "VACUUM INTO ?1").run(path);
  } catch (const Error& error) {
    const bool is_about_copy = std::ranges::any_of(kAboutTheCopy, [&](const std::string_view text) {
      return error.message().find(text) != std::string::npos;
    });
    if (is_about_copy) throw Error(ErrorKind::kIo, "database: its copy cannot be made");
    throw;
  }
}

}  // namespace acistore
