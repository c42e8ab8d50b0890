// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_SEED_SOURCE_HPP
#define ACISTORE_STORE_SEED_SOURCE_HPP

#include <string>
#include <vector>

#include "base/progress.hpp"
#include "store/ingest.hpp"
#include "store/seed_file.hpp"

namespace acistore {

// Where in a directory an image is looked for, in this order: paths below it.
std::vector<std::string> places_in_directory(const SeedImage& image);

// Reads an image from the first of its sources, its own and then those of all images, that has its
// bytes. Throws Error that tells of each source why not: kInvalid if one had other bytes, else kIo
// if one could not be read, else kNotFound. What is the store's fault is thrown as it is.
Ingested ingest_seed_image(Store& store, const SeedFile& file, const SeedImage& image,
                           const IngestRequest& request, const Cores& cores, Progress& progress);

}  // namespace acistore

#endif
