// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_ENCODER_HPP
#define ACISTORE_CODEC_ENCODER_HPP

#include <functional>

#include "base/source.hpp"

namespace acistore {

// Where an encoder's output goes. Called within write() and finish(), in the thread that calls
// them.
using WriteEncoded = std::function<void(Bytes)>;

// Compresses what is written to it. After an error it is of no more use.
class Encoder {
 public:
  Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  virtual ~Encoder() = default;

  // Takes the bytes that come next, any number of them. Throws Error, and what WriteEncoded throws.
  virtual void write(Bytes bytes) = 0;

  // To be called once, after the last write(): all has been given to WriteEncoded when it returns.
  virtual void finish() = 0;
};

}  // namespace acistore

#endif
