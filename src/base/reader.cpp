// SPDX-License-Identifier: Apache-2.0
#include "base/reader.hpp"

namespace acistore {

std::size_t read_full(Reader& reader, std::span<std::byte> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const std::size_t count = reader.read(out.subspan(filled));
    if (count == 0) break;
    filled += count;
  }
  return filled;
}

}  // namespace acistore
