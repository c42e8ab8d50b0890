// SPDX-License-Identifier: Apache-2.0
// Archives that are written to disk, and a look at what came of it.
#ifndef ACISTORE_TESTS_UNIT_TREE_TREE_HPP
#define ACISTORE_TESTS_UNIT_TREE_TREE_HPP

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "aci/tar_builder.hpp"
#include "aci/tar_reader.hpp"
#include "base/error.hpp"
#include "base/fd.hpp"
#include "temporary_directory.hpp"
#include "tree/tree_writer.hpp"

namespace acistore::tree {

namespace fs = std::filesystem;

inline bool is_root() {
  return ::geteuid() == 0;
}

// An entry that belongs to whoever runs the test.
inline tar::Header header(char type, std::string_view path, std::uint64_t size = 0) {
  tar::Header made(type, path, size);
  made.uid(tar::octal(::geteuid(), 7)).gid(tar::octal(::getegid(), 7));
  return made;
}
inline std::string file(std::string_view path, const std::string& content = "",
                        const char* mode = "0000644") {
  return header('0', path, content.size()).mode(mode).text() + tar::padded(content);
}
inline std::string directory(std::string_view path, const char* mode = "0000755") {
  return header('5', path).mode(mode).mtime("00000000100").text();
}
inline std::string soft_link(std::string_view path, std::string_view target) {
  return header('2', path).link(target).text();
}
inline std::string hard_link(std::string_view path, std::string_view target) {
  return header('1', path).link(target).text();
}

// A tree in the making, in a directory whose neighbours show what is written elsewhere.
class Tree {
 public:
  explicit Tree(std::string top = ".") {
    fs::create_directory(path());
    fs::permissions(path(), fs::perms::owner_all);
    fd_ = Fd(::open(path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    writer_.emplace(fd_.get(), std::move(top));
  }

  fs::path outside() const { return directory_.path(); }
  fs::path path() const { return outside() / "tree"; }
  fs::path operator/(const std::string& name) const { return path() / name; }
  TreeWriter& writer() { return *writer_; }

  // Adds all entries, and returns the error that one of them ended in.
  std::string add(const std::string& archive) {
    tar::RunSource source(archive, 300);
    TarReader reader(source);
    try {
      while (const TarEntry* entry = reader.next())
        writer_->add(*entry, reader);
    } catch (const Error& error) {
      return (error.kind() == ErrorKind::kInvalid ? "" : "not invalid: ") + error.message();
    }
    return "";
  }

  // The same, and all that comes last.
  std::string write(const std::string& archive) {
    std::string error = add(archive);
    if (error.empty()) writer_->finish();
    return error;
  }

  std::string content(const std::string& name) const {
    std::ifstream in(path() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  struct stat status(const std::string& name) const {
    struct stat status {};
    if (::lstat((path() / name).c_str(), &status) != 0) throw std::runtime_error("stat " + name);
    return status;
  }
  mode_t mode(const std::string& name) const { return status(name).st_mode & ALLPERMS; }
  bool exists(const std::string& name) const {
    return fs::exists(fs::symlink_status(path() / name));
  }
  std::string xattr(const std::string& name, const char* xattr) const {
    char value[4096];
    const ssize_t size = ::lgetxattr((path() / name).c_str(), xattr, value, sizeof value);
    return size < 0 ? "none" : std::string(value, static_cast<std::size_t>(size));
  }

 private:
  TemporaryDirectory directory_;
  Fd fd_;
  std::optional<TreeWriter> writer_;
};

}  // namespace acistore::tree

#endif
