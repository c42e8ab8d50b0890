// SPDX-License-Identifier: Apache-2.0
#include "base/quote.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/hex.hpp"

namespace acistore {
namespace {

constexpr std::size_t kQuotedBytes = 128;

void append_escaped(std::string& out, char c) {
  const auto byte = std::byte{static_cast<unsigned char>(c)};
  out += "\\x";
  out += to_hex({&byte, 1});
}

// Characters that a terminal may act on, or that rearrange a line: C0, DEL, C1, the line and
// paragraph separators and the bidirectional controls (Unicode TR 36).
bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x061c;
}

}  // namespace

std::size_t utf8_length(std::string_view text, char32_t* code_point) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  std::size_t length = 0;
  char32_t value = 0;
  if (lead < 0x80) {
    length = 1;
    value = lead;
  } else if (lead >= 0xc2 && lead < 0xe0) {
    length = 2;
    value = lead & 0x1f;
  } else if (lead >= 0xe0 && lead < 0xf0) {
    length = 3;
    value = lead & 0x0f;
  } else if (lead >= 0xf0 && lead < 0xf5) {
    length = 4;
    value = lead & 0x07;
  }
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    value = value << 6 | (byte(i) & 0x3f);
  }
  constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
    return 0;
  if (code_point != nullptr) *code_point = value;
  return length;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

void append_printable(std::string& out, std::string_view text) {
  while (!text.empty()) {
    // Most of what there is, at once.
    const auto plain = static_cast<std::size_t>(
        std::find_if(text.begin(), text.end(),
                     [](char c) { return c < 0x20 || c >= 0x7f || c == '\\'; }) -
        text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) return;
    char32_t c = 0;
    std::size_t length = utf8_length(text, &c);
    if (length == 0 || is_control(c)) {
      if (length == 0) length = 1;
      for (const char byte : text.substr(0, length))
        append_escaped(out, byte);
    } else if (c == '\\') {
      out += "\\\\";
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  append_printable(out, text);
  return out;
}

std::string quoted(std::string_view text) {
  const bool cut = text.size() > kQuotedBytes;
  if (cut) {
    std::size_t length = kQuotedBytes;
    while (length > kQuotedBytes - 4 && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80) {
      --length;
    }
    text = text.substr(0, length);
  }
  std::string out = "\"";
  for (const char c : printable(text)) {
    if (c == '"') out += '\\';
    out += c;
  }
  out += cut ? "…\"" : "\"";
  return out;
}

}  // namespace acistore
