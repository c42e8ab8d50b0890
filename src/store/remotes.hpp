// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_REMOTES_HPP
#define ACISTORE_STORE_REMOTES_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include "model/reference.hpp"
#include "model/remote.hpp"
#include "store/store.hpp"

namespace acistore {

struct NewRemote {
  std::string aci_url;
  std::string sig_url;
  std::string etag;
  std::int64_t cache_max_age = 0;  // seconds
};

// Adds what is known of a URL, downloaded now, or replaces all of it. Throws Error as
// resolve_blob().
void add_remote(Store& store, const NewRemote& remote, const ImageArgument& image);

// Throws Error(kNotFound).
Remote find_remote(Store& store, std::string_view aci_url);
void remove_remote(Store& store, std::string_view aci_url);

}  // namespace acistore

#endif
