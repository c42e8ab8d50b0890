// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "aci/json_document.hpp"
#include "aci/manifest.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

constexpr std::size_t kDeepestIndented = 32;

// The length of the string literal at the start of `text`, quotes included.
std::size_t literal_length(std::string_view text) {
  std::size_t end = 1;
  while (text[end] != '"')
    end += text[end] == '\\' ? 2 : 1;
  return end + 1;
}

void append_escape(std::string& out, char32_t c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4)
    out += kDigits[c >> shift & 0xf];
}

// All characters that printable() escapes lie below U+10000.
void append_literal(std::string& out, std::string_view literal) {
  while (!literal.empty()) {
    char32_t c = 0;
    const std::size_t length = utf8_length(literal, &c);
    const std::string_view character = literal.substr(0, length);
    if (c < 0x7f || printable(character) == character)
      out += character;
    else
      append_escape(out, c);
    literal.remove_prefix(length);
  }
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

std::string pretty_json(std::string_view json) {
  const JsonDocument checked(json);
  std::string out;
  std::size_t depth = 0;
  const auto new_line = [&] {
    if (depth <= kDeepestIndented) out.append(1, '\n').append(2 * depth, ' ');
  };
  for (std::size_t i = 0; i < json.size();) {
    const char c = json[i];
    if (c == '"') {
      const std::size_t length = literal_length(json.substr(i));
      append_literal(out, json.substr(i, length));
      i += length;
      continue;
    }
    ++i;
    if (is_space(c)) continue;
    if (c == '}' || c == ']') {
      const bool empty = out.back() == '{' || out.back() == '[';
      const bool indented = depth <= kDeepestIndented;
      --depth;
      if (!empty && indented) new_line();
    }
    out += c;
    if (c == '{' || c == '[') {
      ++depth;
      const std::size_t next = std::min(json.find_first_not_of(" \t\n\r", i), json.size() - 1);
      if (json[next] != '}' && json[next] != ']') new_line();
    } else if (c == ',') {
      new_line();
      if (depth > kDeepestIndented) out += ' ';
    } else if (c == ':') {
      out += ' ';
    }
  }
  return out;
}

}  // namespace acistore
