// SPDX-License-Identifier: Apache-2.0
#include "cli/duration.hpp"

#include <array>
#include <charconv>
#include <cstdint>

#include "base/error.hpp"
#include "base/quote.hpp"

namespace acistore {

std::chrono::milliseconds parse_duration(std::string_view text) {
  struct Unit {
    char letter;
    std::int64_t milliseconds;
  };
  constexpr std::array<Unit, 4> kUnits{
      {{'d', 86'400'000}, {'h', 3'600'000}, {'m', 60'000}, {'s', 1'000}}};
  // A hundred years, well inside of every integer on the way.
  constexpr std::int64_t kMost = std::int64_t{36'500} * 86'400'000;
  const Error malformed(ErrorKind::kUsage,
                        quoted(text) + ": not a duration such as 90s, 15m, 1h30m or 7d");
  std::int64_t total = 0;
  auto unit = kUnits.begin();
  std::string_view rest = text;
  if (rest.empty()) throw malformed;
  while (!rest.empty()) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (error != std::errc() || number < 0 || rest.empty()) throw malformed;
    while (unit != kUnits.end() && unit->letter != rest.front())
      ++unit;
    if (unit == kUnits.end()) throw malformed;
    if (number > (kMost - total) / unit->milliseconds) {
      throw Error(ErrorKind::kUsage, quoted(text) + ": longer than 100 years");
    }
    total += number * unit->milliseconds;
    ++unit;
    rest.remove_prefix(1);
  }
  return std::chrono::milliseconds(total);
}

}  // namespace acistore
