#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore rm IMAGE...: removes images, and the remotes that point at them.

load support
load store_state

two_images() {
  make_image a.aci --label version=1 --size 1000
  make_image b.aci --label version=2
  acistore import a.aci b.aci
  a=$(key_of a.aci) b=$(key_of b.aci)
}

@test "prints the key of what it removed, and leaves nothing of it" {
  make_image web.aci
  key=$(acistore import web.aci)
  run_acistore rm "$key"
  assert_status 0
  assert_stdout "$key"
  assert_stderr ''
  refute_kept
  for verb in resolve exists manifest cat rm; do
    run_acistore "$verb" "$key"
    assert_status 3
  done
}

@test "the others stay" {
  two_images
  run_acistore rm "$a"
  assert_status 0
  assert_kept "$b"
  acistore cat "$b" | cmp - b.aci
}

@test "several, a key a line, in the order of the arguments" {
  two_images
  run_acistore rm "$b" "$a"
  assert_status 0
  assert_stdout "$b
$a"
  refute_kept
}

@test "the image by prefix, image ID or reference" {
  two_images
  make_image c.aci --label version=3
  acistore import c.aci
  run_acistore rm "${a:0:20}" "$(id_of b.aci)" example.com/app:3
  assert_status 0
  assert_stdout "$a
$b
$(key_of c.aci)"
  refute_kept
}

@test "a reference removes the one image that get would give, not all of that name" {
  two_images
  run_acistore rm example.com/app
  assert_status 0
  assert_stdout "$b"
  assert_kept "$a"
}

@test "a blob that is no image is removed by its key" {
  printf 'note' >note
  key=$(acistore put note)
  run_acistore rm "$key"
  assert_status 0
  assert_stdout "$key"
  [[ ! -e $(blob_of "$key") ]]
  [[ $(acistore dump) == $'0 total keys\n0 total keys' ]]
}

@test "the remotes that point at it go with it, and no others" {
  two_images
  acistore remote add https://example.com/a.aci "$a"
  acistore remote add https://mirror.example.com/a.aci "$a"
  acistore remote add https://example.com/b.aci "$b"
  acistore rm "$a"
  [[ $(acistore remote list) == $'https://example.com/b.aci\t'"$b" ]]
}

@test "what was removed can be imported again" {
  two_images
  acistore rm "$a" "$b"
  [[ $(acistore import a.aci) == "$a" ]]
  acistore cat "$a" | cmp - a.aci
  assert_kept "$a"
}

@test "a reader that has opened an image reads it to the end" {
  make_image big.aci --size 3000000
  key=$(acistore import big.aci)
  acistore cat "$key" | {
    head -c 1000
    acistore rm "$key" >/dev/null
    cat
  } >out.aci
  cmp big.aci out.aci
  refute_kept
}

@test "a pinned image is refused: status 10, and it stays" {
  two_images
  pin "$a" manual
  run_acistore rm "$a"
  assert_failure 10 "^rm: .*${a:0:19}.*pin.*manual"
  assert_kept "$a" "$b"
  run_acistore --json rm "$a"
  assert_status 10
  assert_stdout ''
  assert_json_error '[.error.status, .error.kind]' '[10,"refused"]'
}

@test "--force removes a pinned image, and its pins" {
  two_images
  pin "$a" manual
  pin "$a" kubelet
  run_acistore rm --force "$a"
  assert_status 0
  assert_stdout "$a"
  assert_kept "$b"
  acistore import a.aci
  run_acistore rm "$a"
  assert_status 0
}

@test "a pin counts until it expires" {
  two_images
  pin "$a" manual -60
  pin "$b" manual 600
  run_acistore rm "$a"
  assert_status 0
  run_acistore rm "$b"
  assert_failure 10 'pin'
}

@test "a pinned image does not keep the others from being removed" {
  two_images
  pin "$a" manual
  run_acistore rm "$a" "$b"
  assert_status 10
  assert_stdout "$b"
  assert_stderr_line "${a:0:19}"
  assert_kept "$a"
}

@test "an image whose blob is missing or damaged can be removed" {
  two_images
  rm -f "$(blob_of "$a")"
  flip "$(blob_of "$b")" 600
  run_acistore rm "$a" "$b"
  assert_status 0
  assert_stdout "$a
$b"
  refute_kept
  [[ $(acistore verify 2>/dev/null) == '' ]]
}

