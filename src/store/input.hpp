// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_INPUT_HPP
#define ACISTORE_STORE_INPUT_HPP

#include <unistd.h>

#include <string>

#include "base/io.hpp"
#include "base/progress.hpp"

namespace acistore {

// A file that the user named, or standard input, as a stream whose progress is told.
class InputFile {
 public:
  // Throws Error if it cannot be opened.
  InputFile(const std::string& name, Progress& progress);
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  Reader& bytes() { return counted_; }

 private:
  int fd() const { return own_ ? own_.get() : STDIN_FILENO; }

  Fd own_;  // not standard input
  ProgressScope progress_;
  FdReader file_;
  ProgressReader counted_;
};

}  // namespace acistore

#endif
