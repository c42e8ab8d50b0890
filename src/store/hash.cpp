// SPDX-License-Identifier: Apache-2.0
#include "store/hash.hpp"

#include "base/error.hpp"
#include "base/pipeline.hpp"
#include "base/quote.hpp"
#include "codec/codec.hpp"
#include "store/input.hpp"

namespace acistore {

ImageKey hash_file(const std::string& file, unsigned cores, Progress& progress) {
  return with_context(printable(file), [&] {
    InputFile input(file, progress);
    const DecodedStream decoded = decode(input.bytes(), cores);
    Pipeline bytes(*decoded.bytes, cores > 1 ? Threading::kOwnThread : Threading::kNone);
    Sha512 hash;
    for (Bytes run = bytes.next(); !run.empty(); run = bytes.next()) {
      hash.update(run);
    }
    return ImageKey(hash.finish());
  });
}

}  // namespace acistore
