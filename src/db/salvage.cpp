// SPDX-License-Identifier: Apache-2.0
#include "db/salvage.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <functional>

#include "db/blobs.hpp"
#include "db/graft.hpp"
#include "db/migrations.hpp"

namespace acistore {
namespace {

// The first counts. The advice that such messages end with is being followed.
void note_trouble(Salvage& salvage, const Error& error) {
  if (!salvage.trouble.empty()) return;
  salvage.trouble = error.message();
  if (salvage.trouble.ends_with(kRecoverAdvice)) {
    salvage.trouble.resize(salvage.trouble.size() - kRecoverAdvice.size());
  }
}

// Collects the rows of one connection into a Salvage. What is there already stays: what was read
// first was read in the better way.
class Collector {
 public:
  // `most_rows`: more than the file has room for. A damaged tree may lead to the same page again
  // and again.
  Collector(const Database& database, std::uint64_t most_rows,
            const std::set<ImageKey>& with_manifest, Salvage& salvage)
      : database_(database),
        most_rows_(most_rows),
        with_manifest_(with_manifest),
        salvage_(salvage) {}

  void collect() {
    salvage_.has_all_blobs = collect_blobs() && is_whole("blob");
    salvage_.has_all_images = collect_images() && is_whole("image");
    salvage_.has_all_pins = collect_pins() && is_whole("pin");
    salvage_.has_all_remotes = collect_remotes() && is_whole("remote");
    collect_sources();
    collect_counters();
  }

 private:
  // A damaged table may come to an end that is none: its indexes tell. Of one that is a little
  // damaged too much is doubted rather than too little.
  bool is_whole(const std::string& table) {
    if (salvage_.is_intact) return true;
    try {
      Statement statement(database_, "PRAGMA integrity_check(" + table + ")");
      return statement.step() && statement.text(0) == "ok";
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kDamaged) throw;
      return false;
    }
  }

  using Row = std::function<void(const Statement&)>;

  // Runs a statement to its end; false if damage ended it before.
  template <typename... Values>
  bool scan(std::string_view sql, const Row& row, const Values&... values) {
    try {
      Statement statement(database_, sql);
      statement.bind(values...);
      for (std::uint64_t rows = 0; statement.step(); ++rows) {
        if (rows > most_rows_) return false;
        row(statement);
      }
      return true;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kDamaged) throw;
      note_trouble(salvage_, error);
      return false;
    }
  }

  // A table in its own order and, if that does not lead to its end, from there backwards.
  bool scan_table(const std::string& sql, const std::string& order, const Row& row) {
    if (scan(sql + " ORDER BY " + order, row)) return true;
    std::string backwards = order + " DESC";
    if (const std::size_t comma = order.find(','); comma != std::string::npos) {
      backwards.insert(comma, " DESC");
    }
    scan(sql + " ORDER BY " + backwards, row);
    return false;
  }

  const ImageKey* key_of(std::int64_t id) const {
    const auto found = keys_.find(id);
    return found == keys_.end() ? nullptr : &found->second;
  }

  void add_blob_row(const Statement& row) {
    try {
      Blob blob = read_blob(row, 0);
      if (ImageKey(blob.digest) != blob.key) return;
      keys_.insert_or_assign(row.integer(kBlobColumns), blob.key);
      std::optional<Blob>& place = salvage_.blobs[blob.key].row;
      if (!place) place = std::move(blob);
    } catch (const Error&) {
      // Not a row of ours.
    }
  }

  bool collect_blobs() {
    const std::string select = "SELECT " ACISTORE_BLOB_COLUMNS ", id FROM blob NOT INDEXED";
    const Row add = [&](const Statement& row) { add_blob_row(row); };
    if (scan_table(select, "id", add)) return true;
    // The index over the keys has them too, and the numbers of their rows.
    scan("SELECT key, id FROM blob INDEXED BY sqlite_autoindex_blob_1 ORDER BY key",
         [&](const Statement& row) {
           const std::string key = row.text(0);
           if (!ImageKey::is_key(key)) return;
           keys_.emplace(row.integer(1), ImageKey::from_stored(key));
           salvage_.blobs[ImageKey::from_stored(key)];
         });
    for (const auto& [id, key] : std::map(keys_)) {
      if (!salvage_.blobs[key].row) scan(select + " WHERE id = ?1", add, id);
    }
    return false;
  }

