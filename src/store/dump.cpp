// SPDX-License-Identifier: Apache-2.0
#include "store/dump.hpp"

#include <array>

#include "base/io.hpp"
#include "db/blobs.hpp"
#include "db/images.hpp"
#include "store/read.hpp"

namespace acistore {
namespace {

std::string beginning_of(int fd) {
  FdSource file(fd);
  Cursor cursor(file);
  std::array<std::byte, kDumpedBytes> bytes{};
  const std::size_t count = cursor.read(bytes);
  return std::string(as_text(bytes).substr(0, count));
}

}  // namespace

Dump dump(Store& store) {
  Dump result;
  for (const Blob& blob : blobs_by_key(store.database())) {
    try {
      const StoredBlob stored = open_blob(store, blob);
      result.blobs.push_back({blob.key, beginning_of(stored.file.fd.get())});
    } catch (const Error& error) {
      // Removed meanwhile is no failure.
      if (error.kind() != ErrorKind::kNotFound) result.failures.push_back(error);
    }
  }
  for (auto& [key, manifest] : manifest_beginnings(store.database(), kDumpedBytes)) {
    result.manifests.push_back({key, std::move(manifest)});
  }
  return result;
}

}  // namespace acistore
