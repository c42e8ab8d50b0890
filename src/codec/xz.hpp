// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_XZ_HPP
#define ACISTORE_CODEC_XZ_HPP

#include <memory>

#include "base/source.hpp"

namespace acistore {

// The decoder of xz, over liblzma.
std::unique_ptr<Source> make_xz_decoder(std::unique_ptr<Source> compressed);

}  // namespace acistore

#endif
