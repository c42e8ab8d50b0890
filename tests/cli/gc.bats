#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore gc: what goes, what stays, and that nothing else is ever lost.

load support
load store_state

# Three images of one name, imported in this order.
three_images() {
  make_image a.aci --label version=1
  make_image b.aci --label version=2 --size 20000
  make_image c.aci --label version=3
  acistore import a.aci b.aci c.aci >/dev/null
  a=$(key_of a.aci) b=$(key_of b.aci) c=$(key_of c.aci)
}

# age KEY SECONDS: as if the image had been used so long ago.
age() {
  sql "UPDATE image SET last_used = (unixepoch() - $2) * 1000000000
       WHERE blob_id = (SELECT id FROM blob WHERE key = '$1')"
}

HOUR=3600
DAY=86400

# line KEY FILE: what is printed of its removal.
line() {
  printf '%s  %s\n' "$1" "$(stat -c %s "$2")"
}

# Puts a file where the blob of its bytes would be, as an import that was killed leaves one. Sets
# ORPHAN to its key.
make_orphan() {
  printf 'orphan %s' "${1:-}" >orphan
  ORPHAN=$(key_of orphan)
  mkdir -p "$(dirname "$(blob_of "$ORPHAN")")"
  cp orphan "$(blob_of "$ORPHAN")"
  chmod 444 "$(blob_of "$ORPHAN")"
}

# wait_for CONDITION...: until the command succeeds.
wait_for() {
  local tries=0
  until "$@"; do
    ((++tries < 400)) || fail "waited too long for: $*" || return
    sleep 0.05
  done
}

@test "without an argument: what was not used for 24 hours, the least recently used first" {
  three_images
  run_acistore gc
  assert_status 0
  assert_stdout ''
  assert_stderr ''
  age "$a" $((2 * DAY))
  age "$b" $((3 * DAY))
  age "$c" $((23 * HOUR))
  run_acistore gc
  assert_status 0
  assert_stdout "$(line "$b" b.aci)
$(line "$a" a.aci)"
  assert_stderr ''
  assert_kept "$c"
}

@test "--grace-period: a use counts as up to an hour later than recorded" {
  three_images
  age "$a" $((HOUR + 5))
  age "$b" $((HOUR + 65))
  run_acistore gc --grace-period 1m
  assert_status 0
  assert_stdout "$(line "$b" b.aci)"
  run_acistore gc --grace-period 0s
  assert_status 0
  assert_stdout "$(line "$a" a.aci)
$(line "$c" c.aci)"
  refute_kept
}

@test "cat keeps an image from being removed" {
  three_images
  for key in "$a" "$b" "$c"; do
    age "$key" $((3 * DAY))
  done
  acistore cat "$b" >/dev/null
  acistore gc
  assert_kept "$b"
}

@test "--max-size: the least recently used go until the store is so small, and no more" {
  three_images
  age "$a" 30
  age "$b" 20
  age "$c" 10
  total=$(($(stat -c %s a.aci) + $(stat -c %s b.aci) + $(stat -c %s c.aci)))
  run_acistore gc --max-size $total
  assert_stdout ''
  run_acistore gc --max-size $((total - 1))
  assert_status 0
  assert_stdout "$(line "$a" a.aci)"
  run_acistore gc --max-size 12K
  assert_stdout "$(line "$b" b.aci)"
  assert_kept "$c"
  run_acistore gc --max-size 0
  assert_stdout "$(line "$c" c.aci)"
  refute_kept
}

@test "--max-size alone removes nothing for its age; with --grace-period both count" {
  three_images
  age "$a" $((9 * DAY))
  run_acistore gc --max-size 1G
  assert_stdout ''
  run_acistore gc --max-size 1G --grace-period 7d
  assert_stdout "$(line "$a" a.aci)"
  run_acistore gc --max-size "$(stat -c %s c.aci)" --grace-period 7d
  assert_stdout "$(line "$b" b.aci)"
  assert_kept "$c"
}

@test "--max-size that cannot be reached is said, and no failure" {
  three_images
  acistore pin "$b"
  run_acistore gc --max-size 1
  assert_status 0
  assert_stdout "$(line "$a" a.aci)
$(line "$c" c.aci)"
  assert_stderr_line "^gc: the store cannot get that small: what stays has $(stat -c %s b.aci) bytes"
  assert_kept "$b"
}

