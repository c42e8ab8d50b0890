// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_BZIP2_HPP
#define ACISTORE_CODEC_BZIP2_HPP

#include <memory>

#include "base/reader.hpp"
#include "codec/bzip2_place.hpp"

namespace acistore {

// The decoder of bzip2, over libbz2, in up to `threads` threads if that is more than one.
std::unique_ptr<Reader> make_bzip2_decoder(std::unique_ptr<Reader> compressed, unsigned threads);

// One that begins at `place` and works in the caller's thread. `compressed` begins with the byte in
// which the place is; what comes after it is taken for what it would be, and errors name the same
// bytes, as if all before it had been decoded.
std::unique_ptr<Reader> make_bzip2_decoder_at(const Bzip2Place& place,
                                              std::unique_ptr<Reader> compressed);

}  // namespace acistore

#endif
