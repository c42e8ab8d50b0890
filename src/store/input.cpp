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
    : own_(name == kStandardInput ? Fd() : open_input(name.c_str())),
      progress_(progress, name, size_of(fd())),
      file_(fd()),
      counted_(file_, progress) {}

}  // namespace acistore
