#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore mark IMAGE --latest|--no-latest: sets or clears the latest mark without importing again.

load support
load store_state

# Three images of one name, in this order of import, none marked.
three_versions() {
  make_image a.aci --label version=1
  make_image b.aci --label version=2
  make_image c.aci --label version=3
  acistore import a.aci b.aci c.aci
  a=$(key_of a.aci) b=$(key_of b.aci) c=$(key_of c.aci)
}

mark_succeeds() {
  run_acistore mark "$@"
  assert_status 0
  assert_stdout ''
  assert_stderr ''
}

latest() {
  acistore --json list | jq -c '[.images[] | select(.latest) | .key]'
}

@test "--latest makes get prefer the image" {
  three_versions
  mark_succeeds "$a" --latest
  [[ $(acistore get example.com/app) == "$a" ]]
  [[ $(latest) == "[\"$a\"]" ]]
}

@test "--no-latest takes that back" {
  three_versions
  acistore import --latest a.aci
  [[ $(acistore get example.com/app) == "$a" ]]
  mark_succeeds "$a" --no-latest
  [[ $(latest) == '[]' ]]
}

@test "a mark leaves the order of imports alone" {
  three_versions
  mark_succeeds "$a" --latest
  mark_succeeds "$a" --no-latest
  [[ $(acistore get example.com/app) == "$c" ]]
  mark_succeeds "$b" --latest
  mark_succeeds "$a" --latest
  [[ $(acistore get example.com/app) == "$b" ]]
}

@test "a mark leaves all else that is known of the image alone" {
  three_versions
  before=$(acistore --json list)
  mark_succeeds "$b" --latest
  after=$(acistore --json list)
  [[ $(jq -S 'del(.images[].latest)' <<<"$after") == "$(jq -S 'del(.images[].latest)' <<<"$before")" ]]
  mark_succeeds "$b" --no-latest
  [[ $(acistore --json list) == "$before" ]]
}

@test "an image that is marked so already is fine" {
  three_versions
  mark_succeeds "$a" --no-latest
  mark_succeeds "$a" --latest
  mark_succeeds "$a" --latest
  [[ $(latest) == "[\"$a\"]" ]]
}

@test "several images of one name may be marked" {
  three_versions
  mark_succeeds "$a" --latest
  mark_succeeds "$b" --latest
  [[ $(latest) == "[\"$a\",\"$b\"]" ]]
}

@test "a later import says anew" {
  three_versions
  mark_succeeds "$a" --latest
  acistore import a.aci
  [[ $(latest) == '[]' ]]
}

@test "the image by prefix, image ID or reference, option before or after" {
  three_versions
  mark_succeeds --latest "${a:0:20}"
  mark_succeeds "$(id_of b.aci)" --latest
  mark_succeeds --latest example.com/app:3
  [[ $(latest) == "[\"$a\",\"$b\",\"$c\"]" ]]
  mark_succeeds --no-latest example.com/app,version=2
  [[ $(latest) == "[\"$a\",\"$c\"]" ]]
}

@test "--json and --quiet succeed just so" {
  three_versions
  mark_succeeds --quiet "$a" --latest
  run_acistore --json mark "$a" --no-latest
  assert_status 0
  assert_stderr ''
  [[ $(latest) == '[]' ]]
}

@test "one of the two options, and one image" {
  three_versions
  run_acistore mark "$a"
  assert_failure 2 '^mark: .*--(no-)?latest'
  run_acistore mark "$a" --latest --no-latest
  assert_failure 2 '^mark: '
  run_acistore mark --latest
  assert_failure 2 '^mark: '
  run_acistore mark "$a" "$b" --latest
  assert_failure 2 '^mark: '
  run_acistore mark sha512-x --latest
  assert_failure 2 '^mark: .*sha512-x'
  run_acistore mark App --latest
  assert_failure 2 '^mark: .*App'
  [[ $(latest) == '[]' ]]
}

@test "not found is status 3, ambiguous 4, and nothing is marked" {
  make_twins
  acistore import one.aci two.aci
  run_acistore mark example.com/none --latest
  assert_failure 3 '^mark: .*example.com/none'
  run_acistore mark "$TWIN" --latest
  assert_failure 4 "^mark: $TWIN: ambiguous: 2 keys"
  [[ $(latest) == '[]' ]]
}

@test "without a store: status 3, and none is made" {
  run_acistore mark example.com/app --latest
  assert_failure 3 "^mark: .*$ACISTORE_DIR"
  [[ ! -e $ACISTORE_DIR ]]
}

@test "a store that the user may not write is status 1, and stays as it is" {
  make_image web.aci
  acistore import web.aci
  become_reader
  before=$(listing)
  run_reader mark example.com/app --latest
  assert_failure 1 '^mark: '
  [[ $(listing) == "$before" ]]
}

@test "a damaged database is status 6" {
  three_versions
  printf 'no database at all, but long enough to look at %0512d' 0 >"$ACISTORE_DIR/acistore.db"
  run_acistore mark "$a" --latest
  assert_failure 6 '^mark: '
}

@test "a database that another process writes to for too long is status 7" {
  three_versions
  hold_database IMMEDIATE
  run_acistore mark "$a" --latest --lock-timeout 1s
  assert_failure 7 '^mark: '
  let_go
  mark_succeeds "$a" --latest --lock-timeout 1s
}
