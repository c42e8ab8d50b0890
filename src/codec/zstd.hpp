// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_ZSTD_HPP
#define ACISTORE_CODEC_ZSTD_HPP

#include <memory>

#include "base/reader.hpp"

namespace acistore {

// The decoder of zstd, over libzstd, which knows no decoding on several cores. In a build without
// libzstd it throws the Error that says so.
std::unique_ptr<Reader> make_zstd_decoder(std::unique_ptr<Reader> compressed, unsigned threads);

}  // namespace acistore

#endif
