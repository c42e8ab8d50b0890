// SPDX-License-Identifier: Apache-2.0
#include "blob/blob_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "blob/directory.hpp"
#include "blob/layout.hpp"

namespace acistore {
namespace {

bool exists(int directory, const std::string& name) {
  struct stat status {};
  if (::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return true;
  if (errno != ENOENT) throw_errno("stat " + name);
  return false;
}

}  // namespace

std::optional<Fd> BlobStore::root() const {
  const std::optional<Fd> parent = open_directory(directory_, layout::kBlobParent);
  if (!parent) return std::nullopt;
  return open_directory(parent->get(), layout::kBlobRoot);
}

std::optional<Fd> BlobStore::shard_of(const ImageKey& key) const {
  const std::optional<Fd> top = root();
  if (!top) return std::nullopt;
  return open_directory(top->get(), layout::shard(key));
}

std::optional<OpenBlob> BlobStore::open(const ImageKey& key) const {
  const std::optional<Fd> shard = shard_of(key);
  if (!shard) return std::nullopt;
  // O_NONBLOCK: a fifo planted there must not make the open wait.
  Fd fd(::openat(shard->get(), key.text().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd) {
    if (errno == ENOENT) return std::nullopt;
    if (errno == ELOOP) {  // a symbolic link
      throw Error(ErrorKind::kDamaged, layout::blob_path(key) + " is not a regular file");
    }
    throw_errno("open " + layout::blob_path(key));
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) throw_errno("stat " + layout::blob_path(key));
  if (!S_ISREG(status.st_mode)) {
    throw Error(ErrorKind::kDamaged, layout::blob_path(key) + " is not a regular file");
  }
  return OpenBlob{.fd = std::move(fd), .size = static_cast<std::uint64_t>(status.st_size)};
}

std::optional<std::uint64_t> BlobStore::size(const ImageKey& key) const {
  const std::optional<Fd> shard = shard_of(key);
  if (!shard) return std::nullopt;
  struct stat status {};
  if (::fstatat(shard->get(), key.text().c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::nullopt;
    throw_errno("stat " + layout::blob_path(key));
  }
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(status.st_size);
}

std::vector<ImageKey> BlobStore::keys() const {
  std::vector<ImageKey> keys;
  const std::optional<Fd> top = root();
  if (!top) return keys;
  for (const std::string& name : directory_names(top->get())) {
    if (name.size() != layout::kShardDigits) continue;
    const std::optional<Fd> shard = open_directory(top->get(), name);
    if (!shard) continue;
    for (const std::string& file : directory_names(shard->get())) {
      if (auto key = layout::parse_blob(name, file)) keys.push_back(std::move(*key));
    }
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

bool BlobStore::is_empty() const {
  return keys().empty();
}

BlobWriter BlobStore::create(Writeback writeback) {
  // Not std::call_once: where the runtime of C++ is linked statically, an exception that passes
  // through the C library's pthread_once() ends the program.
  const std::lock_guard<std::mutex> guard(making_temporary_);
  if (!temporary_) temporary_ = make_directory(directory_, layout::kTemporary);
  return BlobWriter(temporary_.get(), writeback);
}

void BlobStore::publish(BlobWriter& blob, const ImageKey& key) {
  if (!writable_root_) {
    const Fd parent = make_directory(directory_, layout::kBlobParent);
    writable_root_ = make_directory(parent.get(), layout::kBlobRoot);
  }
  const std::string shard = layout::shard(key);
  auto place = unflushed_.find(shard);
  if (place == unflushed_.end()) {
    place = unflushed_.emplace(shard, make_directory(writable_root_.get(), shard)).first;
  }
  blob.publish(place->second.get(), key.text());
}

void BlobStore::flush_names() {
  for (const auto& [name, shard] : unflushed_)
    flush_directory(shard.get());
  // The root too, even if every shard was there before: another process may have made one just now
  // and not have come to flush it.
  if (!unflushed_.empty()) flush_directory(writable_root_.get());
  unflushed_.clear();
}

void BlobStore::try_set_mtime(const ImageKey& key, UnixNanos mtime) {
  const std::optional<Fd> shard = shard_of(key);
  if (!shard) return;
  const std::array<timespec, 2> times{timespec{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                                      to_timespec(mtime)};
  // It serves `recover` only, and the database has the truth: failing is no reason to fail.
  [[maybe_unused]] const int ignored =
      ::utimensat(shard->get(), key.text().c_str(), times.data(), AT_SYMLINK_NOFOLLOW);
}

void BlobStore::remove(const ImageKey& key) {
  const std::optional<Fd> shard = shard_of(key);
  if (shard && ::unlinkat(shard->get(), key.text().c_str(), 0) != 0 && errno != ENOENT) {
    throw_errno("remove " + layout::blob_path(key));
  }
}

std::optional<std::string> BlobStore::move_to_quarantine(const ImageKey& key, bool sync) {
  const std::optional<Fd> shard = shard_of(key);
  if (!shard || !exists(shard->get(), key.text())) return std::nullopt;
  const Fd quarantine = make_directory(directory_, layout::kQuarantine);
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
    flush_directory(directory_);
    flush_directory(shard->get());
  }
  return std::string(layout::kQuarantine) + '/' + name;
}

}  // namespace acistore
