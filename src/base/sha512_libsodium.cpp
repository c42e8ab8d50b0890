// SPDX-License-Identifier: Apache-2.0
#include <sodium/crypto_hash_sha512.h>

#include <algorithm>

#include "base/sha512_compress.hpp"

namespace acistore {

// libsodium's hash needs no sodium_init(): that sets up random numbers and picks implementations of
// ciphers, and SHA-512 has but one.
void sha512_compress_libsodium(Sha512State& state, const std::byte* blocks, std::size_t count) {
  crypto_hash_sha512_state context;
  crypto_hash_sha512_init(&context);
  std::copy(state.begin(), state.end(), context.state);
  // Whole blocks are taken from where they are, and nothing is left in the context.
  crypto_hash_sha512_update(&context, reinterpret_cast<const unsigned char*>(blocks),
                            count * kSha512BlockBytes);
  std::copy_n(context.state, state.size(), state.begin());
}

}  // namespace acistore
