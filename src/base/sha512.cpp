// SPDX-License-Identifier: Apache-2.0
#include "base/sha512.hpp"

#include <sodium/crypto_hash_sha512.h>

namespace acistore {

// libsodium's hash needs no sodium_init(): that sets up random numbers and picks implementations of
// ciphers, and SHA-512 has but one.
struct Sha512::State {
  crypto_hash_sha512_state sodium;
};

Sha512::Sha512() : state_(std::make_unique<State>()) {
  crypto_hash_sha512_init(&state_->sodium);
}
Sha512::Sha512(Sha512&&) noexcept = default;
Sha512& Sha512::operator=(Sha512&&) noexcept = default;
Sha512::~Sha512() = default;

void Sha512::update(Bytes bytes) {
  crypto_hash_sha512_update(&state_->sodium, reinterpret_cast<const unsigned char*>(bytes.data()),
                            bytes.size());
}

Sha512Digest Sha512::finish() {
  static_assert(sizeof(Sha512Digest) == crypto_hash_sha512_BYTES);
  Sha512Digest digest;
  crypto_hash_sha512_final(&state_->sodium, reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

}  // namespace acistore
