// SPDX-License-Identifier: Apache-2.0
#include "store/import.hpp"

#include <utility>

#include "aci/archive.hpp"
#include "base/io.hpp"
#include "base/quote.hpp"
#include "store/input.hpp"
#include "store/publish.hpp"

namespace acistore {
namespace {

// So many images share a flush of each directory and a transaction; more would hold more keys
// locked and more temporary files open for little gain.
constexpr std::size_t kGroupSize = 64;

// What was read of a file, and is good.
struct Ingested {
  PendingBlob blob;
  Compression compression;
  std::uint64_t entries;
};

// One pass over a file: read, decode, hash and write, check that it is an image.
Ingested ingest(Store& store, const std::string& file, const ImportRequest& request,
                Progress& progress) {
  InputFile input(file, progress);
  DecodedStream decoded = decode(input.bytes());
  BlobWriter blob = store.blobs().create();
  StoringSource storing(*decoded.bytes, blob, Threading::kOwnThread);
  ArchiveContents contents = read_archive(storing);
  const Sha512Digest digest = storing.finish();
  check_expected(request.expected, digest);
  return {
      .blob = {.file = std::move(blob),
               .digest = digest,
               .image = PendingBlob::ImageData{.manifest = std::move(contents.manifest),
                                               .manifest_json = std::move(contents.manifest_json),
                                               .latest = request.latest}},
      .compression = decoded.compression,
      .entries = contents.entries};
}

// Files that were read and wait for the rest of their group, and those that failed, in order.
class Group {
 public:
  Group(Store& store, const std::function<void(const ImportOutcome&)>& report)
      : store_(store), report_(report) {}

  bool is_full() const { return blobs_.size() == kGroupSize; }

  void add(const std::string& file, Ingested ingested) {
    blobs_.push_back(std::move(ingested.blob));
    files_.push_back({file, ingested.compression, ingested.entries, std::nullopt});
  }
  void add(const std::string& file, Error error) {
    files_.push_back({file, Compression::kNone, 0, std::move(error)});
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
      } else {
        report_(ImportedImage{.image = std::move(*next->image),
                              .source = file.name,
                              .compression = file.compression,
                              .entries = file.entries,
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
    std::optional<Error> error;  // otherwise it has a blob in blobs_
  };

  Store& store_;
  const std::function<void(const ImportOutcome&)>& report_;
  std::vector<PendingBlob> blobs_;
  std::vector<File> files_;
};

}  // namespace

void import_images(Store& store, const ImportRequest& request, Progress& progress,
                   const std::function<void(const ImportOutcome&)>& report) {
  Group group(store, report);
  for (const std::string& file : request.files) {
    try {
      group.add(file, with_context(printable(file),
                                   [&] { return ingest(store, file, request, progress); }));
    } catch (const Error& error) {
      group.add(file, error);
    }
    if (group.is_full()) group.publish();
  }
  group.publish();
}

}  // namespace acistore
