// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_BZIP2_PARALLEL_HPP
#define ACISTORE_CODEC_BZIP2_PARALLEL_HPP

#include <memory>

#include "base/reader.hpp"

namespace acistore {

// A decoder of bzip2 that decodes several blocks at a time, each in one of up to `threads` threads
// of its own. What it gives, accepts and says of an error is what the decoder of bzip2.hpp would:
// that one takes over, for the rest of the file, where anything is not as it should be.
//
// A file of one block starts no thread. Destroying the decoder waits some milliseconds at most.
std::unique_ptr<Reader> make_parallel_bzip2_decoder(std::unique_ptr<Reader> compressed,
                                                    unsigned threads);

}  // namespace acistore

#endif
