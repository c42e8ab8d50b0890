// SPDX-License-Identifier: Apache-2.0
#include "store/ingest.hpp"

#include <utility>

#include "store/storing_source.hpp"

namespace acistore {

Ingested ingest(Store& store, const std::string& file, const IngestRequest& request,
                const Cores& cores, Progress& progress) {
  InputFile input(file, progress);
  return ingest(store, input, file, request, cores);
}

Ingested ingest(Store& store, InputFile& input, const std::string& name,
                const IngestRequest& request, const Cores& cores) {
  const DecodedStream decoded = decode(input.bytes(), cores.decoding);
  BlobWriter blob = store.blobs().create(store.writeback());
  StoringSource storing(input, decoded.compression, *decoded.bytes, blob, cores.threading);
  ArchiveContents contents = read_archive(storing, request.max_size);
  const std::uint64_t entries = contents.entries;
  const Sha512Digest digest = storing.finish();
  PendingBlob pending = pending_image(std::move(blob), std::move(contents), digest, request);
  if (const auto identity = input.identity())
    pending.source = SourceFile{*identity, std::string(to_text(decoded.compression))};
  return {.blob = std::move(pending),
          .source = name,
          .compression = decoded.compression,
          .entries = entries};
}

PendingBlob pending_image(BlobWriter file, ArchiveContents contents, const Sha512Digest& digest,
                          const IngestRequest& request) {
  check_expected(request.expected, digest);
  const std::uint64_t size = file.size();
  return {.file = std::move(file),
          .digest = digest,
          .size = size,
          .image = PendingBlob::ImageData{.manifest = std::move(contents.manifest),
                                          .manifest_json = std::move(contents.manifest_json),
                                          .latest = request.latest,
                                          .pin_owners = request.pin_owners,
                                          .keeps_place = request.keeps_place},
          .source = {},
          .remotes = {}};
}

}  // namespace acistore
