#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore hash FILE...: the key that a file would have, without storing anything.

load support

@test "the key of an image and its file, as sha512sum prints them" {
  make_image web.aci
  run_acistore hash web.aci
  assert_status 0
  assert_stdout "$(key_of web.aci)  web.aci"
  assert_stderr ''
}

@test "compressed files have the key of what is in them, whatever their names" {
  make_image plain.aci
  make_image a.txt --compress gzip
  make_image b.gz --compress bzip2
  make_image c --compress xz
  key=$(key_of plain.aci)
  run_acistore hash plain.aci a.txt b.gz c
  assert_status 0
  assert_stdout "$key  plain.aci
$key  a.txt
$key  b.gz
$key  c"
}

@test "it need not be an image" {
  printf 'some text\n' >text
  : >empty
  run_acistore hash text empty
  assert_status 0
  assert_stdout "$(key_of text)  text
$(key_of empty)  empty"
}

@test "- is standard input" {
  printf 'some text\n' >text
  run_acistore hash - <text
  assert_status 0
  assert_stdout "$(key_of text)  -"
}

@test "any file name is taken as it is; one with a backslash or a newline is escaped as sha512sum does" {
  printf 'some text\n' >text
  key=$(key_of text)
  for name in '[a,b]' 'a b' a,b a=b; do
    cp text "$name"
    run_acistore hash "$name"
    assert_status 0
    assert_stdout "$key  $name"
  done
  cp text 'back\slash'
  cp text $'new\nline'
  run_acistore hash 'back\slash' $'new\nline'
  assert_status 0
  assert_stdout "\\$key  back\\\\slash
\\$key  new\\nline"
}

@test "it is the key that import prints" {
  make_image web.aci --compress gzip --size 300000
  [[ "$(acistore import web.aci)  web.aci" == "$(acistore hash web.aci)" ]]
}

@test "no store is needed, and none is made" {
  make_image web.aci
  run_acistore hash web.aci
  assert_status 0
  [[ ! -e $ACISTORE_DIR ]]
}

@test "--json gives the keys in one object" {
  printf 'some text\n' >text
  : >empty
  run_acistore --json hash text empty
  assert_status 0
  assert_json 'keys, (.keys | length)' '["keys"]
2'
  assert_json '.keys | map(tostring | test("'"$(key_of text)"'"))' '[true,false]'
  assert_json '.keys | map(tostring | test("'"$(key_of empty)"'"))' '[false,true]'
}

@test "a missing file is status 1, and the others are done" {
  printf 'some text\n' >text
  run_acistore hash missing text
  assert_status 1
  assert_stdout "$(key_of text)  text"
  assert_stderr_line '^hash: missing: .*No such file or directory$'
}

@test "a directory is status 1" {
  mkdir dir
  run_acistore hash dir
  assert_failure 1 '^hash: dir: '
}

@test "a corrupt compressed file is status 5" {
  make_image web.aci --compress gzip
  truncate -s -5 web.aci
  run_acistore hash web.aci
  assert_failure 5 '^hash: web.aci: .*gzip'
}

@test "the status is that of the first failure" {
  make_image web.aci --compress xz
  truncate -s -5 web.aci
  run_acistore hash web.aci missing
  assert_status 5
  run_acistore hash missing web.aci
  assert_status 1
  [[ ${#stderr_lines[@]} == 2 ]]
}

@test "without a file it is a wrong command line" {
  run_acistore hash
  assert_failure 2 .
}

@test "a write error on standard output is status 1" {
  printf 'some text\n' >text
  run --separate-stderr bash -c '"$ACISTORE" hash text >/dev/full'
  assert_failure 1 'No space left on device'
}

@test "-j hashes several files at the same time and names them in argument order" {
  local i expected=
  for i in {1..9}; do
    head -c $((i * 100000)) /dev/zero >"$i"
    expected+="sha512-$(sha512sum <"$i" | cut -c1-64)  $i"$'\n'
  done
  gzip -k 5
  run_acistore hash -j 4 {1..9}
  assert_status 0
  assert_stdout "${expected%$'\n'}"
  run_acistore hash -j 3 9 missing 5.gz 1
  assert_status 1
  [[ ${#lines[@]} == 3 && ${lines[1]} == *'  5.gz' && ${lines[2]} == *'  1' ]]
}
