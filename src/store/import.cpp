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

// What the stored image is that a file holds which need not be read.
struct KnownFile {
  Sha512Digest digest;
  std::uint64_t size = 0;
  Compression compression = Compression::kNone;
};

// Nothing for a file that must be read.
std::optional<KnownFile> recognise(const Stores& stores, const std::string& file,
                                   const IngestRequest& request) {
  const std::optional<FileIdentity> identity = identify(file);
  if (!identity) return std::nullopt;
  std::optional<KnownSource> known;
  stores.visit([&](std::size_t /*depth*/, Store& store) {
    if (known) return;
    known = find_source(store.database(), *identity);
    if (known && !has_file(store, known->blob)) known.reset();
  });
  if (!known) return std::nullopt;
  if (request.expected && !request.expected->matches(known->blob.digest)) return std::nullopt;
  if (known->blob.size > request.max_size) return std::nullopt;
  const std::optional<Compression> compression = parse_compression(known->compression);
  if (!compression) return std::nullopt;
  return KnownFile{
      .digest = known->blob.digest, .size = known->blob.size, .compression = *compression};
}

// The row of the image is there, and has the rest.
Ingested ingested(const KnownFile& known, const std::string& file, const IngestRequest& request) {
  return {.blob = {.file = std::nullopt,
                   .digest = known.digest,
                   .size = known.size,
                   .image = PendingBlob::ImageData{.manifest = {},
                                                   .manifest_json = {},
                                                   .latest = request.latest,
                                                   .pin_owners = request.pin_owners},
                   .source = std::nullopt,
                   .remotes = {}},
          .source = file,
          .compression = known.compression,
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
  std::vector<std::optional<KnownFile>> known(files.size());
  if (request.if_changed) {
    for (std::size_t i = 0; i < files.size(); ++i)
      known[i] = recognise(stores, files[i], wanted);
  }

  import_each(stores, files.size(), cores,
              {.ingest =
                   [&](std::size_t i) {
                     return known[i] ? ingested(*known[i], files[i], wanted) : read(i);
                   },
               .ingest_again = read,
               .copy_up = request.copy_up},
              [&](std::size_t, const ImportOutcome& outcome) { report(outcome); });
}

}  // namespace acistore
