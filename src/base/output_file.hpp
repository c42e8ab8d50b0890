// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_OUTPUT_FILE_HPP
#define ACISTORE_BASE_OUTPUT_FILE_HPP

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/fd.hpp"
#include "base/io.hpp"

namespace acistore {

// The name that stands for standard output, which is no OutputFile.
inline constexpr std::string_view kStandardOutput = "-";

// What to do with a file that has the name already.
enum class IfExists { kRefuse, kReplace };

// A file that a user named, and that appears under its name whole or not at all: it is written
// beside it, and publish() gives it the name. If it is not published nothing of it stays.
//
// Where the file system can, the file has no name until then (O_TMPFILE), so that not even a killed
// process leaves anything. Elsewhere, and while it takes the place of another, it has a random one
// in the same directory, which is removed when SIGHUP, SIGINT, SIGQUIT or SIGTERM ends the process.
// There is one such file at a time.
class OutputFile {
 public:
  // Throws Error: kRefused if there is such a file and it is not to be replaced, or if it is
  // anything but a regular file or a symbolic link; otherwise as the system does.
  OutputFile(const std::string& path, IfExists if_exists);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  void write(Bytes bytes);

  // Makes its bytes, of which there are none yet, those of a whole regular file, and has the two
  // share their blocks until one of them changes. False, and nothing is done, where the file system
  // cannot do that, or not between these two.
  bool clone(int file);

  // Its bytes, from the first one on. To be called after clone(), and instead of write().
  FdReader read_back() const { return FdReader(fd_.get()); }

  // Gives it its name; what had the name is replaced, and a symbolic link is not followed. With
  // `sync`, all is on stable storage when it returns. Throws Error, as the constructor does.
  void publish(bool sync);

 private:
  class ScratchName;

  void check_target() const;
  [[noreturn]] void refuse() const;

  std::string path_;
  std::string name_;  // in directory_
  IfExists if_exists_;
  Fd directory_;
  Fd fd_;
  std::unique_ptr<ScratchName> scratch_;  // none while the file has no name
  std::uint64_t size_ = 0;
  std::uint64_t written_back_ = 0;  // so many bytes are on their way to the disk
};

}  // namespace acistore

#endif
