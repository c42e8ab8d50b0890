// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_HASH_HPP
#define ACISTORE_STORE_HASH_HPP

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/progress.hpp"
#include "model/image_key.hpp"

namespace acistore {

struct HashedFile {
  ImageKey key;
  std::string file;
};

// The keys that the decompressed bytes of files ("-": standard input) would be stored under. They
// need not be images. `report` is called once for each file, in the order given; up to `jobs` are
// read at the same time.
void hash_files(const std::vector<std::string>& files, unsigned jobs, Progress& progress,
                const std::function<void(const std::variant<HashedFile, Error>&)>& report);

}  // namespace acistore

#endif
