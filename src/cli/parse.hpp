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

}  // namespace acistore

#endif
