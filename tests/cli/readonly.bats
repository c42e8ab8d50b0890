#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A store that the user may not write, or on read-only media: whatever reads works and leaves no
# trace, whatever writes is refused by the system.

load support
load store_state

URL=https://example.com/web.aci

# An image, a second one of that name, and a remote; as they stand in each of the tests.
make_store() {
  make_image web.aci --name example.com/web --label version=1 --file rootfs/etc/motd=hello
  make_image next.aci --name example.com/web --label version=2
  acistore import --latest web.aci >/dev/null
  acistore import next.aci >/dev/null
  web=$(key_of web.aci) next=$(key_of next.aci)
  acistore remote add "$URL" "$web"
}

reading_works() {
  run_reader get example.com/web
  assert_status 0
  assert_stdout "$web"
  assert_stderr ''
  run_reader get --explain example.com/web:2
  assert_status 0
  assert_stdout "$next"
  run_reader resolve "${web:0:20}"
  assert_status 0
  assert_stdout "$web"
  run_reader list --no-legend --fields name
  assert_status 0
  assert_stdout 'example.com/web:1
example.com/web:2'
  run_reader --json list
  assert_status 0
  assert_json '[.images[].key]' "[\"$web\",\"$next\"]"
  run_reader exists example.com/web
  assert_status 0
  run_reader exists example.com/none
  assert_status 3
  run_reader manifest "$web"
  assert_status 0
  assert_stdout "$(tar -xOf web.aci manifest)"
  run_reader cat "$web" rootfs/etc/motd
  assert_status 0
  assert_stdout hello
  assert_stderr ''
  "${READER[@]}" "$PROGRAM" cat "$web" | cmp - web.aci
  run_reader dump
  assert_status 0
  assert_stdout_line '2 total keys'
  run_reader remote list
  assert_status 0
  assert_stdout "$URL"$'\t'"$web"
  run_reader remote show "$URL"
  assert_status 0
  run_reader verify
  assert_status 0
  [[ $(sort <<<"$output") == "$(printf '%s  ok\n' "$web" "$next" | sort)" ]] || fail 'expected both ok'
}

# With the system's own words of why.
writing_is_refused() {
  printf 'note' >note
  make_image third.aci --label version=3
  while read -r verb arguments; do
    arguments=${arguments//WEB/$web}
    run_reader $verb ${arguments//URL/$URL}
    assert_failure 1 "^$verb.*$1"
  done <<'END'
import third.aci
import web.aci
put note
mark WEB --no-latest
rm WEB
remote add URL WEB
remote rm URL
END
}

# The last used time of the images is long ago: reading would make it new where it may.
age_store() {
  sql 'UPDATE image SET last_used = 1'
}

@test "a store of another user: reading works" {
  make_store
  age_store
  become_reader
  reading_works
}

@test "a store of another user: reading creates nothing and changes nothing" {
  make_store
  age_store
  become_reader
  before=$(listing)
  reading_works
  [[ $(listing) == "$before" ]] || fail "expected the store as it was, but: $(diff <(echo "$before") <(listing))"
}

@test "a store of another user: writing is refused, status 1, and changes nothing" {
  make_store
  become_reader
  chmod a+rx "$PWD"
  before=$(listing)
  writing_is_refused 'Permission denied'
  [[ $(listing) == "$before" ]] || fail "expected the store as it was, but: $(diff <(echo "$before") <(listing))"
}

@test "a store of another user without its lock file or its tmp directory can be read" {
  make_store
  rm -r "$ACISTORE_DIR/lock" "$ACISTORE_DIR/tmp"
  become_reader
  before=$(listing)
  reading_works
  [[ $(listing) == "$before" ]]
}

@test "a store of another user with damage: verify finds it, and changes nothing" {
  make_store
  flip "$(blob_of "$web")" 5
  become_reader
  before=$(listing)
  run_reader verify
  assert_status 6
  assert_stdout_line "$web  corrupt: .+"
  assert_stdout_line "$next  ok"
  [[ $(listing) == "$before" ]]
}

@test "an empty store of another user can be read" {
  acistore rm "$(acistore put </dev/null)" >/dev/null
  become_reader
  run_reader list --no-legend
  assert_status 0
  assert_stdout ''
  run_reader verify
  assert_status 0
}

# Mounts a file system of its own, makes the store in it, and mounts it again read-only.
make_read_only_store() {
  small_file_system 4M
  make_store
  age_store
  mount -o remount,ro "$PWD/full" 2>/dev/null || skip 'no file system can be mounted read-only here'
  READER=()
  PROGRAM=$ACISTORE
}

@test "a read-only mount: reading works" {
  make_read_only_store
  reading_works
}

@test "a read-only mount: writing is refused, status 1" {
  make_read_only_store
  before=$(listing)
  writing_is_refused 'Read-only file system'
  [[ $(listing) == "$before" ]]
}

@test "a read-only bind mount of a store in use: reading works and changes nothing" {
  needs_root 'mount'
  make_store
  age_store
  mkdir view
  mount --bind "$ACISTORE_DIR" view 2>/dev/null || skip 'nothing can be mounted here'
  MOUNTED+=("$PWD/view")
  mount -o remount,bind,ro view
  before=$(listing)
  READER=()
  PROGRAM=$ACISTORE
  ACISTORE_DIR=$PWD/view reading_works
  [[ $(listing) == "$before" ]]
}

@test "a read-only mount: no store is made" {
  small_file_system 1M
  mount -o remount,ro "$PWD/full" 2>/dev/null || skip 'no file system can be mounted read-only here'
  make_image web.aci
  run_acistore import web.aci
  assert_failure 1 '^import: .*Read-only file system'
  run_acistore list
  assert_failure 3 '^list: '
}

# A transaction that was killed after its changes had begun to reach the database file.
kill_writer() {
  python3 -c '
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1] + "/acistore.db", isolation_level=None)
connection.execute("PRAGMA journal_mode = PERSIST")
connection.execute("PRAGMA cache_size = 5")
connection.execute("BEGIN IMMEDIATE")
connection.execute("CREATE TABLE half (x)")
connection.execute("UPDATE image SET name = name || ?", ("x" * 1000,))
for i in range(100):
    connection.execute("INSERT INTO half VALUES (randomblob(4000))")
os.kill(os.getpid(), signal.SIGKILL)' "$ACISTORE_DIR" || true
}

@test "a writer was killed in mid-commit: reading without the right to write is status 6, with advice" {
  make_store
  kill_writer
  become_reader
  run_reader get example.com/web
  assert_failure 6 '^get: .*write access'
}

@test "a writer was killed in mid-commit: any command with write access mends it" {
  make_store
  kill_writer
  run_acistore get example.com/web
  assert_status 0
  assert_stdout "$web"
  become_reader
  reading_works
}
