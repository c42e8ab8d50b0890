// SPDX-License-Identifier: Apache-2.0
#include "cli/parse.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <memory>

#include "base/quote.hpp"
#include "cli/suggest.hpp"

namespace acistore {
namespace {

void declare_global_options(CLI::App& app, GlobalOptions& options) {
  Arguments arguments(app);
  arguments.option("--store", options.store, "DIR", "the directory of the store");
  arguments.option("--lower", options.lower, "DIR",
                   "a store to read from as well, below that one; may be given several times");
  arguments.flag("--json", options.json, "print results and errors as JSON");
  arguments.flag("-q,--quiet", options.quiet, "print only errors on standard error");
  arguments.flag("-v,--verbose", options.verbose, "say more on standard error");
  arguments.option("--progress", options.progress, "auto|plain|none",
                   "show progress as a bar, as lines, or not at all");
  arguments.option("--lock-timeout", options.lock_timeout, "DURATION",
                   "how long to wait for a busy store (60s)");
  arguments.flag("--no-sync", options.no_sync,
                 "do not wait until what is stored would survive a power cut");
}

// Does without the value that an option has if it stands alone, "--pin{manual}": the text says it.
class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    const std::string name = CLI::Formatter::make_option_name(option, is_positional);
    return name.substr(0, name.find('{'));
  }
};

struct Declared {
  const Command* command;
  CLI::App* app;
  Action action;
};

CLI::App& parent_of(CLI::App& top, std::vector<Declared>& declared, std::string_view path) {
  const std::size_t space = path.rfind(' ');
  if (space == std::string_view::npos) return top;
  const auto parent = std::find_if(
      declared.begin(), declared.end(),
      [&](const Declared& candidate) { return candidate.command->path == path.substr(0, space); });
  return *parent->app;
}

using IsWanted = std::function<bool(const Command&)>;

std::vector<Declared> declare_commands(CLI::App& top, const IsWanted& is_wanted) {
  std::vector<Declared> declared;
  for (const Command& command : commands()) {
    if (!is_wanted(command)) continue;
    const std::string_view path = command.path;
    CLI::App& parent = parent_of(top, declared, path);
    CLI::App* app = parent.add_subcommand(std::string(path.substr(path.rfind(' ') + 1)),
                                          std::string(command.summary));
    app->fallthrough();
    Action action;
    if (command.declare != nullptr) {
      Arguments arguments(*app);
      action = command.declare(arguments);
      app->footer("Global options: acistore --help. Manual: acistore-" +
                  std::string(path.substr(0, path.find(' '))) + "(1)");
    } else {
      app->require_subcommand(1);
    }
    declared.push_back({&command, app, std::move(action)});
  }
  return declared;
}

// Whether each word of the command's path stands among the arguments: if not, it is not meant.
bool is_named(const Command& command, const std::vector<std::string>& arguments) {
  std::string_view words = command.path;
  while (!words.empty()) {
    const std::size_t length = std::min(words.find(' '), words.size());
    const std::string_view word = words.substr(0, length);
    if (std::find(arguments.begin(), arguments.end(), word) == arguments.end()) return false;
    words.remove_prefix(std::min(length + 1, words.size()));
  }
  return true;
}

// The innermost command that was recognised, and its path.
CLI::App* innermost(CLI::App& top, std::string& path) {
  CLI::App* app = &top;
  while (!app->get_subcommands().empty()) {
    app = app->get_subcommands().front();
    path += (path.empty() ? "" : " ") + app->get_name();
  }
  return app;
}

std::string message_of(const CLI::ParseError& error, CLI::App& top, CLI::App& app) {
  std::vector<std::string> extras = top.remaining(true);
  std::transform(extras.begin(), extras.end(), extras.begin(), Arguments::unprotect);
  const auto unexpected = std::find_if(extras.begin(), extras.end(),
                                       [](const std::string& text) { return text != "--"; });
  if (unexpected != extras.end()) {
    if (unexpected->size() > 1 && unexpected->front() == '-') {
      return printable(*unexpected) + ": unknown option";
    }
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) {
      names.push_back(command->get_name());
    }
    if (names.empty()) return printable(*unexpected) + ": unexpected argument";
    const auto meant = suggest(*unexpected, names);
    return printable(*unexpected) + ": unknown command" +
           (meant ? "; did you mean " + *meant + "?" : "");
  }
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr &&
      !app.get_subcommands([](CLI::App*) { return true; }).empty()) {
    return "a command must follow; see --help";
  }
  std::string message = error.what();
  std::replace(message.begin(), message.end(), '\n', ' ');
  return printable(message);
}

