// SPDX-License-Identifier: Apache-2.0
//
// SHA-512 by OpenSSL's libcrypto, through the functions that OpenSSL 3 would like to see replaced
// by EVP_Digest*(). Those look for a provider first, after reading OpenSSL's configuration: six
// million instructions, some three milliseconds, before the first byte is hashed, where
// SHA512_Init() takes a few hundred. They also draw in the whole of libcrypto, of which these
// functions need two object files, and do not let a stream begin at a given state. The code that
// does the hashing is the same.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>

#include "base/sha512_compress.hpp"

namespace acistore {

void sha512_compress_libcrypto(Sha512State& state, const std::byte* blocks, std::size_t count) {
  SHA512_CTX context;
  SHA512_Init(&context);
  std::copy(state.begin(), state.end(), context.h);
  // Whole blocks are taken from where they are, and nothing is left in the context.
  SHA512_Update(&context, blocks, count * kSha512BlockBytes);
  std::copy_n(context.h, state.size(), state.begin());
}

}  // namespace acistore
