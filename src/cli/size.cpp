// SPDX-License-Identifier: Apache-2.0
#include "cli/size.hpp"

#include <charconv>
#include <limits>

#include "base/error.hpp"
#include "base/quote.hpp"

namespace acistore {

std::uint64_t parse_size(std::string_view text) {
  constexpr std::string_view kLetters = "KMGTPE";
  // What the database can count.
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  std::size_t power = 0;
  if (stop != end && stop + 1 == end) power = kLetters.find(*stop) + 1;
  const bool has_letter = power != 0;
  if (stop == text.data() || (stop != end && !has_letter)) {
    throw Error(ErrorKind::kUsage, quoted(text) + ": not a size such as 1048576, 512K or 20G");
  }
  const std::size_t bits = 10 * power;
  if (error != std::errc() || number > kMost >> bits) {
    throw Error(ErrorKind::kUsage, quoted(text) + ": larger than " + std::to_string(kMost));
  }
  return number << bits;
}

}  // namespace acistore