@test "--keep-last protects the newest of each name, whatever else selects them" {
  three_images
  make_image other.aci --name example.com/other
  acistore import other.aci a.aci >/dev/null
  run_acistore gc --keep-last 1 --grace-period 0s --max-size 0
  assert_status 0
  assert_stdout "$(line "$b" b.aci)
$(line "$c" c.aci)"
  assert_kept "$a" "$(key_of other.aci)"
  run_acistore gc --keep-last 1
  assert_stdout ''
}

@test "a pinned image stays, whatever selects it, until its pin expires" {
  three_images
  acistore pin "$a" --owner kubelet
  acistore pin "$b" --for 1h
  run_acistore gc --grace-period 0s --max-size 0 -q
  assert_status 0
  assert_stdout "$(line "$c" c.aci)"
  assert_kept "$a" "$b"
  sql "UPDATE pin SET expires = (unixepoch() - 1) * 1000000000 WHERE owner = 'manual'"
  run_acistore gc --grace-period 0s
  assert_stdout "$(line "$b" b.aci)"
  assert_kept "$a"
}

@test "import --pin: an image is safe from the moment when it is there" {
  make_image a.aci
  acistore import --pin=ci a.aci
  run_acistore gc --grace-period 0s
  assert_stdout ''
  assert_kept "$(key_of a.aci)"
}

@test "what put stored stays, until it becomes an image" {
  make_image a.aci
  acistore put a.aci
  printf note >note
  note=$(acistore put note)
  run_acistore gc --grace-period 0s --max-size 0
  assert_status 0
  assert_stdout ''
  assert_stderr_line 'cannot get that small'
  acistore import a.aci
  run_acistore gc --grace-period 0s
  assert_stdout "$(line "$(key_of a.aci)" a.aci)"
  [[ $(acistore cat "$note") == note ]]
}

@test "the remotes of what is removed go with it, and it can be imported again" {
  three_images
  acistore remote add https://example.com/a.aci "$a"
  acistore gc --grace-period 0s
  [[ $(acistore remote list) == '' ]]
  refute_kept
  acistore import a.aci
  acistore cat "$a" | cmp - a.aci
}

@test "--dry-run prints what a real run prints, and changes nothing" {
  three_images
  age "$a" $((2 * DAY))
  age "$b" $((3 * DAY))
  make_orphan
  echo rubbish >"$ACISTORE_DIR/tmp/rubbish"
  mkdir "$ACISTORE_DIR/quarantine"
  echo bad >"$ACISTORE_DIR/quarantine/bad"
  before=$(listing)
  options=(--grace-period 1d --max-size 15K --quarantine)
  run_acistore gc --dry-run "${options[@]}"
  assert_status 0
  assert_stderr ''
  dry=$output
  [[ $(listing) == "$before" ]] || fail 'expected the store as it was'
  dry_json=$(acistore --json gc --dry-run "${options[@]}")
  run_acistore gc "${options[@]}"
  assert_status 0
  assert_stdout "$dry"
  assert_stdout "tmp/rubbish  8
$ORPHAN  7
quarantine/bad  4
$(line "$b" b.aci)
$(line "$a" a.aci)"
  [[ $(jq -r '.removed[] | "\(.key // .path)  \(.size)"' <<<"$dry_json") == "$dry" ]]
  run_acistore gc "${options[@]}"
  assert_stdout ''
  assert_kept "$c"
}

@test "--dry-run works for somebody who may only read" {
  three_images
  age "$a" $((2 * DAY))
  make_orphan
  echo rubbish >"$ACISTORE_DIR/tmp/rubbish"
  become_reader
  before=$(listing)
  run_reader gc --dry-run
  assert_status 0
  assert_stdout "tmp/rubbish  8
$ORPHAN  7
$(line "$a" a.aci)"
  [[ $(listing) == "$before" ]]
  run_reader gc
  assert_failure 1 '^gc: '
  [[ $(listing) == "$before" ]]
}

