// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.hpp"

#include <CLI/CLI.hpp>

namespace acistore {
namespace {

constexpr char kGuard = '\x01';

std::vector<std::string> unprotect_all(const std::vector<std::string>& arguments) {
  std::vector<std::string> plain;
  for (const std::string& argument : arguments)
    plain.push_back(Arguments::unprotect(argument));
  return plain;
}

CLI::Option* add(CLI::App& app, const char* name, std::optional<std::string>& target,
                 const char* help) {
  return app.add_option_function<std::string>(
      name, [&target](const std::string& text) { target = Arguments::unprotect(text); }, help);
}

CLI::Option* add(CLI::App& app, const char* name, std::vector<std::string>& target,
                 const char* help) {
  return app.add_option_function<std::vector<std::string>>(
      name, [&target](const std::vector<std::string>& texts) { target = unprotect_all(texts); },
      help);
}

}  // namespace

// Where a guard may be needed: at the start of a value.
std::size_t Arguments::value_start(const std::string& argument) {
  const std::size_t equals = argument.starts_with("--") ? argument.find('=') : std::string::npos;
  return equals == std::string::npos ? 0 : equals + 1;
}

std::string Arguments::protect(std::string argument) {
  const std::size_t start = value_start(argument);
  const std::string_view value = std::string_view(argument).substr(start);
  if (value.starts_with('[') || value.starts_with(kGuard) || (start != 0 && value.empty())) {
    argument.insert(start, 1, kGuard);
  }
  return argument;
}

std::string Arguments::unprotect(std::string argument) {
  const std::size_t start = value_start(argument);
  if (std::string_view(argument).substr(start).starts_with(kGuard)) argument.erase(start, 1);
  return argument;
}

void Arguments::flag(const char* names, bool& target, const char* help) {
  app_.add_flag_callback(
          names, [&target] { target = true; }, help)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void Arguments::option(const char* names, std::optional<std::string>& target, const char* value,
                       const char* help) {
  add(app_, names, target, help)
      ->option_text(value)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void Arguments::option(const char* names, std::vector<std::string>& target, const char* value,
                       const char* help) {
  // One value each time it is given, not all that follows.
  add(app_, names, target, help)->option_text(value)->allow_extra_args(false);
}

void Arguments::optional_value(const char* name, std::optional<std::string>& target,
                               const std::string& alone, const char* value, const char* help) {
  // To CLI11 it is a flag that has a value of its own.
  const std::string text = help;
  app_.add_flag(name + ('{' + alone + '}'), text)
      ->each([&target](const std::string& given) { target = unprotect(given); })
      ->option_text(value);
}

void Arguments::positional(const char* name, std::string& target, const char* help) {
  app_.add_option_function<std::string>(
          name, [&target](const std::string& text) { target = unprotect(text); }, help)
      ->option_text(" ")
      ->required();
}

void Arguments::positional(const char* name, std::optional<std::string>& target, const char* help) {
  add(app_, name, target, help)->option_text(" ");
}

void Arguments::positional(const char* name, std::vector<std::string>& target, const char* help) {
  add(app_, name, target, help)->option_text("...")->required();
}

void Arguments::optional_positional(const char* name, std::vector<std::string>& target,
                                    const char* help) {
  add(app_, name, target, help)->option_text("...");
}

}  // namespace acistore
