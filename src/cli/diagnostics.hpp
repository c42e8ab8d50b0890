// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_DIAGNOSTICS_HPP
#define ACISTORE_CLI_DIAGNOSTICS_HPP

#include <functional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace acistore {

// What is said on standard error, a line each, and the exit status that follows from it.
class Diagnostics {
 public:
  enum class Form { kText, kJson };
  enum class Level { kQuiet, kNormal, kVerbose };

  Diagnostics() = default;
  Diagnostics(const Diagnostics&) = delete;
  Diagnostics& operator=(const Diagnostics&) = delete;

  void set_form(Form form) { form_ = form; }
  void set_level(Level level) { level_ = level; }
  // Comes after the program's name: the command that runs.
  void set_command(std::string command) { command_ = std::move(command); }
  // Runs before a line is written, to take a progress bar out of the way.
  void set_before_line(std::function<void()> action) { before_line_ = std::move(action); }

  // The first error that is reported decides the exit status.
  void report(const Error& error);

  // For the user's interest; not with --quiet.
  void note(std::string_view text);
  // Only with --verbose.
  void detail(std::string_view text);

  // All went well unless an error says otherwise, and this is the answer.
  void set_status(int status);
  int status() const { return status_; }

 private:
  void write_text(std::string_view text);
  void write_line(std::string line);

  Form form_ = Form::kText;
  Level level_ = Level::kNormal;
  std::string command_;
  std::function<void()> before_line_;
  int status_ = 0;
};

}  // namespace acistore

#endif
