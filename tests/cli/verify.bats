#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore verify [IMAGE...]: hashes what is stored again, and checks the database against the blobs.

load support
load store_state

three_blobs() {
  make_image a.aci --label version=1 --size 5000
  make_image b.aci --label version=2
  printf 'note' >note
  acistore import a.aci b.aci >/dev/null
  acistore put note >/dev/null
  a=$(key_of a.aci) b=$(key_of b.aci) note=$(key_of note)
}

sorted_stdout_is() {
  [[ $(sort <<<"$output") == "$(printf '%s\n' "$@" | sort)" ]] ||
    fail "expected these lines, in any order: $(printf '%s\n' "$@")"
}

# Puts a file where a blob would be, with no row of it in the database.
make_orphan() {
  orphan=$(key_of "$1")
  mkdir -p "$(dirname "$(blob_of "$orphan")")"
  cp "$1" "$(blob_of "$orphan")"
}

@test "a sound store: a line a blob, image or not, and a summary on standard error" {
  three_blobs
  run_acistore verify
  assert_status 0
  sorted_stdout_is "$a  ok" "$b  ok" "$note  ok"
  assert_stderr_line '3'
}

@test "an empty store is sound" {
  acistore rm "$(acistore put </dev/null)" >/dev/null
  run_acistore verify
  assert_status 0
  assert_stdout ''
}

