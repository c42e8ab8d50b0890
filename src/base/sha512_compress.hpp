// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_SHA512_COMPRESS_HPP
#define ACISTORE_BASE_SHA512_COMPRESS_HPP

#include <cstddef>

#include "base/sha512.hpp"

namespace acistore {

// Takes `count` blocks of kSha512BlockBytes bytes, one after the other, into `state`. All that a
// library is needed for: what is before the first block and after the last is in sha512.cpp.
void sha512_compress(Sha512State& state, const std::byte* blocks, std::size_t count);

// The same by one library or the other. sha512_compress() is the one that Meson's option `sha512`
// says, and only that is in the program; the tests compare both.
void sha512_compress_libcrypto(Sha512State& state, const std::byte* blocks, std::size_t count);
void sha512_compress_libsodium(Sha512State& state, const std::byte* blocks, std::size_t count);

}  // namespace acistore

#endif
