// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_NUMBER_HPP
#define ACISTORE_CLI_NUMBER_HPP

#include <charconv>
#include <optional>
#include <string_view>

namespace acistore {

// A whole number in decimal digits and nothing else, as far as `Number` can hold it.
template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

}  // namespace acistore

#endif
