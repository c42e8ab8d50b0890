// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_EXPORT_HPP
#define ACISTORE_STORE_EXPORT_HPP

#include <string>

#include "base/output_file.hpp"
#include "codec/encode.hpp"
#include "store/read.hpp"

namespace acistore {

struct ExportRequest {
  ImageArgument image;
  std::string file;  // kStandardOutput, or a path
  EncodeOptions encoding;
  IfExists if_exists = IfExists::kRefuse;
};

// Writes the bytes of a blob to a file, compressed or not, and marks the image as used. They are
// hashed as they pass; if the hash is wrong the file does not appear, and it throws
// Error(kDamaged). `to_standard_output` takes them if that is what the file stands for; it is
// called from any thread, one call at a time.
void export_image(const Stores& stores, const ExportRequest& request, Progress& progress,
                  const WriteBytes& to_standard_output);

}  // namespace acistore

#endif
