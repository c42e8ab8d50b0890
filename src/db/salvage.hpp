// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_DB_SALVAGE_HPP
#define ACISTORE_DB_SALVAGE_HPP

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "db/sqlite.hpp"
#include "model/image.hpp"
#include "model/remote.hpp"
#include "model/source_file.hpp"

namespace acistore {

// What a damaged database still says of an image.
struct SalvagedImage {
  // Each is nothing where it could not be read.
  std::optional<std::int64_t> sequence;
  std::optional<bool> latest;
  std::optional<UnixNanos> import_time;
  std::optional<UnixNanos> last_used;
  std::string manifest;  // only if it was asked for
};

struct SalvagedBlob {
  // Nothing if only the key could be read.
  std::optional<Blob> row;
  std::optional<SalvagedImage> image;
};

// All that could be read of a database.
struct Salvage {
  bool is_there = false;   // a file, and not an empty one
  bool is_intact = false;  // nothing of it is damaged
  std::string trouble;     // what was met first, if it is not intact

  // Whether a table could be read to its end, so that what is not here was not in it.
  bool has_all_blobs = false;
  bool has_all_images = false;
  bool has_all_pins = false;
  bool has_all_remotes = false;

  std::map<ImageKey, SalvagedBlob> blobs;
  std::vector<std::pair<ImageKey, Pin>> pins;
  std::vector<Remote> remotes;
  std::vector<std::pair<ImageKey, SourceFile>> sources;
  std::int64_t sequence = 0;  // the counters; 0 if they could not be read
  UnixNanos blob_mtime = 0;
};

// Reads what can be read of the database at `path`: every table from both ends, then by what the
// indexes tell of it; and where its first pages are gone, with those of a new database in their
// place. `with_manifest` are the images whose manifests are wanted too. Nothing is changed, except
// that a commit that was interrupted is rolled back if `mode` allows it.
//
// Throws Error: kRefused if a newer program wrote it, and what is no damage (kIo, kBusy).
Salvage salvage(const std::string& path, Database::Mode mode, std::chrono::milliseconds timeout,
                const std::set<ImageKey>& with_manifest);

// Whether there is a database of ours at `path` whose header can be read. Throws Error(kRefused) if
// a newer program wrote it.
bool is_ours(const std::string& path, Database::Mode mode, std::chrono::milliseconds timeout);

}  // namespace acistore

#endif
