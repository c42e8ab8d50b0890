// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.hpp"

#include <CLI/CLI.hpp>

namespace acistore {
namespace {

// CLI11 would take a value "[a,b]" apart for an option that may have several.
CLI::Option* as_typed(CLI::Option* option) {
  return option->allow_extra_args(false);
}

}  // namespace

void Arguments::flag(const char* names, bool& target, const char* help) {
  app_.add_flag_callback(
          names, [&target] { target = true; }, help)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void Arguments::option(const char* names, std::optional<std::string>& target, const char* value,
                       const char* help) {
  as_typed(app_.add_option_function<std::string>(
               names, [&target](const std::string& text) { target = text; }, help))
      ->option_text(value)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void Arguments::option(const char* names, std::vector<std::string>& target, const char* value,
                       const char* help) {
  as_typed(app_.add_option(names, target, help))->option_text(value);
}

void Arguments::positional(const char* name, std::string& target, const char* help) {
  as_typed(app_.add_option(name, target, help))->option_text(" ")->required();
}

void Arguments::positional(const char* name, std::optional<std::string>& target, const char* help) {
  as_typed(app_.add_option_function<std::string>(
               name, [&target](const std::string& text) { target = text; }, help))
      ->option_text(" ");
}

void Arguments::positional(const char* name, std::vector<std::string>& target, const char* help) {
  as_typed(app_.add_option(name, target, help))->option_text("...")->required();
}

void Arguments::optional_positional(const char* name, std::vector<std::string>& target,
                                    const char* help) {
  as_typed(app_.add_option(name, target, help))->option_text("...");
}

}  // namespace acistore
