// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_DB_REMOTES_HPP
#define ACISTORE_DB_REMOTES_HPP

#include <optional>
#include <string_view>
#include <vector>

#include "db/sqlite.hpp"
#include "model/remote.hpp"

namespace acistore {

std::optional<Remote> find_remote(const Database& database, std::string_view aci_url);

// By URL, in byte order.
std::vector<Remote> all_remotes(const Database& database);

// Those that point at a blob, by URL.
std::vector<Remote> remotes_of(const Database& database, const ImageKey& key);

// Adds it, or replaces all that is known of its URL. Whether its key is in the store.
bool put_remote(const Database& database, const Remote& remote);

// Whether there was one.
bool delete_remote(const Database& database, std::string_view aci_url);

}  // namespace acistore

#endif
