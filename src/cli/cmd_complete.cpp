// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/complete.hpp"
#include "cli/complete_image.hpp"
#include "cli/shell_words.hpp"

namespace acistore {
namespace {

struct Options {
  std::vector<std::string> words;
  std::optional<std::string> line;
  std::optional<std::string> last;
};

std::vector<std::string> words_of(const Options& options) {
  std::vector<std::string> words = options.words;
  if (options.line) {
    words = split_shell_words(*options.line);
    words.erase(words.begin());  // the program's name
  }
  if (words.empty()) words.emplace_back();
  return words;
}

// How much of the whole word comes before what the shell takes for it.
std::size_t bytes_before(const Options& options, const std::string& word) {
  if (!options.last || !word.ends_with(*options.last)) return 0;
  return word.size() - options.last->size();
}

// A line of a terminal, which a shell puts on a command line.
bool can_be_shown(const std::string& text) {
  return text.find('\\') == std::string::npos && printable(text) == text;
}

std::string describe(const std::string& help) {
  return help.empty() || !can_be_shown(help) ? "" : '\t' + help;
}

void run(const Options& options, Invocation& invocation) {
  const std::vector<std::string> words = words_of(options);
  const UnfinishedWord word = unfinished_word(words);
  if (word.kind == WordKind::kFile) return invocation.out.write(":files\n");
  if (word.kind == WordKind::kDirectory) return invocation.out.write(":directories\n");
  std::vector<Choice> choices = word.choices;
  if (word.kind != WordKind::kChoice && word.kind != WordKind::kNothing) {
    try {
      invocation.ignore_damage();
      // Nobody waits at a prompt until somebody else's commit is through.
      invocation.options.lock_timeout = "1s";
      if (word.store) invocation.options.store = word.store;
      invocation.options.lower.insert(invocation.options.lower.end(), word.lower.begin(),
                                      word.lower.end());
      for (std::string& stored : stored_words(invocation.stores(), word.kind, word.typed))
        choices.push_back({std::move(stored), {}});
    } catch (const Error&) {
      // No store, no choice: a prompt is no place for messages.
    }
  }
  const std::size_t before = bytes_before(options, words.back());
  for (const Choice& choice : choices) {
    const std::string whole = word.head + choice.word;
    if (can_be_shown(whole) && whole.size() >= before)
      invocation.out.write(whole.substr(before) + describe(choice.help) + '\n');
  }
}

}  // namespace

Action declare_complete(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.option("--line", options->line, "TEXT",
                   "the command line up to the cursor, as it was typed, in place of WORD...");
  arguments.option("--last", options->last, "TEXT",
                   "what the shell takes for the last word; leave out what comes before it");
  arguments.optional_positional("WORD", options->words,
                                "what follows the name of the program; the last one is completed");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
