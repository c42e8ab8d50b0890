// SPDX-License-Identifier: Apache-2.0
#include "db/copy.hpp"

namespace acistore {

void copy_database(Database& database, const std::string& path) {
  {
    Statement check(database, "PRAGMA quick_check(1)");
    const std::string answer = check.step() ? check.text(0) : "no answer";
    if (answer != "ok") {
      throw Error(ErrorKind::kDamaged, "database: " + answer + std::string(kRecoverAdvice));
    }
  }
  Statement(database, "VACUUM INTO ?1").run(path);
}

}  // namespace acistore
