#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore recover: makes the database anew from the blobs, and from what is left of the old one.
# ACISTORE_RECOVER_IMAGES says how many images the first test has (60).

load support
load store_state

setup_file() {
  fresh_store
  make_a_store
}

setup() {
  fresh_store
  db=$ACISTORE_DIR/acistore.db
}

# Four images, of which one is marked, one pinned and one has a remote, and a blob that is none.
make_a_store() {
  make_image a.aci --label version=1 --size 5000
  make_image b.aci --label version=2
  make_image c.aci --name example.com/other --label version=3 --label os=linux --label arch=amd64
  make_image d.aci --name example.com/other --label version=4
  printf 'note' >note
  acistore import --latest a.aci >/dev/null
  acistore import b.aci c.aci d.aci >/dev/null
  acistore import c.aci >/dev/null
  acistore put note >/dev/null
  pin "$(key_of b.aci)" me
  acistore remote add https://example.com/d.aci "$(key_of d.aci)" --etag tag
}

a_store() {
  cp "$BATS_FILE_TMPDIR"/work/* .
  cp -a "$BATS_FILE_TMPDIR/store" "$ACISTORE_DIR"
  db=$ACISTORE_DIR/acistore.db
  a=$(key_of a.aci) b=$(key_of b.aci) c=$(key_of c.aci) d=$(key_of d.aci) note=$(key_of note)
}

# What a user can ask of the store, and get.
answers() {
  acistore --json list --sort importtime | jq -c '.images[] | del(.verified)'
  acistore get example.com/app
  acistore get example.com/other
  acistore get example.com/other:3,os=linux
  acistore --json remote list
  acistore resolve "$note"
}

# The same, without what only the database knows: marks, pins, remotes, times.
lasting_answers() {
  acistore --json list --sort importtime | jq -c '.images[] | {key, id, name, labels, size}'
  acistore get example.com/other
  acistore get example.com/other:3,os=linux
  acistore resolve "$note"
}

# Overwrites a page with rubbish; the first is 1.
destroy_page() {
  head -c 4096 /dev/zero | tr '\0' 'X' |
    dd of="$db" bs=4096 seek=$(($1 - 1)) conv=notrunc status=none
}

# The page at which a table or an index begins.
page_of() {
  sql "SELECT rootpage FROM sqlite_schema WHERE name = '$1'"
}

@test "from the blobs alone every image is back: name, labels, size, and the answers of get" {
  count=${ACISTORE_RECOVER_IMAGES:-60}
  make_image images --many "$count"
  acistore import images/*.aci >/dev/null
  # One is imported once more, so that the order of the keys and of the files is not that of imports.
  acistore import images/"$(ls images | head -n 1)" >/dev/null
  describe() {
    acistore --json list --sort importtime | jq -c '.images[] | {key, id, name, labels, size}'
    acistore --json list --sort importtime | jq -r '.images[].name' | sort -u |
      xargs -n 1 "$ACISTORE" get
  }
  describe >before
  [[ $(wc -l <before) -gt $count ]] || fail 'expected answers'
  rm "$db"*
  run_acistore recover
  assert_status 0
  [[ ${#lines[@]} == "$count" ]] || fail "expected $count lines"
  [[ ${lines[0]} =~ ^sha512-[0-9a-f]{64}'  image: example.com/'.+ ]] || fail 'expected images'
  describe >after
  diff before after
  run_acistore verify
  assert_status 0
}

@test "an intact database is made again, and nothing is lost or changed" {
  a_store
  answers >before
  run_acistore recover
  assert_status 0
  assert_stdout_line "$a  image: example.com/app:1"
  assert_stdout_line "$c  image: example.com/other:3,os=linux,arch=amd64"
  assert_stdout_line "$note  blob"
  [[ $stderr == *intact* && $stderr == *'4 image, 1 blob, 0 corrupt, 0 missing, 1 latest, 1 pins, 1 remotes'* ]]
  diff before <(answers)
  run_acistore recover
  assert_status 0
  diff before <(answers)
  [[ $(find "$ACISTORE_DIR" -maxdepth 1 -name 'acistore.db*' | wc -l) == 2 ]] ||
    fail 'expected no database to be kept'
}

@test "as JSON: one object, an element a key" {
  a_store
  run_acistore --json recover
  assert_json '.recovered | map(.status) | sort' '["blob","image","image","image","image"]'
  assert_json ".recovered[] | select(.key == \"$c\") | [.name, .labels[0].value, .status]" \
    '["example.com/other","3","image"]'
}

@test "every command says of an unreadable database that recover mends it, and status 6" {
  a_store
  cp "$db" intact
  zeros() { dd if=/dev/zero of="$1" bs=8192 count=1 conv=notrunc status=none; }
  for damage in 'truncate -s 0' 'truncate -s 5000' zeros rm; do
    cp intact "$db"
    $damage "$db"
    for command in list 'get example.com/app' "cat $a" verify "rm $a" 'import a.aci'; do
      run_acistore $command
      assert_failure 6 'acistore recover'
    done
  done
}

@test "zeros, rubbish, a file cut off, an empty one, none: recover works, and keeps what was there" {
  a_store
  lasting_answers >before
  cp "$db" intact
  size=$(stat -c %s "$db")
  kept=0
  for damage in "head -c $size /dev/zero" "head -c $size /dev/urandom" "head -c 10 /dev/zero" \
    "echo no database" "printf ''"; do
    $damage >"$db"
    cp "$db" damaged
    run_acistore recover
    assert_status 0
    diff before <(lasting_answers)
    [[ -s damaged ]] || continue
    kept=$((kept + 1))
    cmp damaged "$db.damaged-$kept"
  done
  # It is kept with the mode that it had.
  [[ $(stat -c %a "$db") == "$(stat -c %a "$db.damaged-1")" ]]
}

@test "of a database that is cut off the part that is left is used" {
  a_store
  answers >before
  # The last page is gone and half of the one before.
  truncate -s -6000 "$db"
  run_acistore list
  assert_failure 6 'recover'
  run_acistore recover
  assert_status 0
  diff before <(answers)
}

@test "a destroyed page in the middle costs what stood on it, and no other mark, pin or remote" {
  a_store
  lasting_answers >lasting
  answers >before
  cp "$db" intact
  for lost in pin remote label image blob; do
    cp intact "$db"
    destroy_page "$(page_of "$lost")"
    run_acistore recover
    assert_status 0
    diff lasting <(lasting_answers) || fail "after the loss of $lost"
    [[ -e $db.damaged-1 ]] || fail "expected the damaged one to be kept ($lost)"
    rm "$db.damaged-1"
    case $lost in
      pin) [[ $(acistore --json list | jq -c '[.images[].pins[]]') == '[]' ]] ;;
      # The index knows which image it was.
      remote) [[ $(acistore remote list) == "https://example.com/d.aci	$d" ]] ;;
      # The times of imports are those of the files.
      image) [[ $(acistore get example.com/app) == "$a" ]] ;;
      *) diff before <(answers) || fail "after the loss of $lost" ;;
    esac
  done
}

@test "a destroyed first page takes nothing else with it" {
  a_store
  answers >before
  destroy_page 1
  run_acistore list
  assert_failure 6 'recover'
  run_acistore recover
  assert_status 0
  diff before <(answers)
}

@test "what only the copy of the database still has is taken from it" {
  a_store
  acistore verify >/dev/null
  [[ $(stat -c %a "$db") == "$(stat -c %a "$db.copy")" ]]
  answers >before
  head -c 20000 /dev/zero >"$db"
  run_acistore recover
  assert_status 0
  [[ $stderr == *'last copy'* ]]
  diff before <(answers)
}

@test "an intact database counts more than its copy: what was given up stays so" {
  a_store
  acistore verify >/dev/null
  acistore mark "$a" --no-latest
  acistore remote rm https://example.com/d.aci
  answers >before
  run_acistore recover
  assert_status 0
  diff before <(answers)
}

@test "a blob that does not match its name is not taken, is left, and status 6" {
  a_store
  flip "$(blob_of "$a")" 100
  cp "$(blob_of "$a")" corrupt
  rm "$db"
  run_acistore recover
  assert_status 6
  assert_stdout_line "$a  corrupt: .+"
  assert_stdout_line "$b  image: .+"
  run_acistore exists "$a"
  assert_status 3
  cmp corrupt "$(blob_of "$a")"
  # Importing it again mends it.
  [[ $(acistore import a.aci) == "$a" ]]
  acistore cat "$a" | cmp - a.aci
}

@test "a blob that is gone is missing, status 6, and the old database is kept" {
  a_store
  rm -f "$(blob_of "$b")"
  cp "$db" old
  run_acistore recover
  assert_status 6
  assert_stdout_line "$b  missing: .+"
  cmp old "$db.damaged-1"
  run_acistore recover
  assert_status 0
  [[ ! -e $db.damaged-2 ]]
}

@test "an image that was put stays a blob while a database knows that" {
  a_store
  make_image put.aci --label version=9
  put=$(acistore put put.aci)
  run_acistore recover
  assert_stdout_line "$put  blob"
  rm "$db"
  run_acistore recover
  assert_stdout_line "$put  image: example.com/app:9"
}

@test "something that is no file in the place of a blob is corrupt, and never followed" {
  a_store
  rm -f "$(blob_of "$a")" "$(blob_of "$b")"
  mkdir "$(blob_of "$a")"
  ln -s "$PWD/b.aci" "$(blob_of "$b")"
  run_acistore recover
  assert_status 6
  assert_stdout_line "$a  corrupt: .+"
  assert_stdout_line "$b  corrupt: .+"
}

@test "a newer schema is refused and not touched, in the copy too" {
  a_store
  cp "$db" old
  sql 'PRAGMA user_version = 1000000'
  before=$(sha512sum <"$db")
  run_acistore recover
  assert_failure 10 '1000000'
  [[ $(sha512sum <"$db") == "$before" ]]
  mv "$db" "$db.copy"
  run_acistore recover
  assert_failure 10 'copy.*1000000'
  [[ ! -s $db ]] || fail 'expected no database'
}

@test "where there is no store, or nothing in it, status 3" {
  run_acistore recover
  assert_failure 3 'there is no store'
  mkdir "$ACISTORE_DIR"
  run_acistore recover
  assert_failure 3 'there is no store'
  run_acistore recover --bogus
  assert_failure 2 'bogus'
}

@test "an orphan becomes an image" {
  a_store
  make_image left.aci --label version=8
  left=$(key_of left.aci)
  mkdir -p "$(dirname "$(blob_of "$left")")"
  cp left.aci "$(blob_of "$left")"
  run_acistore recover
  assert_status 0
  assert_stdout_line "$left  image: example.com/app:8"
}

@test "the journal of an interrupted commit is not applied to the new database" {
  a_store
  answers >before
  # A writer dies in mid-commit: its pages are in the database, and those of before in the journal.
  python3 - "$db" <<'CODE'
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode = PERSIST")
connection.execute("PRAGMA cache_size = 1")
connection.execute("PRAGMA cache_spill = 1")
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE image SET latest = 1 - latest, manifest = zeroblob(20000)")
connection.execute("DELETE FROM remote")
os._exit(0)
CODE
  cmp -n 8 -s "$db-journal" <(head -c 8 /dev/zero) && fail 'expected a hot journal'
  run_acistore recover
  assert_status 0
  diff before <(answers)
  run_acistore verify
  assert_status 0
}

@test "killed at any moment it leaves the old state or the new one, and works when it is run again" {
  a_store
  lasting_answers >before
  head -c 30000 /dev/zero >damaged
  for delay in 0 4 8 12 16; do
    cp damaged "$db"
    "$ACISTORE" recover >/dev/null 2>&1 &
    sleep "0.0$(printf '%02d' "$delay")"
    kill -9 $! 2>/dev/null || true
    wait $! 2>/dev/null || true
    run_acistore list
    [[ $status == 0 || $status == 6 ]] || fail 'expected the new state or the old one'
    run_acistore recover
    assert_status 0
    diff before <(lasting_answers)
  done
}

@test "it waits for those who use the database, and gives up after --lock-timeout" {
  a_store
  hold_database IMMEDIATE
  run_acistore --lock-timeout 0s recover
  assert_failure 7 "$HOLDER"
  let_go
  hold_keys
  run_acistore --lock-timeout 0s recover
  assert_failure 7 "$HOLDER"
  let_go
  acistore recover >/dev/null
}

@test "imports beside it are not lost" {
  a_store
  make_image images --many 20
  for image in images/*.aci; do
    acistore import "$image" >>imported
  done &
  importer=$!
  for _ in 1 2 3 4; do
    acistore recover >/dev/null
  done
  wait "$importer"
  [[ $(wc -l <imported) == 20 ]]
  while read -r key; do
    acistore exists "$key" || fail "expected $key"
  done <imported
  run_acistore verify
  assert_status 0
  [[ $output != *orphan* ]]
}

@test "on a full disk it fails with status 8 and changes nothing" {
  small_file_system 2m
  a_store
  rm "$db"
  head -c 200000 /dev/zero >"$db"
  fill_up
  run_acistore recover
  assert_status 8
  cmp "$db" <(head -c 200000 /dev/zero)
}

@test "errors of output are told" {
  a_store
  status=0
  "$ACISTORE" recover >/dev/full 2>err || status=$?
  [[ $status == 1 ]]
  acistore list >/dev/null
}
