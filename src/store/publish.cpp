// SPDX-License-Identifier: Apache-2.0
#include "store/publish.hpp"

#include <set>

#include "db/blobs.hpp"
#include "db/images.hpp"
#include "db/pins.hpp"
#include "db/remotes.hpp"
#include "db/sources.hpp"

namespace acistore {
namespace {

// Whether the store holds these bytes: a file of the right size, and a row that vouches for it.
bool is_stored(Store& store, const ImageKey& key, std::uint64_t size) {
  return has_blob(store.database(), key) && store.blobs().size(key) == size;
}

// Whether there is an image now that was none, or it has another mark or other pins.
bool is_changed(const std::optional<Image>& before, const std::optional<Image>& after) {
  if (!before || !after) return before.has_value() != after.has_value();
  return before->latest != after->latest || before->pins != after->pins;
}

// Writes what is known of a blob and gives it back. `keeps_place` is for an image that has one.
PublishedBlob record(const Database& database, const PendingBlob& blob, const ImageKey& key,
                     bool keeps_place, UnixNanos time) {
  const std::optional<BlobRow> row = find_blob(database, key);
  const std::optional<Image> before = row ? find_image(database, key) : std::nullopt;
  const std::int64_t id = row ? row->id : insert_blob(database, blob.digest, blob.size);
  if (blob.image) {
    const bool latest = blob.image->latest.value_or(before && before->latest);
    if (keeps_place) {
      set_latest(database, key, latest);
    } else {
      record_import(database, id, blob.image->manifest, blob.image->manifest_json, latest, time);
    }
    for (const std::string& owner : blob.image->pin_owners)
      put_pin(database, id, {owner, std::nullopt});
  }
  if (blob.source) record_source(database, id, *blob.source);
  for (const Remote& remote : blob.remotes)
    put_remote(database, remote);
  PublishedBlob published{.key = key, .image = find_image(database, key)};
  // An index of a damaged database may not find what its table has.
  if (blob.image && !published.image) {
    throw Error(ErrorKind::kDamaged, "database: " + key.text() +
                                         " is not found where it was written" +
                                         std::string(kRecoverAdvice));
  }
  published.made_change = is_changed(before, published.image);
  return published;
}

// The files that one call of publish() has named. They are taken away again unless keep() says that
// their rows are, or may be, written.
class NamedFiles {
 public:
  explicit NamedFiles(Store& store) : store_(store) {}
  NamedFiles(const NamedFiles&) = delete;
  NamedFiles& operator=(const NamedFiles&) = delete;
  ~NamedFiles() {
    for (const ImageKey& key : keys_) {
      try {
        // Where a row was there before, the file is what it asks for.
        if (!has_blob(store_.database(), key)) store_.blobs().remove(key);
      } catch (const Error&) {
        // It stays as rubbish, which is swept up later: a blob without a row.
      }
    }
  }

  bool contains(const ImageKey& key) const { return keys_.contains(key); }
  void add(const ImageKey& key) { keys_.insert(key); }
  void keep() { keys_.clear(); }

 private:
  Store& store_;
  std::set<ImageKey> keys_;
};

}  // namespace

void check_expected(const std::optional<ExpectedKey>& expected, const Sha512Digest& digest) {
  if (!expected || expected->matches(digest)) return;
  throw Error(ErrorKind::kInvalid, "the key does not match: expected " + expected->text() +
                                       ", but it is " + image_id(digest));
}

std::vector<PublishedBlob> publish(Store& store, std::vector<PendingBlob> pending) {
  std::vector<PublishedBlob> published;
  if (pending.empty()) return published;
  std::vector<ImageKey> keys;
  const UnixNanos time = now();
  for (PendingBlob& blob : pending) {
    keys.emplace_back(blob.digest);
    if (!blob.file) continue;
    blob.file->set_mtime(time);
    if (store.sync()) blob.file->flush();
  }

  const std::vector<ByteLock> locks = store.lock_exclusively(keys);
  NamedFiles named(store);
  std::vector<bool> is_new;
  std::vector<bool> is_gone;
  for (std::size_t i = 0; i < pending.size(); ++i) {
    // The same bytes may be pending twice.
    const bool is_missing = !named.contains(keys[i]) && !is_stored(store, keys[i], pending[i].size);
    is_gone.push_back(is_missing && !pending[i].file);
    is_new.push_back(is_missing && pending[i].file);
    if (!is_new.back()) continue;
    store.blobs().publish(*pending[i].file, keys[i]);
    named.add(keys[i]);
  }
  if (store.sync())
    store.blobs().flush_names();
  else
    store.blobs().forget_names();

  Transaction transaction(store.database());
  for (std::size_t i = 0; i < pending.size(); ++i) {
    if (is_gone[i]) {
      published.push_back({.key = keys[i], .is_gone = true, .image = {}});
      continue;
    }
    const bool keeps_place = !is_new[i] && pending[i].image && pending[i].image->keeps_place &&
                             find_image(store.database(), keys[i]);
    published.push_back(record(store.database(), pending[i], keys[i], keeps_place, time));
    published.back().is_new = is_new[i];
    published.back().made_change = published.back().made_change || is_new[i];
    if (keeps_place) continue;
    // The time of the file tells the order of imports to whoever has only the files. It is right
    // already unless the clock went back or somebody else was quicker.
    const UnixNanos mtime = next_blob_mtime(store.database(), time);
    if (mtime != time || !is_new[i]) store.blobs().try_set_mtime(keys[i], mtime);
  }
  named.keep();  // a commit that fails may have happened all the same
  transaction.commit();
  return published;
}

}  // namespace acistore
