// SPDX-License-Identifier: Apache-2.0
#include "blob/quarantine.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "blob/directory.hpp"
#include "blob/layout.hpp"

namespace acistore {
namespace {

std::optional<Fd> open_shard(int store, const ImageKey& key) {
  const std::optional<Fd> parent = open_directory(store, layout::kBlobParent);
  if (!parent) return std::nullopt;
  const std::optional<Fd> root = open_directory(parent->get(), layout::kBlobRoot);
  if (!root) return std::nullopt;
  return open_directory(root->get(), layout::shard(key));
}

bool exists(int directory, const std::string& name) {
  struct stat status {};
  if (::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return true;
  if (errno != ENOENT) throw_errno("stat " + name);
  return false;
}

}  // namespace

std::optional<std::string> move_to_quarantine(int store, const ImageKey& key, bool sync) {
  const std::optional<Fd> shard = open_shard(store, key);
  if (!shard || !exists(shard->get(), key.text())) return std::nullopt;
  const Fd quarantine = make_directory(store, layout::kQuarantine);
  // A rename replaces what is there. Nobody else moves a file of this name here: the key is locked.
  std::string name = key.text();
  for (int number = 1; exists(quarantine.get(), name); ++number)
    name = key.text() + '.' + std::to_string(number);
  if (::renameat(shard->get(), key.text().c_str(), quarantine.get(), name.c_str()) != 0) {
    throw_errno("move " + layout::blob_path(key) + " to " + layout::kQuarantine);
  }
  if (sync) {
    // The new name first: rather two than none.
    flush_directory(quarantine.get());
    flush_directory(store);
    flush_directory(shard->get());
  }
  return std::string(layout::kQuarantine) + '/' + name;
}

}  // namespace acistore
