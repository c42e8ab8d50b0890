// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_REMOTES_HPP
#define ACISTORE_STORE_REMOTES_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/reference.hpp"
#include "model/remote.hpp"
#include "store/stores.hpp"

namespace acistore {

struct NewRemote {
  std::string aci_url;
  std::string sig_url;
  std::string etag;
  std::int64_t cache_max_age = 0;  // seconds
};

// Adds what is known of a URL, downloaded now, or replaces all of it. Throws Error as
// resolve_to_change().
void add_remote(const Stores& stores, const NewRemote& remote, const ImageArgument& image);

// What the uppermost store that knows the URL has of it. Throws Error(kNotFound).
Remote find_remote(const Stores& stores, std::string_view aci_url);

// The same of every URL, by URL.
std::vector<Remote> list_remotes(const Stores& stores);

// From the top store. Throws Error: kNotFound, and kRefused if only a lower store has it.
void remove_remote(const Stores& stores, std::string_view aci_url);

}  // namespace acistore

#endif
