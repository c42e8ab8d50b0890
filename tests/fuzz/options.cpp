// SPDX-License-Identifier: Apache-2.0
// Input: a command line, an argument a line.
//
//  - It is understood, or refused with one line that says why; twice in the same way.
//  - Where no argument could reach out of an empty directory, the command is also run there: it
//  ends
//    with a status of acistore(1), and says why on standard error in lines of the right form.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "base/quote.hpp"
#include "cli/duration.hpp"
#include "cli/global_options.hpp"
#include "cli/parse.hpp"
#include "cli/run.hpp"
#include "property.hpp"
#include "scratch_store.hpp"

using namespace acistore;
using namespace acistore::fuzz;

namespace {

using CommandLine = std::vector<std::string>;

constexpr std::size_t kMostArguments = 16;

CommandLine lines_of(std::string_view text) {
  CommandLine arguments;
  while (!text.empty() && arguments.size() < kMostArguments) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string argument(text.substr(0, end));
    std::replace(argument.begin(), argument.end(), '\0', ' ');  // no argument has one
    arguments.push_back(std::move(argument));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return arguments;
}

// What a command line comes to, as text.
std::string parse(const CommandLine& arguments) {
  GlobalOptions options;
  try {
    const ParsedCommand parsed = parse_command_line(arguments, options);
    require((parsed.command == nullptr) != parsed.text.empty(), "there is a command or a text");
    if (parsed.command == nullptr) return parsed.text;
    require(parsed.action != nullptr, "a command does something");
    error_of({ErrorKind::kUsage}, [&] { store_options(options); });
    return std::string(parsed.command->path);
  } catch (const UsageError& usage) {
    require(usage.error.kind() == ErrorKind::kUsage, "a wrong command line is one");
    require_message(usage.error.message());
    return usage.error.message();
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::kUsage, "a wrong command line is one", error.message());
    require_message(error.message());
    return error.message();
  }
}

void check_duration(const std::string& text) {
  error_of({ErrorKind::kUsage},
           [&] { require(parse_duration(text).count() >= 0, "no duration is negative", text); });
}

bool stays_inside(const std::string& argument) {
  return argument.find('/') == std::string::npos && argument.find("..") == std::string::npos &&
         argument.find('~') == std::string::npos;
}

// Runs commands in a directory of its own, with what they print in memory.
class Sandbox {
 public:
  Sandbox() : output_(::memfd_create("output", MFD_CLOEXEC)), null_(::open("/dev/null", O_RDWR)) {
    Store store(scratch_.options(), StoreAccess::kCreate);
    scratch_.write_input(small_image());
    scratch_.import(store);
    require(::setenv("ACISTORE_DIR", scratch_.path().c_str(), 1) == 0, "the store is set");
    std::filesystem::current_path(std::filesystem::path(scratch_.input()).parent_path());
  }

  void run(const CommandLine& arguments) {
    const Fd in(::dup(STDIN_FILENO)), out(::dup(STDOUT_FILENO)), err(::dup(STDERR_FILENO));
    require(::ftruncate(output_.get(), 0) == 0 && ::lseek(output_.get(), 0, SEEK_SET) == 0,
            "output starts anew");
    ::dup2(null_.get(), STDIN_FILENO);
    ::dup2(null_.get(), STDOUT_FILENO);
    ::dup2(output_.get(), STDERR_FILENO);
    const int status = acistore::run(arguments);
    ::dup2(in.get(), STDIN_FILENO);
    ::dup2(out.get(), STDOUT_FILENO);
    ::dup2(err.get(), STDERR_FILENO);
    std::signal(SIGPIPE, SIG_DFL);
    std::signal(SIGXFSZ, SIG_DFL);
    const std::string said = output();
    require(status >= 0 && status <= 10, "a status is one of acistore(1)", std::to_string(status));
    require(status == 0 || status == 9 || !said.empty(), "a failure is told");
    check_lines(said);
  }

 private:
  std::string output() {
    std::string text(static_cast<std::size_t>(::lseek(output_.get(), 0, SEEK_END)), '\0');
    require(
        ::pread(output_.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()),
        "output can be read");
    return text;
  }

  static void check_lines(std::string_view text) {
    require(text.empty() || text.ends_with('\n'), "the last line is whole", text);
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      const std::string_view line = text.substr(0, end);
      require(line.starts_with("acistore: ") || line.starts_with("{\"error\":{\"status\":"),
              "a line has the right form", line);
      require_message(line);
      text.remove_prefix(end + 1);
    }
  }

  ScratchStore scratch_;
  Fd output_;
  Fd null_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Sandbox sandbox;
  const CommandLine arguments = lines_of(text_of(data, size));
  require(parse(arguments) == parse(arguments), "a command line means one thing");
  bool inside = true;
  for (const std::string& argument : arguments) {
    check_duration(argument);
    inside = inside && stays_inside(argument);
  }
  if (inside) sandbox.run(arguments);
  return 0;
}
