// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_GZIP_HPP
#define ACISTORE_CODEC_GZIP_HPP

#include <memory>

#include "base/reader.hpp"

namespace acistore {

// The decoder of gzip, over zlib.
std::unique_ptr<Reader> make_gzip_decoder(std::unique_ptr<Reader> compressed, unsigned threads);

}  // namespace acistore

#endif
