// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_OUTPUT_HPP
#define ACISTORE_CLI_OUTPUT_HPP

#include <string>
#include <string_view>

#include "base/progress.hpp"
#include "base/source.hpp"

namespace acistore {

// Standard output, buffered. A write that fails throws Error once; what is written after that goes
// nowhere, so that work can be finished.
class Output {
 public:
  Output() = default;
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view text);

  // Without a copy, for what is long.
  void write_through(Bytes bytes);

  // The bytes of a regular file from its position to its end, without bringing them into this
  // process where the kernel can. The file must not change: see copy_in_kernel().
  void copy_through(int file, Progress& progress);

  // Hands over what is buffered. There is no destructor that does: a failure must be told.
  void flush();

 private:
  std::string buffer_;
  bool broken_ = false;
};

}  // namespace acistore

#endif
