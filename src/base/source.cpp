// SPDX-License-Identifier: Apache-2.0
#include "base/source.hpp"

#include <algorithm>

namespace acistore {

Bytes Cursor::take(std::uint64_t most) {
  if (rest_.empty()) rest_ = source_.next();
  const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(most, rest_.size()));
  const Bytes taken = rest_.first(length);
  rest_ = rest_.subspan(length);
  return taken;
}

std::size_t Cursor::read(std::span<std::byte> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const Bytes run = take(out.size() - filled);
    if (run.empty()) break;
    std::copy(run.begin(), run.end(), out.begin() + static_cast<std::ptrdiff_t>(filled));
    filled += run.size();
  }
  return filled;
}

std::uint64_t Cursor::skip(std::uint64_t count) {
  std::uint64_t passed = 0;
  while (passed < count) {
    if (rest_.empty()) {
      const std::uint64_t jumped = source_.skip(count - passed);
      passed += jumped;
      if (passed == count) break;
    }
    const Bytes run = take(count - passed);
    if (run.empty()) break;
    passed += run.size();
  }
  return passed;
}

}  // namespace acistore
