// SPDX-License-Identifier: Apache-2.0
#include "store/rebuild.hpp"

#include <algorithm>
#include <utility>

#include "aci/manifest.hpp"
#include "db/blobs.hpp"
#include "db/images.hpp"
#include "db/migrations.hpp"
#include "db/remotes.hpp"
#include "db/sources.hpp"

namespace acistore {
namespace {

const SalvagedBlob* salvaged_blob(const Salvage& salvage, const ImageKey& key) {
  const auto found = salvage.blobs.find(key);
  return found == salvage.blobs.end() ? nullptr : &found->second;
}

const SalvagedImage* salvaged_image(const Salvage& salvage, const ImageKey& key) {
  const SalvagedBlob* blob = salvaged_blob(salvage, key);
  return blob != nullptr && blob->image ? &*blob->image : nullptr;
}

// Whether a database says that a blob is no image, although its bytes are one.
bool is_put(const Salvage& salvage, const ImageKey& key) {
  const SalvagedBlob* blob = salvaged_blob(salvage, key);
  return blob != nullptr && !blob->image && salvage.has_all_images;
}

// Takes what is still missing.
void complete(SalvagedImage& image, const SalvagedImage& other) {
  if (!image.sequence) image.sequence = other.sequence;
  if (!image.latest) image.latest = other.latest;
  if (!image.import_time) image.import_time = other.import_time;
  if (!image.last_used) image.last_used = other.last_used;
}

}  // namespace

Rebuild::Rebuild() : database_(Database::temporary()) {
  // It is thrown away if anything goes wrong with it.
  database_.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
  database_.execute("PRAGMA foreign_keys = ON");
  migrate(database_);
}

const Rebuild::Known* Rebuild::find(const ImageKey& key) const {
  const auto found = blobs_.find(key);
  return found == blobs_.end() ? nullptr : &found->second;
}

void Rebuild::add(const ScanOutcome& outcome) {
  if (const auto* bad = std::get_if<BadBlob>(&outcome)) bad_.insert_or_assign(bad->key, *bad);
  const auto* blob = std::get_if<ScannedBlob>(&outcome);
  if (blob == nullptr) return;
  const std::int64_t id = insert_blob(database_, blob->digest, blob->size);
  set_verified(database_, blob->key, now());
  if (blob->image) {
    record_import(database_, id, blob->image->manifest, blob->image->manifest_json, false,
                  blob->mtime);
  }
  blobs_.insert_or_assign(blob->key, Known{id, blob->mtime, blob->image.has_value()});
}

void Rebuild::remove(const ImageKey& key) {
  bad_.erase(key);
  const auto known = blobs_.find(key);
  if (known == blobs_.end()) return;
  delete_blob(database_, known->second.id);
  blobs_.erase(known);
}

std::set<ImageKey> Rebuild::keys() const {
  std::set<ImageKey> keys;
  for (const auto& [key, known] : blobs_)
    keys.insert(key);
  for (const auto& [key, bad] : bad_)
    keys.insert(key);
  return keys;
}

std::set<ImageKey> Rebuild::unread() const {
  std::set<ImageKey> keys;
  for (const auto& [key, bad] : bad_) {
    if (bad.is_unread) keys.insert(key);
  }
  return keys;
}

// Whoever may not read a blob, or meets an error of the disk, must not lose what is known of it.
void Rebuild::restore_unread(const Salvage& old, std::set<ImageKey>& restored) {
  for (const auto& [key, bad] : bad_) {
    if (!bad.is_unread || blobs_.contains(key)) continue;
    const SalvagedBlob* blob = salvaged_blob(old, key);
    if (blob == nullptr || !blob->row) continue;
    std::optional<Manifest> manifest;
    if (blob->image) {
      try {
        manifest = parse_manifest(blob->image->manifest);
      } catch (const Error&) {
        continue;
      }
    } else if (!old.has_all_images) {
      continue;
    }
    const std::int64_t id = insert_blob(database_, blob->row->digest, blob->row->size);
    if (manifest) record_import(database_, id, *manifest, blob->image->manifest, false, 0);
    blobs_.emplace(key, Known{id, 0, manifest.has_value()});
  }
  for (const auto& [key, bad] : bad_) {
    if (blobs_.contains(key)) restored.insert(key);
  }
}

// Bytes that were put and happen to be an image stay what they were.
void Rebuild::settle_images(const Salvage& old, const Salvage& copy) {
  for (auto& [key, known] : blobs_) {
    if (!known.is_image || salvaged_image(old, key) != nullptr) continue;
    // Of what was imported after the copy was made the copy does not know.
    const bool is_put_in_copy = is_put(copy, key) && known.mtime <= copy.blob_mtime;
    if (!is_put(old, key) && !is_put_in_copy) continue;
    delete_image(database_, known.id);
    known.is_image = false;
  }
}

Rebuild::Past Rebuild::past_of(const ImageKey& key, const Known& known, const Salvage& old,
                               const Salvage& copy) const {
  SalvagedImage image;
  if (const SalvagedImage* said = salvaged_image(old, key)) complete(image, *said);
  if (const SalvagedImage* said = salvaged_image(copy, key)) {
    SalvagedImage earlier = *said;
    // It was imported once more since: the mark is the best guess, and the rest is overtaken.
    if (known.mtime > copy.blob_mtime) earlier.sequence = earlier.import_time = std::nullopt;
    complete(image, earlier);
  }
  const UnixNanos imported = image.import_time.value_or(known.mtime);
  return {.key = key,
          .known = known,
          .sequence = image.sequence,
          .history = {.sequence = 0,
                      .latest = image.latest.value_or(false),
                      .import_time = imported,
                      .last_used = image.last_used.value_or(imported)}};
}

// Puts the images into the order of their last imports. Returns how many have a latest mark.
std::size_t Rebuild::restore_history(const Salvage& old, const Salvage& copy) {
  std::vector<Past> ordered;
  std::vector<Past> unordered;
  for (const auto& [key, known] : blobs_) {
    if (!known.is_image) continue;
    Past past = past_of(key, known, old, copy);
    (past.sequence ? ordered : unordered).push_back(std::move(past));
  }
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const Past& a, const Past& b) { return a.sequence < b.sequence; });
  // The others stand where the times of their files put them. A file may have kept an earlier time
  // (its owner alone may set it), so each counts as not older than those before it.
  UnixNanos latest_mtime = 0;
  for (Past& past : ordered)
    past.known.mtime = latest_mtime = std::max(latest_mtime, past.known.mtime);
  const auto is_older = [](const Past& a, const Past& b) { return a.known.mtime < b.known.mtime; };
  std::stable_sort(unordered.begin(), unordered.end(), is_older);
  std::vector<Past> all;
  std::merge(ordered.begin(), ordered.end(), unordered.begin(), unordered.end(),
             std::back_inserter(all), is_older);

  std::size_t marks = 0;
  std::int64_t sequence = 0;
  for (Past& past : all) {
    past.history.sequence = ++sequence;
    restore_image(database_, past.known.id, past.history);
    marks += past.history.latest ? 1 : 0;
  }
  UnixNanos blob_mtime = std::max(old.blob_mtime, copy.blob_mtime);
  for (const auto& [key, known] : blobs_)
    blob_mtime = std::max(blob_mtime, known.mtime);
  restore_counters(database_, std::max({sequence, old.sequence, copy.sequence}), blob_mtime);
  return marks;
}

