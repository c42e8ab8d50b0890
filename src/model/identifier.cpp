// SPDX-License-Identifier: Apache-2.0
#include "model/identifier.hpp"

#include "base/quote.hpp"

namespace acistore {
namespace {

bool is_edge(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::optional<std::string> problem(std::string_view text, std::string_view marks) {
  if (text.empty()) return "is empty";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_edge(c) || marks.find(c) != std::string_view::npos) continue;
    if (c >= 'A' && c <= 'Z') return "upper-case letters are not allowed";
    const std::size_t length = utf8_length(text.substr(i));
    return quoted(text.substr(i, length == 0 ? 1 : length)) + " is not allowed in it";
  }
  if (!is_edge(text.front())) return "must begin with a lower-case letter or a digit";
  if (!is_edge(text.back())) return "must end with a lower-case letter or a digit";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> ac_identifier_problem(std::string_view text) {
  return problem(text, "-._~/");
}

std::optional<std::string> ac_name_problem(std::string_view text) {
  return problem(text, "-");
}

}  // namespace acistore
