// SPDX-License-Identifier: Apache-2.0
#include "base/lock_holder.hpp"

#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/quote.hpp"

namespace acistore {
namespace {

namespace fs = std::filesystem;

// Of a command line; more says little.
constexpr std::size_t kShownBytes = 200;

// Whether a line of /proc/PID/fdinfo/FD is a lock on those bytes of that file (proc(5)):
// "lock:\t1: OFDLCK  ADVISORY  WRITE -1 08:01:1234 0 EOF"
bool is_lock_on(const std::string& line, const std::string& file, ByteRange bytes) {
  std::istringstream fields(line);
  std::string word;
  std::string number;
  std::string kind;
  std::string mode;
  std::string type;
  std::string pid;
  std::string locked;
  std::string first;
  std::string last;
  if (!(fields >> word >> number >> kind >> mode >> type >> pid >> locked >> first >> last)) {
    return false;
  }
  if (word != "lock:" || kind == "FLOCK" || locked != file) return false;
  const std::uint64_t begin = std::strtoull(first.c_str(), nullptr, 10);
  const std::uint64_t end = last == "EOF" ? UINT64_MAX : std::strtoull(last.c_str(), nullptr, 10);
  return begin <= bytes.last && end >= bytes.first;
}

std::string command_line(const fs::path& process) {
  std::ifstream file(process / "cmdline", std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  while (!text.empty() && text.back() == '\0')
    text.pop_back();
  std::replace(text.begin(), text.end(), '\0', ' ');
  if (text.size() > kShownBytes) text.resize(kShownBytes);
  return printable(text);
}

bool holds(const fs::path& process, const std::string& file, ByteRange bytes) {
  std::error_code error;
  for (fs::directory_iterator fd(process / "fdinfo", error), end; !error && fd != end;
       fd.increment(error)) {
    std::ifstream info(fd->path());
    for (std::string line; std::getline(info, line);) {
      if (is_lock_on(line, file, bytes)) return true;
    }
  }
  return false;
}

}  // namespace

std::string describe_lock_holder(const struct stat& file, ByteRange bytes) {
  std::array<char, 64> name{};
  std::snprintf(name.data(), name.size(), "%02x:%02x:%llu", major(file.st_dev), minor(file.st_dev),
                static_cast<unsigned long long>(file.st_ino));
  const std::string self = std::to_string(::getpid());
  std::error_code error;
  for (fs::directory_iterator process("/proc", error), end; !error && process != end;
       process.increment(error)) {
    const std::string pid = process->path().filename();
    if (pid.find_first_not_of("0123456789") != std::string::npos || pid == self) continue;
    if (holds(process->path(), name.data(), bytes)) {
      return "process " + pid + " (" + command_line(process->path()) + ")";
    }
  }
  return {};
}

std::string busy_message(const std::string& holder) {
  return "the store is busy: " + (holder.empty() ? "another process" : holder) + " holds its lock";
}

}  // namespace acistore
