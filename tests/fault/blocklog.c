// SPDX-License-Identifier: Apache-2.0
//
// A file system of one file, `disk`, that writes down all that is done to it:
//
//   blocklog SIZE LOG MOUNTPOINT
//
// A loop device on `disk` turns what a file system does to a block device into writes and flushes
// here. The log has a record for each, in the order in which they were completed: three 64-bit
// numbers, offset, length and zero, and the bytes; a flush is a record of offset -1 and length 0.
// The log's size is thus a position in the disk's history, and has grown before a write or a flush
// is answered. power.py makes disks of it as a loss of power might have left them.
//
// The contents are kept in memory.
#define FUSE_USE_VERSION 31
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static const char* const kPath = "/disk";
static char* contents;
static off_t size;
static int log_fd;

static int is_disk(const char* path) {
  return strcmp(path, kPath) == 0;
}

static void append(int64_t offset, const char* bytes, size_t length) {
  int64_t header[3] = {offset, (int64_t)length, 0};
  const struct iovec parts[2] = {{header, sizeof header}, {(void*)(uintptr_t)bytes, length}};
  if (writev(log_fd, parts, 2) != (ssize_t)(sizeof header + length)) abort();
}

static int get_attributes(const char* path, struct stat* status, struct fuse_file_info* file) {
  (void)file;
  memset(status, 0, sizeof *status);
  if (strcmp(path, "/") == 0) {
    status->st_mode = S_IFDIR | 0755;
    status->st_nlink = 2;
    return 0;
  }
  if (!is_disk(path)) return -ENOENT;
  status->st_mode = S_IFREG | 0600;
  status->st_nlink = 1;
  status->st_size = size;
  return 0;
}

static int list(const char* path, void* buffer, fuse_fill_dir_t fill, off_t offset,
                struct fuse_file_info* file, enum fuse_readdir_flags flags) {
  (void)path, (void)offset, (void)file, (void)flags;
  fill(buffer, kPath + 1, NULL, 0, 0);
  return 0;
}

static int open_disk(const char* path, struct fuse_file_info* file) {
  (void)file;
  return is_disk(path) ? 0 : -ENOENT;
}

static int read_disk(const char* path, char* to, size_t length, off_t offset,
                     struct fuse_file_info* file) {
  (void)path, (void)file;
  if (offset >= size) return 0;
  if ((off_t)length > size - offset) length = (size_t)(size - offset);
  memcpy(to, contents + offset, length);
  return (int)length;
}

static int write_disk(const char* path, const char* from, size_t length, off_t offset,
                      struct fuse_file_info* file) {
  (void)path, (void)file;
  if (offset + (off_t)length > size) return -ENOSPC;
  memcpy(contents + offset, from, length);
  append(offset, from, length);
  return (int)length;
}

static int flush_disk(const char* path, int data_only, struct fuse_file_info* file) {
  (void)path, (void)data_only, (void)file;
  append(-1, NULL, 0);
  return 0;
}

// To the loop device: this disk knows no discard, so blocks are only changed by writes.
static int allocate(const char* path, int mode, off_t offset, off_t length,
                    struct fuse_file_info* file) {
  (void)path, (void)mode, (void)offset, (void)length, (void)file;
  return -EOPNOTSUPP;
}

static const struct fuse_operations kOperations = {
    .getattr = get_attributes,
    .readdir = list,
    .open = open_disk,
    .read = read_disk,
    .write = write_disk,
    .fsync = flush_disk,
    .fallocate = allocate,
};

int main(int argc, char** argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: blocklog SIZE LOG MOUNTPOINT\n");
    return 2;
  }
  size = (off_t)strtoll(argv[1], NULL, 10);
  log_fd = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  contents = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (log_fd < 0 || contents == MAP_FAILED) {
    perror("blocklog");
    return 1;
  }
  // One thread, so that the log has one order; in the foreground, so that its parent can wait.
  char* options[] = {argv[0], (char*)"-s", (char*)"-f", argv[3], NULL};
  return fuse_main(4, options, &kOperations, NULL);
}
