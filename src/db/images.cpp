// SPDX-License-Identifier: Apache-2.0
#include "db/images.hpp"

#include <algorithm>

#include "db/blobs.hpp"

namespace acistore {
namespace {

#define ACISTORE_IMAGE_COLUMNS                                                     \
  ACISTORE_BLOB_COLUMNS                                                            \
  ", image.blob_id, image.sequence, image.name, image.latest, image.import_time, " \
  "image.last_used"

// Reads images of one statement with their labels and the pins that hold.
class ImageReader {
 public:
  explicit ImageReader(const Database& database)
      : labels_(database, "SELECT name, value FROM label WHERE blob_id = ?1 ORDER BY position"),
        pins_(database,
              "SELECT owner, expires FROM pin "
              "WHERE blob_id = ?1 AND (expires IS NULL OR expires > ?2) ORDER BY owner") {}

  Image read(const Statement& row) {
    Image image{.blob = read_blob(row, 0),
                .name = row.text(kBlobColumns + 2),
                .labels = {},
                .latest = row.integer(kBlobColumns + 3) != 0,
                .sequence = row.integer(kBlobColumns + 1),
                .import_time = row.integer(kBlobColumns + 4),
                .last_used = row.integer(kBlobColumns + 5),
                .pins = {}};
    const std::int64_t blob_id = row.integer(kBlobColumns);
    labels_.bind(blob_id);
    while (labels_.step())
      image.labels.push_back({labels_.text(0), labels_.text(1)});
    pins_.bind(blob_id, now_);
    while (pins_.step())
      image.pins.push_back({pins_.text(0), pins_.optional_integer(1)});
    return image;
  }

 private:
  Statement labels_;
  Statement pins_;
  UnixNanos now_ = now();
};

std::int64_t next_sequence(const Database& database) {
  Statement statement(
      database, "UPDATE counter SET value = value + 1 WHERE name = 'sequence' RETURNING value");
  statement.step();
  const std::int64_t sequence = statement.integer(0);
  while (statement.step()) {
  }
  return sequence;
}

struct Match {
  std::int64_t blob_id = 0;
  std::int64_t sequence = 0;
};

// The label whose index entries are walked: a version tells images apart best, os and arch worst.
const Label* most_telling(const Labels& labels) {
  const auto rank = [](const Label& label) {
    if (label.name == kVersionLabel) return 0;
    return label.name == "os" || label.name == "arch" ? 2 : 1;
  };
  const auto best =
      std::min_element(labels.begin(), labels.end(),
                       [&](const Label& a, const Label& b) { return rank(a) < rank(b); });
  return best == labels.end() ? nullptr : &*best;
}

// Looks for images that match a reference.
class ImageSearch {
 public:
  ImageSearch(const Database& database, const Reference& reference)
      : database_(database),
        reference_(reference),
        telling_(most_telling(reference.labels)),
        candidates_(database, telling_ != nullptr ? sql::kImagesOfLabel : sql::kImagesOfName) {}

  // The last imported of those that have the given latest mark. Walks an index in the order of
  // preference and stops at the first that has all the labels.
  std::optional<Match> last(bool latest) {
    if (telling_ != nullptr) {
      candidates_.bind(reference_.name, latest, telling_->name, telling_->value);
    } else {
      candidates_.bind(reference_.name, latest);
    }
    while (candidates_.step()) {
      const Match match{candidates_.integer(0), candidates_.integer(1)};
      const bool has_all =
          std::all_of(reference_.labels.begin(), reference_.labels.end(),
                      [&](const Label& label) { return &label == telling_ || has(match, label); });
      if (has_all) return match;
    }
    return std::nullopt;
  }

 private:
  bool has(const Match& match, const Label& label) {
    if (!label_of_) label_of_.emplace(database_, sql::kLabelOfImage);
    label_of_->bind(match.blob_id, label.name);
    return label_of_->step() && label_of_->text(0) == label.value;
  }

