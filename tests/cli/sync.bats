#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore sync STORE [IMAGE...]: copies images from another store; --to: to it.

load support
load store_state

URL=https://example.com/web.aci

# A store other/ with three images, imported in the order web, db, tool, of which db is marked latest
# and web is where a URL leads. One's own is not there yet.
setup() {
  fresh_store
  make_image web.aci --name example.com/web --label version=1
  make_image db.aci --name example.com/db
  make_image tool.aci --name example.com/tool
  web=$(key_of web.aci) db=$(key_of db.aci) tool=$(key_of tool.aci)
  for image in web.aci '--latest db.aci' tool.aci; do
    acistore --store other import $image >/dev/null
  done
  acistore --store other remote add "$URL" "$web" --sig-url "$URL.asc" --etag '"7"' --max-age 60
}

teardown() {
  unmount_all
}

# What the store in $1 is, but for its own times.
state_of() {
  acistore --store "$1" --json list | jq -c '.images[] | [.key, .name, .latest]'
  acistore --store "$1" --json remote list
}

assert_same() {
  [[ $(state_of "$1") == "$(state_of "$2")" ]] ||
    fail "expected $1 and $2 to have the same, but: $(diff <(state_of "$1") <(state_of "$2"))"
}

# Every path below $1 with all that changes when it does (not the access time).
listing_of() {
  find "$1" -printf '%P %y %m %U:%G %s %T@ %C@ %i\n' | LC_ALL=C sort
}

# blob_in STORE KEY
blob_in() {
  printf '%s\n' "$1/blob/sha512/${2:7:2}/$2"
}

# A file system of this kind in a file, at full/. The smallest btrfs takes 109 MiB of holes.
mount_new() {
  needs_root 'mount a file system'
  needs "mkfs.$1"
  truncate -s 128M disk
  "mkfs.$1" -q disk >/dev/null 2>&1 || skip "no $1 can be made here"
  mkdir full
  mount -o loop disk full 2>/dev/null || skip "no $1 can be mounted here"
  MOUNTED=("$PWD/full")
}

@test "copies all images in the order of their import, with their marks and remotes; then nothing" {
  before=$(listing_of other)
  run_acistore sync other
  assert_status 0
  assert_stdout "$web
$db
$tool"
  assert_stderr ''
  assert_kept "$web" "$db" "$tool"
  assert_same other "$ACISTORE_DIR"
  acistore remote show "$URL" | diff - <(acistore --store other remote show "$URL")
  for image in web db tool; do
    acistore cat "${!image}" | cmp - "$image.aci"
  done
  [[ $(listing_of other) == "$before" ]] || fail 'expected the other store as it was'
  # A row is not written again, and so no image is the last imported once more.
  before=$(listing_of "$ACISTORE_DIR")
  run_acistore sync other
  assert_status 0
  assert_stdout ''
  assert_stderr ''
  run_acistore --json sync other "$web" "$db"
  assert_status 0
  assert_stdout '{"imports":[]}'
  [[ $(listing_of "$ACISTORE_DIR") == "$before" ]] || fail 'expected nothing to be written'
}

