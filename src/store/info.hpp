// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_INFO_HPP
#define ACISTORE_STORE_INFO_HPP

#include <cstdint>
#include <string>
#include <vector>

#include "model/image.hpp"
#include "model/reference.hpp"
#include "model/remote.hpp"
#include "model/source_file.hpp"
#include "store/stores.hpp"
#include "store/sweep.hpp"

namespace acistore {

// All that is known of an image.
struct ImageInfo {
  Image image;
  std::string store;  // the directory of the store that has it
  std::string blob_path;
  std::vector<Remote> remotes;  // by URL
  // The files that it was imported from, and nothing else since.
  std::vector<SourceFile> sources;
};

ImageInfo image_info(const Stores& stores, const ImageArgument& argument);

struct FileCount {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

// What is in a store.
struct StoreInfo {
  std::string directory;
  std::vector<std::string> lower;  // the directories of the stores below it, in order
  std::int64_t schema = 0;
  FileCount images;
  FileCount other_blobs;
  std::uint64_t pinned = 0;  // images that a pin holds
  std::uint64_t remotes = 0;
  FileCount rubbish;     // what gc would sweep, whatever else it would remove
  FileCount quarantine;  // what gc --quarantine would remove
  std::uint64_t database_bytes = 0;
};

// `reports` is told what could not be looked at, and what looks like rubbish and is none.
// Of the top one.
StoreInfo store_info(const Stores& stores, const GcReports& reports);

}  // namespace acistore

#endif
