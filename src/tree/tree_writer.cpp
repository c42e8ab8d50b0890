// SPDX-License-Identifier: Apache-2.0
#include "tree/tree_writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/io.hpp"
#include "base/quote.hpp"
#include "base/unnamed_file.hpp"
#include "tree/acl.hpp"
#include "tree/beneath.hpp"
#include "tree/metadata.hpp"

namespace acistore {
namespace {

// As many as Linux has (include/linux/kdev_t.h); what is more would become another device.
constexpr std::int64_t kMaxDevMajor = (1 << 12) - 1;
constexpr std::int64_t kMaxDevMinor = (1 << 20) - 1;

struct ParentAndName {
  std::string_view parent;
  std::string name;
};

ParentAndName split(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {kTopDirectory, std::string(path)};
  return {path.substr(0, slash), std::string(path.substr(slash + 1))};
}

[[noreturn]] void refuse_entry(const std::string& why) {
  throw Error(ErrorKind::kInvalid, why);
}

// An archive has no path twice, so something lies below it.
[[noreturn]] void refuse_taken() {
  refuse_entry("something is there already, or lies below it");
}

// Makes something under a name: `attempt` says whether it could, or leaves errno.
void make(const char* what, const std::function<bool()>& attempt) {
  if (attempt()) return;
  if (errno == EEXIST) refuse_taken();
  throw_errno(what);
}

void write_run(int fd, const DataRun& run) {
  for (Bytes rest = run.bytes; !rest.empty();) {
    const auto offset = static_cast<off_t>(run.offset + (run.bytes.size() - rest.size()));
    const ssize_t count = ::pwrite(fd, rest.data(), rest.size(), offset);
    if (count >= 0)
      rest = rest.subspan(static_cast<std::size_t>(count));
    else if (errno != EINTR)
      throw_errno("write");
  }
}

void write_content(int fd, const TarEntry& entry, TarReader& content) {
  std::uint64_t end = 0;
  for (DataRun run = content.next_data(); !run.bytes.empty(); run = content.next_data()) {
    if (entry.sparse)
      write_run(fd, run);
    else
      write_all(fd, run.bytes);
    end = run.offset + run.bytes.size();
  }
  if (end != entry.size && ::ftruncate(fd, static_cast<off_t>(entry.size)) != 0)
    throw_errno("set size");
}

}  // namespace

TreeWriter::TreeWriter(int directory, std::string top)
    : directory_(directory), top_(std::move(top)), stack_(directory, left_out_) {}

void TreeWriter::add(const TarEntry& entry, TarReader& content) {
  const auto path = place_of(entry.path);
  if (!path) return;
  try {
    check_owner(entry);
    if (entry.type == EntryType::kDirectory) return add_directory(entry, *path);
    if (*path == kTopDirectory)
      refuse_entry("the top is " + std::string(describe(entry.type)) + ", not a directory");
    const auto [parent, name] = split(*path);
    stack_.enter(parent);
    switch (entry.type) {
      case EntryType::kFile:
        return add_file(entry, name, content);
      case EntryType::kHardLink:
        return add_hard_link(entry, *path, name);
      case EntryType::kSymlink:
        return add_symlink(entry, name);
      default:
        return add_special(entry, name);
    }
  } catch (Error& error) {
    error.add_context("entry " + std::to_string(entry.number) + " (" + quoted(entry.path) + ")");
    throw;
  }
}

void TreeWriter::finish() {
  stack_.close();
}

std::optional<std::string_view> TreeWriter::place_of(std::string_view path) const {
  if (top_ == kTopDirectory) return path;
  if (path == top_) return kTopDirectory;
  if (!path.starts_with(top_) || path[top_.size()] != '/') return std::nullopt;
  return path.substr(top_.size() + 1);
}

void TreeWriter::add_directory(const TarEntry& entry, std::string_view path) {
  if (path == kTopDirectory) {
    stack_.enter(path);
  } else {
    const auto [parent, name] = split(path);
    const int directory = stack_.enter(parent);
    struct stat status {};
    if (::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        !S_ISDIR(status.st_mode))
      refuse_taken();
    stack_.enter_child(name);
  }
  const Node node{.directory = -1, .name = nullptr, .fd = stack_.directory()};
  const mode_t mode = set_owner(node, entry, left_out_);
  set_xattrs(node, entry, left_out_);
  AclValues acls = acls_of(entry, left_out_);
  stack_.end() = {.mode = mode,
                  .mtime = to_timespec(entry.mtime),
                  .acl_access = std::move(acls.access),
                  .acl_default = std::move(acls.initial)};
}

void TreeWriter::add_file(const TarEntry& entry, const std::string& name, TarReader& content) {
  const int directory = stack_.directory();
  Fd fd;
  make("make file", [&] {
    fd = Fd(::openat(directory, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                     S_IRUSR | S_IWUSR));
    return static_cast<bool>(fd);
  });
  write_content(fd.get(), entry, content);
  give_metadata({.directory = directory, .name = name.c_str(), .fd = fd.get()}, entry);
  fd.close();
}

void TreeWriter::add_hard_link(const TarEntry& entry, std::string_view path,
                               const std::string& name) {
  std::string clean;
  if (const auto problem = clean_path(entry.link, clean)) refuse_entry("hard link: " + *problem);
  const auto target = place_of(clean);
  if (!target || *target == kTopDirectory || *target == path)
    refuse_entry("hard link to " + quoted(clean) + ", which it may not lead to");
  const ParentAndName place = split(*target);
  const Fd from = open_beneath(directory_, std::string(place.parent), O_PATH | O_DIRECTORY);
  struct stat status {};
  const bool is_there =
      from && ::fstatat(from.get(), place.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
  const bool is_locked = !is_there && errno == EACCES;
  if (is_there && S_ISDIR(status.st_mode))
    refuse_entry("hard link to " + quoted(clean) + ", which is a directory");
  if (!is_there && !is_locked) {
    if (left_out_devices_.contains(*target)) {
      left_out_devices_.insert(path);
      return left_out_.add(&LeftOut::devices, entry.path);
    }
    refuse_entry("hard link to " + quoted(clean) + ", which is no earlier entry");
  }
  make("link", [&] {
    errno = is_locked ? link_locked(std::string(*target), path, name)
            : ::linkat(from.get(), place.name.c_str(), stack_.directory(), name.c_str(), 0) == 0
                ? 0
                : errno;
    return errno == 0;
  });
}

// Where the directory of the target keeps us out already, it is entered once more.
int TreeWriter::link_locked(const std::string& target, std::string_view path,
                            const std::string& name) {
  const auto [parent, target_name] = split(target);
  const Fd file(
      ::openat(stack_.enter(parent), target_name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  const int error = errno;
  const int directory = stack_.enter(split(path).parent);
  return file ? link_open_file(file.get(), directory, name.c_str()) : error;
}

void TreeWriter::add_symlink(const TarEntry& entry, const std::string& name) {
  const int directory = stack_.directory();
  if (entry.link.empty()) refuse_entry("a symbolic link to nothing");
  make("make symbolic link",
       [&] { return ::symlinkat(entry.link.c_str(), directory, name.c_str()) == 0; });
  const Node node{.directory = directory, .name = name.c_str(), .fd = -1};
  set_owner(node, entry, left_out_);
  set_xattrs(node, entry, left_out_);
  set_mtime(node, to_timespec(entry.mtime));
}

void TreeWriter::add_special(const TarEntry& entry, const std::string& name) {
  const int directory = stack_.directory();
  if (entry.dev_major < 0 || entry.dev_major > kMaxDevMajor || entry.dev_minor < 0 ||
      entry.dev_minor > kMaxDevMinor)
    refuse_entry("there is no device " + std::to_string(entry.dev_major) + "," +
                 std::to_string(entry.dev_minor));
  mode_t type = S_IFIFO;
  if (entry.type == EntryType::kCharDevice) type = S_IFCHR;
  if (entry.type == EntryType::kBlockDevice) type = S_IFBLK;
  const dev_t device =
      ::makedev(static_cast<unsigned>(entry.dev_major), static_cast<unsigned>(entry.dev_minor));
  bool is_allowed = true;
  make("make special file", [&] {
    if (::mknodat(directory, name.c_str(), type | S_IRUSR | S_IWUSR, device) == 0) return true;
    is_allowed = errno != EPERM;
    return !is_allowed;
  });
  if (is_allowed)
    return give_metadata({.directory = directory, .name = name.c_str(), .fd = -1}, entry);
  left_out_.add(&LeftOut::devices, entry.path);
  left_out_devices_.insert(*place_of(entry.path));
}

void TreeWriter::give_metadata(const Node& node, const TarEntry& entry) {
  const mode_t mode = set_owner(node, entry, left_out_);
  set_xattrs(node, entry, left_out_);
  set_mode(node, mode, entry.path, left_out_);
  set_acl(node, kAclAccessXattr, acls_of(entry, left_out_).access, entry.path, left_out_);
  set_mtime(node, to_timespec(entry.mtime));
}

}  // namespace acistore
