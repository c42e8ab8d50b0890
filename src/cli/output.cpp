// SPDX-License-Identifier: Apache-2.0
#include "cli/output.hpp"

#include <unistd.h>

#include <utility>

#include "base/error.hpp"
#include "base/io.hpp"
#include "base/kernel_copy.hpp"

namespace acistore {
namespace {
constexpr std::size_t kBufferBytes = 64 * 1024;
}

void Output::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= kBufferBytes) flush();
}

void Output::write_through(Bytes bytes) {
  flush();
  if (broken_) return;
  try {
    with_context("standard output", [&] { write_all(STDOUT_FILENO, bytes); });
  } catch (const Error& error) {
    broken_ = true;
    // Whatever the reason: a full disk behind it is not one that the store is on.
    throw Error(ErrorKind::kIo, error.message());
  }
}

void Output::copy_through(int file, Progress& progress) {
  flush();
  if (broken_) return;
  copy_in_kernel(file, STDOUT_FILENO, progress);
  // What is left: nothing, everything, or what comes after a failure, which now tells its reason.
  FdSource rest(file);
  for (Bytes run = rest.next(); !run.empty(); run = rest.next()) {
    write_through(run);
    progress.advance(run.size());
  }
}

void Output::flush() {
  if (buffer_.empty()) return;
  const std::string text = std::exchange(buffer_, {});
  write_through(as_bytes(text));
}

}  // namespace acistore
