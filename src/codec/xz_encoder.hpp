// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_XZ_ENCODER_HPP
#define ACISTORE_CODEC_XZ_ENCODER_HPP

#include <memory>

#include "codec/encoder.hpp"

namespace acistore {

struct EncodeOptions;

// liblzma compresses blocks on all cores.
std::unique_ptr<Encoder> make_xz_encoder(const EncodeOptions& options, WriteEncoded write);

}  // namespace acistore

#endif
