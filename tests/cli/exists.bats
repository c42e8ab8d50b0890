#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore exists IMAGE: whether it is there, as an exit status.

load support
load store_state

@test "status 0 and not a word for an image that is there" {
  make_image web.aci --name example.com/web --label version=1 --label os=linux
  acistore import web.aci
  key=$(key_of web.aci)
  for image in "$key" "$(id_of web.aci)" "${key:0:9}" example.com/web example.com/web:1 \
    example.com/web:1,os=linux; do
    run_acistore exists "$image"
    assert_status 0
    assert_stdout ''
    assert_stderr ''
  done
}

@test "status 3 for one that is not" {
  make_image web.aci --name example.com/web --label version=1
  acistore import web.aci
  key=$(key_of web.aci)
  for image in example.com/other example.com/web:2 example.com/web,os=linux; do
    run_acistore exists "$image"
    assert_status 3
    assert_stdout ''
  done
  acistore rm "$key"
  for image in "$key" "${key:0:9}" example.com/web; do
    run_acistore exists "$image"
    assert_status 3
    assert_stdout ''
  done
}

@test "status 4 for a key prefix of several images" {
  make_twins
  acistore import one.aci two.aci
  run_acistore exists "$TWIN"
  assert_status 4
  assert_stdout ''
}

@test "a blob that is no image does not exist as one, until its bytes are imported" {
  make_image web.aci
  acistore put web.aci
  run_acistore exists example.com/app
  assert_status 3
  acistore import web.aci
  run_acistore exists example.com/app
  assert_status 0
}

@test "can be asked in a shell's condition" {
  make_image web.aci
  acistore import web.aci
  if acistore exists example.com/app; then seen=yes; fi
  [[ $seen == yes ]]
  if acistore exists example.com/none 2>/dev/null; then seen=both; fi
  [[ $seen == yes ]]
}

@test "an answer needs no standard output" {
  make_image web.aci
  acistore import web.aci
  run --separate-stderr bash -c '"$ACISTORE" exists example.com/app >/dev/full'
  assert_status 0
  run --separate-stderr bash -c '"$ACISTORE" exists example.com/app >&-'
  assert_status 0
}

@test "a malformed image is status 2" {
  acistore put </dev/null
  for bad in sha512-x sha512- App a:b:c ''; do
    run_acistore exists "$bad"
    assert_failure 2 '^exists: '
  done
  run_acistore exists
  assert_failure 2 '^exists: '
  run_acistore exists a b
  assert_failure 2 '^exists: '
}

@test "without a store: status 3, and none is made" {
  run_acistore exists example.com/app
  assert_status 3
  assert_stdout ''
  [[ ! -e $ACISTORE_DIR ]]
}

@test "a damaged store is status 6, not an answer" {
  make_image web.aci
  acistore import web.aci
  printf 'no database at all, but long enough to look at %0512d' 0 >"$ACISTORE_DIR/acistore.db"
  run_acistore exists example.com/app
  assert_failure 6 '^exists: '
}

@test "a database that stays locked is status 7, not an answer" {
  make_image web.aci
  acistore import web.aci
  hold_database EXCLUSIVE
  run_acistore exists --lock-timeout 1s example.com/app
  assert_failure 7 '^exists: '
}
