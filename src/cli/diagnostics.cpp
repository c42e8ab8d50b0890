// SPDX-License-Identifier: Apache-2.0
#include "cli/diagnostics.hpp"

#include <unistd.h>

#include "base/io.hpp"
#include "cli/exit_code.hpp"
#include "cli/json.hpp"
#include "cli/results.hpp"

namespace acistore {

void Diagnostics::report(const Error& error) {
  set_status(exit_status(error.kind()));
  if (form_ == Form::kText) {
    write_text(error.message());
    return;
  }
  Json json;
  json.begin_object();
  error_member(json, error);
  json.end_object();
  write_line(json.take());
}

void Diagnostics::note(std::string_view text) {
  if (level_ != Level::kQuiet) write_text(text);
}

void Diagnostics::detail(std::string_view text) {
  if (level_ == Level::kVerbose) write_text(text);
}

void Diagnostics::set_status(int status) {
  if (status_ == 0) status_ = status;
}

void Diagnostics::write_text(std::string_view text) {
  std::string line = "acistore: ";
  if (!command_.empty()) line += command_ + ": ";
  write_line(line += text);
}

void Diagnostics::write_line(std::string line) {
  if (before_line_) before_line_();
  line += '\n';
  try {
    write_all(STDERR_FILENO, as_bytes(line));
  } catch (const Error&) {
    // Nobody is left to be told.
  }
}

}  // namespace acistore
