// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_GZIP_HPP
#define ACISTORE_CODEC_GZIP_HPP

#include <memory>

#include "base/reader.hpp"
#include "codec/inflater.hpp"

namespace acistore {

// The decoder of gzip, over the fastest library that the build has. It decodes on one core: nothing
// in a gzip file says where another could begin.
std::unique_ptr<Reader> make_gzip_decoder(std::unique_ptr<Reader> compressed, unsigned threads);

// The same over a given library.
std::unique_ptr<Reader> make_gzip_decoder(std::unique_ptr<Reader> compressed,
                                          std::unique_ptr<Inflater> inflater);

}  // namespace acistore

#endif
