// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_COMPLETE_HPP
#define ACISTORE_CLI_COMPLETE_HPP

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acistore {

struct Choice {
  std::string word;
  std::string help;
};

enum class WordKind {
  kNothing,  // that could be told
  kChoice,
  kFile,
  kDirectory,
  kImage,      // a key or a reference
  kReference,  // no key
  kKey,
  kUrl,  // of a remote
};

// The last word of a command line, which is being typed.
struct UnfinishedWord {
  WordKind kind = WordKind::kNothing;
  std::string head;             // what of it comes before the part that is completed: "--store="
  std::string typed;            // what there is of that part
  std::vector<Choice> choices;  // of kChoice, those that begin so
  // What the line so far says of the store, "~" as shells take it.
  std::optional<std::string> store;
  std::vector<std::string> lower;
};

// `words` are those after the program's name, at least one. Follows from what the commands declare
// that they take: of what kind a value is, from its name in their --help.
UnfinishedWord unfinished_word(const std::vector<std::string>& words);

}  // namespace acistore

#endif
