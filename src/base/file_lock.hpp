// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_FILE_LOCK_HPP
#define ACISTORE_BASE_FILE_LOCK_HPP

#include <sys/types.h>

#include <chrono>

namespace acistore {

// Throws Error(kIo) if the file system of an open file has no locks, as far as can be told without
// taking one.
void check_locks_work(int fd);

enum class LockMode {
  kShared,     // needs a descriptor that is open for reading
  kExclusive,  // needs a descriptor that is open for writing
};

// Holds one byte of a file, or several in a row, by an open-file-description lock (fcntl(2)): it
// excludes every other descriptor, of this process too, dies with its descriptor, and works over
// NFS. The byte need not exist. Two ByteLocks of one descriptor do not exclude each other, and the
// one that ends first unlocks the byte for both: lock a byte once.
class ByteLock {
 public:
  // Waits up to `timeout`. Throws Error: kBusy when the time is over, kIo when the file system
  // cannot lock. The descriptor must outlive the lock.
  ByteLock(int fd, off_t byte, LockMode mode, std::chrono::milliseconds timeout, off_t count = 1);
  ByteLock(ByteLock&& other) noexcept;
  ByteLock& operator=(ByteLock&& other) = delete;
  ~ByteLock();

 private:
  int fd_;
  off_t byte_;
  off_t count_;
};

}  // namespace acistore

#endif
