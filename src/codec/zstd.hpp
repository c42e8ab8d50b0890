// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_ZSTD_HPP
#define ACISTORE_CODEC_ZSTD_HPP

#include <memory>

#include "base/reader.hpp"
#include "codec/encoder.hpp"

namespace acistore {

struct EncodeOptions;

// The decoder of zstd, over libzstd, which knows no decoding on several cores. In a build without
// libzstd it throws the Error that says so.
std::unique_ptr<Reader> make_zstd_decoder(std::unique_ptr<Reader> compressed, unsigned threads);

// The encoder (zstd_encoder.cpp): libzstd compresses on all cores. Without libzstd it throws
// Error(kUsage).
std::unique_ptr<Encoder> make_zstd_encoder(const EncodeOptions& options, WriteEncoded write);

}  // namespace acistore

#endif
