// SPDX-License-Identifier: Apache-2.0
#include "base/lock_holder.hpp"

#include <unistd.h>

#include <algorithm>
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

// Whether a line of /proc/PID/fdinfo/FD is a lock on those bytes (proc(5)):
// "lock:\t1: OFDLCK  ADVISORY  WRITE -1 08:01:1234 0 EOF"
bool is_lock_on(const std::string& line, ByteRange bytes) {
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
  if (word != "lock:" || kind == "FLOCK") return false;
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

bool holds(const fs::path& process, const struct stat& file, ByteRange bytes) {
  std::error_code error;
  for (fs::directory_iterator fd(process / "fdinfo", error), end; !error && fd != end;
       fd.increment(error)) {
    // Not by the numbers in the line: those are of the file system, and on btrfs, for one, each
    // subvolume shows another number of its device.
    struct stat open {};
    const fs::path link = process / "fd" / fd->path().filename();
    if (::stat(link.c_str(), &open) != 0 || open.st_dev != file.st_dev ||
        open.st_ino != file.st_ino) {
      continue;
    }
    std::ifstream info(fd->path());
    for (std::string line; std::getline(info, line);) {
      if (is_lock_on(line, bytes)) return true;
    }
  }
  return false;
}

}  // namespace

std::string describe_lock_holder(const struct stat& file, ByteRange bytes) {
  const std::string self = std::to_string(::getpid());
  std::error_code error;
  for (fs::directory_iterator process("/proc", error), end; !error && process != end;
       process.increment(error)) {
    const std::string pid = process->path().filename();
    if (pid.find_first_not_of("0123456789") != std::string::npos || pid == self) continue;
    if (holds(process->path(), file, bytes)) {
      return "process " + pid + " (" + command_line(process->path()) + ")";
    }
  }
  return {};
}

std::string busy_message(const std::string& holder) {
  return "the store is busy: " + (holder.empty() ? "another process" : holder) + " holds its lock";
}

}  // namespace acistore
