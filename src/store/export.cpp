// SPDX-License-Identifier: Apache-2.0
#include "store/export.hpp"

#include "store/lookup.hpp"

namespace acistore {
namespace {

void encode(const StoredBlob& stored, const ExportRequest& request, Progress& progress,
            const WriteBytes& write) {
  EncodeOptions encoding = request.encoding;
  encoding.size = stored.file.size;
  const auto encoder = make_encoder(encoding, write);
  read_blob(stored, progress, [&](Bytes run) { encoder->write(run); });
  encoder->finish();
}

}  // namespace

void export_image(const Stores& stores, const ExportRequest& request, Progress& progress,
                  const WriteBytes& to_standard_output) {
  const StoredBlob stored = use_blob(stores, request.image);
  if (request.file == kStandardOutput) {
    encode(stored, request, progress, to_standard_output);
    return;
  }
  OutputFile file(request.file, request.if_exists);
  if (request.encoding.compression == Compression::kNone && file.clone(stored.file.fd.get())) {
    // What is hashed is what the clone holds. To have the kernel copy where it cannot clone saves
    // nothing: see StoringSource.
    FdReader clone = file.read_back();
    verify_blob(stored, clone, progress);
  } else {
    encode(stored, request, progress, [&](Bytes run) { file.write(run); });
  }
  file.publish(stores.sync());
}

}  // namespace acistore
