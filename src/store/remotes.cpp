// SPDX-License-Identifier: Apache-2.0
#include "store/remotes.hpp"

#include "base/quote.hpp"
#include "db/remotes.hpp"
#include "store/lookup.hpp"
#include "store/reserve.hpp"

namespace acistore {
namespace {

Error no_remote(std::string_view aci_url) {
  return Error(ErrorKind::kNotFound, printable(aci_url) + ": no such remote");
}

}  // namespace

void add_remote(Store& store, const NewRemote& remote, const ImageArgument& image) {
  const ImageKey key = resolve_blob(store, image);
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

Remote find_remote(Store& store, std::string_view aci_url) {
  if (auto remote = find_remote(store.database(), aci_url)) return std::move(*remote);
  throw no_remote(aci_url);
}

void remove_remote(Store& store, std::string_view aci_url) {
  with_reserve(store, [&] {
    Transaction transaction(store.database());
    if (!delete_remote(store.database(), aci_url)) throw no_remote(aci_url);
    transaction.commit();
  });
}

}  // namespace acistore