// The parser of a command line, of the commands that are wanted.
class Parser {
 public:
  Parser(GlobalOptions& options, const IsWanted& is_wanted) {
    top_.formatter(std::make_shared<HelpFormatter>());
    top_.require_subcommand(1);
    top_.set_help_flag("-h,--help", "print this help");
    top_.set_version_flag("--version", "acistore " ACISTORE_VERSION, "print the version");
    top_.footer("Manual: acistore(1)");
    declare_global_options(top_, options);
    declared_ = declare_commands(top_, is_wanted);
  }

  // Throws CLI::ParseError, also for --help and --version.
  ParsedCommand parse(std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    std::transform(arguments.begin(), arguments.end(), arguments.begin(), Arguments::protect);
    top_.parse(std::move(arguments));
    std::string path;
    const CLI::App* app = innermost(top_, path);
    const auto chosen = std::find_if(declared_.begin(), declared_.end(),
                                     [&](const Declared& command) { return command.app == app; });
    return {chosen->command, std::move(chosen->action), {}};
  }

  CLI::App& top() { return top_; }

 private:
  CLI::App top_{"A content-addressed store for App Container Images.", "acistore"};
  std::vector<Declared> declared_;
};

// Knows all commands, for the help and for what is wrong.
ParsedCommand parse_among_all(std::vector<std::string> arguments, GlobalOptions& options) {
  Parser parser(options, [](const Command&) { return true; });
  CLI::App& top = parser.top();
  std::string path;
  try {
    return parser.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    const CLI::App* app = innermost(top, path);
    const std::string before = "acistore " + path;
    return {
        nullptr, {}, app == &top ? app->help() : app->help(before.substr(0, before.rfind(' ')))};
  } catch (const CLI::CallForVersion& version) {
    return {nullptr, {}, std::string(version.what()) + '\n'};
  } catch (const CLI::ParseError& error) {
    CLI::App* app = innermost(top, path);
    throw UsageError{Error(ErrorKind::kUsage, message_of(error, top, *app)), path};
  }
}

// Adds what a command takes to what is accepted there.
void add_syntax(CommandSyntax& syntax, const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      syntax.positionals.push_back({option->get_name(true), option->get_items_expected_max() > 1});
      continue;
    }
    CommandSyntax::Option& added = syntax.options.emplace_back();
    for (const std::string& name : option->get_lnames())
      added.names.push_back("--" + name);
    for (const std::string& name : option->get_snames())
      added.names.push_back('-' + name);
    added.value = option->get_option_text();
    added.may_stand_alone = option->get_items_expected_max() == 0;
    added.help = option->get_description();
  }
}

}  // namespace

std::optional<CommandSyntax> command_syntax(const std::vector<std::string>& path) {
  GlobalOptions options;
  Parser parser(options, [](const Command&) { return true; });
  const auto children = [](CLI::App& app) {
    return app.get_subcommands([](CLI::App*) { return true; });
  };
  std::vector<CLI::App*> line{&parser.top()};
  std::vector<CLI::App*> below = children(parser.top());
  for (const std::string& name : path) {
    const auto app = std::find_if(below.begin(), below.end(), [&](const CLI::App* candidate) {
      return candidate->get_name() == name;
    });
    if (app == below.end()) return std::nullopt;
    line.push_back(*app);
    below = children(**app);
  }
  CommandSyntax syntax;
  for (auto app = line.rbegin(); app != line.rend(); ++app)
    add_syntax(syntax, **app);
  for (const CLI::App* command : below)
    syntax.commands.push_back({command->get_name(), command->get_description()});
  return syntax;
}

ParsedCommand parse_command_line(std::vector<std::string> arguments, GlobalOptions& options) {
  // To declare all commands costs as much as all that a lookup does besides, and a right command
  // line needs those alone that it names.
  try {
    return Parser(options, [&](const Command& command) { return is_named(command, arguments); })
        .parse(arguments);
  } catch (const CLI::ParseError&) {
    options = {};
    return parse_among_all(std::move(arguments), options);
  }
}

}  // namespace acistore
