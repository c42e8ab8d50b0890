// SPDX-License-Identifier: Apache-2.0
#include "aci/tar_number.hpp"

#include <charconv>
#include <string_view>

namespace acistore {
namespace {

using namespace std::string_view_literals;

std::optional<std::int64_t> parse_digits(std::string_view text, int base) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_binary(std::string_view field) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(field[i]); };
  // A negative number is the complement of what its inverted bytes spell.
  const bool negative = (byte(0) & 0x40) != 0;
  const unsigned flip = negative ? 0xff : 0;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (value >> 56 != 0) return std::nullopt;
    value = value << 8 | ((byte(i) ^ flip) & (i == 0 ? 0x7fU : 0xffU));
  }
  if (value >> 63 != 0) return std::nullopt;
  const auto magnitude = static_cast<std::int64_t>(value);
  return negative ? -1 - magnitude : magnitude;
}

}  // namespace

std::optional<std::int64_t> parse_octal(std::string_view field) {
  constexpr std::string_view kFill = " \0"sv;
  const std::size_t first = field.find_first_not_of(kFill);
  if (first == std::string_view::npos) return 0;
  field = field.substr(first, field.find_last_not_of(kFill) - first + 1);
  field = field.substr(0, field.find('\0'));
  if (field.front() == '-') return std::nullopt;
  return parse_digits(field, 8);
}

std::optional<std::int64_t> parse_octal_or_binary(std::string_view field) {
  if (!field.empty() && (static_cast<unsigned char>(field.front()) & 0x80) != 0)
    return parse_binary(field);
  return parse_octal(field);
}

std::optional<std::int64_t> parse_decimal(std::string_view text) {
  return parse_digits(text, 10);
}

}  // namespace acistore
