// SPDX-License-Identifier: Apache-2.0
#include "cli/shell_words.hpp"

namespace acistore {

std::vector<std::string> split_shell_words(std::string_view line) {
  std::vector<std::string> words(1);
  bool in_word = false;
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const char next = i + 1 < line.size() ? line[i + 1] : '\0';
    if (quote == '\0' && (c == ' ' || c == '\t' || c == '\n')) {
      if (in_word) words.emplace_back();
      in_word = false;
      continue;
    }
    in_word = true;
    if (quote != '\0' ? c == quote : c == '\'' || c == '"') {
      quote = quote == '\0' ? c : '\0';
    } else if (c == '\\' && (quote == '\0' || (quote == '"' && (next == '"' || next == '\\' ||
                                                                next == '$' || next == '`')))) {
      if (next != '\0') words.back() += next;
      ++i;
    } else {
      words.back() += c;
    }
  }
  return words;
}

}  // namespace acistore
