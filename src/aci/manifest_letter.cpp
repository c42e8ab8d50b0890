// SPDX-License-Identifier: Apache-2.0
#include "aci/manifest_letter.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "aci/manifest_text.hpp"
#include "model/identifier.hpp"

namespace acistore {
namespace {

// The last version of the specification, which will see no other.
constexpr std::array<std::uint64_t, 3> kLastVersion{0, 8, 11};
constexpr std::string_view kLastVersionText = "0.8.11";

constexpr std::size_t kImageIdDigits = 128;

// The part before the first of `marks`, which is taken off with it.
std::string_view take_until(std::string_view& text, std::string_view marks) {
  const std::size_t end = std::min(text.find_first_of(marks), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(text.size(), end + 1));
  return part;
}

// The three numbers of a version that version_problem() accepts, as far as they count here.
std::array<std::uint64_t, 3> numbers_of(std::string_view version) {
  std::string_view core = version.substr(0, version.find_first_of("-+"));
  std::array<std::uint64_t, 3> numbers{};
  for (std::uint64_t& number : numbers) {
    for (const char digit : take_until(core, "."))
      number =
          std::min<std::uint64_t>(number * 10 + static_cast<std::uint64_t>(digit - '0'), 1'000'000);
  }
  return numbers;
}

bool begins_with_zero(std::string_view number) {
  return number.size() > 1 && number.front() == '0';
}

bool is_number(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}

// What comes after "-" or "+": parts between dots, of letters, digits and "-".
bool is_suffix(std::string_view text, bool zeros_may_lead) {
  if (text.empty() || text.ends_with('.')) return false;
  while (!text.empty()) {
    const std::string_view part = take_until(text, ".");
    const bool is_good = std::all_of(
        part.begin(), part.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
    if (part.empty() || !is_good) return false;
    if (!zeros_may_lead && is_number(part) && begins_with_zero(part)) return false;
  }
  return true;
}

// RFC 3339 has two digits for the hour, a point before the fraction, and no day of 24 hours.
bool is_strict_time(std::string_view text) {
  constexpr std::size_t kHourEnd = 13;  // of 2006-01-02T15:04:05
  if (text.size() <= kHourEnd || text[kHourEnd] != ':') return false;
  if (text.find(',') != std::string_view::npos) return false;
  if (text.ends_with('Z')) return true;
  const std::string_view zone = text.substr(text.size() - 5);
  return zone.substr(0, 2) <= "23" && zone.substr(3) <= "59";
}

}  // namespace

const LetteredCheck kIdentifierCheck{ac_identifier_problem, identifier_letter_problem};
const LetteredCheck kNameCheck{ac_name_problem, identifier_letter_problem};
const LetteredCheck kVersionCheck{version_problem, version_letter_problem};
const LetteredCheck kImageIdCheck{image_id_problem, image_id_letter_problem};

std::optional<std::string> identifier_letter_problem(std::string_view text) {
  constexpr std::string_view kMarks = "-._~/";
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (kMarks.find(text[i - 1]) != std::string_view::npos &&
        kMarks.find(text[i]) != std::string_view::npos)
      return "two of - . _ ~ / must not stand side by side";
  }
  return std::nullopt;
}

std::optional<std::string> version_letter_problem(std::string_view text) {
  std::string_view core = text.substr(0, text.find_first_of("-+"));
  const std::string_view suffix = text.substr(core.size());
  while (!core.empty()) {
    if (begins_with_zero(take_until(core, ".")))
      return "a number of a semantic version must not begin with 0";
  }
  const std::size_t plus = suffix.find('+');
  const std::string_view pre = suffix.substr(0, plus);
  if (!pre.empty() && !is_suffix(pre.substr(1), false))
    return "what follows the - is not as in a semantic version, such as 1.2.3-rc.1";
  if (plus != std::string_view::npos && !is_suffix(suffix.substr(plus + 1), true))
    return "what follows the + is not as in a semantic version, such as 1.2.3+build.1";
  if (numbers_of(text) > kLastVersion)
    return "is later than any version of the specification; the last is " +
           std::string(kLastVersionText);
  return std::nullopt;
}

std::optional<std::string> image_id_letter_problem(std::string_view text) {
  const std::string_view digits = text.substr(text.find('-') + 1);
  const bool is_hex = std::all_of(digits.begin(), digits.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
  if (!is_hex) return "must have nothing but hexadecimal digits after sha512-";
  if (digits.size() != kImageIdDigits)
    return "must have " + std::to_string(kImageIdDigits) + " digits after sha512-, not " +
           std::to_string(digits.size());
  return std::nullopt;
}

std::optional<std::string> annotation_letter_problem(std::string_view name,
                                                     std::string_view value) {
  if (name == "created" && !is_strict_time(value))
    return "is not a time as in RFC 3339, such as 2006-01-02T15:04:05Z";
  if (name == "appc.io/executor/supports-systemd-notify" && value != "true" && value != "false")
    return "must be true or false";
  return std::nullopt;
}

std::optional<std::string> old_version_problem(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (numbers_of(text) < kLastVersion)
    return "is older than the last version of the specification, " + std::string(kLastVersionText);
  return std::nullopt;
}

bool looks_like_url(std::string_view name) {
  const std::string_view host = name.substr(0, name.find('/'));
  return host.find('.') != std::string_view::npos;
}

}  // namespace acistore
