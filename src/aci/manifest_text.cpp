// SPDX-License-Identifier: Apache-2.0
#include "aci/manifest_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace acistore {
namespace {

// Decimal digits and nothing else, of a value below 2^63.
std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || !is_digit(text.front()) || error != std::errc() ||
      end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

// Takes things off the front of a text; once one is missing, ok() is false.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  std::string_view rest() const { return rest_; }

  // Digits, at least `least` and at most `most` of them.
  int digits(std::size_t least, std::size_t most) {
    int value = 0;
    std::size_t count = 0;
    for (; count < most && count < rest_.size() && is_digit(rest_[count]); ++count)
      value = value * 10 + (rest_[count] - '0');
    ok_ = ok_ && count >= least;
    rest_.remove_prefix(count);
    return value;
  }

  void skip_digits() {
    rest_.remove_prefix(std::min(rest_.size(), rest_.find_first_not_of("0123456789")));
  }

  // Whether one of `characters` stood here; it is taken.
  bool one_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void require(std::string_view characters) { ok_ = one_of(characters) && ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

int days_in(int month, int year) {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

}  // namespace

std::optional<std::string> version_problem(std::string_view text) {
  std::string_view rest = text.substr(0, text.find('+'));
  const bool has_build = rest.size() + 1 < text.size();
  const bool has_pre = rest.find('-') < rest.size() - 1 && !rest.empty();
  rest = rest.substr(0, rest.find('-'));
  bool is_zero = true;
  for (int part = 0; part < 3; ++part) {
    const std::size_t end = part == 2 ? rest.size() : rest.find('.');
    const std::optional<std::int64_t> value = number(rest.substr(0, end));
    if (end == std::string_view::npos || !value) return "is not a semantic version, such as 1.2.3";
    is_zero = is_zero && *value == 0;
    rest.remove_prefix(std::min(rest.size(), end + 1));
  }
  if (is_zero && !has_pre && !has_build) return "must not be zero";
  return std::nullopt;
}

std::optional<std::string> image_id_problem(std::string_view text) {
  constexpr std::string_view kScheme = "sha512-";
  if (!text.starts_with(kScheme)) return "must begin with sha512-";
  text.remove_prefix(kScheme.size());
  if (text.empty()) return "has no digits after sha512-";
  if (text.find('-') != std::string_view::npos) return "has more than one -";
  return std::nullopt;
}

std::optional<std::string> environment_name_problem(std::string_view text) {
  if (text.empty()) return "is empty";
  for (const char c : text) {
    if (!is_letter(c) && !is_digit(c) && c != '_' && c != '.' && c != '-')
      return "must consist of A-Z a-z 0-9 _ . and -";
  }
  if (is_digit(text.front()) || text.front() == '.' || text.front() == '-')
    return "must begin with a letter or _";
  return std::nullopt;
}

std::optional<std::string> time_problem(std::string_view text) {
  Scanner scan(text);
  const int year = scan.digits(4, 4);
  scan.require("-");
  const int month = scan.digits(2, 2);
  scan.require("-");
  const int day = scan.digits(2, 2);
  scan.require("T");
  const int hour = scan.digits(1, 2);
  scan.require(":");
  const int minute = scan.digits(2, 2);
  scan.require(":");
  const int second = scan.digits(2, 2);
  if (scan.one_of(".,")) {
    scan.digits(1, 1);
    scan.skip_digits();
  }
  int zone_hour = 0;
  int zone_minute = 0;
  if (!scan.one_of("Z")) {
    scan.require("+-");
    zone_hour = scan.digits(2, 2);
    scan.require(":");
    zone_minute = scan.digits(2, 2);
  }
  if (!scan.ok() || !scan.rest().empty())
    return "is not a time as in RFC 3339, such as 2006-01-02T15:04:05Z";
  if (month < 1 || month > 12 || day < 1 || day > days_in(month, year))
    return "is no day of the calendar";
  // Go lets an offset be 24:60.
  if (hour > 23 || minute > 59 || second > 59 || zone_hour > 24 || zone_minute > 60)
    return "is no time of the day";
  return std::nullopt;
}

}  // namespace acistore
