// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_XZ_HPP
#define ACISTORE_CODEC_XZ_HPP

#include <memory>

#include "base/reader.hpp"

namespace acistore {

// The decoder of xz, over liblzma.
std::unique_ptr<Reader> make_xz_decoder(std::unique_ptr<Reader> compressed, unsigned threads);

}  // namespace acistore

#endif
