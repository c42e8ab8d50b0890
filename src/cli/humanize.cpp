// SPDX-License-Identifier: Apache-2.0
#include "cli/humanize.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>

namespace acistore {

std::string human_size(std::uint64_t bytes) {
  constexpr std::array<const char*, 7> kUnits{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  std::size_t unit = 0;
  std::uint64_t scale = 1;
  while (unit + 1 < kUnits.size() && bytes / scale >= 1024) {
    scale *= 1024;
    ++unit;
  }
  const double value =
      std::floor(static_cast<double>(bytes) / static_cast<double>(scale) * 10 + 0.5) / 10;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit > 0 && value < 10 ? "%.1f %s" : "%.0f %s", value,
                kUnits[unit]);
  return text.data();
}

std::string human_time(UnixNanos time, UnixNanos reference) {
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 60 * kMinute;
  constexpr std::int64_t kDay = 24 * kHour;
  constexpr std::int64_t kWeek = 7 * kDay;
  constexpr std::int64_t kMonth = 30 * kDay;
  constexpr std::int64_t kYear = 12 * kMonth;
  struct Unit {
    std::int64_t seconds;
    std::string_view name;
  };
  constexpr std::array<Unit, 7> kUnits{{{kYear, "year"},
                                        {kMonth, "month"},
                                        {kWeek, "week"},
                                        {kDay, "day"},
                                        {kHour, "hour"},
                                        {kMinute, "minute"},
                                        {1, "second"}}};
  const std::int64_t difference = (reference - time) / 1'000'000'000;
  const std::int64_t seconds = std::abs(difference);
  const std::string direction = difference > 0 ? " ago" : " from now";
  // From a year and a half on it is nearer to two; beyond a generation nobody counts.
  if (seconds >= 18 * kMonth && seconds < 2 * kYear) return "2 years" + direction;
  if (seconds >= 37 * kYear) return "a long while" + direction;
  for (const Unit& unit : kUnits) {
    const std::int64_t count = seconds / unit.seconds;
    if (count == 0) continue;
    return std::to_string(count) + ' ' + std::string(unit.name) + (count == 1 ? "" : "s") +
           direction;
  }
  return "now";
}

std::string local_time(UnixNanos time) {
  const timespec split = to_timespec(time);
  std::tm calendar{};
  ::localtime_r(&split.tv_sec, &calendar);
  std::array<char, 40> date{};
  std::array<char, 40> zone{};
  std::strftime(date.data(), date.size(), "%Y-%m-%d %H:%M:%S", &calendar);
  std::strftime(zone.data(), zone.size(), " %z %Z", &calendar);
  // A leading 1 keeps the zeros in front; the point takes its place.
  std::string digits = std::to_string(1'000 + split.tv_nsec / 1'000'000);
  digits.front() = '.';
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits == ".") digits.clear();
  return date.data() + digits + zone.data();
}

}  // namespace acistore
