// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_BZIP2_HPP
#define ACISTORE_CODEC_BZIP2_HPP

#include <memory>

#include "base/source.hpp"

namespace acistore {

// The decoder of bzip2, over libbz2.
std::unique_ptr<Source> make_bzip2_decoder(std::unique_ptr<Source> compressed);

}  // namespace acistore

#endif
