// SPDX-License-Identifier: Apache-2.0
#include "store/sync.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/quote.hpp"
#include "blob/layout.hpp"
#include "db/blobs.hpp"
#include "db/images.hpp"
#include "db/remotes.hpp"
#include "store/import_each.hpp"
#include "store/lookup.hpp"

namespace acistore {
namespace {

using ReportImport = std::function<void(const ImportOutcome&)>;

// An image as its store has it.
struct SourceImage {
  Image image;
  std::vector<Remote> remotes;  // that point at it
};

void check_is_other(const Store& store, const std::string& directory) {
  struct stat ours {};
  struct stat theirs {};
  if (::fstat(store.directory(), &ours) != 0) throw_errno(printable(store.path()));
  // What cannot be looked at is told of when it is opened.
  if (::stat(directory.c_str(), &theirs) != 0) return;
  if (ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino)
    throw Error(ErrorKind::kUsage, printable(directory) + ": both stores are this one");
}

// Those that are asked for, as far as they are there; for the others an error is reported.
std::vector<Image> find_images(Store& from, const std::vector<ImageArgument>& arguments,
                               const ReportImport& report) {
  if (arguments.empty()) return list(from, {});
  std::vector<Image> images;
  std::set<ImageKey> seen;
  for (const ImageArgument& argument : arguments) {
    try {
      Image image = find_image(from, argument);
      if (seen.insert(image.blob.key).second) images.push_back(std::move(image));
    } catch (Error& error) {
      error.add_context(printable(from.path()));
      report(error);
    }
  }
  std::sort(images.begin(), images.end(),
            [](const Image& a, const Image& b) { return import_order(a, b) < 0; });
  return images;
}

std::vector<SourceImage> read_source(Store& from, const std::vector<ImageArgument>& arguments,
                                     const ReportImport& report) {
  std::vector<SourceImage> images;
  std::map<ImageKey, std::vector<Remote>> remotes;
  for (Image& image : find_images(from, arguments, report)) {
    remotes.try_emplace(image.blob.key);
    images.push_back({.image = std::move(image), .remotes = {}});
  }
  for (Remote& remote : all_remotes(from.database())) {
    const auto place = remotes.find(remote.key);
    if (place != remotes.end()) place->second.push_back(std::move(remote));
  }
  for (SourceImage& image : images)
    image.remotes = std::move(remotes[image.image.blob.key]);
  return images;
}

// How a store differs from what it is to have.
struct SyncPlan {
  std::vector<const SourceImage*> missing;
  std::vector<const Image*> marks;  // of images that are there
  std::vector<const Remote*> remotes;

  bool has_rows() const { return !marks.empty() || !remotes.empty(); }
};

SyncPlan plan_sync(Store& to, const std::vector<SourceImage>& images) {
  SyncPlan plan;
  for (const SourceImage& wanted : images) {
    const Blob& blob = wanted.image.blob;
    const std::optional<Image> present = find_image(to.database(), blob.key);
    if (!present || to.blobs().size(blob.key) != present->blob.size) {
      plan.missing.push_back(&wanted);
      continue;
    }
    if (present->latest != wanted.image.latest) plan.marks.push_back(&wanted.image);
    for (const Remote& remote : wanted.remotes) {
      if (find_remote(to.database(), remote.aci_url) != remote) plan.remotes.push_back(&remote);
    }
  }
  return plan;
}

SyncPlan read_plan(Store& to, const std::vector<SourceImage>& images) {
  const Snapshot snapshot(to.database());
  return plan_sync(to, images);
}

// Writes the rows that differ, and returns how the store differed just before.
SyncPlan bring_along_present(Store& to, const std::vector<SourceImage>& images) {
  SyncPlan plan = read_plan(to, images);
  if (!plan.has_rows()) return plan;
  Transaction transaction(to.database());
  // Once more: now nobody else writes.
  plan = plan_sync(to, images);
  for (const Image* image : plan.marks)
    set_latest(to.database(), image->blob.key, image->latest);
  for (const Remote* remote : plan.remotes)
    put_remote(to.database(), *remote);
  transaction.commit();
  return plan;
}

// One pass over a blob, as over any file that is imported: nothing is believed of it but that it
// should be an image, and have this digest and size. Called by several threads at once, so it asks
// no database.
Ingested ingest_blob(Store& from, Store& to, const SourceImage& wanted, const Cores& cores,
                     Progress& progress) {
  const Blob& blob = wanted.image.blob;
  const std::string path = from.path() + '/' + layout::blob_path(blob.key);
  const auto damaged = [](const std::string& why) {
    return Error(ErrorKind::kDamaged, "the store is damaged: " + why);
  };
  return with_context(printable(path), [&] {
    auto file = from.blobs().open(blob.key);
    if (!file) throw damaged("there is no such file");
    try {
      InputFile input(std::move(file->fd), blob.key.text(), progress);
      Ingested ingested = ingest(to, input, path,
                                 {.expected = ExpectedKey::parse(image_id(blob.digest)),
                                  .latest = wanted.image.latest,
                                  .pin_owners = {},
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
bool is_removed(Store& from, const SourceImage& wanted, const Error& error) {
  return error.kind() == ErrorKind::kDamaged && !has_blob(from.database(), wanted.image.blob.key);
}

// Whether any of them was copied.
bool copy_missing(Store& from, Store& to, const std::vector<const SourceImage*>& missing,
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
  const std::vector<SourceImage> images = read_source(from, request.images, report);
  if (images.empty() && !request.images.empty()) return false;
  Store to(request.to, StoreAccess::kCreate);
  const SyncPlan plan = bring_along_present(to, images);
  const bool has_copied = copy_missing(from, to, plan.missing, request, progress, report);
  return has_copied || plan.has_rows();
}

}  // namespace acistore
