// SPDX-License-Identifier: Apache-2.0
#include "cli/run.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <new>

#include "cli/commands.hpp"
#include "cli/invocation.hpp"
#include "cli/parse.hpp"
#include "cli/progress.hpp"

namespace acistore {
namespace {

// Makes sure that no file of ours gets the number of a standard stream that the caller has closed.
// The stand-in is open the wrong way round, so that using it fails as using a closed one does.
void occupy_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) != -1) continue;
    [[maybe_unused]] const int ignored =
        ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

// Who reads dies quietly when nobody wants to hear more, even if the parent had that switched off;
// who writes finishes its work.
void set_signals(StoreAccess access) {
  const bool writes = access != StoreAccess::kNone && access != StoreAccess::kRead;
  std::signal(SIGPIPE, writes ? SIG_IGN : SIG_DFL);
  std::signal(SIGXFSZ, SIG_IGN);  // a file size limit is an error of write(2), not a death
}

// The form of errors must be known even if the command line cannot be understood.
bool asks_for_json(const std::vector<std::string>& arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  return std::find(arguments.begin(), end, "--json") != end;
}

void set_up(Invocation& invocation, const Command& command) {
  const GlobalOptions& options = invocation.options;
  Diagnostics& diagnostics = invocation.diagnostics;
  diagnostics.set_command(std::string(command.path));
  if (options.verbose) diagnostics.set_level(Diagnostics::Level::kVerbose);
  if (options.quiet) diagnostics.set_level(Diagnostics::Level::kQuiet);
  set_signals(command.access);
  auto progress = make_progress(options.progress.value_or("auto"));
  if (progress && !options.quiet) {
    diagnostics.set_before_line([meter = progress.get()] { meter->clear(); });
    invocation.set_progress(std::move(progress));
  }
}

void run_command(Invocation& invocation, const std::vector<std::string>& arguments) {
  ParsedCommand parsed = parse_command_line(arguments, invocation.options);
  if (parsed.command == nullptr) {
    set_signals(StoreAccess::kNone);
    invocation.out.write(parsed.text);
    return;
  }
  set_up(invocation, *parsed.command);
  invocation.set_access(parsed.command->access);
  parsed.action(invocation);
}

// Runs `action` and reports what leaves it.
template <typename Action>
void guard(Diagnostics& diagnostics, Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    diagnostics.report(error);
  } catch (const UsageError& usage) {
    diagnostics.set_command(usage.command);
    diagnostics.report(usage.error);
  } catch (const std::bad_alloc&) {
    diagnostics.report(Error(ErrorKind::kIo, "out of memory"));
  } catch (const std::exception& error) {
    diagnostics.report(Error(ErrorKind::kIo, error.what()));
  }
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  occupy_standard_streams();
  Invocation invocation;
  Diagnostics& diagnostics = invocation.diagnostics;
  if (asks_for_json(arguments)) diagnostics.set_form(Diagnostics::Form::kJson);
  guard(diagnostics, [&] { run_command(invocation, arguments); });
  // What was got done is a result, even if something else failed.
  guard(diagnostics, [&] { invocation.out.flush(); });
  return diagnostics.status();
}

}  // namespace acistore
