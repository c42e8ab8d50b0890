// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_DB_GRAFT_HPP
#define ACISTORE_DB_GRAFT_HPP

#include <optional>
#include <string>

#include "db/sqlite.hpp"

namespace acistore {

// A copy in memory of a database whose schema cannot be read, with the schema of a new database in
// its place. That works because all databases of ours are made by the same steps, so that every
// table begins at the same page in each. What is read there may still be nonsense, if the file was
// something else. Nothing if the file is too large to be copied so, or cannot be read.
std::optional<Database> open_with_new_beginning(const std::string& path);

}  // namespace acistore

#endif
