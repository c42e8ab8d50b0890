// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_DATABASE_COPY_HPP
#define ACISTORE_STORE_DATABASE_COPY_HPP

#include <optional>

#include "base/error.hpp"
#include "store/store.hpp"

namespace acistore {

// Brings the copy of the database up to date, from which recover() takes what the database cannot
// tell any more: latest marks, pins and remotes are nowhere else. The copy is replaced as a whole
// once the new one is on stable storage, and stays what it was if the database is damaged, the disk
// is full or the store cannot be written. Returns why it did not come to be: the database
// contradicts itself (kDamaged), or something else, which is no failure of the command that asked
// for it. Nothing if it did, or if the store cannot be written or somebody else is at it just now.
std::optional<Error> refresh_database_copy(Store& store);

}  // namespace acistore

#endif
