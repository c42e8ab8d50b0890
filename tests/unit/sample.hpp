// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_UNIT_SAMPLE_HPP
#define ACISTORE_UNIT_SAMPLE_HPP

#include <cstddef>

namespace acistore {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kIsSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif
#else
inline constexpr bool kIsSanitized = false;
#endif

// The step of a loop over all bits or lengths of a stream. Under a sanitizer, where each decoder
// costs ten times as much, of those every eleventh: what these tests are about, the outcome of
// each, the other build looks at.
constexpr std::size_t sampled(std::size_t step) {
  return kIsSanitized ? 11 * step : step;
}

}  // namespace acistore

#endif
