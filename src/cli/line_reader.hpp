// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_LINE_READER_HPP
#define ACISTORE_CLI_LINE_READER_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace acistore {

// Reads lines of at most `limit` bytes, each ended by `newline`, and tells those that have come
// from those to wait for. Does not own the descriptor.
class LineReader {
 public:
  LineReader(int fd, std::size_t limit, char newline = '\n')
      : fd_(fd), limit_(limit), newline_(newline) {}

  struct Line {
    std::string_view text;     // without its newline; valid until fill()
    bool is_too_long = false;  // then there is no text
  };

  // The next of the lines that have come; nothing if that takes a fill(). What stands after the
  // last newline is a line too, at the end.
  std::optional<Line> next();

  // Waits for more. False at the end. Throws Error.
  bool fill();

 private:
  int fd_;
  std::size_t limit_;
  char newline_;
  std::string buffer_;
  std::size_t start_ = 0;     // of what next() has not given
  std::size_t scanned_ = 0;   // where to look for a newline: there is none before
  bool is_too_long_ = false;  // the line that has begun, the start of which is dropped
  bool at_end_ = false;
};

}  // namespace acistore

#endif
