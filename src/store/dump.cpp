// SPDX-License-Identifier: Apache-2.0
#include "store/dump.hpp"

#include <array>
#include <map>
#include <string>
#include <utility>

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

// By key, with what the upper of two stores has.
template <typename Value>
using ByKey = std::map<ImageKey, Value>;

}  // namespace

Dump dump(const Stores& stores) {
  ByKey<Blob> blobs;
  ByKey<std::string> manifests;
  stores.visit([&](std::size_t /*depth*/, Store& store) {
    for (Blob& blob : blobs_by_key(store.database())) {
      const ImageKey key = blob.key;
      blobs.try_emplace(key, std::move(blob));
    }
    for (auto& [key, manifest] : manifest_beginnings(store.database(), kDumpedBytes))
      manifests.try_emplace(key, std::move(manifest));
  });
  Dump result;
  for (const auto& [key, blob] : blobs) {
    try {
      const StoredBlob stored = open_blob(stores, blob);
      result.blobs.push_back({key, beginning_of(stored.file.fd.get())});
    } catch (const Error& error) {
      // Removed meanwhile is no failure.
      if (error.kind() != ErrorKind::kNotFound) result.failures.push_back(error);
    }
  }
  for (auto& [key, manifest] : manifests)
    result.manifests.push_back({key, std::move(manifest)});
  return result;
}

}  // namespace acistore
