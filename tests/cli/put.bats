#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore put [--key KEY] [FILE]: stores bytes as given, as a blob that is no image.

load support
load store_state

# The store holds this blob, and only this, with these bytes.
assert_only_blob() {
  local files
  files=$(find "$ACISTORE_DIR/blob" "$ACISTORE_DIR/tmp" ! -type d -printf '%f\n')
  [[ $files == "$1" ]] || fail "expected one file, $1, but there is: $files" || return
  cmp "$2" "$(blob_of "$1")"
}

@test "prints the key of the bytes and keeps them" {
  printf 'no image' >note
  run_acistore put note
  assert_status 0
  assert_stdout "$(key_of note)"
  assert_stderr ''
  assert_only_blob "$(key_of note)" note
}

@test "standard input, where no file is named or it is -" {
  printf 'piped' >note
  run --separate-stderr bash -c '"$ACISTORE" put <note'
  assert_status 0
  assert_stdout "$(key_of note)"
  printf 'piped, too' >note
  run --separate-stderr bash -c 'cat note | "$ACISTORE" put -'
  assert_status 0
  assert_stdout "$(key_of note)"
  acistore cat "$(key_of note)" | cmp - note
}

@test "bytes are stored as given: nothing is decompressed, nothing is looked into" {
  make_image web.aci.gz --compress gzip
  run_acistore put web.aci.gz
  assert_status 0
  assert_stdout "$(key_of web.aci.gz)"
  acistore cat "$(key_of web.aci.gz)" | cmp - web.aci.gz
}

@test "no bytes at all have a key, too" {
  : >empty
  run_acistore put empty
  assert_status 0
  assert_stdout sha512-cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce
  assert_only_blob "$(key_of empty)" empty
}

@test "more bytes than fit into a buffer" {
  python3 -c '
import random, sys
sys.stdout.buffer.write(random.Random(1).randbytes(5_000_001))' >big
  run_acistore put big
  assert_status 0
  assert_stdout "$(key_of big)"
  acistore cat "$(key_of big)" | cmp - big
}

@test "resolve, cat, dump, verify and rm see the blob; get and list do not" {
  make_image web.aci
  key=$(acistore put web.aci)
  [[ $(acistore resolve "${key:0:20}") == "$key" ]]
  acistore cat "$key" | cmp - web.aci
  acistore dump | grep -q "^blob/$key: "
  [[ $(acistore verify 2>/dev/null) == "$key  ok" ]]
  [[ $(acistore list --no-legend) == '' ]]
  run_acistore get example.com/app
  assert_status 3
  [[ $(acistore rm "$key") == "$key" ]]
  refute_kept
}

@test "importing the same bytes makes it an image" {
  make_image web.aci
  key=$(acistore put web.aci)
  [[ $(acistore import web.aci) == "$key" ]]
  [[ $(acistore get example.com/app) == "$key" ]]
  assert_kept "$key"
}

@test "putting the bytes of an image leaves it an image" {
  make_image web.aci
  make_image later.aci --label version=2
  key=$(acistore import web.aci)
  acistore import --latest later.aci
  before=$(acistore --json list)
  run_acistore put web.aci
  assert_status 0
  assert_stdout "$key"
  [[ $(acistore --json list) == "$before" ]]
}

@test "putting the same bytes again changes nothing" {
  printf 'twice' >note
  acistore put note
  run_acistore put note
  assert_status 0
  assert_stdout "$(key_of note)"
  assert_only_blob "$(key_of note)" note
}

@test "a blob that is missing or of the wrong size is stored anew" {
  printf 'whole' >note
  key=$(acistore put note)
  rm -f "$(blob_of "$key")"
  acistore put note
  assert_only_blob "$key" note
  chmod u+w "$(blob_of "$key")"
  printf 'who' >"$(blob_of "$key")"
  acistore put note
  assert_only_blob "$key" note
}

@test "the blob is read-only, where store(5) says" {
  printf 'placed' >note
  key=$(acistore put note)
  [[ $(stat -c %A "$ACISTORE_DIR/blob/sha512/${key:7:2}/$key") == -r--r--r-- ]]
}

@test "--key accepts the bytes of that key, by as many digits as are given" {
  printf 'expected' >note
  for key in "$(key_of note)" "$(id_of note)"; do
    run_acistore put --key "$key" note
    assert_status 0
    assert_stdout "$(key_of note)"
  done
  run --separate-stderr bash -c '"$ACISTORE" put --key "$1" <note' - "$(key_of note)"
  assert_status 0
}

@test "--key refuses other bytes: status 5, both keys in the message, nothing kept" {
  printf 'expected' >note
  printf 'other' >other
  run_acistore put --key "$(key_of note)" other
  assert_failure 5 '^put: other: '
  [[ $stderr == *"$(key_of note)"* && $stderr == *"$(key_of other)"* ]] ||
    fail 'expected both keys in the message'
  refute_kept
  run_acistore --json put --key "$(key_of note)" other
  assert_status 5
  assert_stdout ''
  assert_json_error '[.error.status, .error.kind]' '[5,"invalid"]'
  refute_kept
}

