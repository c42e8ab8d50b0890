// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_HASHING_SOURCE_HPP
#define ACISTORE_BASE_HASHING_SOURCE_HPP

#include <cstdint>

#include "base/sha512.hpp"
#include "base/source.hpp"

namespace acistore {

// Hashes what it passes on.
class HashingSource final : public Source {
 public:
  // `source` must outlive this.
  explicit HashingSource(Source& source) : source_(source) {}

  Bytes next() override {
    const Bytes run = source_.next();
    hash_.update(run);
    size_ += run.size();
    return run;
  }

  // The digest of all that was passed on. Ends the stream.
  Sha512Digest finish() { return hash_.finish(); }

  // How many bytes were passed on.
  std::uint64_t size() const { return size_; }

 private:
  Source& source_;
  Sha512 hash_;
  std::uint64_t size_ = 0;
};

// The digest of all that comes. Throws what the source throws.
inline Sha512Digest sha512_of(Source& source) {
  HashingSource bytes(source);
  while (!bytes.next().empty()) {
  }
  return bytes.finish();
}

}  // namespace acistore

#endif
