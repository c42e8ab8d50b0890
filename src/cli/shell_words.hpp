// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_SHELL_WORDS_HPP
#define ACISTORE_CLI_SHELL_WORDS_HPP

#include <string>
#include <string_view>
#include <vector>

namespace acistore {

// The words of the beginning of a simple command, as it was typed in a shell up to here: without
// quotes and backslashes. Nothing is expanded. The last word is what is being typed: it may be
// empty, and its quotes not closed.
std::vector<std::string> split_shell_words(std::string_view line);

}  // namespace acistore

#endif
