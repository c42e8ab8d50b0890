// SPDX-License-Identifier: Apache-2.0
#include "store/ingest.hpp"

#include <utility>

#include "aci/archive.hpp"
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
                                               .pin_owners = request.pin_owners},
               .source = std::move(source),
               .remotes = {}},
      .source = name,
      .compression = decoded.compression,
      .entries = contents.entries};
}

}  // namespace acistore
