#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore resolve PREFIX...: completes keys.

load support
load store_state

@test "a prefix of two digits or more gives the whole key" {
  make_image web.aci
  acistore import web.aci
  key=$(key_of web.aci)
  for digits in 2 3 12 63 64; do
    run_acistore resolve "${key:0:7+digits}"
    assert_status 0
    assert_stdout "$key"
    assert_stderr ''
  done
}

@test "a whole image ID, or anything longer than a key, is cut to the length of a key" {
  make_image web.aci
  acistore import web.aci
  run_acistore resolve "$(id_of web.aci)"
  assert_status 0
  assert_stdout "$(key_of web.aci)"
  run_acistore resolve "$(key_of web.aci)0123"
  assert_status 0
  assert_stdout "$(key_of web.aci)"
}

@test "several prefixes give a key a line, in the order of the arguments" {
  make_image a.aci --label version=1
  make_image b.aci --label version=2
  acistore import a.aci b.aci
  a=$(key_of a.aci) b=$(key_of b.aci)
  run_acistore resolve "${b:0:30}" "${a:0:30}" "$b"
  assert_status 0
  assert_stdout "$b
$a
$b"
}

@test "a blob that is no image has a key, too" {
  echo 'no image' >note
  acistore put note
  key=$(key_of note)
  run_acistore resolve "${key:0:20}"
  assert_status 0
  assert_stdout "$key"
}

@test "a prefix of several keys is status 4, and the message counts and names them" {
  make_twins
  acistore import one.aci two.aci
  run_acistore resolve "$TWIN"
  assert_failure 4 "^resolve: $TWIN: ambiguous: 2 keys begin so: "
  message=$stderr
  for image in one.aci two.aci; do
    key=$(key_of "$image")
    [[ $message == *"${key:0:11}"* ]] || fail "expected ${key:0:11}… in: $message"
    run_acistore resolve "$key"
    assert_status 0
    assert_stdout "$key"
  done
}

@test "an image and a blob that is no image can be ambiguous, and stop being so" {
  make_twins
  acistore import one.aci
  acistore put two.aci
  run_acistore resolve "$TWIN"
  assert_failure 4 'ambiguous: 2 keys'
  acistore rm "$(key_of two.aci)"
  run_acistore resolve "$TWIN"
  assert_status 0
  assert_stdout "$(key_of one.aci)"
}

@test "a key that is not there is status 3" {
  make_image web.aci
  acistore import web.aci
  key=$(key_of web.aci)
  last=${key: -1}
  other=${key:0:70}$([[ $last == 0 ]] && echo 1 || echo 0)
  run_acistore resolve "$other"
  assert_failure 3 "^resolve: $other: "
  run_acistore --json resolve "$other"
  assert_status 3
  assert_stdout ''
  assert_json_error '[.error.status, .error.kind]' '[3,"not-found"]'
}

@test "what is no key is status 2" {
  acistore put </dev/null
  for bad in sha512- sha512-a sha512-AB sha512-0g sha512-ab_ 'sha512-ab%' 'sha512-ab ' sha256-abcd \
    abcd example.com/app ''; do
    run_acistore resolve "$bad"
    assert_failure 2 '^resolve: '
  done
  run_acistore --json resolve sha512-xy
  assert_status 2
  assert_stdout ''
  assert_json_error '[.error.status, .error.kind]' '[2,"usage"]'
}

@test "of several arguments all that can be done is done; the first failure gives the status" {
  make_twins
  acistore import one.aci two.aci
  one=$(key_of one.aci) two=$(key_of two.aci)
  digits=${TWIN#sha512-}
  absent=sha512-$(printf '%02x' $(((16#$digits + 1) % 256)))
  run_acistore resolve "$one" "$absent" "$TWIN" "$two"
  assert_status 3
  assert_stdout "$one
$two"
  [[ ${#stderr_lines[@]} == 2 ]] || fail 'expected two messages'
  [[ ${stderr_lines[0]} == "acistore: resolve: $absent: "* ]] || fail "expected $absent first"
  [[ ${stderr_lines[1]} == "acistore: resolve: $TWIN: ambiguous: "* ]] || fail "expected $TWIN then"
  run_acistore resolve "$TWIN" "$absent"
  assert_status 4
  assert_stdout ''
}

@test "--json gives the keys in an object, and failures in objects of their own" {
  make_twins
  acistore import one.aci two.aci
  one=$(key_of one.aci) two=$(key_of two.aci)
  run_acistore resolve "$two" "$one" --json
  assert_status 0
  assert_json . "{\"keys\":[\"$two\",\"$one\"]}"
  assert_stderr ''
  run_acistore resolve --json "$one" "$TWIN"
  assert_status 4
  assert_json .keys "[\"$one\"]"
  assert_json_error '[.error.status, .error.kind]' '[4,"ambiguous"]'
}

@test "--quiet gives the keys all the same, and errors" {
  make_image web.aci
  acistore import web.aci
  key=$(key_of web.aci)
  run_acistore --quiet resolve "$key"
  assert_status 0
  assert_stdout "$key"
  acistore rm "$key" >/dev/null
  run_acistore --quiet resolve "$key"
  assert_failure 3 "$key"
}

@test "at least one prefix, and no unknown option" {
  run_acistore resolve
  assert_failure 2 '^resolve: '
  run_acistore resolve --bogus sha512-ab
  assert_failure 2 '^resolve: .*--bogus'
}

@test "without a store: status 3, and none is made" {
  run_acistore resolve sha512-ab
  assert_failure 3 "^resolve: .*$ACISTORE_DIR"
  [[ ! -e $ACISTORE_DIR ]]
}

@test "a damaged database is status 6" {
  acistore put </dev/null
  printf 'no database at all, but long enough to look at %0512d' 0 >"$ACISTORE_DIR/acistore.db"
  run_acistore resolve sha512-ab
  assert_failure 6 '^resolve: '
}

@test "a database that stays locked is status 7" {
  make_image web.aci
  acistore import web.aci
  hold_database EXCLUSIVE
  run_acistore resolve --lock-timeout 1s "$(key_of web.aci)"
  assert_failure 7 '^resolve: '
}

@test "a write error on standard output is status 1" {
  make_image web.aci
  acistore import web.aci
  run --separate-stderr bash -c '"$ACISTORE" resolve "$1" >/dev/full' - "$(key_of web.aci)"
  assert_failure 1 '^resolve: '
}
