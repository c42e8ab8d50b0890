// SPDX-License-Identifier: Apache-2.0
#include "db/pins.hpp"

namespace acistore {

std::vector<Pin> pins_in_force(const Database& database, const ImageKey& key, UnixNanos when) {
  Statement statement(database,
                      "SELECT owner, expires FROM pin "
                      "WHERE blob_id = (SELECT id FROM blob WHERE key = ?1) "
                      "AND (expires IS NULL OR expires > ?2) ORDER BY owner");
  statement.bind(key.text(), when);
  std::vector<Pin> pins;
  while (statement.step())
    pins.push_back({statement.text(0), statement.optional_integer(1)});
  return pins;
}

}  // namespace acistore