  SalvagedImage* image_of(std::int64_t id) {
    const ImageKey* key = key_of(id);
    if (key == nullptr) return nullptr;
    std::optional<SalvagedImage>& image = salvage_.blobs[*key].image;
    if (!image) image.emplace();
    return &*image;
  }

  void add_image_row(const Statement& row) {
    SalvagedImage* image = image_of(row.integer(0));
    if (image == nullptr || image->import_time) return;
    image->sequence = row.integer(1);
    image->latest = row.integer(2) != 0;
    image->import_time = row.integer(3);
    image->last_used = row.integer(4);
  }

  bool collect_images() {
    const std::string select =
        "SELECT blob_id, sequence, latest, import_time, last_used FROM image NOT INDEXED";
    const Row add = [&](const Statement& row) { add_image_row(row); };
    const bool is_complete = scan_table(select, "blob_id", add);
    if (!is_complete) {
      for (const auto& [id, key] : keys_) {
        if (!salvage_.blobs[key].image) scan(select + " WHERE blob_id = ?1", add, id);
      }
      // The indexes have the rest of it, but for the time of the import.
      scan("SELECT blob_id, latest, sequence FROM image INDEXED BY image_by_name ORDER BY name",
           [&](const Statement& row) {
             SalvagedImage* image = image_of(row.integer(0));
             if (image == nullptr || image->sequence) return;
             image->latest = row.integer(1) != 0;
             image->sequence = row.integer(2);
           });
      scan("SELECT blob_id, last_used FROM image INDEXED BY image_by_last_used ORDER BY last_used",
           [&](const Statement& row) {
             SalvagedImage* image = image_of(row.integer(0));
             if (image != nullptr && !image->last_used) image->last_used = row.integer(1);
           });
    }
    for (const auto& [id, key] : keys_) {
      std::optional<SalvagedImage>& image = salvage_.blobs[key].image;
      if (!image || !image->manifest.empty() || !with_manifest_.contains(key)) continue;
      scan(
          "SELECT manifest FROM image WHERE blob_id = ?1",
          [&](const Statement& row) { image->manifest = row.text(0); }, id);
    }
    return is_complete;
  }

  bool collect_pins() {
    std::set<std::pair<ImageKey, std::string>> seen;
    for (const auto& [key, pin] : salvage_.pins)
      seen.emplace(key, pin.owner);
    const std::string select = "SELECT blob_id, owner, expires FROM pin";
    const Row add = [&](const Statement& row) {
      const ImageKey* key = key_of(row.integer(0));
      if (key == nullptr || !seen.emplace(*key, row.text(1)).second) return;
      salvage_.pins.emplace_back(*key, Pin{row.text(1), row.optional_integer(2)});
    };
    if (scan_table(select, "blob_id, owner", add)) return true;
    for (const auto& [id, key] : keys_)
      scan(select + " WHERE blob_id = ?1", add, id);
    return false;
  }

  bool collect_remotes() {
    std::set<std::string> seen;
    for (const Remote& remote : salvage_.remotes)
      seen.insert(remote.aci_url);
    const auto add_remote = [&](const ImageKey* key, Remote remote) {
      if (key == nullptr || !seen.insert(remote.aci_url).second) return;
      salvage_.remotes.push_back(std::move(remote));
    };
    const std::string select =
        "SELECT aci_url, sig_url, etag, blob_id, cache_max_age, download_time FROM remote";
    const Row add = [&](const Statement& row) {
      const ImageKey* key = key_of(row.integer(3));
      if (key == nullptr) return;
      add_remote(key, {.aci_url = row.text(0),
                       .sig_url = row.text(1),
                       .etag = row.text(2),
                       .key = *key,
                       .cache_max_age = row.integer(4),
                       .download_time = row.integer(5)});
    };
    if (scan_table(select, "aci_url", add)) return true;
    std::vector<std::pair<std::int64_t, std::string>> indexed;
    scan("SELECT blob_id, aci_url FROM remote INDEXED BY remote_by_blob ORDER BY blob_id",
         [&](const Statement& row) { indexed.emplace_back(row.integer(0), row.text(1)); });
    for (const auto& [id, url] : indexed) {
      if (seen.contains(url)) continue;
      scan(select + " WHERE aci_url = ?1", add, url);
      // What image it was is worth more than the rest.
      const ImageKey* key = key_of(id);
      if (key != nullptr) add_remote(key, {.aci_url = url, .sig_url = {}, .etag = {}, .key = *key});
    }
    return false;
  }

