#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore info [IMAGE]: all that is known of an image, or of the store.

load support

setup_file() {
  fresh_store
  make_image web.aci --name example.com/web --label version=1.0 --label os=linux
  sleep 0.05  # a file that was written just now is not known again
  acistore import --latest web.aci >/dev/null
}

setup() {
  fresh_store
  cp -a "$BATS_FILE_TMPDIR"/work/* .
  cp -a "$BATS_FILE_TMPDIR/store" "$ACISTORE_DIR"
  key=$(key_of web.aci)
  time='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{9}Z'
}

# field NAME: the value of a field of the last run.
field() {
  sed -n "s/^$1: //p" <<<"$output"
}

@test "of an image its fields, a line each, in this order" {
  run_acistore info "$key"
  assert_status 0
  assert_stderr ''
  [[ $(cut -d : -f 1 <<<"$output" | xargs) == \
    'key id name label label size latest importTime lastUsed verified source store blob' ]] || fail 'other fields'
  [[ $(field key) == "$key" ]]
  [[ $(field id) == "$(id_of web.aci)" ]]
  [[ $(field name) == example.com/web ]]
  [[ $(field label) == "version=1.0
os=linux" ]]
  [[ $(field size) == "$(stat -c %s web.aci)" ]]
  [[ $(field latest) == true ]]
  [[ $(field verified) == never ]]
  assert_stdout_line "importTime: $time"
  assert_stdout_line "lastUsed: $time"
  cmp "$(field blob)" web.aci
}

@test "by reference and by prefix as well" {
  for image in example.com/web:1.0 "${key:0:20}"; do
    run_acistore info "$image"
    assert_status 0
    [[ $(field key) == "$key" ]]
  done
}

@test "pins, remotes, a verification, and each of the files that it came from" {
  acistore pin "$key" --owner one
  acistore pin "$key" --owner two --for 1h
  acistore pin "$key" --owner gone --for 0s
  acistore remote add https://example.com/web.aci "$key"
  acistore remote add https://example.com/another "$key"
  acistore verify "$key" >/dev/null
  gzip -kn web.aci
  sleep 0.05
  acistore import web.aci.gz >/dev/null
  run_acistore info "$key"
  assert_status 0
  [[ $(field pin | wc -l) == 2 ]]
  assert_stdout_line 'pin: one'
  assert_stdout_line "pin: two until $time"
  [[ $(field remote) == "https://example.com/another
https://example.com/web.aci" ]]
  assert_stdout_line "verified: $time"
  assert_stdout_line "source: $(stat -c '%s bytes, gzip, device %d, inode %i' web.aci.gz), modified $time"
  assert_stdout_line 'latest: false'
  run_acistore info --json "$key"
  assert_json '.images[0]|[.key,.name,([.remotes[].aciURL]),([.sources[].compression]|sort),([.pins[].owner])]' \
    "[\"$key\",\"example.com/web\",[\"https://example.com/another\",\"https://example.com/web.aci\"],[\"gzip\",\"none\"],[\"one\",\"two\"]]"
  assert_json '.images[0].blob' "\"$(blob_of "$key")\""
}

@test "of the store what is in it" {
  printf 'no image' >file
  acistore put file >/dev/null
  acistore pin "$key"
  acistore remote add https://example.com/web.aci "$key"
  mkdir -p "$ACISTORE_DIR/quarantine"
  printf 12345 >"$ACISTORE_DIR/tmp/left"
  printf 1234567 >"$ACISTORE_DIR/quarantine/bad"
  orphan=sha512-$(printf 'ab%.0s' {1..32})
  mkdir -p "$(dirname "$(blob_of "$orphan")")"
  printf 123 >"$(blob_of "$orphan")"
  run_acistore info
  assert_status 0
  assert_stderr ''
  assert_stdout "\
directory: $ACISTORE_DIR
schema: 1
images: 1
imageBytes: $(stat -c %s web.aci)
otherBlobs: 1
otherBytes: 8
pinned: 1
remotes: 1
rubbish: 2
rubbishBytes: 8
quarantine: 1
quarantineBytes: 7
databaseBytes: $(stat -c %s "$ACISTORE_DIR/acistore.db")"
  [[ -e $ACISTORE_DIR/tmp/left && -e $ACISTORE_DIR/quarantine/bad && -e $(blob_of "$orphan") ]]
  run_acistore info --json
  assert_json '.store|[.schema,.images,.otherBlobs,.otherBytes,.pinned,.rubbish,.rubbishBytes,.quarantineBytes]' \
    '[1,1,1,8,1,2,8,7]'
  assert_json '.store.directory' "\"$ACISTORE_DIR\""
}

@test "of an empty store zeros" {
  acistore rm "$key" >/dev/null
  run_acistore info
  assert_status 0
  for name in images imageBytes otherBlobs otherBytes pinned remotes rubbish quarantine; do
    [[ $(field $name) == 0 ]] || fail "expected $name to be 0"
  done
}

@test "what the manifest says does not reach the terminal as it is" {
  make_image odd.aci --name example.com/odd --label $'version=1\e[31m'
  acistore import odd.aci >/dev/null
  run_acistore info example.com/odd
  assert_stdout_line 'label: version=1\\x1b\[31m'
}

@test "no such image is status 3, and so is no store; none is made" {
  run_acistore info example.com/none
  assert_failure 3 'example\.com/none'
  for image in '' "$key"; do
    run_acistore --store none info $image
    assert_failure 3 none
    [[ ! -e none ]]
  done
}

@test "one image at a time" {
  run_acistore info "$key" "$key"
  assert_failure 2 .
}
