// SPDX-License-Identifier: Apache-2.0
#include "store/import.hpp"

#include <utility>

#include "base/quote.hpp"
#include "db/sources.hpp"
#include "store/cores.hpp"
#include "store/import_each.hpp"
#include "store/ingest.hpp"
#include "store/input.hpp"

namespace acistore {
namespace {

IngestRequest ingest_request(const ImportRequest& request) {
  IngestRequest result{.expected = request.expected,
                       .latest = request.latest,
                       .pin_owners = {},
                       .max_size = request.max_size};
  if (request.pin_owner) result.pin_owners.push_back(*request.pin_owner);
  return result;
}

// A file that need not be read; nothing if it must.
std::optional<Ingested> recognise(const Stores& stores, const std::string& file,
                                  const IngestRequest& request) {
  const std::optional<FileIdentity> identity = identify(file);
  if (!identity) return std::nullopt;
  std::optional<KnownSource> known;
  stores.visit([&](std::size_t /*depth*/, Store& store) {
    if (known) return;
    known = find_source(store.database(), *identity);
    if (known && store.blobs().size(known->blob.key) != known->blob.size) known.reset();
  });
  if (!known) return std::nullopt;
  if (request.expected && !request.expected->matches(known->blob.digest)) return std::nullopt;
  if (known->blob.size > request.max_size) return std::nullopt;
  const std::optional<Compression> compression = parse_compression(known->compression);
  if (!compression) return std::nullopt;
  return Ingested{.blob = {.file = std::nullopt,
                           .digest = known->blob.digest,
                           .size = known->blob.size,
                           // The row of the image is there, and has the rest.
                           .image = PendingBlob::ImageData{.manifest = {},
                                                           .manifest_json = {},
                                                           .latest = request.latest,
                                                           .pin_owners = request.pin_owners},
                           .source = std::nullopt,
                           .remotes = {}},
                  .source = file,
                  .compression = *compression,
                  .entries = 0};
}

}  // namespace

void import_images(const Stores& stores, const ImportRequest& request, Progress& progress,
                   const std::function<void(const ImportOutcome&)>& report) {
  const std::vector<std::string>& files = request.files;
  const IngestRequest wanted = ingest_request(request);
  const Cores cores(request.jobs, files);
  const auto read = [&](std::size_t i) {
    return with_context(printable(files[i]),
                        [&] { return ingest(stores.top(), files[i], wanted, cores, progress); });
  };
  // Looked up before the threads begin: one thread uses the database.
  std::vector<std::optional<Ingested>> known;
  for (const std::string& file : files)
    known.push_back(request.if_changed ? recognise(stores, file, wanted) : std::nullopt);

  import_each(stores, files.size(), cores,
              {.ingest = [&](std::size_t i) { return known[i] ? std::move(*known[i]) : read(i); },
               .ingest_again = read,
               .copy_up = request.copy_up},
              [&](std::size_t, const ImportOutcome& outcome) { report(outcome); });
}

}  // namespace acistore
