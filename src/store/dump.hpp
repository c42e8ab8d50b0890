// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_DUMP_HPP
#define ACISTORE_STORE_DUMP_HPP

#include <cstddef>
#include <string>
#include <vector>

#include "model/image_key.hpp"
#include "store/stores.hpp"

namespace acistore {

inline constexpr std::size_t kDumpedBytes = 128;

struct DumpedValue {
  ImageKey key;
  std::string beginning;  // the first kDumpedBytes of it
};

struct Dump {
  std::vector<DumpedValue> blobs;      // by key
  std::vector<DumpedValue> manifests;  // by key
  std::vector<Error> failures;         // of blobs that are not there
};

// The beginning of all that is stored.
Dump dump(const Stores& stores);

}  // namespace acistore

#endif
