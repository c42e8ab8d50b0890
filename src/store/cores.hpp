// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_CORES_HPP
#define ACISTORE_STORE_CORES_HPP

#include <cstddef>
#include <string>
#include <vector>

#include "base/pipeline.hpp"

namespace acistore {

// How the cores are shared out: to several files at once, or all of them to one after the other.
struct Cores {
  // For these files, of which up to `jobs` are read at the same time.
  Cores(unsigned jobs, const std::vector<std::string>& files);

  // For so many regular files.
  Cores(unsigned jobs, std::size_t files);

  std::size_t workers = 1;
  Threading threading;  // of a file's pipeline
  unsigned decoding;    // cores for decoding a file
};

}  // namespace acistore

#endif
