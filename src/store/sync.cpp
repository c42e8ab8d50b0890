// SPDX-License-Identifier: Apache-2.0
#include "store/sync.hpp"

#include <sys/stat.h>

#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/quote.hpp"
#include "blob/layout.hpp"
#include "db/blobs.hpp"
#include "store/carry.hpp"
#include "store/import_each.hpp"

namespace acistore {
namespace {

using ReportImport = std::function<void(const ImportOutcome&)>;

void check_is_other(const Store& store, const std::string& directory) {
  struct stat ours {};
  struct stat theirs {};
  if (::fstat(store.directory(), &ours) != 0) throw_errno(printable(store.path()));
  // What cannot be looked at is told of when it is opened.
  if (::stat(directory.c_str(), &theirs) != 0) return;
  if (ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino)
    throw Error(ErrorKind::kUsage, printable(directory) + ": both stores are this one");
}

// The file of a blob; nothing if it has none. Called by several threads at once.
std::optional<OpenBlob> open_file(Store& from, const ImageKey& key) {
  auto file = from.blobs().open(key);
  if (file) return file;
  // It may have been removed and imported again. A store's locks are for one thread at a time.
  static std::mutex locking;
  const std::lock_guard guard(locking);
  const std::optional<ByteLock> lock = from.lock_shared(key);
  return from.blobs().open(key);
}

// One pass over a blob, as over any file that is imported: nothing is believed of it but that it
// should be an image, and have this digest and size. Called by several threads at once, so it asks
// no database.
Ingested ingest_blob(Store& from, Store& to, const CarriedImage& wanted, const Cores& cores,
                     Progress& progress) {
  const Blob& blob = wanted.image.blob;
  const std::string path = from.path() + '/' + layout::blob_path(blob.key);
  const auto damaged = [](const std::string& why) {
    return Error(ErrorKind::kDamaged, "the store is damaged: " + why);
  };
  return with_context(printable(path), [&] {
    auto file = open_file(from, blob.key);
    if (!file) throw damaged("there is no such file");
    try {
      InputFile input(std::move(file->fd), blob.key.text(), progress);
      Ingested ingested = ingest(to, input, path,
                                 {.expected = ExpectedKey::parse(image_id(blob.digest)),
                                  .latest = wanted.image.latest,
                                  .pin_owners = {},
                                  .keeps_place = true,
                                  .max_size = blob.size},
                                 cores);
      ingested.blob.remotes = wanted.remotes;
      ingested.blob.source.reset();  // not a file that anybody imports
      return ingested;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInvalid) throw;
      throw damaged(error.message());
    }
  });
}

// What is damaged and has no row any more was removed while it was waiting for its turn.
bool is_removed(Store& from, const CarriedImage& wanted, const Error& error) {
  return error.kind() == ErrorKind::kDamaged && !has_blob(from.database(), wanted.image.blob.key);
}

// Whether any of them was copied.
bool copy_missing(Store& from, Store& to, const std::vector<const CarriedImage*>& missing,
                  const SyncRequest& request, Progress& progress, const ReportImport& report) {
  const Cores cores(request.jobs, missing.size());
  const auto read = [&](std::size_t i) {
    return ingest_blob(from, to, *missing[i], cores, progress);
  };
  bool has_copied = false;
  import_each(to, missing.size(), cores, {.ingest = read, .ingest_again = read},
              [&](std::size_t i, const ImportOutcome& outcome) {
                const auto* error = std::get_if<Error>(&outcome);
                if (error != nullptr && is_removed(from, *missing[i], *error)) {
                  if (request.images.empty()) return;  // it is none of "all" any more
                  report(Error(ErrorKind::kNotFound, printable(from.path()) + ": " +
                                                         missing[i]->image.blob.key.text() +
                                                         ": no such image"));
                  return;
                }
                has_copied = has_copied || error == nullptr;
                report(outcome);
              });
  return has_copied;
}

}  // namespace

bool sync(const SyncRequest& request, Progress& progress, const ReportImport& report) {
  StoreOptions source = request.from;
  source.is_lower = true;
  Store from(source, StoreAccess::kRead);
  check_is_other(from, request.to.directory);
  const std::vector<CarriedImage> images = images_to_carry(from, request.images, [&](Error error) {
    error.add_context(printable(from.path()));
    report(error);
  });
  if (images.empty() && !request.images.empty()) return false;
  Store to(request.to, StoreAccess::kCreate);
  const CarryPlan plan = bring_along_present(to, images);
  const bool has_copied = copy_missing(from, to, plan.missing, request, progress, report);
  return has_copied || plan.has_rows();
}

}  // namespace acistore
