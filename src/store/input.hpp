// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_INPUT_HPP
#define ACISTORE_STORE_INPUT_HPP

#include <unistd.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/interrupt.hpp"
#include "base/io.hpp"
#include "base/progress.hpp"
#include "model/source_file.hpp"

namespace acistore {

// The name that stands for standard input among files.
inline constexpr std::string_view kStandardInput = "-";

// A file that the user named, or standard input, as a stream whose progress is told.
class InputFile {
 public:
  // Throws Error if it cannot be opened.
  InputFile(const std::string& name, Progress& progress);
  // One that is open already, under any name.
  InputFile(Fd file, const std::string& name, Progress& progress);
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  Reader& bytes() { return counted_; }

  // Where to tell of bytes of it that were read elsewhere.
  Progress& progress() { return progress_; }

  // The descriptor of a regular file of which bytes() gives everything; nothing for any other.
  std::optional<int> whole_file() const;

  // Has a reading of bytes() that is under way in another thread, and any after it, fail rather
  // than wait for what a pipe may never bring.
  void interrupt();

  // What to know the file again by, once it has been read to its end; nothing if it is no regular
  // file, or changed while it was read, or was changed so shortly before that a later change could
  // leave the same times behind.
  std::optional<FileIdentity> identity() const;

 private:
  int fd() const { return own_ ? own_.get() : STDIN_FILENO; }

  Fd own_;  // not standard input
  // When it was opened, by the clock that file systems use, and what it was then.
  UnixNanos opened_;
  std::optional<FileIdentity> before_;
  bool is_whole_;
  Progress& progress_;
  ProgressScope scope_;
  std::optional<Interrupt> interrupt_;  // of what may have to be waited for
  FdReader file_;
  ProgressReader counted_;
};

// What a regular file of that name is now; nothing if there is none.
std::optional<FileIdentity> identify(const std::string& name);

}  // namespace acistore

#endif
