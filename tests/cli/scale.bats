#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A store of 3,000 images of one name gives the same right answers as a small one.

load support
load store_state

COUNT=3000

# One store for the whole suite: it is only read.
setup_file() {
  export SCALE_STORE=$BATS_FILE_TMPDIR/store
  "$BATS_TEST_DIRNAME/../images/make-image" "$BATS_FILE_TMPDIR/many" --many 3000 --label os=linux --label arch=amd64
  # Read like this, image-00000 is imported first, and so on.
  (cd "$BATS_FILE_TMPDIR/many" && "$ACISTORE" --store "$SCALE_STORE" --no-sync import *.aci) >"$BATS_FILE_TMPDIR/printed"
  (cd "$BATS_FILE_TMPDIR/many" && sha512sum *.aci) | sed -E 's/^(.{64}).*/sha512-\1/' >"$BATS_FILE_TMPDIR/keys"
}

setup() {
  fresh_store
  export ACISTORE_DIR=$SCALE_STORE
  KEYS=$BATS_FILE_TMPDIR/keys
}

nth_key() {
  sed -n "$(($1 + 1))p" "$KEYS"
}

@test "import printed every key, in the order of the arguments" {
  cmp "$KEYS" "$BATS_FILE_TMPDIR/printed"
}

@test "get by version finds each one" {
  for n in 0 1 7 1499 2047 2998 2999; do
    run_acistore get "example.com/app:1.0.$n,os=linux"
    assert_status 0
    assert_stdout "$(nth_key $n)"
  done
  run_acistore get example.com/app:1.0.3000
  assert_failure 3 'example.com/app:1.0.3000'
}

@test "get by name, and by labels that all have, finds the last" {
  for reference in example.com/app example.com/app,os=linux example.com/app,arch=amd64,os=linux; do
    run_acistore get "$reference"
    assert_status 0
    assert_stdout "$(nth_key 2999)"
  done
  run_acistore get example.com/app,os=freebsd
  assert_failure 3 'os=freebsd'
}

@test "get prefers the one that is marked latest among 3,000, and the mark can be taken back" {
  cp -r "$SCALE_STORE" own
  export ACISTORE_DIR=$PWD/own
  acistore mark --latest "$(nth_key 1234)"
  run_acistore get example.com/app,os=linux
  assert_stdout "$(nth_key 1234)"
  acistore mark --no-latest "$(nth_key 1234)"
  run_acistore get example.com/app,os=linux
  assert_stdout "$(nth_key 2999)"
}

@test "resolve completes 3,000 keys, from twelve digits each" {
  acistore resolve $(cut -c 1-19 "$KEYS") | cmp "$KEYS" -
}

@test "resolve counts the keys of an ambiguous prefix" {
  prefix=$(nth_key 0 | cut -c 1-9)
  count=$(grep -c "^$prefix" "$KEYS")
  ((count > 1)) || fail 'the keys are not as expected'
  run_acistore resolve "$prefix"
  assert_failure 4 "^resolve: $prefix: ambiguous: $count keys begin so: "
  ((${#stderr} < 500)) || fail 'expected a few of the keys, not all of them'
}

@test "list gives all, in the order of imports" {
  acistore list --no-legend --full --fields id | cmp "$KEYS" -
  acistore list --no-legend --full --fields id example.com/app,os=linux | cmp "$KEYS" -
  acistore list --no-legend --full --fields id --order desc | cmp <(tac "$KEYS") -
  [[ $(acistore --json list | jq '.images | length') == "$COUNT" ]]
}

@test "list of a name and version, and of a prefix, gives those alone" {
  run_acistore list --no-legend --full --fields id example.com/app:1.0.77
  assert_status 0
  assert_stdout "$(nth_key 77)"
  prefix=$(nth_key 42 | cut -c 1-9)
  acistore list --no-legend --full --fields id --prefix "$prefix" | cmp <(grep "^$prefix" "$KEYS") -
}

@test "dump counts all of both kinds" {
  [[ $(acistore dump | grep -c "^$COUNT total keys$") == 2 ]]
  [[ $(acistore dump | grep -c '^blob/') == "$COUNT" ]]
}

@test "verify checks every one" {
  acistore --quiet verify >checks
  [[ $(grep -c '^sha512-[0-9a-f]*  ok$' checks) == "$COUNT" ]]
  [[ $(wc -l <checks) == "$COUNT" ]]
}

@test "rm takes hundreds at once, and leaves the rest" {
  cp -r "$SCALE_STORE" own
  export ACISTORE_DIR=$PWD/own
  acistore --no-sync rm $(head -n 500 "$KEYS") | cmp <(head -n 500 "$KEYS") -
  acistore list --no-legend --full --fields id | cmp <(tail -n 2500 "$KEYS") -
  [[ $(find own/blob -type f | wc -l) == 2500 ]]
}
