// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_DB_COPY_HPP
#define ACISTORE_DB_COPY_HPP

#include <string>

#include "db/sqlite.hpp"

namespace acistore {

// Writes all that a database holds to the empty file at `path`. Nothing is flushed. Holds off
// commits while it lasts. Throws Error.
void copy_database(Database& database, const std::string& path);

}  // namespace acistore

#endif
