// SPDX-License-Identifier: Apache-2.0
#include "cli/line_reader.hpp"

#include <algorithm>
#include <span>

#include "base/io.hpp"

namespace acistore {
namespace {
constexpr std::size_t kReadBytes = 64 * 1024;  // what a pipe holds
}

std::optional<LineReader::Line> LineReader::next() {
  std::size_t end = buffer_.find(newline_, scanned_);
  if (end == std::string::npos) {
    scanned_ = buffer_.size();
    if (!at_end_ || (scanned_ == start_ && !is_too_long_)) return std::nullopt;
    end = scanned_;
  }
  const std::size_t length = end - start_;
  const Line line = is_too_long_ || length > limit_
                        ? Line{.text = {}, .is_too_long = true}
                        : Line{.text = std::string_view(buffer_).substr(start_, length)};
  is_too_long_ = false;
  start_ = scanned_ = std::min(end + 1, buffer_.size());
  return line;
}

bool LineReader::fill() {
  if (at_end_) return false;
  buffer_.erase(0, start_);
  scanned_ -= start_;
  start_ = 0;
  if (buffer_.size() > limit_) {
    is_too_long_ = true;
    buffer_.clear();
    scanned_ = 0;
  }
  const std::size_t had = buffer_.size();
  buffer_.resize(had + kReadBytes);
  const std::size_t count = read_some(fd_, std::as_writable_bytes(std::span(buffer_).subspan(had)));
  buffer_.resize(had + count);
  at_end_ = count == 0;
  return !at_end_ || had != 0 || is_too_long_;
}

}  // namespace acistore
