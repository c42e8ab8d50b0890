// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "aci/manifest_text.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

constexpr std::string_view kNone;

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// RFC 3986 unreserved and sub-delims, and what delimits ports and addresses; also < > ", as Go has
// no other way to pass them.
bool may_stand_in_host(char c) {
  return is_letter(c) || is_digit(c) ||
         std::string_view("-_.~!$&'()*+,;=:[]<>\"").find(c) != std::string_view::npos ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool may_stand_in_userinfo(char c) {
  return is_letter(c) || is_digit(c) ||
         std::string_view("-._:~!$&'()*+,;=%@").find(c) != std::string_view::npos;
}

enum class Part { kOther, kHost, kZone };

// Whether every % of `text` begins an escape that this part of a URL may have, and every other
// character may stand there. A host escapes bytes beyond ASCII only (and % as %25); the zone of an
// IPv6 address those that it could have as they are, and the space.
bool is_escaped_well(std::string_view text, Part part) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      if (part != Part::kOther && !may_stand_in_host(text[i])) return false;
      continue;
    }
    if (i + 2 >= text.size()) return false;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return false;
    const char byte = static_cast<char>(high * 16 + low);
    if (part == Part::kHost && high < 8 && byte != '%') return false;
    if (part == Part::kZone && byte != '%' && byte != ' ' &&
        (high >= 8 || !may_stand_in_host(byte)))
      return false;
    i += 2;
  }
  return true;
}

bool is_port(std::string_view text) {
  return text.empty() ||
         (text.front() == ':' && std::all_of(text.begin() + 1, text.end(), is_digit));
}

bool is_host(std::string_view host) {
  if (!host.starts_with('[')) {
    const std::size_t colon = host.rfind(':');
    if (colon != std::string_view::npos && !is_port(host.substr(colon))) return false;
    return is_escaped_well(host, Part::kHost);
  }
  const std::size_t end = host.rfind(']');
  if (end == std::string_view::npos || !is_port(host.substr(end + 1))) return false;
  const std::size_t zone = std::min(end, host.substr(0, end).find("%25"));
  return is_escaped_well(host.substr(0, zone), Part::kHost) &&
         is_escaped_well(host.substr(zone, end - zone), Part::kZone) &&
         is_escaped_well(host.substr(end), Part::kHost);
}

// What comes before the first `mark`, and what comes after it.
std::pair<std::string_view, std::string_view> split(std::string_view text, char mark) {
  const std::size_t at = text.find(mark);
  return {text.substr(0, at), at == std::string_view::npos ? kNone : text.substr(at + 1)};
}

bool is_http(std::string_view scheme) {
  std::string lower(scheme);
  for (char& c : lower)
    c = is_letter(c) ? static_cast<char>(c | 0x20) : c;
  return lower == "http" || lower == "https";
}

}  // namespace

std::optional<std::string> http_url_problem(std::string_view text) {
  const auto [address, fragment] = split(text, '#');
  if (std::any_of(address.begin(), address.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    return "is not a URL: a control character stands in it";
  const auto [scheme, after_scheme] = split(address, ':');
  if (scheme.size() == address.size() || !is_http(scheme)) return "must begin with http: or https:";
  std::string_view path = split(after_scheme, '?').first;  // any query will do
  if (path.starts_with("//")) {
    path.remove_prefix(2);
    const std::string_view authority = path.substr(0, path.find('/'));
    path.remove_prefix(authority.size());
    const std::size_t at = authority.rfind('@');
    const std::string_view user = at == std::string_view::npos ? kNone : authority.substr(0, at);
    const std::string_view host = authority.substr(at + 1);  // npos + 1 is 0
    if (!is_host(host)) return "is not a URL: bad host or port " + quoted(host);
    if (!std::all_of(user.begin(), user.end(), may_stand_in_userinfo) ||
        !is_escaped_well(user, Part::kOther))
      return "is not a URL: bad user " + quoted(user);
  } else if (!path.starts_with('/')) {
    path = kNone;  // RFC 3986 path-rootless, which Go does not look into
  }
  if (!is_escaped_well(path, Part::kOther) || !is_escaped_well(fragment, Part::kOther))
    return "is not a URL: two hexadecimal digits must follow each %";
  return std::nullopt;
}

}  // namespace acistore
