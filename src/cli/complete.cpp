// SPDX-License-Identifier: Apache-2.0
#include "cli/complete.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "cli/image_table.hpp"
#include "cli/parse.hpp"

namespace acistore {
namespace {

using Option = CommandSyntax::Option;

struct KindOfValue {
  std::string_view name;
  WordKind kind;
};

constexpr KindOfValue kOptionValues[] = {
    {"DIR", WordKind::kDirectory}, {"FILE", WordKind::kFile}, {"LIST", WordKind::kFile},
    {"IMAGE", WordKind::kImage},   {"KEY", WordKind::kKey},
};

constexpr KindOfValue kPositionals[] = {
    {"DIR", WordKind::kDirectory}, {"STORE", WordKind::kDirectory},     {"FILE", WordKind::kFile},
    {"IMAGE", WordKind::kImage},   {"OTHER", WordKind::kImage},         {"KEY", WordKind::kImage},
    {"PREFIX", WordKind::kKey},    {"REFERENCE", WordKind::kReference}, {"URL", WordKind::kUrl},
};

template <std::size_t N>
WordKind kind_of(const KindOfValue (&kinds)[N], std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kinds), std::end(kinds),
                   [&](const KindOfValue& kind) { return kind.name == name; });
  return found == std::end(kinds) ? WordKind::kNothing : found->kind;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string expand_home(std::string path) {
  const char* const home = std::getenv("HOME");
  if (home == nullptr || (path != "~" && !path.starts_with("~/"))) return path;
  return path.replace(0, 1, home);
}

// Goes along the words that are complete, and then looks at the last one.
class Walk {
 public:
  void pass(const std::string& word) {
    if (value_of_ != nullptr) {
      note_store(*value_of_, word);
      value_of_ = nullptr;
    } else if (options_have_ended_ || word.size() < 2 || word.front() != '-') {
      pass_argument(word);
    } else if (word == "--") {
      options_have_ended_ = true;
    } else {
      pass_option(word);
    }
  }

  UnfinishedWord finish(const std::string& word) {
    const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string::npos;
    result_.typed = word;
    if (value_of_ != nullptr) {
      complete_value(*value_of_);
    } else if (options_have_ended_ || !word.starts_with('-')) {
      complete_argument();
    } else if (equals == std::string::npos) {
      complete_option();
    } else if (const Option* const option = find(word.substr(0, equals))) {
      result_.head = word.substr(0, equals + 1);
      result_.typed = word.substr(equals + 1);
      complete_value(*option);
    }
    return std::move(result_);
  }

 private:
  const Option* find(std::string_view name) const {
    const auto found =
        std::find_if(syntax_.options.begin(), syntax_.options.end(), [&](const Option& option) {
          return std::find(option.names.begin(), option.names.end(), name) != option.names.end();
        });
    return found == syntax_.options.end() ? nullptr : &*found;
  }

  void pass_argument(const std::string& word) {
    if (syntax_.commands.empty()) {
      if (arguments_ < syntax_.positionals.size() &&
          syntax_.positionals[arguments_].name == "STORE")
        other_store_ = word;
      ++arguments_;
      return;
    }
    path_.push_back(word);
    // After a word that is no command nothing is known of what follows.
    syntax_ = command_syntax(path_).value_or(CommandSyntax{});
  }

  void pass_option(const std::string& word) {
    const bool is_long = word.starts_with("--");
    const std::size_t equals = is_long ? word.find('=') : std::string::npos;
    const Option* const option = find(is_long ? std::string_view(word).substr(0, equals)
                                              : std::string_view(word).substr(0, 2));
    if (option != nullptr && option->names.front() == "--to") is_to_other_store_ = true;
    if (option == nullptr || option->value.empty() || option->may_stand_alone) return;
    if (equals != std::string::npos) {
      note_store(*option, word.substr(equals + 1));
    } else if (is_long || word.size() == 2) {
      value_of_ = option;
    }
  }

  void note_store(const Option& option, const std::string& value) {
    if (option.names.front() == "--store") result_.store = expand_home(value);
    if (option.names.front() == "--lower") result_.lower.push_back(expand_home(value));
  }

  void add_choice(std::string word, std::string help) {
    if (word.starts_with(result_.typed))
      result_.choices.push_back({std::move(word), std::move(help)});
  }

  void complete_value(const Option& option) {
    result_.kind = kind_of(kOptionValues, option.value);
    if (option.value.find('|') != std::string::npos) {
      result_.kind = WordKind::kChoice;
      for (const std::string& value : split(option.value, '|'))
        add_choice(value, {});
    } else if (option.value == "FIELD,...") {
      result_.kind = WordKind::kChoice;
      const std::size_t last = result_.typed.rfind(',') + 1;
      result_.head += result_.typed.substr(0, last);
      result_.typed.erase(0, last);
      for (const std::string& field : field_names())
        add_choice(field, {});
    }
  }

  void complete_option() {
    result_.kind = WordKind::kChoice;
    for (const Option& option : syntax_.options) {
      // Each command has a --help of its own beside that of the program.
      if (find(option.names.front()) == &option) add_choice(option.names.front(), option.help);
    }
  }

  void complete_argument() {
    if (!syntax_.commands.empty()) {
      result_.kind = WordKind::kChoice;
      for (const CommandSyntax::Command& command : syntax_.commands)
        add_choice(command.name, command.summary);
      return;
    }
    const auto& positionals = syntax_.positionals;
    if (positionals.empty()) return;
    if (arguments_ >= positionals.size() && !positionals.back().repeats) return;
    const std::size_t index = std::min(arguments_, positionals.size() - 1);
    result_.kind = kind_of(kPositionals, positionals[index].name);
    // What sync copies is in STORE, or goes there.
    if (other_store_ && !is_to_other_store_) result_.store = expand_home(*other_store_);
  }

  CommandSyntax syntax_ = command_syntax({}).value();
  std::vector<std::string> path_;
  std::size_t arguments_ = 0;
  bool options_have_ended_ = false;
  std::optional<std::string> other_store_;
  bool is_to_other_store_ = false;
  const Option* value_of_ = nullptr;  // the option whose value comes next
  UnfinishedWord result_;
};

}  // namespace

UnfinishedWord unfinished_word(const std::vector<std::string>& words) {
  Walk walk;
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    walk.pass(words[i]);
  return walk.finish(words.back());
}

}  // namespace acistore