  const Database& database_;
  const Reference& reference_;
  const Label* telling_;
  Statement candidates_;
  std::optional<Statement> label_of_;
};

// The row of the image that a reference picks.
std::optional<std::int64_t> best_blob_id(const Database& database, const Reference& reference) {
  ImageSearch search(database, reference);
  std::optional<Match> best = search.last(true);
  if (!best || reference.names_version()) {
    const std::optional<Match> other = search.last(false);
    if (!best || (other && other->sequence > best->sequence)) best = other;
  }
  if (!best) return std::nullopt;
  return best->blob_id;
}

Error no_such_image(std::int64_t blob_id) {
  return Error(ErrorKind::kDamaged, "database: label of an image that is not there (blob_id " +
                                        std::to_string(blob_id) + ")" +
                                        std::string(kRecoverAdvice));
}

Image image_of_row(const Database& database, std::int64_t blob_id) {
  Statement statement(database, "SELECT " ACISTORE_IMAGE_COLUMNS
                                " FROM image JOIN blob ON blob.id = image.blob_id "
                                "WHERE image.blob_id = ?1");
  statement.bind(blob_id);
  if (!statement.step()) throw no_such_image(blob_id);
  return ImageReader(database).read(statement);
}

}  // namespace

void record_import(const Database& database, std::int64_t blob_id, const Manifest& manifest,
                   std::string_view manifest_json, bool latest, UnixNanos import_time) {
  const std::int64_t sequence = next_sequence(database);
  Statement update(database,
                   "UPDATE image SET sequence = ?2, latest = ?3, import_time = ?4, last_used = ?4 "
                   "WHERE blob_id = ?1");
  update.run(blob_id, sequence, latest, import_time);
  if (database.changes() != 0) {
    // The same bytes have the same manifest, so only the copies of what changes are brought along.
    Statement(database, "UPDATE label SET sequence = ?2, latest = ?3 WHERE blob_id = ?1")
        .run(blob_id, sequence, latest);
    return;
  }
  Statement(database,
            "INSERT INTO image (blob_id, sequence, name, latest, import_time, last_used, manifest) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)")
      .run(blob_id, sequence, manifest.name, latest, import_time, as_bytes(manifest_json));
  Statement label(
      database,
      "INSERT INTO label (blob_id, name, value, position, image_name, latest, sequence) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  std::int64_t position = 0;
  for (const auto& [name, value] : manifest.labels) {
    label.run(blob_id, name, value, position++, manifest.name, latest, sequence);
  }
}

std::optional<Image> find_image(const Database& database, const ImageKey& key) {
  Statement statement(database, "SELECT " ACISTORE_IMAGE_COLUMNS
                                " FROM blob JOIN image ON image.blob_id = blob.id "
                                "WHERE blob.key = ?1");
  statement.bind(key.text());
  if (!statement.step()) return std::nullopt;
  return ImageReader(database).read(statement);
}

std::optional<Image> best_image(const Database& database, const Reference& reference) {
  const std::optional<std::int64_t> id = best_blob_id(database, reference);
  if (!id) return std::nullopt;
  return image_of_row(database, *id);
}

std::optional<ImageKey> best_key(const Database& database, const Reference& reference) {
  const std::optional<std::int64_t> id = best_blob_id(database, reference);
  if (!id) return std::nullopt;
  Statement statement(database, sql::kKeyOfImage);
  statement.bind(*id);
  if (!statement.step()) throw no_such_image(*id);
  return ImageKey::from_stored(statement.text(0));
}

bool matches(const Image& image, const Reference& reference) {
  return image.name == reference.name &&
         std::all_of(reference.labels.begin(), reference.labels.end(), [&](const Label& label) {
           return label_value(image.labels, label.name) == label.value;
         });
}

std::vector<Image> list_images(const Database& database, const ImageFilter& filter) {
  std::string statement =
      "SELECT " ACISTORE_IMAGE_COLUMNS " FROM image JOIN blob ON blob.id = image.blob_id";
  std::vector<std::string> values;
  const auto where = [&](const char* condition, std::string value) {
    statement += values.empty() ? " WHERE " : " AND ";
    statement += condition;
    values.push_back(std::move(value));
    statement += '?' + std::to_string(values.size());
  };
  if (filter.reference) where("image.name = ", filter.reference->name);
  if (!filter.key_prefix.empty()) {
    where("blob.key >= ", filter.key_prefix);
    where("blob.key < ", end_of_key_prefix(filter.key_prefix));
  }
  statement += " ORDER BY image.sequence";
  Statement rows(database, statement);
  rows.bind_texts(values);
  ImageReader reader(database);
  std::vector<Image> images;
  while (rows.step()) {
    Image image = reader.read(rows);
    if (!filter.reference || matches(image, *filter.reference)) images.push_back(std::move(image));
  }
  return images;
}

std::optional<std::string> image_manifest(const Database& database, const ImageKey& key) {
  Statement statement(database, sql::kManifestOfKey);
  statement.bind(key.text());
  if (!statement.step()) return std::nullopt;
  return statement.text(0);
}

std::vector<std::pair<ImageKey, std::string>> manifest_beginnings(const Database& database,
                                                                  std::size_t bytes) {
  Statement statement(database,
                      "SELECT blob.key, substr(image.manifest, 1, ?1) "
                      "FROM blob JOIN image ON image.blob_id = blob.id ORDER BY blob.key");
  statement.bind(bytes);
  std::vector<std::pair<ImageKey, std::string>> beginnings;
  while (statement.step()) {
    beginnings.emplace_back(ImageKey::from_stored(statement.text(0)), statement.text(1));
  }
  return beginnings;
}

bool set_latest(const Database& database, const ImageKey& key, bool latest) {
  Statement(database,
            "UPDATE image SET latest = ?2 WHERE blob_id = (SELECT id FROM blob WHERE key = ?1)")
      .run(key.text(), latest);
  if (database.changes() == 0) return false;
  Statement(database,
            "UPDATE label SET latest = ?2 WHERE blob_id = (SELECT id FROM blob WHERE key = ?1)")
      .run(key.text(), latest);
  return true;
}

void set_last_used(const Database& database, const ImageKey& key, UnixNanos when,
                   UnixNanos unless_after) {
  Statement(database,
            "UPDATE image SET last_used = ?2 "
            "WHERE blob_id = (SELECT id FROM blob WHERE key = ?1) AND last_used <= ?3")
      .run(key.text(), when, unless_after);
}

}  // namespace acistore
