// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_REBUILD_HPP
#define ACISTORE_STORE_REBUILD_HPP

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "db/restore.hpp"
#include "db/salvage.hpp"
#include "db/sqlite.hpp"
#include "store/blob_scan.hpp"

namespace acistore {

// A database made from the blobs, and then from what an old one and its copy still say of them.
class Rebuild {
 public:
  Rebuild();
  Rebuild(const Rebuild&) = delete;
  Rebuild& operator=(const Rebuild&) = delete;

  // What a scan found. A blob may be added again: what it is now counts.
  void add(const ScanOutcome& outcome);

  bool has(const ImageKey& key) const { return blobs_.contains(key) || bad_.contains(key); }
  void remove(const ImageKey& key);
  std::set<ImageKey> keys() const;

  // Files with a blob's name that are none.
  const std::map<ImageKey, BadBlob>& bad() const { return bad_; }
  // Of these, those that could not be read: the old database has to tell what they are.
  std::set<ImageKey> unread() const;

  struct Restored {
    std::size_t marks = 0;  // latest
    std::size_t pins = 0;
    std::size_t remotes = 0;
    std::set<ImageKey> unread;  // taken from the old database without having been read
  };

  // Adds what databases knew, the better one first. May be done again with others.
  Restored restore(const Salvage& old, const Salvage& copy);

  const Database& database() const { return database_; }

 private:
  struct Known {
    std::int64_t id = 0;  // of its row
    UnixNanos mtime = 0;
    bool is_image = false;
  };
  // How an image came to be where it stands, as far as that is known.
  struct Past {
    ImageKey key;
    Known known;
    std::optional<std::int64_t> sequence;
    ImageHistory history;
  };

  void restore_unread(const Salvage& old, std::set<ImageKey>& restored);
  void settle_images(const Salvage& old, const Salvage& copy);
  Past past_of(const ImageKey& key, const Known& known, const Salvage& old,
               const Salvage& copy) const;
  std::size_t restore_history(const Salvage& old, const Salvage& copy);
  const Known* find(const ImageKey& key) const;

  Database database_;
  std::map<ImageKey, Known> blobs_;
  std::map<ImageKey, BadBlob> bad_;
};

}  // namespace acistore

#endif