  void collect_sources() {
    std::set<std::pair<std::int64_t, std::int64_t>> seen;
    for (const auto& [key, source] : salvage_.sources)
      seen.emplace(source.identity.device, source.identity.inode);
    scan_table("SELECT device, inode, size, mtime, ctime, compression, blob_id FROM source",
               "device, inode", [&](const Statement& row) {
                 const ImageKey* key = key_of(row.integer(6));
                 if (key == nullptr || !seen.emplace(row.integer(0), row.integer(1)).second) return;
                 salvage_.sources.emplace_back(*key, SourceFile{{.device = row.integer(0),
                                                                 .inode = row.integer(1),
                                                                 .size = row.integer(2),
                                                                 .mtime = row.integer(3),
                                                                 .ctime = row.integer(4)},
                                                                row.text(5)});
               });
  }

  void collect_counters() {
    scan("SELECT name, value FROM counter", [&](const Statement& row) {
      const std::string name = row.text(0);
      if (name == "sequence") salvage_.sequence = std::max(salvage_.sequence, row.integer(1));
      if (name == "blob_mtime") salvage_.blob_mtime = std::max(salvage_.blob_mtime, row.integer(1));
    });
  }

  const Database& database_;
  std::uint64_t most_rows_;
  const std::set<ImageKey>& with_manifest_;
  Salvage& salvage_;
  std::map<std::int64_t, ImageKey> keys_;  // by row
};

// Whether the first attempt led to nothing, so that it is worth a try with another beginning.
bool is_barren(const Salvage& salvage) {
  return !salvage.is_intact && salvage.blobs.empty() && !salvage.has_all_blobs;
}

bool is_empty_or_absent(const std::string& path, std::uint64_t* size = nullptr) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno != ENOENT) throw_errno("stat");
    return true;
  }
  if (size != nullptr) *size = static_cast<std::uint64_t>(status.st_size);
  return status.st_size == 0;
}

}  // namespace

bool is_ours(const std::string& path, Database::Mode mode, std::chrono::milliseconds timeout) {
  if (is_empty_or_absent(path)) return false;
  try {
    Database database(path, mode, timeout);
    const Snapshot snapshot(database);
    check_schema(schema_state(database));
    return true;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kDamaged) throw;
    return false;
  }
}

Salvage salvage(const std::string& path, Database::Mode mode, std::chrono::milliseconds timeout,
                const std::set<ImageKey>& with_manifest) {
  Salvage result;
  std::uint64_t size = 0;
  if (is_empty_or_absent(path, &size)) return result;
  result.is_there = true;
  // A row takes a pointer of two bytes and two more at the very least.
  const std::uint64_t most_rows = size / 4;
  try {
    Database database(path, mode, timeout);
    // Lets SQLite read a file that is shorter than its header says, and leave out what it does not
    // understand of the schema. Nothing is written.
    database.execute("PRAGMA writable_schema = ON");
    const Snapshot snapshot(database);
    try {
      check_schema(schema_state(database));
      check_integrity(database);
      result.is_intact = true;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kDamaged) throw;
      note_trouble(result, error);
    }
    Collector(database, most_rows, with_manifest, result).collect();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kDamaged) throw;
    note_trouble(result, error);
  }
  if (is_barren(result)) {
    if (const auto grafted = open_with_new_beginning(path)) {
      Collector(*grafted, most_rows, with_manifest, result).collect();
      // Whether these are really all is more than such a database can tell.
      result.has_all_blobs = result.has_all_images = false;
      result.has_all_pins = result.has_all_remotes = false;
    }
  }
  return result;
}

}  // namespace acistore
