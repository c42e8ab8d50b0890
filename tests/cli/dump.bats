#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore dump [--hex]: every key of both stores, with the first 128 bytes of its value.

load support
load store_state

@test "blobs, then manifests, each with a total" {
  printf 'a short note' >note
  make_image web.aci --name example.com/web
  note=$(acistore put note)
  web=$(acistore import web.aci)
  run_acistore dump
  assert_status 0
  assert_stderr ''
  [[ ${#lines[@]} == 5 ]] || fail 'expected five lines'
  assert_stdout_line "blob/$note: a short note"
  assert_stdout_line "blob/$web: manifest(\\\\x00)+.*"
  [[ ${lines[2]} == '2 total keys' ]] || fail 'expected the total of the blobs'
  [[ ${lines[3]} == "imageManifest/$web: {\"acKind\":\"ImageManifest\",\"acVersion\":\"0.8.11\",\"name\":\"example.com/web\"}" ]] ||
    fail 'expected the manifest'
  [[ ${lines[4]} == '1 total keys' ]] || fail 'expected the total of the manifests'
}

@test "an empty store has zero keys in both" {
  acistore rm "$(acistore put </dev/null)" >/dev/null
  run_acistore dump
  assert_status 0
  assert_stdout '0 total keys
0 total keys'
}

@test "keys are sorted, in whatever order they came" {
  make_image many --many 20
  acistore import many/*.aci >/dev/null
  printf 'note' | acistore put >/dev/null
  run_acistore dump
  assert_status 0
  seen=$(sed -n 's/^blob\/\(sha512-[0-9a-f]*\): .*/\1/p' <<<"$output")
  [[ $(wc -l <<<"$seen") == 21 ]] || fail 'expected 21 blobs'
  [[ $seen == "$(sort <<<"$seen")" ]] || fail 'expected the blobs in order'
  seen=$(sed -n 's/^imageManifest\/\(sha512-[0-9a-f]*\): .*/\1/p' <<<"$output")
  [[ $(wc -l <<<"$seen") == 20 ]] || fail 'expected 20 manifests'
  [[ $seen == "$(sort <<<"$seen")" ]] || fail 'expected the manifests in order'
}

@test "128 bytes of a value, and no more" {
  printf '%0127dx' 0 >exact
  printf '%0127dxy' 0 >longer
  printf '%0126dx' 0 >shorter
  for name in exact longer shorter; do
    key=$(acistore put "$name")
    run_acistore dump
    assert_status 0
    [[ ${lines[0]} == "blob/$key: $(head -c 128 "$name")" ]] || fail "expected 128 bytes of $name"
    acistore rm "$key" >/dev/null
  done
}

@test "a value of no bytes" {
  key=$(acistore put </dev/null)
  acistore dump | head -n 1 >line
  printf 'blob/%s: \n' "$key" | cmp - line
  acistore dump --hex | head -n 1 >line
  printf 'blob/%s: \n' "$key" | cmp - line
}

@test "bytes that do not print are \\xNN, a backslash is two" {
  printf 'a\\b\tc\nd\x00e\x1b[31m\x7f\xff~ "' >bytes
  key=$(acistore put bytes)
  run_acistore dump
  assert_status 0
  [[ ${lines[0]} == "blob/$key: "'a\\b\x09c\x0ad\x00e\x1b[31m\x7f\xff~ "' ]] ||
    fail 'expected every byte visible'
}

@test "a manifest is shown as safely" {
  printf '{"acKind":"ImageManifest",\n\t"acVersion":"0.8.11","name":"a","x":"\\\\"}' >odd.json
  make_image odd.aci --manifest odd.json
  key=$(acistore import odd.aci)
  run_acistore dump
  assert_status 0
  [[ ${lines[2]} == "imageManifest/$key: "'{"acKind":"ImageManifest",\x0a\x09"acVersion":"0.8.11","name":"a","x":"\\\\"}' ]] ||
    fail 'expected every byte visible'
}

@test "--hex gives all bytes as hex digits, and still no more than 128" {
  make_image web.aci
  key=$(acistore import web.aci)
  run_acistore dump --hex
  assert_status 0
  assert_stdout "blob/$key: $(head -c 128 web.aci | od -An -v -tx1 | tr -d ' \n')
1 total keys
imageManifest/$key: $(acistore manifest "$key" | head -c 128 | od -An -v -tx1 | tr -d ' \n')
1 total keys"
}

@test "--quiet dumps all the same" {
  acistore put </dev/null >/dev/null
  full=$(acistore dump)
  run_acistore --quiet dump
  assert_status 0
  assert_stdout "$full"
}

@test "a blob that is missing is status 6, and the others are dumped" {
  printf 'lost' >lost
  printf 'kept' >kept
  lost=$(acistore put lost)
  kept=$(acistore put kept)
  rm -f "$(blob_of "$lost")"
  run_acistore dump
  assert_status 6
  assert_stdout_line "blob/$kept: kept"
  assert_stderr_line "^dump: .*${lost:0:19}"
}

@test "no argument, no unknown option" {
  run_acistore dump sha512-ab
  assert_failure 2 '^dump: .*sha512-ab'
  run_acistore dump --bogus
  assert_failure 2 '^dump: .*--bogus'
}

@test "without a store: status 3, and none is made" {
  run_acistore dump
  assert_failure 3 "^dump: .*$ACISTORE_DIR"
  [[ ! -e $ACISTORE_DIR ]]
}

@test "a damaged database is status 6" {
  acistore put </dev/null
  printf 'no database at all, but long enough to look at %0512d' 0 >"$ACISTORE_DIR/acistore.db"
  run_acistore dump
  assert_failure 6 '^dump: '
}

@test "a database that stays locked is status 7" {
  acistore put </dev/null
  hold_database EXCLUSIVE
  run_acistore dump --lock-timeout 1s
  assert_failure 7 '^dump: '
}

@test "a write error on standard output is status 1; a closed pipe is nothing to talk about" {
  acistore put </dev/null
  run --separate-stderr bash -c '"$ACISTORE" dump >/dev/full'
  assert_failure 1 '^dump: '
  make_image many --many 300
  acistore import many/*.aci >/dev/null
  run --separate-stderr bash -c 'env --default-signal=PIPE "$ACISTORE" dump | head -n 1 | wc -l; echo "${PIPESTATUS[0]}"'
  assert_stdout '1
141'
  assert_stderr ''
}
