// SPDX-License-Identifier: Apache-2.0
#include "tree/metadata.hpp"

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <limits>

#include "base/error.hpp"
#include "base/quote.hpp"
#include "tree/acl.hpp"

namespace acistore {
namespace {

constexpr mode_t kSetUser = S_ISUID;
constexpr mode_t kSetGroup = S_ISGID;

// There is no call that takes a directory and a name (until Linux 6.13). The link in /proc leads to
// the directory itself, whatever it is called by now.
std::string path_by_proc(const Node& node) {
  return "/proc/self/fd/" + std::to_string(node.directory) + '/' + node.name;
}

// Returns 0 or errno, as the others do.
int try_xattr(const Node& node, const std::string& name, const std::string& value) {
  const int result =
      node.fd >= 0
          ? ::fsetxattr(node.fd, name.c_str(), value.data(), value.size(), 0)
          : ::lsetxattr(path_by_proc(node).c_str(), name.c_str(), value.data(), value.size(), 0);
  return result == 0 ? 0 : errno;
}

int try_owner(const Node& node, uid_t uid, gid_t gid) {
  const int result = node.fd >= 0
                         ? ::fchown(node.fd, uid, gid)
                         : ::fchownat(node.directory, node.name, uid, gid, AT_SYMLINK_NOFOLLOW);
  return result == 0 ? 0 : errno;
}

// EINVAL: a number that the user namespace has no user for.
bool is_not_allowed(int error) {
  return error == EPERM || error == EINVAL;
}

bool is_acl(std::string_view xattr) {
  return xattr == kAclAccessXattr || xattr == kAclDefaultXattr;
}

void check_id(const char* what, std::int64_t id) {
  if (id < 0 || id >= std::int64_t{std::numeric_limits<std::uint32_t>::max()})
    throw Error(ErrorKind::kInvalid, std::string(what) + " " + std::to_string(id) + " is none");
}

}  // namespace

struct stat status_of(const Node& node) {
  struct stat status {};
  const int result = node.fd >= 0
                         ? ::fstat(node.fd, &status)
                         : ::fstatat(node.directory, node.name, &status, AT_SYMLINK_NOFOLLOW);
  if (result != 0) throw_errno("stat");
  return status;
}

void check_owner(const TarEntry& entry) {
  check_id("user ID", entry.uid);
  check_id("group ID", entry.gid);
}

mode_t set_owner(const Node& node, const TarEntry& entry, LeftOut& left_out) {
  const auto uid = static_cast<uid_t>(entry.uid);
  const auto gid = static_cast<gid_t>(entry.gid);
  const struct stat status = status_of(node);
  if (status.st_uid == uid && status.st_gid == gid) return entry.mode;
  const int error = try_owner(node, uid, gid);
  if (error == 0) return entry.mode;
  if (!is_not_allowed(error)) throw system_error(error, "set owner");
  left_out.add(&LeftOut::owners, entry.path);
  // An owner may give what is his to each group that he is in.
  const bool has_user = status.st_uid == uid;
  const bool has_group = status.st_gid == gid || try_owner(node, static_cast<uid_t>(-1), gid) == 0;
  mode_t mode = entry.mode;
  if (!has_user) mode &= ~kSetUser;
  if (!has_group) mode &= ~kSetGroup;
  if (mode != entry.mode && entry.type != EntryType::kSymlink)
    left_out.add(&LeftOut::set_ids, entry.path);
  return mode;
}

void set_xattrs(const Node& node, const TarEntry& entry, LeftOut& left_out) {
  for (const Xattr& xattr : entry.xattrs) {
    if (is_acl(xattr.name)) continue;
    const int error = try_xattr(node, xattr.name, xattr.value);
    if (error == 0) continue;
    // ERANGE: no name, or too long a one.
    if (error != EPERM && error != EOPNOTSUPP && error != ERANGE)
      throw system_error(error, "set extended attribute " + quoted(xattr.name));
    left_out.add(&LeftOut::xattrs, entry.path);
  }
}

void set_mode(const Node& node, mode_t mode, const std::string& path, LeftOut& left_out) {
  // With that flag the C library goes by way of O_PATH, so that no link is followed.
  const int result = node.fd >= 0
                         ? ::fchmod(node.fd, mode)
                         : ::fchmodat(node.directory, node.name, mode, AT_SYMLINK_NOFOLLOW);
  if (result != 0) throw_errno("set mode");
  // The kernel passes in silence over a set-group-id bit that the user may not set.
  if ((mode & (kSetUser | kSetGroup)) != 0 && (status_of(node).st_mode & ALLPERMS) != mode)
    left_out.add(&LeftOut::set_ids, path);
}

void set_acl(const Node& node, std::string_view xattr, const std::string& value,
             const std::string& path, LeftOut& left_out) {
  if (value.empty()) return;
  const int error = try_xattr(node, std::string(xattr), value);
  if (error == 0) return;
  if (error == EPERM || error == EOPNOTSUPP) return left_out.add(&LeftOut::acls, path);
  if (error == EINVAL)
    throw Error(ErrorKind::kInvalid, "access control list: the kernel does not take it");
  throw system_error(error, "set access control list");
}

void set_mtime(const Node& node, const timespec& mtime) {
  const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, mtime};
  const int result = node.fd >= 0
                         ? ::futimens(node.fd, times)
                         : ::utimensat(node.directory, node.name, times, AT_SYMLINK_NOFOLLOW);
  if (result != 0) throw_errno("set time");
}

timespec to_timespec(const TarTime& time) {
  return {.tv_sec = time.seconds, .tv_nsec = static_cast<long>(time.nanos)};
}

AclValues acls_of(const TarEntry& entry, LeftOut& left_out) {
  AclValues values;
  // As GNU tar has it, the text counts where there are both.
  for (const Xattr& xattr : entry.xattrs) {
    if (xattr.name == kAclAccessXattr) values.access = xattr.value;
    if (xattr.name == kAclDefaultXattr) values.initial = xattr.value;
  }
  const auto read = [&](const std::string& text, std::string& value) {
    if (text.empty()) return;
    if (auto parsed = acl_from_text(text))
      value = std::move(*parsed);
    else if (value.empty())
      left_out.add(&LeftOut::acls, entry.path);
  };
  read(entry.acl_access, values.access);
  read(entry.acl_default, values.initial);
  if (entry.type != EntryType::kDirectory) values.initial.clear();
  return values;
}

}  // namespace acistore
