// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_GZIP_HPP
#define ACISTORE_CODEC_GZIP_HPP

#include <memory>

#include "base/source.hpp"

namespace acistore {

// The decoder of gzip, over zlib.
std::unique_ptr<Source> make_gzip_decoder(std::unique_ptr<Source> compressed);

}  // namespace acistore

#endif
