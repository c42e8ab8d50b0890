// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_INGEST_HPP
#define ACISTORE_STORE_INGEST_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aci/archive.hpp"
#include "aci/tar.hpp"
#include "base/progress.hpp"
#include "codec/codec.hpp"
#include "store/cores.hpp"
#include "store/input.hpp"
#include "store/publish.hpp"
#include "store/store.hpp"

namespace acistore {

// What an image has to be, and what becomes of it.
struct IngestRequest {
  std::optional<ExpectedKey> expected;
  // These as in PendingBlob::ImageData.
  std::optional<bool> latest;
  std::vector<std::string> pin_owners;
  bool keeps_place = false;
  // How many bytes it may have, uncompressed.
  std::uint64_t max_size = kMaxArchiveBytes;
};

// What was read of a file, and is good; or what is known of it without reading.
struct Ingested {
  PendingBlob blob;
  std::string source;  // the file
  Compression compression = Compression::kNone;
  std::uint64_t entries = 0;  // of the archive
};

// One pass over a file ("-": standard input): reads, decodes, hashes and writes, and checks that it
// is an image. Nothing of it is visible yet. May be called by several threads at once. Throws Error
// without the name of the file.
Ingested ingest(Store& store, const std::string& file, const IngestRequest& request,
                const Cores& cores, Progress& progress);

// The same over a file that is open; `name` is what the result calls it.
Ingested ingest(Store& store, InputFile& input, const std::string& name,
                const IngestRequest& request, const Cores& cores);

// What a blob that was written and read as an archive will be. Throws Error(kInvalid) if it has not
// the expected digest.
PendingBlob pending_image(BlobWriter file, ArchiveContents contents, const Sha512Digest& digest,
                          const IngestRequest& request);

}  // namespace acistore

#endif
