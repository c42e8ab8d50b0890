// SPDX-License-Identifier: Apache-2.0
// Input: an archive. It is written to disk as it is, and again with the right checksum in every
// header: into an empty tree, and over what is there then.
//
//  - Nothing beside the tree is made, removed, linked or changed.
//  - What cannot be written ends in an Error that says so in one line.
//  - The tree can be removed, and no descriptor stays open.
#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "aci/tar_builder.hpp"
#include "aci/tar_reader.hpp"
#include "base/fd.hpp"
#include "headers.hpp"
#include "property.hpp"
#include "temporary_directory.hpp"
#include "tree/remove_tree.hpp"
#include "tree/tree_writer.hpp"

using namespace acistore;
using namespace acistore::fuzz;
namespace fs = std::filesystem;

namespace {

// An archive of a few bytes may have holes of gigabytes, which is fine, but not on every disk.
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;

class Subject {
 public:
  Subject() : fd_(::open(directory_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    fs::create_directory(directory_.path() / "beside");
    std::ofstream(directory_.path() / "beside/secret") << "x";
    std::ofstream(directory_.path() / "secret") << "x";
    before_ = state();
  }

  void write(const std::string& archive) {
    const std::size_t descriptors = open_descriptors();
    require(::mkdirat(fd_.get(), "tree", 0700) == 0, "the last tree is gone");
    for (int time = 0; time < 2; ++time)
      write_once(archive);
    remove_tree(fd_.get(), "tree");
    require(state() == before_, "nothing beside the tree has changed", state());
    require(open_descriptors() == descriptors, "no descriptor stays open");
  }

 private:
  void write_once(const std::string& archive) {
    const Fd top(::openat(fd_.get(), "tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    require(::fchmod(top.get(), 0700) == 0, "the tree is ours");
    error_of({ErrorKind::kInvalid, ErrorKind::kIo, ErrorKind::kNoSpace}, [&] {
      tar::RunSource source(archive, 4096);
      TarReader reader(source);
      TreeWriter tree(top.get(), ".");
      while (const TarEntry* entry = reader.next()) {
        if (entry->size <= kMostBytes) tree.add(*entry, reader);
      }
      tree.finish();
      if (tree.left_out().any()) require_message(describe(tree.left_out()));
    });
  }

  // All that there is but for the tree.
  std::string state() const {
    std::string text;
    for (const char* name : {"beside", "beside/secret", "secret"}) {
      struct stat status {};
      require(::lstat((directory_.path() / name).c_str(), &status) == 0, "it is there", name);
      text += std::string(name) + ' ' + std::to_string(status.st_mode) + ' ' +
              std::to_string(status.st_nlink) + ' ' + std::to_string(status.st_size) + ' ' +
              std::to_string(status.st_uid) + ' ' + std::to_string(status.st_ctim.tv_sec) + '.' +
              std::to_string(status.st_ctim.tv_nsec) + '\n';
    }
    for (const fs::path& path : {directory_.path(), directory_.path() / "beside"}) {
      for (const auto& entry : fs::directory_iterator(path))
        text += entry.path().string() + '\n';
    }
    return text;
  }

  static std::size_t open_descriptors() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator("/proc/self/fd"))
      ++count;
    return count;
  }

  TemporaryDirectory directory_;
  Fd fd_;
  std::string before_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Subject subject;
  const std::string bytes(text_of(data, size));
  subject.write(bytes);
  const std::string mended = with_right_checksums(bytes);
  if (mended != bytes) subject.write(mended);
  return 0;
}