@test "--key compares all 128 digits where they are given" {
  printf 'expected' >note
  id=$(id_of note)
  wrong=${id:0:134}$([[ ${id: -1} == 0 ]] && echo 1 || echo 0)
  run_acistore put --key "$wrong" note
  assert_failure 5 '^put: note: '
  refute_kept
}

@test "--key that is no key is status 2" {
  printf 'note' >note
  for bad in sha512- sha512-x abcd '' "$(id_of note)0"; do
    run_acistore put --key "$bad" note
    assert_failure 2 '^put: '
  done
  refute_kept
}

@test "--json gives the key in an object" {
  printf 'note' >note
  run_acistore --json put note
  assert_status 0
  assert_json . "{\"keys\":[\"$(key_of note)\"]}"
  assert_stderr ''
}

@test "--quiet gives the key all the same" {
  printf 'note' >note
  run_acistore put --quiet note
  assert_status 0
  assert_stdout "$(key_of note)"
  assert_stderr ''
}

@test "makes the store where there is none, parents included" {
  printf 'note' >note
  run_acistore --store "$PWD/deep/down/store" put note
  assert_status 0
  acistore --store "$PWD/deep/down/store" cat "$(key_of note)" | cmp - note
  [[ ! -e $ACISTORE_DIR ]]
}

@test "a file that cannot be read is status 1, and nothing is kept" {
  run_acistore put missing
  assert_failure 1 '^put: missing: .*No such file or directory'
  mkdir directory
  run_acistore put directory
  assert_failure 1 '^put: directory: .*[Dd]irectory'
  run_acistore --json put missing
  assert_status 1
  assert_stdout ''
  assert_json_error '[.error.status, .error.kind]' '[1,"io"]'
  refute_kept
}

@test "one file at most, and no unknown option" {
  run_acistore put a b
  assert_failure 2 '^put: '
  run_acistore put --bogus a
  assert_failure 2 '^put: .*--bogus'
  [[ ! -e $ACISTORE_DIR ]]
}

@test "a place where no store can be made is status 1" {
  printf 'note' >note
  : >file
  run_acistore --store file put note
  assert_failure 1 '^put: .*file'
  run_acistore --store file/store put note
  assert_failure 1 '^put: .*file/store'
}

@test "a store that the user may not write is status 1, and stays as it is" {
  printf 'first' | acistore put
  become_reader
  printf 'note' >note
  before=$(listing)
  run_reader put note
  assert_failure 1 '^put: '
  [[ $(listing) == "$before" ]]
}

@test "blobs without a database are a damaged store: status 6, and they are left alone" {
  printf 'first' >first
  acistore put first
  printf 'note' >note
  for damage in 'rm -f' 'truncate -s 0'; do
    $damage "$ACISTORE_DIR/acistore.db"
    run_acistore put note
    assert_failure 6 '^put: '
    cmp first "$(blob_of "$(key_of first)")"
  done
}

@test "a database that another process writes to for too long is status 7" {
  printf 'first' | acistore put
  printf 'note' >note
  hold_database IMMEDIATE
  run_acistore put note --lock-timeout 1s
  assert_failure 7 '^put: '
}

@test "a key that another process holds for too long is status 7" {
  printf 'first' | acistore put
  printf 'note' >note
  hold_keys
  run_acistore put note --lock-timeout 1s
  assert_failure 7 '^put: '
  let_go
  run_acistore put note --lock-timeout 1s
  assert_status 0
  assert_stdout "$(key_of note)"
}

@test "no space left is status 8, and nothing is left of the attempt" {
  small_file_system 400k
  printf 'first' >first
  acistore put first
  head -c 1M /dev/zero >zeros
  run_acistore put zeros
  assert_failure 8 '^put: .*No space left on device'
  assert_only_blob "$(key_of first)" first
  run_acistore --json put zeros
  assert_status 8
  assert_json_error '[.error.status, .error.kind]' '[8,"no-space"]'
}

@test "a write error on standard output is status 1, although the blob is stored" {
  printf 'note' >note
  run --separate-stderr bash -c '"$ACISTORE" put note >/dev/full'
  assert_failure 1 '^put: '
  acistore cat "$(key_of note)" | cmp - note
}

@test "a closed standard output is a write error, and never a way into the store" {
  printf 'note' >note
  run --separate-stderr bash -c '"$ACISTORE" put note >&-'
  assert_failure 1 '^put: '
  run_acistore verify
  assert_status 0
  assert_stdout "$(key_of note)  ok"
}

@test "a reader of the key who has gone away does not stop the work" {
  printf 'note' >note
  run --separate-stderr bash -c 'env --default-signal=PIPE "$ACISTORE" put note | true'
  acistore cat "$(key_of note)" | cmp - note
}
