// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_BZIP2_HPP
#define ACISTORE_CODEC_BZIP2_HPP

#include <memory>

#include "base/reader.hpp"

namespace acistore {

// The decoder of bzip2, over libbz2.
std::unique_ptr<Reader> make_bzip2_decoder(std::unique_ptr<Reader> compressed);

}  // namespace acistore

#endif
