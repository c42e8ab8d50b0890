// SPDX-License-Identifier: Apache-2.0
#include "store/storing_source.hpp"

#include <optional>

namespace acistore {
namespace {

bool try_to_clone(const InputFile& input, Compression compression, BlobWriter& blob) {
  if (compression != Compression::kNone) return false;
  const std::optional<int> file = input.whole_file();
  return file && blob.clone(*file);
}

}  // namespace

StoringSource::StoringSource(InputFile& input, Compression compression, Reader& decoded,
                             BlobWriter& blob, Threading threading)
    : input_(input),
      is_cloned_(try_to_clone(input, compression, blob)),
      clone_(blob.read_back()),
      counted_clone_(clone_, input.progress()),
      pipeline_(
          is_cloned_ ? counted_clone_ : decoded, threading,
          is_cloned_ ? Pipeline::Write() : [&blob](Bytes run) { blob.write(run); }),
      hashed_(pipeline_) {}

StoringSource::~StoringSource() {
  input_.interrupt();
}

Sha512Digest StoringSource::finish() {
  pipeline_.finish();
  return hashed_.finish();
}

}  // namespace acistore
