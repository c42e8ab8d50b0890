// SPDX-License-Identifier: Apache-2.0
#include "store/input.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <optional>

#include "store/import.hpp"

namespace acistore {
namespace {

std::optional<std::uint64_t> size_of(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace

InputFile::InputFile(const std::string& name, Progress& progress)
    : progress_(progress),
      own_(name == kStandardInput ? Fd() : open_input(name.c_str())),
      file_(own_ ? own_.get() : STDIN_FILENO),
      counted_(file_, progress) {
  progress_.begin(name, size_of(own_ ? own_.get() : STDIN_FILENO));
}

}  // namespace acistore
