// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_PARSE_HPP
#define ACISTORE_CLI_PARSE_HPP

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/global_options.hpp"

namespace acistore {

// What a command line asks for.
struct ParsedCommand {
  const Command* command = nullptr;  // null where `text` is all that is asked for
  Action action;
  std::string text;  // of --help or --version
};

// A command line that is wrong, and the command it was meant for, if that could be told.
struct UsageError {
  Error error;
  std::string command;
};

// `arguments` are without the program's name. Fills in `options`. Throws UsageError.
ParsedCommand parse_command_line(std::vector<std::string> arguments, GlobalOptions& options);

// What may stand on a command line after the words of a command's path; of the program itself, if
// there are none. Options are those that are accepted there, those of the program last.
struct CommandSyntax {
  struct Option {
    std::vector<std::string> names;  // "--store", "-q"
    std::string value;               // as --help shows it: "DIR", "asc|desc"; empty: a flag
    bool may_stand_alone = false;    // it has a value only after "="
    std::string help;
  };
  struct Positional {
    std::string name;  // "IMAGE"
    bool repeats = false;
  };
  struct Command {
    std::string name;
    std::string summary;
  };
  std::vector<Option> options;
  std::vector<Positional> positionals;
  std::vector<Command> commands;
};

// Nothing if there is no such command.
std::optional<CommandSyntax> command_syntax(const std::vector<std::string>& path);

}  // namespace acistore

#endif
