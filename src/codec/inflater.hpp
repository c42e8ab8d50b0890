// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_INFLATER_HPP
#define ACISTORE_CODEC_INFLATER_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/source.hpp"

namespace acistore {

// Inflates deflated data (RFC 1951) without a frame and computes the CRC-32 of gzip: what the
// libraries for gzip differ in. An error of the system is thrown.
class Inflater {
 public:
  Inflater() = default;
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  virtual ~Inflater() = default;

  // Readies it for the data of another member, of which it must know nothing before.
  virtual void reset() = 0;

  enum class Status { kMore, kDone, kDamaged };
  struct Step {
    Status status;
    std::size_t produced;
    // How many bytes of the input were consumed; at the end of the data and where it is damaged
    // this may be negative, by no more than kMaxReadAhead: bytes that an earlier step consumed are
    // not of the data, or come after the damage.
    std::ptrdiff_t consumed;
    std::string_view damage = {};  // what is wrong, if the library tells
  };
  static constexpr std::size_t kMaxReadAhead = 8;

  // Inflates some of `in` (empty when there is no more) into `out`, which is not empty. Neither is
  // larger than 1 GiB. Does nothing only when there is no input left.
  virtual Step inflate(Bytes in, std::span<std::byte> out) = 0;

  // The checksum of bytes that follow those with the checksum `crc`; that of no bytes is 0.
  virtual std::uint32_t crc32(std::uint32_t crc, Bytes bytes) const = 0;
};

// Each is there if the build has its library.
std::unique_ptr<Inflater> make_isal_inflater();
std::unique_ptr<Inflater> make_zlib_inflater();

}  // namespace acistore

#endif
