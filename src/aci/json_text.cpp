// SPDX-License-Identifier: Apache-2.0
#include "aci/json_text.hpp"

#include <algorithm>
#include <optional>

#include "aci/manifest.hpp"
#include "base/error.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<unsigned> hex_digit(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  const char lower = static_cast<char>(c | 0x20);
  if (lower >= 'a' && lower <= 'f') return static_cast<unsigned>(lower - 'a' + 10);
  return std::nullopt;
}

// The UTF-16 unit of the \uXXXX at the start of `text`.
std::optional<unsigned> unicode_escape(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
  unsigned unit = 0;
  for (const char c : text.substr(2, 4)) {
    const std::optional<unsigned> digit = hex_digit(c);
    if (!digit) return std::nullopt;
    unit = unit * 16 + *digit;
  }
  return unit;
}

// Mends the escape at `i`, and returns its length: 12 for a pair of surrogates.
std::size_t prepare_escape(std::string& text, std::size_t i) {
  const std::string_view rest = std::string_view(text).substr(i);
  const std::optional<unsigned> unit = unicode_escape(rest);
  if (!unit) return std::min<std::size_t>(2, rest.size());
  if (*unit < 0xd800 || *unit > 0xdfff) return 6;
  const std::optional<unsigned> second = unicode_escape(rest.substr(6));
  if (*unit < 0xdc00 && second && *second >= 0xdc00 && *second <= 0xdfff) return 12;
  text.replace(i + 2, 4, "fffd");
  return 6;
}

// Puts 0 in place of the number at `i`, and returns its length, or 1 if there is none.
std::size_t prepare_number(std::string& text, std::size_t i) {
  const std::size_t length = json_number_length(std::string_view(text).substr(i));
  if (length == 0) return 1;
  const auto start = text.begin() + static_cast<std::ptrdiff_t>(i);
  *start = '0';
  std::fill(start + 1, start + static_cast<std::ptrdiff_t>(length), ' ');
  return length;
}

}  // namespace

std::size_t json_number_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return i < text.size() ? text[i] : '\0'; };
  const auto skip_digits = [&](std::size_t i) {
    while (is_digit(at(i)))
      ++i;
    return i;
  };
  std::size_t end = at(0) == '-' ? 1 : 0;
  if (!is_digit(at(end))) return 0;
  end = at(end) == '0' ? end + 1 : skip_digits(end);
  if (at(end) == '.' && is_digit(at(end + 1))) end = skip_digits(end + 1);
  if (at(end) == 'e' || at(end) == 'E') {
    const std::size_t digits = end + (at(end + 1) == '+' || at(end + 1) == '-' ? 2 : 1);
    if (is_digit(at(digits))) end = skip_digits(digits);
  }
  return end;
}

std::string prepare_json(std::string_view text) {
  std::string copy(text);
  bool in_string = false;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) {
      const std::size_t length = utf8_length(text.substr(i));
      if (length == 0) throw_json_error(text, i, "the text is not UTF-8");
      i += length;
    } else if (byte == 0 || (in_string && byte < 0x20)) {
      throw_json_error(text, i, "a control character that is not escaped");
    } else if (in_string && c == '\\') {
      i += prepare_escape(copy, i);
    } else if (c == '"') {
      in_string = !in_string;
      ++i;
    } else if (!in_string && (c == '-' || is_digit(c))) {
      i += prepare_number(copy, i);
    } else {
      ++i;
    }
  }
  return copy;
}

void throw_json_error(std::string_view text, std::size_t offset, std::string_view problem) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') + 1;  // 0 on the first line: npos + 1
  // Continuation bytes of UTF-8 do not count.
  const auto column =
      1 + std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line_start), before.end(),
                        [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  throw Error(ErrorKind::kInvalid, "line " + std::to_string(line) + ", column " +
                                       std::to_string(column) + ": " + std::string(problem));
}

void throw_too_large(std::size_t bytes) {
  throw Error(ErrorKind::kInvalid, std::to_string(bytes) + " bytes are more than the limit of " +
                                       std::to_string(kMaxManifestBytes));
}

}  // namespace acistore
