// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_SHA512_HPP
#define ACISTORE_BASE_SHA512_HPP

#include <array>
#include <cstddef>
#include <memory>

#include "base/source.hpp"

namespace acistore {

using Sha512Digest = std::array<std::byte, 64>;

// SHA-512 (FIPS 180-4) of a stream. The only door to the hashing library.
class Sha512 {
 public:
  Sha512();
  Sha512(Sha512&&) noexcept;
  Sha512& operator=(Sha512&&) noexcept;
  ~Sha512();

  void update(Bytes bytes);

  // The digest of all that was given. Ends the stream: nothing may be called after it.
  Sha512Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace acistore

#endif
