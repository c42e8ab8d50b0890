// SPDX-License-Identifier: Apache-2.0
// Quantities as the reference's parser takes them (appc schema/types/resource), which is more than
// its grammar says: a sign, digits, "." and digits, each of them optional, then a suffix.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "aci/manifest_text.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

struct Suffix {
  int base;
  std::int32_t exponent;
};

constexpr std::array<std::pair<std::string_view, Suffix>, 16> kSuffixes{{
    {"", {10, 0}},
    {"n", {10, -9}},
    {"u", {10, -6}},
    {"m", {10, -3}},
    {"k", {10, 3}},
    {"M", {10, 6}},
    {"G", {10, 9}},
    {"T", {10, 12}},
    {"P", {10, 15}},
    {"E", {10, 18}},
    {"Ki", {2, 10}},
    {"Mi", {2, 20}},
    {"Gi", {2, 30}},
    {"Ti", {2, 40}},
    {"Pi", {2, 50}},
    {"Ei", {2, 60}},
}};

// Of a name in the table, or of an exponent ("e3", "E-3").
std::optional<Suffix> parse_suffix(std::string_view text) {
  for (const auto& [name, suffix] : kSuffixes) {
    if (name == text) return suffix;
  }
  if (text.size() < 2 || (text[0] != 'e' && text[0] != 'E')) return std::nullopt;
  text.remove_prefix(text[1] == '+' ? 2 : 1);
  std::int64_t exponent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Suffix{10, static_cast<std::int32_t>(exponent)};
}

std::string_view take_digits(std::string_view& text) {
  const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789"));
  text.remove_prefix(digits.size());
  return digits;
}

// Go's strings.TrimSpace.
std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char32_t c) {
    return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
           c == 0x205f || c == 0x3000;
  };
  char32_t c = 0;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text, &c);
    if (length == 0 || !is_space(c)) break;
    text.remove_prefix(length);
  }
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xc0) == 0x80)
      --start;
    if (utf8_length(text.substr(start), &c) == 0 || !is_space(c)) break;
    text = text.substr(0, start);
  }
  return text;
}

}  // namespace

std::optional<std::string> quantity_problem(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return "is empty";
  if (text.front() == '+' || text.front() == '-') text.remove_prefix(1);
  const std::string_view whole = take_digits(text);
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  const std::optional<Suffix> suffix = parse_suffix(text);
  if (!suffix) return "is not a quantity, such as 500m, 1.5Gi or 1e3: bad suffix " + quoted(text);
  // Without any digit it is zero for suffixes that the reference handles in 64 bits.
  const bool small = suffix->base == 10 ? suffix->exponent >= -9 : suffix->exponent <= 40;
  if (whole.empty() && fraction.empty() && !small)
    return "is not a quantity, such as 500m, 1.5Gi or 1e3: no digits";
  return std::nullopt;
}

}  // namespace acistore
