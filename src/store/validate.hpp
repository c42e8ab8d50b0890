// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_VALIDATE_HPP
#define ACISTORE_STORE_VALIDATE_HPP

#include <string>

#include "aci/problem.hpp"
#include "base/progress.hpp"
#include "model/reference.hpp"
#include "store/stores.hpp"

namespace acistore {

// A problem and where it was found: a file or an image as the user named it.
struct Finding {
  std::string source;
  Problem problem;
};

// Tells of every departure of an image file ("-": standard input) from the letter of the
// specification: its name, its compression, the archive and the manifest. Throws Error only if it
// cannot be read.
void validate_file(const std::string& file, Progress& progress, const ReportProblem& report);

// The same of an image in the store, which is not marked as used. Throws Error as find_image() and
// open_blob().
void validate_image(const Stores& stores, const ImageArgument& image, Progress& progress,
                    const ReportProblem& report);

}  // namespace acistore

#endif