Rebuild::Restored Rebuild::restore(const Salvage& old, const Salvage& copy) {
  Restored restored;
  Transaction transaction(database_);
  forget_what_was_restored(database_);
  restore_unread(old, restored.unread);
  restore_unread(copy, restored.unread);
  settle_images(old, copy);
  restored.marks = restore_history(old, copy);

  // What the old database had no more was given up since the copy was made.
  for (const Salvage* salvage : {&old, &copy}) {
    if (salvage == &copy && old.has_all_pins && old.has_all_blobs) break;
    for (const auto& [key, pin] : salvage->pins) {
      const Known* known = find(key);
      if (known == nullptr) continue;
      restore_pin(database_, known->id, pin);
      restored.pins += static_cast<std::size_t>(database_.changes());
    }
  }
  std::set<std::string> urls;
  for (const Salvage* salvage : {&old, &copy}) {
    if (salvage == &copy && old.has_all_remotes && old.has_all_blobs) break;
    for (const Remote& remote : salvage->remotes) {
      if (find(remote.key) == nullptr || !urls.insert(remote.aci_url).second) continue;
      put_remote(database_, remote);
      ++restored.remotes;
    }
  }
  // The other way round: the later one replaces the earlier one.
  for (const Salvage* salvage : {&copy, &old}) {
    for (const auto& [key, source] : salvage->sources) {
      const Known* known = find(key);
      if (known != nullptr && known->is_image) record_source(database_, known->id, source);
    }
  }
  transaction.commit();
  return restored;
}

}  // namespace acistore
