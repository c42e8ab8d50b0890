// SPDX-License-Identifier: Apache-2.0
#include "store/reserve.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>

#include "blob/layout.hpp"

namespace acistore {
namespace {

// Of the room on the disk.
constexpr std::uint64_t kShare = 8;

constexpr std::uint64_t kPageBytes = 4096;

// Nothing if there is no regular file of that name.
std::optional<std::uint64_t> size_of(int directory, const char* name) {
  struct stat status {};
  if (::fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(status.st_size);
}

std::uint64_t affordable(int directory, std::uint64_t wanted) {
  struct statvfs disk {};
  if (::fstatvfs(directory, &disk) != 0) return 0;
  const std::uint64_t pages = disk.f_bavail / kShare * disk.f_frsize / kPageBytes;
  return std::min(wanted, pages * kPageBytes);
}

void try_to_make_reserve(Store& store) {
  const std::uint64_t there = size_of(store.directory(), layout::kReserve).value_or(0);
  if (there >= kReserveBytes) return;
  const std::uint64_t wanted = affordable(store.directory(), kReserveBytes);
  // Not for every few bytes that there are more.
  if (wanted == 0 || (wanted < kReserveBytes && wanted < 2 * there)) return;
  BlobWriter file = store.blobs().create();
  file.allocate(wanted);
  file.publish(store.directory(), layout::kReserve);
}

// Zeros at its end mean nothing to SQLite, which keeps the journal and whatever stands behind the
// part that is in use; so it may be extended while others work with it.
void try_to_extend_journal(int directory) {
  const auto there = size_of(directory, layout::kJournal);
  if (!there || *there >= kJournalBytes) return;
  const std::uint64_t wanted = affordable(directory, kJournalBytes);
  if (wanted <= *there) return;
  const Fd file(
      ::openat(directory, layout::kJournal, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file) return;
  // Not posix_fallocate(): where the file system cannot do it, that writes to what is there.
  [[maybe_unused]] const int ignored =
      ::fallocate(file.get(), 0, static_cast<off_t>(*there), static_cast<off_t>(wanted - *there));
}

}  // namespace

void try_to_restore_reserve(Store& store) noexcept {
  try_to_extend_journal(store.directory());
  try {
    try_to_make_reserve(store);
  } catch (const Error&) {
    // Best effort; what was made of it is gone.
  }
}

SpentReserve::SpentReserve(Store& store) : store_(store) {
  try {
    lock_.emplace(store.lock_reserve());
  } catch (const Error& error) {
    // There may be no room for a lock file that was lost.
    if (error.kind() != ErrorKind::kNoSpace) throw;
  }
  store.give_up_reserve();
}

}  // namespace acistore
