#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Waiting for a store that another process has locked, and file systems that cannot lock at all.

load support
load store_state

setup() {
  fresh_store
  make_image web.aci
  acistore import web.aci >/dev/null
  web=$(key_of web.aci)
}

# A library that makes every lock of a file fail with the error ERRNO, as a file system does that has
# none.
no_locks() {
  needs c++ 'it compiles a library'
  [[ -e $BATS_FILE_TMPDIR/$1.so ]] || c++ -shared -fPIC -O1 -x c++ -o "$BATS_FILE_TMPDIR/$1.so" - <<END
#include <cerrno>
#include <cstdarg>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>
extern "C" int fcntl64(int fd, int command, ...) {
  va_list list;
  va_start(list, command);
  void* argument = va_arg(list, void*);
  va_end(list);
  switch (command) {
    case F_GETLK: case F_SETLK: case F_SETLKW: case F_OFD_GETLK: case F_OFD_SETLK: case F_OFD_SETLKW:
      errno = $1;
      return -1;
    default:
      return static_cast<int>(syscall(SYS_fcntl, fd, command, argument));
  }
}
extern "C" int fcntl(int fd, int command, ...) __attribute__((alias("fcntl64")));
END
  PRELOAD=$BATS_FILE_TMPDIR/$1.so
  LD_PRELOAD=$PRELOAD "$ACISTORE" --version >/dev/null 2>&1 || skip 'the program takes no such library'
}

@test "on a file system without locks every verb says so at once" {
  for error in ENOLCK EOPNOTSUPP ENOSYS EINVAL; do
    no_locks "$error"
    for verb in list "get example.com/app" "cat $web" verify "rm $web" 'import web.aci' "mark --latest $web"; do
      LD_PRELOAD=$PRELOAD run timeout 20 "$ACISTORE" $verb
      [[ $status == 1 ]] || fail "$error: expected status 1 of $verb"
      [[ $output == "acistore: ${verb%% *}: $ACISTORE_DIR"*': the file system has no working locks: '* ]] ||
        fail "$error: another message of $verb"
    done
    ACISTORE_DIR=$PWD/new LD_PRELOAD=$PRELOAD run timeout 20 "$ACISTORE" import web.aci
    [[ $status == 1 && $output == *'new: the file system has no working locks: '* ]] ||
      fail "$error: expected a refusal"
  done
}

@test "a lock dies with the process that held it, however that ends" {
  for signal in TERM KILL; do
    for how in keys database; do
      case $how in
        keys) hold_keys ;;
        database) hold_database EXCLUSIVE ;;
      esac
      run_acistore --lock-timeout 0s import web.aci
      assert_status 7
      kill -"$signal" "$HOLDER"
      wait "$HOLDER" 2>/dev/null || true
      HOLDER=
      run_acistore --lock-timeout 5s import web.aci
      assert_status 0
    done
  done
}

@test "a process that is stopped holds its lock, and is named with its command line" {
  hold_keys
  kill -STOP "$HOLDER"
  for verb in "rm $web" 'import web.aci' 'put web.aci'; do
    run_acistore --lock-timeout 0s $verb
    assert_failure 7 "process $HOLDER \\([^)]*python3"
  done
  kill -CONT "$HOLDER"
}

@test "who holds a lock is named on btrfs too, which has several numbers for a device" {
  needs_root 'mount a file system'
  needs mkfs.btrfs
  truncate -s 128M disk
  mkfs.btrfs -q disk
  mkdir full
  mount -o loop disk full 2>/dev/null || skip 'no btrfs can be mounted here'
  MOUNTED+=("$PWD/full")
  export ACISTORE_DIR=$PWD/full/store
  acistore import web.aci
  hold_keys
  run_acistore --lock-timeout 0s rm "$web"
  assert_failure 7 "process $HOLDER \\("
  let_go
  hold_database EXCLUSIVE
  run_acistore --lock-timeout 0s list
  assert_failure 7 "process $HOLDER \\("
}

@test "who spends the reserve for too long is waited for no longer than for others" {
  small_file_system 4M
  acistore import web.aci
  hold 'import fcntl, struct
lock = open(directory + "/lock", "r+b")
fcntl.fcntl(lock, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 1 << 60, 1, 0))'
  # Without it nobody waits for that lock.
  run_acistore --lock-timeout 0s put web.aci
  assert_status 0
  rm -f "$ACISTORE_DIR/acistore.db-journal"
  fill_up
  run_acistore --lock-timeout 0s rm "$web"
  assert_failure 7 "process $HOLDER \\("
  let_go
  run_acistore rm "$web"
  assert_status 0
}
