// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_ARGUMENTS_HPP
#define ACISTORE_CLI_ARGUMENTS_HPP

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace acistore {

// Declares what a command takes. The only door to CLI11, which is a large header.
//
// Targets must outlive the parsing. They are set only by what was typed. What is parsed must have
// gone through protect(), and then nothing in a value has a meaning for the parser.
class Arguments {
 public:
  explicit Arguments(CLI::App& app) : app_(app) {}

  // `names` as "-q,--quiet".
  void flag(const char* names, bool& target, const char* help);

  // An option with a value, shown as `value` in the help; given twice, the last counts.
  void option(const char* names, std::optional<std::string>& target, const char* value,
              const char* help);
  // The same, any number of times, all of which count.
  void option(const char* names, std::vector<std::string>& target, const char* value,
              const char* help);

  // An option that may stand alone, and then has the value `alone`, or be given one by "=": what
  // follows it is never its value.
  void optional_value(const char* name, std::optional<std::string>& target,
                      const std::string& alone, const char* value, const char* help);

  // What stands without an option's name. All but the std::optional must be given.
  void positional(const char* name, std::string& target, const char* help);
  void positional(const char* name, std::optional<std::string>& target, const char* help);
  void positional(const char* name, std::vector<std::string>& target, const char* help);
  void optional_positional(const char* name, std::vector<std::string>& target, const char* help);

  // CLI11 takes a value "[a,b]" for a list, and "--option=" for one whose value comes next. A guard
  // before the bracket and behind the "=" keeps it from that, and is taken away again where a value
  // is handed over; unprotect() does so for messages.
  static std::string protect(std::string argument);
  static std::string unprotect(std::string argument);

 private:
  static std::size_t value_start(const std::string& argument);

  CLI::App& app_;
};

}  // namespace acistore

#endif
