#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore manifest IMAGE: its manifest, byte for byte as it stands in the archive.

load support
load store_state

# A manifest as somebody with odd habits writes it: spaces, escapes, members that nobody knows,
# an order of its own, and no newline at the end.
odd_manifest() {
  printf '{ "labels":[{"value":"1.0","name":"version"}],\n\t"acVersion" : "0.8.11",  "acKind":"ImageManifest",
    "name": "example.com\\/odd", "x-unknown": {"b":1,"a":[1.50,1e2,null]}, "annotations":null,
    "z": "caf\xc3\xa9 \\u00e9 \\ud83d\\ude00"}\t '
}

odd_image() {
  odd_manifest >odd.json
  make_image odd.aci --manifest odd.json
  acistore import odd.aci
  key=$(key_of odd.aci)
}

@test "byte for byte as in the archive: spaces, escapes, unknown members, order" {
  odd_image
  acistore manifest "$key" >out.json
  cmp odd.json out.json
}

@test "the same for a compressed image" {
  odd_manifest >odd.json
  make_image odd.aci.xz --manifest odd.json --compress xz
  key=$(acistore import odd.aci.xz)
  acistore manifest "$key" >out.json
  cmp odd.json out.json
}

@test "a newline at the end stays, and none is added" {
  odd_manifest >odd.json
  printf '\n' >>odd.json
  make_image odd.aci --manifest odd.json
  acistore import odd.aci
  acistore manifest example.com/odd >out.json
  cmp odd.json out.json
}

@test "the same bytes as cat IMAGE manifest" {
  odd_image
  acistore cat "$key" manifest >cat.json
  acistore manifest "$key" >out.json
  cmp cat.json out.json
}

@test "the image by prefix, image ID or reference" {
  odd_image
  for image in "${key:0:20}" "$(id_of odd.aci)" example.com/odd example.com/odd:1.0; do
    acistore manifest "$image" >out.json
    cmp odd.json out.json
  done
}

@test "--pretty indents it, and changes no value" {
  odd_image
  run_acistore manifest --pretty "$key"
  assert_status 0
  assert_stderr ''
  ((${#lines[@]} > 10)) || fail 'expected a member a line'
  [[ ${lines[0]} == '{' && ${lines[-1]} == '}' ]] || fail 'expected the braces on their own lines'
  [[ ${lines[1]} =~ ^[[:space:]]+\"labels\" ]] || fail 'expected the first member first, indented'
  [[ $(jq -S . <<<"$output") == "$(jq -S . odd.json)" ]] || fail 'expected the same values'
  [[ $(jq -c keys_unsorted <<<"$output") == "$(jq -c keys_unsorted odd.json)" ]] ||
    fail 'expected the same order'
}

@test "--pretty ends with a newline, and keeps every digit of a number" {
  printf '{"acKind":"ImageManifest","acVersion":"0.8.11","name":"a","x":12345678901234567890123,"y":0.10}' >big.json
  make_image big.aci --manifest big.json
  acistore import big.aci
  acistore manifest a --pretty >out.json
  [[ $(tail -c 1 out.json | od -An -c) == *'\n'* ]]
  grep -q '12345678901234567890123' out.json
  grep -q '0\.10' out.json
}

@test "control characters of an indented manifest never reach a terminal" {
  printf '{"acKind":"ImageManifest","acVersion":"0.8.11","name":"a","x":"\\u001b[31m\\u0007\x7f\xc2\x9b"}' >evil.json
  make_image evil.aci --manifest evil.json
  acistore import evil.aci
  run_acistore manifest --pretty a
  assert_status 0
  ! LC_ALL=C grep -qaP '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' <<<"$output" || fail 'expected no control character'
  assert_json .x "$(jq -c .x evil.json)"
}

@test "needs the database only: a blob that is missing or damaged is no hindrance" {
  odd_image
  rm -f "$(blob_of "$key")"
  acistore manifest "$key" >out.json
  cmp odd.json out.json
}

@test "a long manifest is given whole" {
  python3 -c '
import json
print(json.dumps({"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "long",
                  "annotations": [{"name": "n%d" % i, "value": "v" * 100} for i in range(9000)]}))' >long.json
  make_image long.aci --manifest long.json
  acistore import long.aci
  acistore manifest long >out.json
  cmp long.json out.json
}

@test "a blob that is no image has no manifest" {
  make_image web.aci
  key=$(acistore put web.aci)
  run_acistore manifest "$key"
  assert_failure 3 "^manifest: .*${key:0:19}"
}

@test "not found is status 3, ambiguous 4, malformed 2" {
  make_twins
  acistore import one.aci two.aci
  run_acistore manifest example.com/none
  assert_failure 3 '^manifest: .*example.com/none'
  run_acistore manifest "$TWIN"
  assert_failure 4 "^manifest: $TWIN: ambiguous: 2 keys"
  run_acistore manifest sha512-x
  assert_failure 2 '^manifest: .*sha512-x'
  run_acistore manifest
  assert_failure 2 '^manifest: '
  run_acistore manifest a b
  assert_failure 2 '^manifest: '
}

@test "without a store: status 3, and none is made" {
  run_acistore manifest example.com/app
  assert_failure 3 "^manifest: .*$ACISTORE_DIR"
  [[ ! -e $ACISTORE_DIR ]]
}

@test "a damaged database is status 6" {
  odd_image
  printf 'no database at all, but long enough to look at %0512d' 0 >"$ACISTORE_DIR/acistore.db"
  run_acistore manifest "$key"
  assert_failure 6 '^manifest: '
}

@test "a database that stays locked is status 7" {
  odd_image
  hold_database EXCLUSIVE
  run_acistore manifest --lock-timeout 1s "$key"
  assert_failure 7 '^manifest: '
}

@test "a write error on standard output is status 1; a closed pipe is nothing to talk about" {
  odd_image
  run --separate-stderr bash -c '"$ACISTORE" manifest "$1" >/dev/full' - "$key"
  assert_failure 1 '^manifest: '
  run --separate-stderr bash -c 'env --default-signal=PIPE "$ACISTORE" manifest "$1" | head -c 0' - "$key"
  assert_stderr ''
}
