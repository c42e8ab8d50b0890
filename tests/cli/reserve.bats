#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# On a full disk images can still be removed: what that takes in the database's journal comes from a
# reserve, which is back once there is room.

load support
load store_state

MIB=1048576

reserve() {
  printf '%s/reserve\n' "$ACISTORE_DIR"
}

assert_reserve() {
  local size
  size=$(stat -c '%F %s' "$(reserve)") || fail 'there is no reserve' || return
  [[ $size == "regular file $1" ]] || fail "expected a reserve of $1 bytes, but it is: $size"
}

# Three images, and nothing in the store that a removal could do without the reserve: the journal,
# which is kept between commits, would have to grow on a full disk.
fill_store() {
  make_image a.aci --label version=1
  make_image b.aci --label version=2 --size 300000
  make_image c.aci --label version=3
  acistore import a.aci b.aci c.aci >/dev/null
  a=$(key_of a.aci) b=$(key_of b.aci) c=$(key_of c.aci)
  acistore remote add https://example.com/a.aci "$a"
  rm -f "$ACISTORE_DIR/acistore.db-journal"
}

# A file system of TYPE in a file, at full/, and the store in it. Taken down when the test ends.
file_system() {
  needs_root 'mount a file system'
  needs "mkfs.$1"
  truncate -s "$2" disk
  case $1 in
    ext4) mkfs.ext4 -q -m 0 disk ;;
    xfs) mkfs.xfs -q disk ;;
    btrfs) mkfs.btrfs -q disk ;;
  esac
  mkdir -p full
  mount -o loop disk full 2>/dev/null || skip "no $1 can be mounted here"
  MOUNTED+=("$PWD/full")
  export ACISTORE_DIR=$PWD/full/store
}

# Removes a small image and a large one, each with not a byte free.
assert_images_go() {
  fill_up
  run_acistore rm "$a"
  assert_status 0
  assert_stdout "$a"
  fill_up
  run_acistore rm "$b"
  assert_status 0
  assert_stdout "$b"
  assert_kept "$c"
}

@test "whatever writes makes the reserve, with its blocks on the disk; reading does not" {
  make_image web.aci
  acistore import web.aci
  assert_reserve "$MIB"
  (($(stat -c '%b * %B' "$(reserve)") >= MIB)) || fail 'it has no blocks'
  for writing in 'import web.aci' 'put web.aci' 'mark --latest example.com/app' 'rm example.com/app'; do
    rm "$(reserve)"
    acistore list
    [[ ! -e $(reserve) ]]
    acistore $writing
    assert_reserve "$MIB"
  done
  [[ -z $(ls "$ACISTORE_DIR/tmp") ]]
}

@test "a reserve that is cut short, or something else, is made anew" {
  make_image web.aci
  acistore import web.aci
  chmod u+w "$(reserve)"
  : >"$(reserve)"
  acistore import web.aci
  assert_reserve "$MIB"
  echo precious >precious
  ln -sf "$PWD/precious" "$(reserve)"
  acistore import web.aci
  assert_reserve "$MIB"
  [[ $(<precious) == precious ]]
}

@test "where the reserve cannot be made nothing fails" {
  make_image web.aci
  mkdir -p "$(reserve)/in-the-way"
  run_acistore import web.aci
  assert_status 0
  assert_stderr ''
  run_acistore rm "$(key_of web.aci)"
  assert_status 0
  assert_stderr ''
}

@test "on a small disk the reserve takes no more than an eighth of the room" {
  small_file_system 800k
  make_image web.aci
  acistore import web.aci
  size=$(stat -c %s "$(reserve)")
  ((size >= 32768 && size <= 102400)) || fail "it has $size bytes"
}

@test "rm and remote rm work on a full tmpfs, and the reserve is back once there is room" {
  small_file_system 4M
  fill_store
  fill_up
  run_acistore remote rm https://example.com/a.aci
  assert_status 0
  rm -f "$ACISTORE_DIR/acistore.db-journal"
  assert_images_go
  rm full/ballast*
  acistore mark --latest "$c"
  size=$(stat -c %s "$(reserve)")
  ((size >= 256 * 1024)) || fail "the reserve has $size bytes"
  run_acistore verify
  assert_status 0
}

@test "without a reserve the same is status 8, and nothing is removed: the disk is really full" {
  small_file_system 4M
  fill_store
  rm "$(reserve)"
  fill_up
  run_acistore rm "$a"
  assert_failure 8 '^rm: '
  rm full/ballast*
  assert_kept "$a" "$b" "$c"
}

@test "ten removals at once on a full disk all succeed" {
  small_file_system 4M
  make_image many --many 10
  acistore import many/*.aci >keys
  rm -f "$ACISTORE_DIR/acistore.db-journal"
  fill_up
  pids=()
  while read -r key; do
    "$ACISTORE" rm "$key" >/dev/null 2>>errors 3>&- &
    pids+=($!)
  done <keys
  for pid in "${pids[@]}"; do
    wait "$pid" || fail "a removal failed: $(<errors)"
  done
  refute_kept
}

@test "where others take whatever gets free, the journal has room enough to remove images" {
  small_file_system 8M
  make_image many --many 10
  acistore import many/*.aci >keys
  acistore mark --latest "$(head -n 1 keys)"
  ((8#0$(stat -c %a "$ACISTORE_DIR/acistore.db-journal") == 8#644))
  (($(stat -c '%b * %B' "$ACISTORE_DIR/acistore.db-journal") >= 256 * 1024)) ||
    fail 'the journal has too little'
  # What was the reserve is the first that they take.
  rm "$(reserve)"
  fill_up
  while [[ ! -e stop ]]; do
    dd if=/dev/zero bs=4k of=full/ballast oflag=append conv=notrunc 2>/dev/null || true
  done 3>&- &
  eater=$!
  while read -r key; do
    run_acistore rm "$key"
    [[ $status == 0 ]] || break
  done <keys
  touch stop
  wait "$eater"
  assert_status 0
  refute_kept
}

@test "an image of 1,000 labels and 2 MiB of manifest goes as well" {
  small_file_system 16M
  python3 -c 'import json
print(json.dumps({"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "example.com/app",
                  "labels": [{"name": f"l{i}", "value": "x"} for i in range(1000)],
                  "pathWhitelist": ["/" + "p" * 1000] * 2000}))' >manifest
  make_image large.aci --manifest manifest
  key=$(acistore import large.aci)
  rm -f "$ACISTORE_DIR/acistore.db-journal"
  fill_up
  run_acistore rm "$key"
  assert_status 0
  refute_kept
}

@test "removing works on a full ext4" {
  file_system ext4 16M
  fill_store
  assert_images_go
}

@test "removing works on a full xfs" {
  file_system xfs 300M
  fill_store
  assert_images_go
}

@test "removing works on a full btrfs" {
  file_system btrfs 128M
  fill_store
  assert_images_go
}
