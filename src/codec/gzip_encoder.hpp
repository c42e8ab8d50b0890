// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_GZIP_ENCODER_HPP
#define ACISTORE_CODEC_GZIP_ENCODER_HPP

#include <memory>

#include "codec/encoder.hpp"

namespace acistore {

struct EncodeOptions;

// Deflates pieces of half a mebibyte on all cores, each with the end of the one before as its
// dictionary, into one member. zlib does it, in every build: what ISA-L makes of the same bytes
// differs from one kind of processor to the next.
std::unique_ptr<Encoder> make_gzip_encoder(const EncodeOptions& options, WriteEncoded write);

}  // namespace acistore

#endif