@test "a single bit that flipped is found: corrupt, status 6, and the others are checked" {
  three_blobs
  flip "$(blob_of "$a")" 2000
  run_acistore verify
  assert_status 6
  assert_stdout_line "$a  corrupt: .+"
  assert_stdout_line "$b  ok"
  assert_stdout_line "$note  ok"
  [[ ${#lines[@]} == 3 ]] || fail 'expected three lines'
  [[ $stderr == 'acistore: '* ]] || fail 'expected a summary'
}

@test "the first and the last byte count, too" {
  three_blobs
  flip "$(blob_of "$a")" 0
  flip "$(blob_of "$b")" "$(($(stat -c %s b.aci) - 1))"
  run_acistore verify
  assert_status 6
  assert_stdout_line "$a  corrupt: .+"
  assert_stdout_line "$b  corrupt: .+"
}

@test "a blob that is too short or too long is corrupt, and the line gives both sizes" {
  three_blobs
  size_a=$(stat -c %s a.aci) size_b=$(stat -c %s b.aci)
  chmod u+w "$(blob_of "$a")" "$(blob_of "$b")"
  truncate -s 100 "$(blob_of "$a")"
  printf x >>"$(blob_of "$b")"
  run_acistore verify
  assert_status 6
  assert_stdout_line "$a  corrupt: .*100.*$size_a.*|$a  corrupt: .*$size_a.*100.*"
  assert_stdout_line "$b  corrupt: .*$((size_b + 1)).*"
}

@test "a blob that is not there is missing: status 6" {
  three_blobs
  rm -f "$(blob_of "$a")" "$(blob_of "$note")"
  run_acistore verify
  assert_status 6
  assert_stdout_line "$a  missing: .+"
  assert_stdout_line "$note  missing: .+"
  assert_stdout_line "$b  ok"
  rm -rf "$ACISTORE_DIR/blob"
  run_acistore verify
  assert_status 6
  assert_stdout_line "$b  missing: .+"
}

@test "something else in the place of a blob is not ok" {
  three_blobs
  rm -f "$(blob_of "$a")" "$(blob_of "$b")"
  mkdir "$(blob_of "$a")"
  ln -s "$PWD/b.aci" "$(blob_of "$b")"
  run_acistore verify
  assert_status 6
  assert_stdout_line "$a  (missing|corrupt): .+"
  assert_stdout_line "$b  (missing|corrupt): .+"
  assert_stdout_line "$note  ok"
}

@test "a blob that the database does not know is an orphan; orphans alone are status 0" {
  three_blobs
  printf 'left over' >left
  make_orphan left
  run_acistore verify
  assert_status 0
  assert_stdout_line "$orphan  orphan: .+"
  [[ ${#lines[@]} == 4 ]] || fail 'expected four lines'
  cmp left "$(blob_of "$orphan")"
}

@test "an orphan beside damage: status 6" {
  three_blobs
  printf 'left over' >left
  make_orphan left
  flip "$(blob_of "$a")" 0
  run_acistore verify
  assert_status 6
  assert_stdout_line "$orphan  orphan: .+"
  assert_stdout_line "$a  corrupt: .+"
}

@test "damage is reported and left as it is" {
  three_blobs
  flip "$(blob_of "$a")" 2000
  cp "$(blob_of "$a")" damaged
  run_acistore verify
  assert_status 6
  cmp damaged "$(blob_of "$a")"
  assert_kept_rows=$(acistore --json list | jq '.images | length')
  [[ $assert_kept_rows == 2 ]]
}

@test "named images alone, in the order of the arguments" {
  three_blobs
  flip "$(blob_of "$a")" 0
  run_acistore verify "$note" example.com/app:2
  assert_status 0
  assert_stdout "$note  ok
$b  ok"
  run_acistore verify "${a:0:20}" "$(id_of b.aci)"
  assert_status 6
  assert_stdout_line "$a  corrupt: .+"
  assert_stdout_line "$b  ok"
  [[ ${lines[0]} == "$a"* ]] || fail 'expected the order of the arguments'
}

@test "orphans are no matter of a named image" {
  three_blobs
  printf 'left over' >left
  make_orphan left
  run_acistore verify "$a"
  assert_status 0
  assert_stdout "$a  ok"
}

@test "a named image that is not there is status 3, ambiguous 4, malformed 2" {
  make_twins
  acistore import one.aci two.aci
  run_acistore --quiet verify example.com/none
  assert_failure 3 '^verify: .*example.com/none'
  run_acistore --quiet verify "$TWIN"
  assert_failure 4 "^verify: $TWIN: ambiguous: 2 keys"
  run_acistore --quiet verify sha512-x
  assert_failure 2 '^verify: .*sha512-x'
  run_acistore --quiet verify --bogus
  assert_failure 2 '^verify: .*--bogus'
}

@test "of several named images all are checked; the first failure gives the status" {
  three_blobs
  flip "$(blob_of "$a")" 0
  run_acistore --quiet verify example.com/none "$a" "$b"
  assert_status 3
  assert_stdout_line "$a  corrupt: .+"
  assert_stdout_line "$b  ok"
  run_acistore --quiet verify "$a" example.com/none
  assert_status 6
}

@test "--json gives a check a blob" {
  three_blobs
  flip "$(blob_of "$a")" 0
  rm -f "$(blob_of "$note")"
  printf 'left over' >left
  make_orphan left
  run_acistore --json verify
  assert_status 6
  assert_json 'keys' '["checks"]'
  assert_json '[.checks[] | keys] | unique' '[["detail","key","status"]]'
  assert_json '[.checks[] | {(.key): .status}] | add | to_entries | map([.key, .value]) | sort' \
    "$(jq -cn --arg a "$a" --arg b "$b" --arg n "$note" --arg o "$orphan" \
      '[[$a, "corrupt"], [$b, "ok"], [$n, "missing"], [$o, "orphan"]] | sort')"
  assert_json '[.checks[] | select(.status != "ok") | .detail | length > 0] | unique' '[true]'
}

@test "--json of a sound store" {
  three_blobs
  run_acistore verify --json "$b"
  assert_status 0
  assert_json '.checks | length' 1
  assert_json '.checks[0] | [.key, .status]' "[\"$b\",\"ok\"]"
}

@test "--quiet: the lines all the same, and no summary" {
  three_blobs
  run_acistore verify -q
  assert_status 0
  sorted_stdout_is "$a  ok" "$b  ok" "$note  ok"
  assert_stderr ''
  printf 'left over' >left
  make_orphan left
  run_acistore verify -q
  assert_status 0
  assert_stderr ''
}

@test "an image that was found sound is known to have been verified, and when" {
  three_blobs
  [[ $(acistore --json list | jq -c '[.images[].verified]') == '[null,null]' ]]
  acistore verify "$a" 2>/dev/null
  [[ $(acistore --json list | jq -r '.images[0].verified') =~ ^20.*Z$ ]]
  [[ $(acistore --json list | jq -r '.images[1].verified') == null ]]
}

@test "one that was found damaged is not" {
  three_blobs
  flip "$(blob_of "$a")" 0
  run_acistore verify
  assert_status 6
  [[ $(acistore --json list | jq -r '.images[0].verified') == null ]]
}

@test "without a name the longest unverified come first" {
  three_blobs
  acistore verify "$a" 2>/dev/null
  acistore verify "$note" 2>/dev/null
  run_acistore verify
  assert_status 0
  assert_stdout "$b  ok
$a  ok
$note  ok"
}

# Twelve images of very different sizes, more than are hashed side by side; $keys is the order in
# which all are checked.
twelve_images() {
  local i
  for i in {1..12}; do
    make_image "$i.aci" --name "example.com/$i" --size $((i % 3 == 0 ? i : i * 30011))
  done
  acistore import {1..12}.aci >/dev/null
  mapfile -t keys < <(acistore --json list | jq -r '.images[].key' | sort)
}

@test "-j: the same results in the same order, with damage of every kind among them" {
  twelve_images
  flip "$(blob_of "${keys[1]}")" 0
  chmod u+w "$(blob_of "${keys[4]}")"
  truncate -s 5 "$(blob_of "${keys[4]}")"
  rm -f "$(blob_of "${keys[5]}")" "$(blob_of "${keys[8]}")"
  mkdir "$(blob_of "${keys[8]}")"
  flip "$(blob_of "${keys[11]}")" 1000
  cp -a "$ACISTORE_DIR" unverified
  local jobs all found=(ok corrupt ok ok corrupt missing ok ok corrupt ok ok corrupt)
  all=$(for i in "${!keys[@]}"; do echo "${keys[i]}  ${found[i]}"; done)
  for jobs in 1 2 12 1024; do
    rm -rf "$ACISTORE_DIR"
    cp -a unverified "$ACISTORE_DIR"
    run_acistore verify -j "$jobs"
    assert_status 6
    [[ $(sed 's/: .*//' <<<"$output") == "$all" ]] || fail "expected these, in this order: $all"
    [[ $output == "${first=$output}" ]] || fail "expected what -j 1 says: $first"
    assert_stderr_line '7 ok, 4 corrupt, 1 missing, 0 orphan'
    # What was sound is known as such, and nothing else.
    [[ $(acistore --json list | jq -r '.images[] | select(.verified != null).key' | sort) == \
      "$(sed -n 's/  ok$//p' <<<"$all")" ]]
  done
}

@test "-j: named images in the order of the arguments, those that are not there between them" {
  twelve_images
  flip "$(blob_of "${keys[7]}")" 0
  local jobs
  for jobs in 1 2 12; do
    run_acistore -q verify -j "$jobs" "${keys[@]:6:6}" example.com/none "${keys[@]:0:3}" "${keys[6]}"
    assert_status 6
    [[ $(sed 's/: .*//' <<<"$output") == "$(printf '%s\n' "${keys[6]}  ok" "${keys[7]}  corrupt" \
      "${keys[8]}  ok" "${keys[9]}  ok" "${keys[10]}  ok" "${keys[11]}  ok" "${keys[0]}  ok" \
      "${keys[1]}  ok" "${keys[2]}  ok" "${keys[6]}  ok")" ]] || fail 'expected another order'
    assert_stderr_line 'example.com/none: no such image'
    run_acistore verify -j "$jobs" example.com/none "${keys[7]}" sha512-x
    assert_status 3
    assert_stdout_line "${keys[7]}  corrupt: .+"
  done
}

@test "-j takes a number from 1 to 1024" {
  local jobs
  for jobs in 0 -1 1025 two '' 2x; do
    run_acistore verify --jobs="$jobs"
    assert_failure 2 '--jobs: '
  done
}

@test "without a store: status 3, and none is made" {
  run_acistore verify
  assert_failure 3 "^verify: .*$ACISTORE_DIR"
  [[ ! -e $ACISTORE_DIR ]]
}

@test "blobs without a database: status 6, and they are left alone" {
  three_blobs
  rm -f "$ACISTORE_DIR"/acistore.db*
  run_acistore verify
  assert_failure 6 '^verify: '
  [[ ! -e $ACISTORE_DIR/acistore.db ]]
  cmp a.aci "$(blob_of "$a")"
}

@test "a database that is none, or half of one: status 6" {
  three_blobs
  cp "$ACISTORE_DIR/acistore.db" whole.db
  printf 'no database at all, but long enough to look at %0512d' 0 >"$ACISTORE_DIR/acistore.db"
  run_acistore verify
  assert_failure 6 '^verify: '
  head -c 20000 whole.db >"$ACISTORE_DIR/acistore.db"
  run_acistore verify
  assert_status 6
}

@test "a store that the user may not write is checked, and stays as it is" {
  three_blobs
  become_reader
  before=$(listing)
  run_reader verify
  assert_status 0
  sorted_stdout_is "$a  ok" "$b  ok" "$note  ok"
  [[ $(listing) == "$before" ]]
}

@test "a database that another process writes to is no hindrance to the answer" {
  three_blobs
  hold_database IMMEDIATE
  run_acistore --lock-timeout 1s verify
  sorted_stdout_is "$a  ok" "$b  ok" "$note  ok"
}

@test "a database that stays locked is status 7" {
  three_blobs
  hold_database EXCLUSIVE
  run_acistore --lock-timeout 1s verify
  assert_failure 7 '^verify: '
}

@test "a full disk is no hindrance" {
  small_file_system 1M
  three_blobs
  fill_up
  run_acistore verify
  assert_status 0
  sorted_stdout_is "$a  ok" "$b  ok" "$note  ok"
}

@test "an image that is removed meanwhile is not damage" {
  make_image many --many 120
  acistore import many/*.aci >/dev/null
  acistore rm $(acistore --json list | jq -r '.images[].key') >/dev/null &
  run_acistore verify
  wait
  assert_status 0
  [[ $output != *missing* && $output != *corrupt* ]] || fail 'expected no damage'
}

@test "a write error on standard output is status 1" {
  three_blobs
  for jobs in 1 2; do
    run --separate-stderr bash -c '"$ACISTORE" --quiet verify -j "$1" >/dev/full' - "$jobs"
    assert_failure 1 '^verify: '
  done
}

@test "--budget: begins with the longest unverified, at least one, and goes on the next time" {
  three_blobs
  order=$(printf '%s  ok\n' "$a" "$b" "$note" | sort)
  seen=()
  for _ in 1 2 3; do
    run_acistore verify --budget 0s
    assert_status 0
    [[ ${#lines[@]} == 1 ]] || fail 'expected one check'
    [[ $stderr == *'the next run goes on'* ]]
    seen+=("$output")
  done
  [[ $(printf '%s\n' "${seen[@]}") == "$order" ]] || fail "expected in three runs: $order"
  run_acistore verify --budget 0s
  assert_stdout "${seen[0]}"
  run_acistore verify --budget 1h
  [[ ${#lines[@]} == 3 && $stderr != *'goes on'* ]] || fail 'expected all'
  run_acistore verify --budget soon
  assert_failure 2 '--budget: .*soon'
}

@test "--repair moves what is corrupt to quarantine/ and forgets it and what is missing" {
  three_blobs
  flip "$(blob_of "$a")" 2000
  cp "$(blob_of "$a")" damaged
  rm -f "$(blob_of "$note")"
  pin "$a" me
  acistore remote add https://example.com/a.aci "$a"
  run_acistore verify --repair
  assert_status 6
  assert_stdout_line "$a  corrupt: .*; moved to quarantine/$a, and forgotten"
  assert_stdout_line "$note  missing: .*; forgotten"
  assert_stdout_line "$b  ok"
  cmp damaged "$ACISTORE_DIR/quarantine/$a"
  [[ ! -e $(blob_of "$a") ]]
  [[ -z $(acistore remote list) ]]
  run_acistore verify --repair
  assert_status 0
  assert_stdout "$b  ok"
  # Importing it mends it; damaged once more, it does not replace the first in quarantine.
  acistore import a.aci >/dev/null
  acistore cat "$a" | cmp - a.aci
  chmod u+w "$(blob_of "$a")"
  printf short >"$(blob_of "$a")"
  run_acistore --json verify --repair "$a"
  assert_status 6
  assert_json '.checks[0].status' '"corrupt"'
  cmp damaged "$ACISTORE_DIR/quarantine/$a"
  [[ $(<"$ACISTORE_DIR/quarantine/$a.1") == short ]]
}

@test "--repair moves what is no file at all, and never touches what it points at" {
  three_blobs
  rm -f "$(blob_of "$a")" "$(blob_of "$b")"
  mkdir "$(blob_of "$a")"
  ln -s "$PWD/b.aci" "$(blob_of "$b")"
  run_acistore verify --repair
  assert_status 6
  [[ -d $ACISTORE_DIR/quarantine/$a && -L $ACISTORE_DIR/quarantine/$b && -s b.aci ]]
  [[ $(acistore --json list | jq '.images | length') == 0 ]]
}

@test "--repair leaves good bytes of which the database is wrong, and says what mends that" {
  three_blobs
  sql "UPDATE blob SET size = size + 1 WHERE key = '$a'"
  run_acistore verify --repair
  assert_status 6
  assert_stdout_line "$a  corrupt: .*left, .*acistore recover.*"
  cmp a.aci "$(blob_of "$a")"
  acistore recover >/dev/null
  run_acistore verify
  assert_status 0
}

@test "--repair where the store may not be written: status 1, and it stays as it is" {
  three_blobs
  flip "$(blob_of "$a")" 0
  become_reader
  before=$(listing)
  run_reader verify --repair
  assert_status 1
  [[ $(listing) == "$before" ]]
}

@test "the copy of the database is brought up to date, as a whole and with its mode" {
  three_blobs
  chmod 640 "$ACISTORE_DIR/acistore.db"
  acistore verify >/dev/null
  copy=$ACISTORE_DIR/acistore.db.copy
  [[ $(stat -c %a "$copy") == 640 && ! -e $copy.new ]]
  before=$(sha512sum <"$copy")
  acistore mark "$a" --latest
  # What an interrupted one has left is used again.
  printf 'left over' >"$copy.new"
  acistore verify >/dev/null
  [[ $(sha512sum <"$copy") != "$before" && ! -e $copy.new ]]
  before=$(sha512sum <"$copy")
  # A named image is no occasion.
  acistore mark "$a" --no-latest
  acistore verify "$a" >/dev/null
  [[ $(sha512sum <"$copy") == "$before" ]]
}

@test "a database that contradicts itself is status 6, and the copy stays what it was" {
  three_blobs
  acistore verify >/dev/null
  before=$(sha512sum <"$ACISTORE_DIR/acistore.db.copy")
  page=$(sql "SELECT rootpage FROM sqlite_schema WHERE name = 'image_by_last_used'")
  dd if=/dev/zero of="$ACISTORE_DIR/acistore.db" bs=4096 seek=$((page - 1)) count=1 conv=notrunc status=none
  run_acistore -q verify
  assert_status 6
  assert_stdout_line "$a  ok"
  assert_stderr_line '^verify: .*acistore recover'
  [[ $(sha512sum <"$ACISTORE_DIR/acistore.db.copy") == "$before" ]]
}

@test "a copy that cannot be made is no failure" {
  small_file_system 1m
  three_blobs
  fill_up
  run_acistore verify
  assert_status 0
  [[ ! -s $ACISTORE_DIR/acistore.db.copy ]]
  run_acistore -v verify
  assert_status 0
  [[ $stderr == *acistore.db.copy* ]]
}
