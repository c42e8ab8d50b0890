// SPDX-License-Identifier: Apache-2.0
#include "store/remotes.hpp"

#include <map>
#include <optional>
#include <utility>

#include "base/quote.hpp"
#include "db/remotes.hpp"
#include "store/lookup.hpp"
#include "store/reserve.hpp"

namespace acistore {
namespace {

Error no_remote(std::string_view aci_url) {
  return Error(ErrorKind::kNotFound, printable(aci_url) + ": no such remote");
}

Error nothing_to_remove(const Stores& stores, std::string_view aci_url) {
  std::optional<Error> refused;
  stores.visit([&](std::size_t depth, Store& store) {
    if (depth == 0 || refused || !find_remote(store.database(), aci_url)) return;
    refused = Error(ErrorKind::kRefused, printable(aci_url) + ": " + belongs_to_lower_store(store));
  });
  return refused.value_or(no_remote(aci_url));
}

}  // namespace

void add_remote(const Stores& stores, const NewRemote& remote, const ImageArgument& image) {
  const ImageKey key = resolve_to_change(stores, image);
  Store& store = stores.top();
  Transaction transaction(store.database());
  const bool added = put_remote(store.database(), {.aci_url = remote.aci_url,
                                                   .sig_url = remote.sig_url,
                                                   .etag = remote.etag,
                                                   .key = key,
                                                   .cache_max_age = remote.cache_max_age,
                                                   .download_time = now()});
  if (!added) throw Error(ErrorKind::kNotFound, key.text() + ": no such image");
  transaction.commit();
}

Remote find_remote(const Stores& stores, std::string_view aci_url) {
  std::optional<Remote> found;
  stores.visit([&](std::size_t /*depth*/, Store& store) {
    if (!found) found = find_remote(store.database(), aci_url);
  });
  if (found) return std::move(*found);
  throw no_remote(aci_url);
}

std::vector<Remote> list_remotes(const Stores& stores) {
  std::map<std::string, Remote> remotes;
  stores.visit([&](std::size_t /*depth*/, Store& store) {
    for (Remote& remote : all_remotes(store.database())) {
      std::string url = remote.aci_url;
      remotes.try_emplace(std::move(url), std::move(remote));
    }
  });
  std::vector<Remote> list;
  for (auto& [url, remote] : remotes)
    list.push_back(std::move(remote));
  return list;
}

void remove_remote(const Stores& stores, std::string_view aci_url) {
  Store& store = stores.top();
  with_reserve(store, [&] {
    Transaction transaction(store.database());
    if (!delete_remote(store.database(), aci_url)) throw nothing_to_remove(stores, aci_url);
    transaction.commit();
  });
}

}  // namespace acistore
