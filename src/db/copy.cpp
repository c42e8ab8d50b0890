// SPDX-License-Identifier: Apache-2.0
#include "db/copy.hpp"

#include "base/error.hpp"

namespace acistore {

void copy_database(Database& database, const std::string& path) {
  try {
    Statement(database, "VACUUM INTO ?1").run(path);
  } catch (const Error& error) {
    // What SQLite says, too, of a new file whose size the system does not tell. It is no damage.
    if (error.message().find("output file already exists") == std::string::npos) throw;
    throw Error(ErrorKind::kIo, "database: its copy cannot be made: output file already exists");
  }
}

}  // namespace acistore
