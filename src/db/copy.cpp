// SPDX-License-Identifier: Apache-2.0
#include "db/copy.hpp"

namespace acistore {

void copy_database(Database& database, const std::string& path) {
  Statement(database, "VACUUM INTO ?1").run(path);
}

}  // namespace acistore