@test "--explain says of every image on standard error why it goes or stays" {
  three_images
  make_image d.aci --name example.com/other
  acistore import d.aci
  acistore pin "$a" --owner kubelet
  age "$b" $((3 * DAY))
  age "$c" $((2 * DAY))
  run_acistore gc --explain --keep-last 1 --dry-run
  assert_status 0
  assert_stdout "$(line "$b" b.aci)"
  [[ ${#stderr_lines[@]} == 4 ]] || fail 'expected a line for each image'
  [[ $stderr =~ "acistore: gc: $b  example.com/app: goes: last used "[0-9TZ:.-]+", longer ago than the grace period" ]]
  [[ $stderr == *"acistore: gc: $a  example.com/app: stays: pinned by \"kubelet\""* ]]
  [[ $stderr == *"acistore: gc: $c  example.com/app: stays: one of the last imported of its name"* ]]
  [[ $stderr == *"acistore: gc: $(key_of d.aci)  example.com/other: stays: one of the last"* ]]
  run_acistore gc --explain --max-size 10M --dry-run
  [[ $stderr == *"$b  example.com/app: stays: last used "*', and the store is small enough'* ]]
  run_acistore gc --explain --max-size 1 --dry-run
  [[ $stderr == *"$b  example.com/app: goes: last used "*', and the store is too large'* ]]
  run_acistore gc --explain --dry-run
  [[ $stderr == *"$(key_of d.aci)  example.com/other: stays: last used "*', within the grace period'* ]]
  run_acistore gc --explain --dry-run --quiet
  assert_stderr ''
}

@test "--json tells of each removal and its reason, in an object" {
  three_images
  run_acistore --json gc
  assert_status 0
  assert_stdout '{"removed":[]}'
  age "$b" $((3 * DAY))
  make_orphan
  echo rubbish >"$ACISTORE_DIR/tmp/rubbish"
  run_acistore --json gc --grace-period 1d --max-size 15K
  assert_status 0
  assert_json 'keys' '["removed"]'
  assert_json '[.removed[].reason]' '["temporary","orphan","unused"]'
  assert_json '[.removed[].key]' "[null,\"$ORPHAN\",\"$b\"]"
  assert_json '[.removed[].size]' "[8,7,$(stat -c %s b.aci)]"
  assert_json '[.removed[].path]' '["tmp/rubbish",null,null]'
  run_acistore --json gc --max-size 0
  assert_json '[.removed[].reason] | unique' '["max-size"]'
}

@test "a temporary file that a process holds stays; once it is let go it is swept" {
  make_image a.aci
  acistore import a.aci
  echo half >"$ACISTORE_DIR/tmp/half"
  echo other >"$ACISTORE_DIR/tmp/other"
  hold 'import fcntl
half = open(directory + "/tmp/half", "r+b")
fcntl.flock(half, fcntl.LOCK_EX)'
  run_acistore gc --dry-run
  assert_stdout 'tmp/other  6'
  run_acistore gc
  assert_status 0
  assert_stdout 'tmp/other  6'
  [[ -e $ACISTORE_DIR/tmp/half ]]
  let_go
  run_acistore gc
  assert_stdout 'tmp/half  5'
  assert_kept "$(key_of a.aci)"
}

# Makes import use temporary files that have names, as it does where the file system has no
# O_TMPFILE.
without_o_tmpfile() {
  needs cc 'it takes O_TMPFILE away'
  cat >shim.c <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
static int go(const char *name, int dir, const char *path, int flags, va_list rest) {
  if ((flags & O_TMPFILE) == O_TMPFILE) return errno = EOPNOTSUPP, -1;
  int (*real)(int, const char *, int, ...) = (int (*)(int, const char *, int, ...))dlsym(RTLD_NEXT, name);
  return real(dir, path, flags, (flags & O_CREAT) ? va_arg(rest, int) : 0);
}
int openat(int dir, const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  return go("openat", dir, path, flags, rest);
}
int openat64(int dir, const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  return go("openat64", dir, path, flags, rest);
}
END
  cc -shared -fPIC -O1 -w -o shim.so shim.c -ldl
  export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0
  SHIM=$PWD/shim.so
}

has_temporary_file() {
  compgen -G "$ACISTORE_DIR/tmp/*" >/dev/null
}

# Begins to import from a pipe, and waits until the first half is in a temporary file. Sets IMPORT.
begin_import() {
  mkfifo pipe
  LD_PRELOAD=$SHIM "$ACISTORE" import - <pipe >key 2>err 3>&- &
  IMPORT=$!
  exec 7>pipe
  head -c 200000 big.aci >&7
  wait_for has_temporary_file
}

@test "an import that is stopped in the middle keeps its temporary file, and finishes" {
  make_image big.aci --size 400000
  make_image a.aci
  acistore import a.aci
  without_o_tmpfile
  begin_import
  kill -STOP "$IMPORT"
  run_acistore gc --dry-run
  assert_stdout ''
  run_acistore gc --grace-period 0s
  assert_status 0
  assert_stdout "$(line "$(key_of a.aci)" a.aci)"
  assert_stderr ''
  kill -CONT "$IMPORT"
  tail -c +200001 big.aci >&7
  exec 7>&-
  wait "$IMPORT"
  [[ $(<key) == "$(key_of big.aci)" ]] || fail "$(<err)"
  assert_kept "$(key_of big.aci)"
}

@test "what an import leaves that is killed in the middle is swept" {
  make_image big.aci --size 400000
  make_image a.aci
  acistore import a.aci
  without_o_tmpfile
  begin_import
  kill -KILL "$IMPORT"
  wait "$IMPORT" || true
  exec 7>&-
  has_temporary_file
  run_acistore gc
  assert_status 0
  assert_stdout_line 'tmp/[0-9a-f]{32}  [0-9]+'
  [[ ${#lines[@]} == 1 ]]
  assert_kept "$(key_of a.aci)"
}

@test "a file that is replaced is never without a holder while it has a temporary name" {
  needs strace 'it shows the system calls'
  make_image a.aci
  acistore import a.aci
  make_image b.aci --label version=2
  key=$(key_of b.aci)
  mkdir -p "$(dirname "$(blob_of "$key")")"
  echo short >"$(blob_of "$key")"
  run strace -f -o trace -e trace=flock,linkat,renameat,renameat2,rename "$ACISTORE" import b.aci
  [[ $status == 0 ]] || skip 'nothing can be traced here'
  grep -q rename trace || fail 'expected the file to be replaced by renaming'
  order=$(sed -nE 's/.*(flock|rename)[a-z0-9]*\(.*/\1/p' trace | head -n 2 | paste -sd ' ')
  [[ $order == 'flock rename' ]] || fail "expected a lock before the temporary name, not: $(<trace)"
}

@test "a blob without a row is swept, beside all that has one" {
  three_images
  make_orphan
  run_acistore verify
  assert_stdout_line "$ORPHAN  orphan: .*"
  run_acistore gc
  assert_status 0
  assert_stdout "$ORPHAN  7"
  [[ ! -e $(blob_of "$ORPHAN") ]]
  assert_kept "$a" "$b" "$c"
  acistore verify
}

@test "files among the blobs that are not named as blobs are left alone" {
  three_images
  shard=$(dirname "$(blob_of "$a")")
  touch "$shard/README" "$shard/${a%?}"
  run_acistore gc
  assert_status 0
  assert_stdout ''
  [[ -e $shard/README && -e $shard/${a%?} ]]
}

@test "a blob that is just being imported is no rubbish" {
  make_image a.aci
  make_image b.aci --label version=2
  acistore import a.aci
  b=$(key_of b.aci)
  hold_database IMMEDIATE
  "$ACISTORE" import b.aci >key 3>&- &
  import=$!
  wait_for test -e "$(blob_of "$b")"
  # It has its name, and no row yet. Whoever waits too short a time says so.
  run_acistore gc --lock-timeout 0s
  assert_failure 7 '^gc: .*busy'
  run_acistore gc --dry-run --lock-timeout 0s
  assert_failure 7 '^gc: .*busy'
  "$ACISTORE" gc >swept 2>&1 3>&- &
  gc=$!
  let_go
  wait "$import"
  wait "$gc" || fail "$(<swept)"
  [[ $(<swept) == '' ]] || fail "expected nothing to be swept, not $(<swept)"
  assert_kept "$(key_of a.aci)" "$b"
  acistore cat "$b" | cmp - b.aci
}

@test "what is pinned or used after it was selected stays" {
  three_images
  for key in "$a" "$b" "$c"; do
    age "$key" $((3 * DAY))
  done
  hold_keys
  "$ACISTORE" gc --explain >removed 2>explained 3>&- &
  gc=$!
  wait_for grep -q "$c" explained
  acistore pin "$a"
  acistore cat "$b" >/dev/null
  let_go
  wait "$gc"
  [[ $(<removed) == "$(line "$c" c.aci)" ]] || fail "$(<removed)"
  assert_kept "$a" "$b"
}

@test "--keep-last holds for what is there when an image's turn comes" {
  three_images
  hold_keys
  "$ACISTORE" gc --keep-last 1 --grace-period 0s --explain >removed 2>explained 3>&- &
  gc=$!
  wait_for grep -q "$c" explained
  # Somebody else takes the newest away: rm needs the key, so this is what its transaction does.
  sql "PRAGMA foreign_keys = ON"
  sql "DELETE FROM label WHERE blob_id = (SELECT id FROM blob WHERE key = '$c')"
  sql "DELETE FROM image WHERE blob_id = (SELECT id FROM blob WHERE key = '$c')"
  let_go
  wait "$gc"
  [[ $(<removed) == "$(line "$a" a.aci)" ]] || fail "$(<removed)"
  acistore exists "$b"
}

@test "two at the same time remove everything once" {
  three_images
  "$ACISTORE" gc --grace-period 0s >one 2>&1 3>&- &
  one=$!
  run_acistore gc --grace-period 0s
  assert_status 0
  wait "$one"
  [[ $(sort one <(printf '%s\n' "$output") | sed '/^$/d') == "$({
    line "$a" a.aci
    line "$b" b.aci
    line "$c" c.aci
  } | sort)" ]] || fail "one printed: $(<one)"
  refute_kept
}

@test "blobs without a database, or with one that has nothing in it, are no rubbish: status 6" {
  three_images
  mv "$ACISTORE_DIR/acistore.db" db
  for how in missing empty blank zeros text; do
    rm -f "$ACISTORE_DIR"/acistore.db*
    case $how in
    missing) ;;
    empty) : >"$ACISTORE_DIR/acistore.db" ;;
    blank) python3 -c 'import sqlite3, sys
sqlite3.connect(sys.argv[1]).executescript("VACUUM")' "$ACISTORE_DIR/acistore.db" ;;
    zeros) head -c 65536 /dev/zero >"$ACISTORE_DIR/acistore.db" ;;
    text) printf 'no database at all, but long enough to look at %0512d' 0 >"$ACISTORE_DIR/acistore.db" ;;
    esac
    for options in '' --dry-run; do
      run_acistore gc $options --grace-period 0s
      assert_failure 6 '^gc: '
    done
    run_acistore import a.aci
    assert_failure 6 '^import: '
    [[ $(find "$ACISTORE_DIR/blob" -type f | wc -l) == 3 ]] || fail "$how: expected all blobs"
  done
  rm -f "$ACISTORE_DIR/acistore.db"
  mv db "$ACISTORE_DIR/acistore.db"
  assert_kept "$a" "$b" "$c"
}

@test "a damaged index takes no blob for rubbish" {
  three_images
  python3 - "$ACISTORE_DIR/acistore.db" "$a" <<'END'
import sys
path, key = sys.argv[1:]
data = open(path, "rb").read()
# The key is in the table and in its index: change it in the index, which has the row number behind it.
places = [i for i in range(len(data)) if data.startswith(key.encode(), i)]
assert len(places) == 2, places
import sqlite3
page = sqlite3.connect(path).execute(
    "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_blob_1'").fetchone()[0]
size = int.from_bytes(data[16:18], "big")
place = next(i for i in places if (page - 1) * size <= i < page * size)
with open(path, "r+b") as file:
    file.seek(place + len("sha512-"))
    file.write(b"z")
END
  run_acistore gc
  assert_failure 6 '^gc: no blob is taken for rubbish: database: damaged'
  [[ $(find "$ACISTORE_DIR/blob" -type f | wc -l) == 3 ]]
}

@test "images whose blob is missing or damaged go like others, and keep none from going" {
  three_images
  rm -f "$(blob_of "$a")"
  flip "$(blob_of "$b")" 600
  run_acistore gc --grace-period 0s
  assert_status 0
  assert_stdout "$(line "$a" a.aci)
$(line "$b" b.aci)
$(line "$c" c.aci)"
  refute_kept
}

@test "an image that cannot be removed does not keep gc from the others" {
  three_images
  shard=$(dirname "$(blob_of "$b")")
  mv "$shard" elsewhere
  ln -s "$PWD/elsewhere" "$shard"
  run_acistore gc --grace-period 0s
  assert_status 1
  assert_stdout "$(line "$a" a.aci)
$(line "$c" c.aci)"
  [[ $stderr == *"$b: "* ]]
  [[ -e elsewhere/$b ]] || fail 'expected the link not to be followed'
}

@test "a row that cannot be read is told, and keeps none from going" {
  three_images
  sql "UPDATE blob SET key = 'sha512-nonsense' WHERE key = '$b'"
  run_acistore gc --grace-period 0s
  assert_status 6
  assert_stdout "$(line "$a" a.aci)
$(line "$c" c.aci)"
  # Its blob is still somebody's image.
  cmp b.aci "$(blob_of "$b")"
}

@test "--quarantine empties the quarantine, and nothing else does" {
  three_images
  mkdir "$ACISTORE_DIR/quarantine"
  echo bad >"$ACISTORE_DIR/quarantine/$a"
  run_acistore gc
  assert_stdout ''
  run_acistore gc --quarantine
  assert_status 0
  assert_stdout "quarantine/$a  4"
  [[ -z $(ls -A "$ACISTORE_DIR/quarantine") ]]
  assert_kept "$a" "$b" "$c"
}

@test "a wrong command line is status 2, and nothing is removed" {
  three_images
  age "$a" $((9 * DAY))
  run_acistore gc extra
  assert_failure 2 '^gc: extra'
  for option in --grace-period= --grace-period=1 --grace-period=-1s --keep-last= --keep-last=-1 \
    --keep-last=1x --max-size= --max-size=1k --max-size=1.5G --max-size=9E; do
    run_acistore gc "$option"
    assert_failure 2 "^gc: ${option%%=*}: "
  done
  assert_kept "$a" "$b" "$c"
}

@test "without a store: status 3, and none is made" {
  for option in --explain --dry-run; do
    run_acistore gc $option
    assert_failure 3 "^gc: .*$ACISTORE_DIR"
  done
  [[ ! -e $ACISTORE_DIR ]]
}

@test "a key that another process holds for too long is status 7" {
  three_images
  hold_keys
  run_acistore gc --grace-period 0s --lock-timeout 0s
  assert_status 7
  assert_stdout ''
  let_go
  assert_kept "$a" "$b" "$c"
}

@test "succeeds on a full disk" {
  small_file_system 1M
  make_image a.aci --label version=1 --size 100000
  make_image b.aci --label version=2
  acistore import a.aci b.aci
  acistore pin "$(key_of b.aci)"
  fill_up
  run_acistore gc --grace-period 0s
  assert_status 0
  assert_stdout "$(line "$(key_of a.aci)" a.aci)"
  assert_kept "$(key_of b.aci)"
}

@test "a write error on standard output is status 1, and all is removed all the same" {
  three_images
  run --separate-stderr bash -c '"$ACISTORE" gc --grace-period 0s >/dev/full'
  assert_failure 1 '^gc: '
  refute_kept
}

@test "a flush that fails is status 1 unless all was removed and is named" {
  three_images
  cp -a "$ACISTORE_DIR" whole
  for ((flush = 1; flush < 40; ++flush)); do
    rm -rf "$ACISTORE_DIR"
    cp -a whole "$ACISTORE_DIR"
    status=0
    strace -f -qq -o trace -e inject=fdatasync:error=EIO:when="$flush" \
      "$ACISTORE" gc --grace-period 0s >out 2>err || status=$?
    grep -q INJECTED trace || break
    [[ $status == 1 && -s err || $status == 0 && $(wc -l <out) == 3 ]] || fail "flush $flush: $status $(cat out err)"
  done
  # Of the transaction itself there are at least four.
  [[ $flush -gt 4 && $flush -lt 40 ]]
}