@test "copies images by key and by reference, each once, in the order of their import" {
  acistore --store other remote add "$URL.tool" "$tool"
  run_acistore --json sync other example.com/tool "${web:0:20}" example.com/tool
  assert_status 0
  assert_json '.imports | map([.key, .name, .latest, .size, .source, .compression, .new])' \
    "[[\"$web\",\"example.com/web\",false,$(stat -c %s web.aci),\"$(blob_in "$PWD/other" "$web")\",\"none\",true],[\"$tool\",\"example.com/tool\",false,$(stat -c %s tool.aci),\"$(blob_in "$PWD/other" "$tool")\",\"none\",true]]"
  assert_kept "$web" "$tool"
  [[ $(acistore list --no-legend --full --fields id) == "$web"$'\n'"$tool" ]]
  [[ $(acistore remote list) == "$URL"$'\t'"$web"$'\n'"$URL.tool"$'\t'"$tool" ]]
  # What is found is copied, whatever is not.
  run_acistore sync other example.com/none sha512-0000 "$db"
  assert_status 3
  assert_stdout "$db"
  [[ ${#stderr_lines[@]} == 2 ]] || fail 'expected two lines'
  [[ $stderr == "acistore: sync: $PWD/other: example.com/none: no such image"* ]] || fail 'expected its name'
}

@test "what is there gets the mark and the remotes of the other store, and keeps its place" {
  acistore import tool.aci web.aci --latest >/dev/null
  acistore import db.aci --pin >/dev/null
  acistore remote add "$URL" "$tool"
  acistore remote add "$URL.mine" "$db"
  rm "$(blob_in other "$tool")"  # it is not read
  chmod a-r "$(blob_in other "$web")" "$(blob_in other "$db")"
  run_acistore sync --changed-exit other
  assert_status 0
  assert_stdout ''
  assert_stderr ''
  run_acistore --json list
  assert_json '[.images[] | [.name, .latest, (.pins | length)]]' \
    '[["example.com/tool",false,0],["example.com/web",false,0],["example.com/db",true,1]]'
  [[ $(acistore remote list) == "$URL"$'\t'"$web"$'\n'"$URL.mine"$'\t'"$db" ]]
}

@test "--changed-exit: 9 if nothing had to change; an image, a mark and a remote are changes, errors come first" {
  run_acistore sync --changed-exit other
  assert_status 0
  run_acistore sync --changed-exit other
  assert_status 9
  assert_stdout ''
  assert_stderr ''
  acistore --store other mark "$web" --latest
  run_acistore sync --changed-exit other
  assert_status 0
  acistore --store other remote add "$URL" "$web" --etag '"8"'
  run_acistore sync --changed-exit other
  assert_status 0
  run_acistore sync --changed-exit other
  assert_status 9
  acistore pin "$web"
  acistore --store other remote rm "$URL"
  run_acistore sync --changed-exit other
  assert_status 9
  acistore rm "$tool"
  run_acistore sync --changed-exit other
  assert_status 0
  run_acistore sync --changed-exit other example.com/none
  assert_status 3
}

@test "--to copies the other way, makes STORE and not one's own, and writes nothing here" {
  run_acistore sync --to there
  assert_failure 3 'there is no store'
  [[ ! -e $ACISTORE_DIR && ! -e there ]] || fail 'expected no store to be made'
  before=$(listing_of other)
  run_acistore --store other sync --to there example.com/db
  assert_status 0
  assert_stdout "$db"
  run_acistore --store other sync --to there
  assert_status 0
  assert_stdout "$web
$tool"
  [[ $(listing_of other) == "$before" ]] || fail 'expected the store as it was'
  ACISTORE_DIR=$PWD/there assert_kept "$web" "$db" "$tool"
}

@test "one store as both is status 2, by whatever path; there must be one to copy from" {
  ln -s other link
  for options in '' --to; do
    for name in other ./other/ link "$PWD/link/."; do
      run_acistore --store other sync $options "$name"
      assert_failure 2 'both stores are'
    done
  done
  run_acistore sync nowhere
  assert_failure 3 'nowhere: there is no store'
  run_acistore sync ''
  assert_failure 2 'STORE'
  run_acistore sync other sha512-XY
  assert_failure 2 'XY'
  run_acistore sync
  assert_failure 2 'STORE'
  run_acistore sync other example.com/none
  assert_failure 3 'no such image'
  [[ ! -e $ACISTORE_DIR ]] || fail 'expected no store to be made'
}

@test "a damaged image is told, nothing of it is stored, and the others are copied" {
  needs sqlite3
  flip "$(blob_in other "$web")" 600
  run_acistore sync --to nowhere 2>/dev/null || true
  run_acistore sync other
  assert_status 6
  assert_stdout "$db
$tool"
  assert_stderr_line "sync: $(blob_in "$PWD/other" "$web"): the store is damaged: "
  assert_kept "$db" "$tool"
  [[ -z $(acistore remote list) ]]
  # One in the middle of a file, which no rule of the archive catches.
  make_image big.aci --name example.com/big --size 300000
  big=$(acistore --store other import big.aci)
  flip "$(blob_in other "$big")" 200000
  rm "$(blob_in other "$web")"
  run_acistore --json sync other
  assert_status 6
  assert_stdout ''
  [[ ${#stderr_lines[@]} == 2 ]] || fail 'expected two errors'
  [[ $(jq -s -c 'map(.error.kind)' <<<"$stderr") == '["damaged","damaged"]' ]] || fail 'expected damage'
  assert_kept "$db" "$tool"
  # Longer or shorter than its row says, or with a row that says otherwise than the archive.
  make_image other.aci --name example.com/other
  extra=$(acistore --store other import other.aci)
  acistore --store other rm "$web" "$big" >/dev/null
  chmod u+w "$(blob_in other "$extra")"
  head -c 512 /dev/zero >>"$(blob_in other "$extra")"
  run_acistore sync other
  assert_failure 6 "$extra: the store is damaged"
  truncate -s -1024 "$(blob_in other "$extra")"
  run_acistore sync other
  assert_failure 6 "$extra: the store is damaged"
  cp other.aci "$(blob_in other "$extra")"
  sqlite3 other/acistore.db "UPDATE image SET name = 'example.com/false', manifest = CAST('{}' AS BLOB) WHERE name = 'example.com/other'"
  run_acistore sync other
  assert_status 0
  [[ $(acistore manifest "$extra") == "$(tar -xOf other.aci manifest)" ]]
}

@test "an image whose file here is missing or has another size is copied anew" {
  acistore sync other >/dev/null
  rm "$(blob_of "$web")"
  chmod u+w "$(blob_of "$db")"
  truncate -s 100 "$(blob_of "$db")"
  acistore rm "$tool" >/dev/null
  acistore put tool.aci >/dev/null
  run_acistore sync other
  assert_status 0
  assert_stdout "$web
$db
$tool"
  run_acistore verify
  assert_status 0
  assert_same other "$ACISTORE_DIR"
}

@test "a store on a read-only mount, and one of another user, can be copied from" {
  become_reader
  before=$(listing_of other)
  mkdir mine
  [[ $EUID != 0 ]] || chown 65534 mine
  run_reader --store mine sync other
  assert_status 0
  assert_same other mine
  [[ $(listing_of other) == "$before" ]] || fail 'expected the other store as it was'
  needs_root 'mount'
  mkdir bound
  mount --bind other bound 2>/dev/null || skip 'nothing can be mounted here'
  MOUNTED=("$PWD/bound")
  mount -o remount,bind,ro bound
  run_acistore --store there sync bound
  assert_status 0
  assert_stdout "$web
$db
$tool"
  assert_same other there
  run_acistore --store there sync --to bound
  assert_failure 1 'annot be written|[Rr]ead-only'
}

@test "on a file system that can, blobs are cloned, and what is stored is what was hashed" {
  mount_new btrfs
  make_image big.aci --name example.com/big --size 1000000
  big=$(acistore --store full/from import big.aci)
  ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 run -0 --separate-stderr \
    strace -f -qq -y -o trace -e trace=write,pwrite64,ioctl,linkat "$ACISTORE" --store full/to sync full/from
  assert_stdout "$big"
  [[ $(grep -c 'FICLONE, .*) *= 0' trace) == 1 ]] || fail "expected one clone: $(<trace)"
  if grep -E 'write.*full/to/(tmp|blob).*= [0-9]' trace; then
    fail 'expected nothing to be written to the blob'
  fi
  # Two files, of which each has its own times and may be damaged alone.
  [[ $(stat -c %h "$(blob_in full/to "$big")" "$(blob_in full/from "$big")") == $'1\n1' ]]
  flip "$(blob_in full/from "$big")" 500000
  acistore --store full/to cat "$big" | cmp - big.aci
  acistore --store full/to rm "$big" >/dev/null
  run_acistore --store full/to sync full/from
  assert_failure 6 "$big: the store is damaged"
  [[ -z $(find full/to/blob -type f) ]]
  # To another file system it is copied.
  run_acistore --store full/to sync other
  assert_status 0
  assert_same other full/to
}

@test "blobs are never shared as files: what happens to one store leaves the other alone" {
  acistore sync other >/dev/null
  [[ $(find other "$ACISTORE_DIR" -path '*/blob/*' -type f -printf '%n\n' | sort -u) == 1 ]]
  before=$(listing_of other)
  acistore import web.aci >/dev/null
  acistore rm "$tool" >/dev/null
  [[ $(listing_of other) == "$before" ]]
  # Modification times keep the order, for recover.
  order=$(acistore list --no-legend --full --fields id)
  rm "$ACISTORE_DIR"/acistore.db*
  acistore recover >/dev/null
  [[ $(acistore list --no-legend --full --fields id) == "$order" ]]
}

@test "killed in the middle and run again it ends the same" {
  needs strace
  make_image many --many 70
  acistore --no-sync --store other import many/*.aci >/dev/null
  acistore --store other mark "$tool" --latest
    for place in linkat:signal=KILL:when=40 linkat:signal=KILL:when=70 pwrite64:signal=KILL:when=30; do
    rm -rf part
    acistore --no-sync --store part import tool.aci >/dev/null
    status=0
    ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -qq -o trace -e trace="${place%%:*}" \
      -e inject="$place" "$ACISTORE" --no-sync --store part sync other >out 2>&1 || status=$?
    [[ $status == 137 ]] || fail "expected it to be killed at $place, but: $(<out)"
    run_acistore --no-sync --store part sync other
    assert_status 0
    run_acistore --store part verify
    assert_status 0
    [[ $(state_of part | sort) == "$(state_of other | sort)" ]] || fail "expected all after $place"
    # The order is that of the other store, behind what was there.
    [[ $(acistore --store part list --no-legend --full --fields id | grep -v "$tool") == \
      "$(acistore --store other list --no-legend --full --fields id | grep -v "$tool")" ]] ||
      fail "expected the order after $place"
  done
}

@test "two that copy in opposite directions do not wait for each other" {
  make_image many --many 140
  mapfile -t files < <(ls many/*.aci)
  acistore --no-sync import "${files[@]:0:70}" >/dev/null
  acistore --no-sync --store other import "${files[@]:70}" >/dev/null
  for round in 1 2 3; do
    acistore --no-sync --lock-timeout 20s sync other >there 2>&1 &
    first=$!
    acistore --no-sync --lock-timeout 20s sync --to other >back 2>&1 &
    wait "$first" || fail "the one failed: $(<there)"
    wait "$!" || fail "the other failed: $(<back)"
    diff <(state_of other | sort) <(state_of "$ACISTORE_DIR" | sort)
    if [[ $round == 1 ]]; then
      acistore rm "$web" "$db" >/dev/null
      acistore --store other rm "$tool" >/dev/null
    fi
  done
  [[ $(acistore list --no-legend | wc -l) == 143 ]]
}

@test "-j copies several at the same time, in the same order" {
  make_image many --many 20 --size 20000
  acistore --no-sync --store other import many/*.aci >/dev/null
  for jobs in 1 3; do
    run_acistore --no-sync --store "jobs$jobs" sync -j "$jobs" other
    assert_status 0
    assert_stdout "$(acistore --store other list --no-legend --full --fields id)"
    assert_same other "jobs$jobs"
  done
  run_acistore sync -j 0 other
  assert_failure 2 '-j|--jobs'
}

@test "no space, a store that is held and a full standard output are told" {
  if [[ -w /dev/full ]]; then
    status=0
    acistore sync other >/dev/full 2>err || status=$?
    [[ $status == 1 ]] || fail "expected status 1: $(<err)"
    assert_same other "$ACISTORE_DIR"
  fi
  hold_database IMMEDIATE
  acistore --store other mark "$web" --latest
  run_acistore --lock-timeout 0s sync other
  let_go
  assert_status 7
  small_file_system 1M
  make_image big.aci --size 2000000
  big=$(acistore --store other import big.aci)
  run_acistore sync other
  assert_status 8
  assert_stdout "$web
$db
$tool"
  run_acistore verify
  assert_status 0
}
