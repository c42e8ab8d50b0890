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

std::uint64_t size_of_reserve(int directory) {
  struct stat status {};
  if (::fstatat(directory, layout::kReserve, &status, AT_SYMLINK_NOFOLLOW) != 0) return 0;
  return S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
}

std::uint64_t affordable(int directory) {
  struct statvfs disk {};
  if (::fstatvfs(directory, &disk) != 0) return 0;
  const std::uint64_t pages = disk.f_bavail / kShare * disk.f_frsize / kPageBytes;
  return std::min(kReserveBytes, pages * kPageBytes);
}

}  // namespace

void try_to_restore_reserve(Store& store) noexcept {
  const std::uint64_t there = size_of_reserve(store.directory());
  if (there >= kReserveBytes) return;
  const std::uint64_t wanted = affordable(store.directory());
  // Not for every few bytes that there are more.
  if (wanted < 2 * there || wanted == 0) return;
  try {
    BlobWriter file = store.blobs().create();
    file.allocate(wanted);
    file.publish(store.directory(), layout::kReserve);
  } catch (const Error&) {
    // Best effort; what was made of it is gone with `file`.
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
