// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_SEED_WRITE_HPP
#define ACISTORE_STORE_SEED_WRITE_HPP

#include <functional>
#include <string>
#include <vector>

#include "base/output_file.hpp"
#include "base/progress.hpp"
#include "store/seed_file.hpp"
#include "store/stores.hpp"

namespace acistore {

// A lock file that says this: parse_seed_file() gives it back. The same bytes for the same file.
// Throws Error(kInvalid) for a text that is not UTF-8, which TOML cannot hold.
std::string to_toml(const SeedFile& file);

struct SeedWriteRequest {
  std::string file;                 // kStandardOutput, or a path
  std::vector<std::string> images;  // image files, keys and references; none: all that is stored
  IfExists if_exists = IfExists::kRefuse;
  unsigned jobs = 1;  // image files that are read at the same time
  bool sync = true;
};

// Whether writing that needs a store.
bool needs_store(const SeedWriteRequest& request);

// Writes a lock file for stored images, with their marks and the pins that do not expire, and for
// image files, which are read and not stored. Where one of them fails, all are tried, `report` is
// told of each, and the file does not appear. `stores` may be null if it is not needed.
// `to_standard_output` takes the text if that is what the file stands for.
void write_seed_file(const Stores* stores, const SeedWriteRequest& request, Progress& progress,
                     const std::function<void(std::string_view)>& to_standard_output,
                     const std::function<void(const Error&)>& report);

}  // namespace acistore

#endif
