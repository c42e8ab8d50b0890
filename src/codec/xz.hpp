// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_XZ_HPP
#define ACISTORE_CODEC_XZ_HPP

#include <memory>

#include "base/reader.hpp"

namespace acistore {

// The decoder of xz, over liblzma. Blocks of which the stream tells the sizes (`xz -T` writes such)
// are decoded in up to `threads` threads beside the caller's, fewer if kMaxDecoderMemory is too
// little for so many.
std::unique_ptr<Reader> make_xz_decoder(std::unique_ptr<Reader> compressed, unsigned threads);

}  // namespace acistore

#endif
