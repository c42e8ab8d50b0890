// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_BZIP2_ENCODER_HPP
#define ACISTORE_CODEC_BZIP2_ENCODER_HPP

#include <memory>

#include "codec/encoder.hpp"

namespace acistore {

struct EncodeOptions;

// Compresses as many bytes as one block of the level holds at a time, on all cores, each into a
// stream of its own: a block begins anywhere within a byte, and so blocks could not be joined
// without moving all their bits.
std::unique_ptr<Encoder> make_bzip2_encoder(const EncodeOptions& options, WriteEncoded write);

}  // namespace acistore

#endif
