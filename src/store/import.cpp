// SPDX-License-Identifier: Apache-2.0
#include "store/import.hpp"

#include <utility>

#include "aci/archive.hpp"
#include "base/ordered_jobs.hpp"
#include "base/quote.hpp"
#include "db/sources.hpp"
#include "store/cores.hpp"
#include "store/input.hpp"
#include "store/publish.hpp"
#include "store/storing_source.hpp"

namespace acistore {
namespace {

// What was read of a file, and is good; or what is known of it without reading.
struct Ingested {
  PendingBlob blob;
  Compression compression;
  std::uint64_t entries;
};

// One pass over a file: read, decode, hash and write, check that it is an image.
Ingested ingest(Store& store, const std::string& file, const ImportRequest& request,
                const Cores& cores, Progress& progress) {
  InputFile input(file, progress);
  const DecodedStream decoded = decode(input.bytes(), cores.decoding);
  BlobWriter blob = store.blobs().create(store.writeback());
  StoringSource storing(input, decoded.compression, *decoded.bytes, blob, cores.threading);
  ArchiveContents contents = read_archive(storing, request.max_size);
  const Sha512Digest digest = storing.finish();
  check_expected(request.expected, digest);
  std::optional<SourceFile> source;
  if (const auto identity = input.identity()) {
    source = SourceFile{*identity, std::string(to_text(decoded.compression))};
  }
  const std::uint64_t size = blob.size();
  return {
      .blob = {.file = std::move(blob),
               .digest = digest,
               .size = size,
               .image = PendingBlob::ImageData{.manifest = std::move(contents.manifest),
                                               .manifest_json = std::move(contents.manifest_json),
                                               .latest = request.latest,
                                               .pin_owner = request.pin_owner},
               .source = std::move(source)},
      .compression = decoded.compression,
      .entries = contents.entries};
}

// A file that need not be read; nothing if it must.
std::optional<Ingested> recognise(Store& store, const std::string& file,
                                  const ImportRequest& request) {
  const std::optional<FileIdentity> identity = identify(file);
  if (!identity) return std::nullopt;
  const std::optional<KnownSource> known = find_source(store.database(), *identity);
  if (!known || store.blobs().size(known->blob.key) != known->blob.size) return std::nullopt;
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
                                                           .pin_owner = request.pin_owner},
                           .source = std::nullopt},
                  .compression = *compression,
                  .entries = 0};
}

// Files that were read and wait for the rest of their group, and those that failed, in order.
class Group {
 public:
  // `read_again` is for a file that needed no reading, if its blob is gone when its turn comes.
  Group(Store& store, const std::function<void(const ImportOutcome&)>& report,
        std::function<Ingested(const std::string&)> read_again)
      : store_(store), report_(report), read_again_(std::move(read_again)) {}

  bool is_full() const { return blobs_.size() == kGroupSize; }

  void add(const std::string& file, Ingested ingested) {
    files_.push_back(
        {file, ingested.compression, ingested.entries, !ingested.blob.file, std::nullopt});
    blobs_.push_back(std::move(ingested.blob));
  }
  void add(const std::string& file, Error error) {
    files_.push_back({file, Compression::kNone, 0, false, std::move(error)});
  }

  // Leaves the group empty.
  void publish() {
    const std::vector<File> files = std::exchange(files_, {});
    std::vector<PublishedBlob> published;
    std::optional<Error> failure;
    try {
      published = acistore::publish(store_, std::exchange(blobs_, {}));
    } catch (const Error& error) {
      failure = error;
    }
    auto next = published.begin();
    for (const File& file : files) {
      if (file.error) {
        report_(*file.error);
      } else if (failure) {
        Error error = *failure;
        error.add_context(printable(file.name));
        report_(error);
      } else if (next->is_gone) {
        ++next;
        publish_again(file.name);
      } else {
        report_(ImportedImage{.image = std::move(*next->image),
                              .source = file.name,
                              .compression = file.compression,
                              .entries = file.entries,
                              .is_unchanged = file.is_unchanged,
                              .is_new = next->is_new});
        ++next;
      }
    }
  }

 private:
  struct File {
    std::string name;
    Compression compression;
    std::uint64_t entries;
    bool is_unchanged;
    std::optional<Error> error;  // otherwise it has a blob in blobs_
  };

  // Somebody removed the blob between the look at the file and now.
  void publish_again(const std::string& file) {
    Group rest(store_, report_, read_again_);
    try {
      rest.add(file, read_again_(file));
    } catch (const Error& error) {
      rest.add(file, error);
    }
    rest.publish();
  }

  Store& store_;
  const std::function<void(const ImportOutcome&)>& report_;
  std::function<Ingested(const std::string&)> read_again_;
  std::vector<PendingBlob> blobs_;
  std::vector<File> files_;
};

}  // namespace

void import_images(Store& store, const ImportRequest& request, Progress& progress,
                   const std::function<void(const ImportOutcome&)>& report) {
  using Outcome = std::variant<Ingested, Error>;
  const std::vector<std::string>& files = request.files;
  const Cores cores(request.jobs, files);
  const auto read = [&](const std::string& file) {
    return with_context(printable(file),
                        [&] { return ingest(store, file, request, cores, progress); });
  };
  // Looked up before the threads begin: one thread uses the database.
  std::vector<std::optional<Ingested>> known;
  for (const std::string& file : files)
    known.push_back(request.if_changed ? recognise(store, file, request) : std::nullopt);

  Group group(store, report, read);
  run_in_order<Outcome>(
      files.size(), cores.workers, kGroupSize,
      [&](std::size_t i) -> Outcome {
        if (known[i]) return std::move(*known[i]);
        try {
          return read(files[i]);
        } catch (const Error& error) {
          return error;
        }
      },
      [&](std::size_t i, Outcome outcome) {
        std::visit([&](auto& result) { group.add(files[i], std::move(result)); }, outcome);
        if (group.is_full()) group.publish();
      });
  group.publish();
}

}  // namespace acistore
