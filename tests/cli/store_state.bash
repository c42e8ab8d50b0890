# SPDX-License-Identifier: Apache-2.0
# Brings a store into states that no command of ours makes: held by another process, pinned,
# unwritable, full. For suites that test what the commands do then; load after support.bash. A suite
# with a teardown() of its own calls restore_state in it.

teardown() {
  restore_state
}

restore_state() {
  let_go
  unmount_all
  [[ ! -d ${UNWRITABLE:-} ]] || chmod -R u+w "$UNWRITABLE"
}

# Runs SQL on the store's database, a column a word: sql "SELECT count(*) FROM image"
sql() {
  sqlite3 -batch -bail -separator ' ' "$ACISTORE_DIR/acistore.db" "$1" </dev/null
}

# Pins a key: pin KEY OWNER [SECONDS-FROM-NOW], without the last for good.
pin() {
  local expires=NULL
  [[ -z ${3:-} ]] || expires="(unixepoch() + $3) * 1000000000"
  sql "INSERT INTO pin (blob_id, owner, expires)
       SELECT id, '$2', $expires FROM blob WHERE key = '$1'"
}

# Has a process hold the database, from IMMEDIATE (no one else writes) or EXCLUSIVE (no one else
# reads either), until let_go. Sets HOLDER to its process ID.
hold_database() {
  hold 'import sqlite3
connection = sqlite3.connect(directory + "/acistore.db", isolation_level=None)
connection.execute("BEGIN " + how)' "$1"
}

# Has a process hold the bytes of every key, by the open-file-description locks of the store itself.
hold_keys() {
  hold 'import fcntl, struct
lock = open(directory + "/lock", "r+b")
fcntl.fcntl(lock, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))'
}

# hold CODE [HOW]: returns when the code has run; what it locked stays so until let_go.
hold() {
  rm -f "$BATS_TEST_TMPDIR/held"
  python3 -c 'import os, signal, sys
directory, held, how = sys.argv[1:4]
'"$1"'
with open(held + ".new", "w") as file:
    file.write(str(os.getpid()))
os.rename(held + ".new", held)
signal.pause()' "$ACISTORE_DIR" "$BATS_TEST_TMPDIR/held" "${2:-}" 3>&- >/dev/null &
  HOLDER=$!
  until [[ -e $BATS_TEST_TMPDIR/held ]]; do
    kill -0 "$HOLDER" || fail 'the process that was to hold the lock has ended' || return
    sleep 0.05
  done
  HOLDER=$(<"$BATS_TEST_TMPDIR/held")
}

# Does nothing when nothing is held.
let_go() {
  [[ -n ${HOLDER:-} ]] || return 0
  kill "$HOLDER" 2>/dev/null || true
  kill -CONT "$HOLDER" 2>/dev/null || true
  wait "$HOLDER" 2>/dev/null || true
  HOLDER=
}

# Two images, one.aci and two.aci, whose keys begin with the same two digits. Sets TWIN to those as
# a prefix, "sha512-ab".
make_twins() {
  local digits
  make_image twins --many 60
  digits=$(sha512sum twins/*.aci | cut -c 1-2 | sort | uniq -d | head -n 1)
  [[ -n $digits ]] || fail 'of the 60 images no two have keys that begin alike' || return
  mapfile -t twins < <(sha512sum twins/*.aci | sed -n "s/^${digits}[0-9a-f]*  //p")
  mv "${twins[0]}" one.aci
  mv "${twins[1]}" two.aci
  rm -r twins
  TWIN=sha512-$digits
}

# A directory on a tiny file system of its own, at full/ below the current directory, and the store
# in it. Taken down when the test ends.
small_file_system() {
  needs_root 'mount a small file system'
  mkdir -p full
  mount -t tmpfs -o "size=$1" none full 2>/dev/null || skip 'no file system can be mounted here'
  MOUNTED+=("$PWD/full")
  export ACISTORE_DIR=$PWD/full/store
}

# Writes until not a byte is left on it.
fill_up() {
  local size
  size=$(df --output=avail -B 1 full | tail -n 1)
  ((size < 1 << 23)) || fallocate -l $((size - (1 << 22))) full/ballast
  for size in 64k 4k 512 1; do
    dd if=/dev/zero "of=full/ballast-$size" "bs=$size" 2>/dev/null || true
  done
  # Some keep back what they never give out, and call it available.
  ! dd if=/dev/zero of=full/one-more bs=4096 count=1 conv=fsync 2>/dev/null || fail 'the file system is not full'
}

unmount_all() {
  local directory
  cd /
  for directory in "${MOUNTED[@]}"; do
    umount "$directory"
  done
  MOUNTED=()
}

# Makes run_reader run the program as somebody who may read the store and not write it.
become_reader() {
  READER=()
  PROGRAM=$ACISTORE
  if [[ $EUID != 0 ]]; then
    UNWRITABLE=$ACISTORE_DIR
    chmod -R a-w "$UNWRITABLE"
    return
  fi
  needs setpriv 'it becomes another user'
  READER=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  local directory=$BATS_TEST_TMPDIR
  while [[ $directory == "$BATS_RUN_TMPDIR"* ]]; do
    chmod a+rx "$directory"
    directory=${directory%/*}
  done
  if ! "${READER[@]}" test -x "$PROGRAM"; then
    PROGRAM=$BATS_TEST_TMPDIR/acistore
    cp "$ACISTORE" "$PROGRAM"
  fi
  "${READER[@]}" test -x "$PROGRAM" || skip 'another user cannot reach the directory of this test'
}

run_reader() {
  run --separate-stderr "${READER[@]}" "$PROGRAM" "$@"
}

# Every path of the store with all that changes when it does (not the access time).
listing() {
  find "$ACISTORE_DIR" -printf '%P %y %m %U:%G %s %T@ %C@ %i\n' | LC_ALL=C sort
}
