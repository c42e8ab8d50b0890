// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_TESTS_FUZZ_HEADERS_HPP
#define ACISTORE_TESTS_FUZZ_HEADERS_HPP

#include <string>
#include <string_view>

#include "aci/tar_builder.hpp"

namespace acistore::fuzz {

// The archive with the right checksum in every block that has the magic of a header.
inline std::string with_right_checksums(std::string archive) {
  constexpr std::size_t kBlock = 512;
  constexpr std::size_t kChecksum = 148;
  constexpr std::size_t kChecksumBytes = 8;
  constexpr std::size_t kMagic = 257;
  for (std::size_t at = 0; at + kBlock <= archive.size(); at += kBlock) {
    const std::string_view block = std::string_view(archive).substr(at, kBlock);
    if (!block.substr(kMagic).starts_with("ustar")) continue;
    unsigned sum = kChecksumBytes * ' ';
    for (std::size_t i = 0; i < kBlock; ++i) {
      if (i < kChecksum || i >= kChecksum + kChecksumBytes)
        sum += static_cast<unsigned char>(block[i]);
    }
    std::string field = tar::octal(sum, 6);
    field += '\0';
    field += ' ';
    archive.replace(at + kChecksum, kChecksumBytes, field);
  }
  return archive;
}

}  // namespace acistore::fuzz

#endif