@test "not found is status 3, ambiguous 4, and nothing is removed" {
  make_twins
  acistore import one.aci two.aci
  run_acistore rm example.com/none
  assert_failure 3 '^rm: .*example.com/none'
  run_acistore rm "$TWIN"
  assert_failure 4 "^rm: $TWIN: ambiguous: 2 keys"
  assert_kept "$(key_of one.aci)" "$(key_of two.aci)"
}

@test "of several arguments all that can be done is done; the first failure gives the status" {
  make_twins
  make_image extra.aci --name example.com/extra
  acistore import one.aci two.aci extra.aci
  run_acistore rm example.com/none "$TWIN" example.com/extra
  assert_status 3
  assert_stdout "$(key_of extra.aci)"
  [[ ${#stderr_lines[@]} == 2 ]] || fail 'expected two messages'
  [[ ${stderr_lines[0]} == 'acistore: rm: '*example.com/none* ]] || fail 'expected the first first'
  [[ ${stderr_lines[1]} == "acistore: rm: $TWIN: ambiguous: "* ]] || fail 'expected the second then'
  assert_kept "$(key_of one.aci)" "$(key_of two.aci)"
}

@test "--json tells of each removal, in an object" {
  two_images
  run_acistore --json rm "$a" "$b"
  assert_status 0
  assert_stderr ''
  assert_json 'keys' '["removed"]'
  assert_json '[.removed[].key]' "[\"$a\",\"$b\"]"
  assert_json '[.removed[].size]' "[$(stat -c %s a.aci),$(stat -c %s b.aci)]"
  assert_json '[.removed[] | keys[]] | unique' '["key","reason","size"]'
  assert_json '[.removed[].reason | type] | unique' '["string"]'
}

@test "--json with failures: what was done on standard output, the rest on standard error" {
  two_images
  run_acistore rm --json "$a" example.com/none
  assert_status 3
  assert_json '[.removed[].key]' "[\"$a\"]"
  assert_json_error '[.error.status, .error.kind]' '[3,"not-found"]'
}

@test "--quiet prints the keys all the same" {
  two_images
  run_acistore rm -q "$a"
  assert_status 0
  assert_stdout "$a"
  assert_stderr ''
}

@test "at least one image, well-formed, and no unknown option" {
  run_acistore rm
  assert_failure 2 '^rm: '
  run_acistore rm --bogus a
  assert_failure 2 '^rm: .*--bogus'
  acistore put </dev/null
  run_acistore rm sha512-x
  assert_failure 2 '^rm: .*sha512-x'
  run_acistore rm App
  assert_failure 2 '^rm: .*App'
}

@test "without a store: status 3, and none is made" {
  run_acistore rm example.com/app
  assert_failure 3 "^rm: .*$ACISTORE_DIR"
  [[ ! -e $ACISTORE_DIR ]]
}

@test "a store that the user may not write is status 1, and stays as it is" {
  two_images
  become_reader
  before=$(listing)
  run_reader rm "$a"
  assert_failure 1 '^rm: '
  [[ $(listing) == "$before" ]]
}

@test "a damaged database is status 6, and the blobs are left alone" {
  two_images
  printf 'no database at all, but long enough to look at %0512d' 0 >"$ACISTORE_DIR/acistore.db"
  run_acistore rm "$a"
  assert_failure 6 '^rm: '
  cmp a.aci "$(blob_of "$a")"
}

@test "a database that another process writes to for too long is status 7" {
  two_images
  hold_database IMMEDIATE
  run_acistore rm --lock-timeout 1s "$a"
  assert_failure 7 '^rm: '
  let_go
  assert_kept "$a" "$b"
}

@test "a key that another process holds for too long is status 7" {
  two_images
  hold_keys
  run_acistore rm --lock-timeout 1s "$a"
  assert_failure 7 '^rm: '
  let_go
  assert_kept "$a" "$b"
}

@test "succeeds on a full disk" {
  small_file_system 1M
  make_image a.aci --label version=1 --size 100000
  make_image b.aci --label version=2
  acistore import a.aci b.aci
  fill_up
  run_acistore rm "$(key_of a.aci)"
  assert_status 0
  assert_stdout "$(key_of a.aci)"
  run_acistore list --no-legend --fields name
  assert_stdout 'example.com/app:2'
  [[ ! -e $(blob_of "$(key_of a.aci)") ]]
  make_image c.aci --label version=3 --size 10000
  run_acistore import c.aci
  assert_status 0
}

@test "a write error on standard output is status 1, although the image is removed" {
  two_images
  run --separate-stderr bash -c '"$ACISTORE" rm "$1" >/dev/full' - "$a"
  assert_failure 1 '^rm: '
  assert_kept "$b"
}
