// SPDX-License-Identifier: Apache-2.0
// Looking something up must not become slower with the number of images: every statement of a
// lookup is answered by an index, in order, without a scan and without a sort.
#include <string>

#include "catch.hpp"
#include "db/image_uses.hpp"
#include "db/images.hpp"
#include "db/new_database.hpp"
#include "db/sources.hpp"

using namespace acistore;

namespace {

std::string plan_of(const Database& database, std::string_view sql) {
  Statement statement(database, "EXPLAIN QUERY PLAN " + std::string(sql));
  std::string plan;
  while (statement.step())
    plan += statement.text(3) + '\n';
  return plan;
}

}  // namespace

TEST_CASE("lookups are answered by indexes") {
  NewDatabase store;
  struct Case {
    std::string_view sql;
    const char* uses;
  };
  for (const Case& c : {
           Case{sql::kKeysWithPrefix,
                "SEARCH blob USING COVERING INDEX sqlite_autoindex_blob_1 "
                "(key>? AND key<?)"},
           Case{sql::kImagesOfName,
                "SEARCH image USING COVERING INDEX image_by_name (name=? AND latest=?)"},
           Case{sql::kImagesOfLabel,
                "SEARCH label USING COVERING INDEX label_by_value "
                "(image_name=? AND name=? AND value=? AND latest=?)"},
           Case{sql::kNewerImages,
                "SEARCH image USING COVERING INDEX image_by_name "
                "(name=? AND latest=? AND sequence>?)"},
           Case{sql::kKeyOfImage, "SEARCH blob USING INTEGER PRIMARY KEY (rowid=?)"},
           Case{sql::kLabelOfImage, "SEARCH label USING PRIMARY KEY (blob_id=? AND name=?)"},
           Case{sql::kSourceOfFile, "SEARCH source USING PRIMARY KEY (device=? AND inode=?)"},
           Case{sql::kManifestOfKey, "SEARCH image USING INTEGER PRIMARY KEY (rowid=?)"},
       }) {
    const std::string plan = plan_of(store.database, c.sql);
    INFO(c.sql << "\n" << plan);
    CHECK(plan.find(c.uses) != std::string::npos);
    CHECK(plan.find("SCAN") == std::string::npos);
    CHECK(plan.find("TEMP B-TREE") == std::string::npos);
  }
}

TEST_CASE("a plan that scans is seen as one") {
  NewDatabase store;
  CHECK(plan_of(store.database, "SELECT key FROM blob WHERE size > 1").find("SCAN") !=
        std::string::npos);
}
