#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The options that every command takes, before it and after it, and where the store is.

load support
load store_state

one_image() {
  make_image web.aci --name example.com/web
  key=$(key_of web.aci)
  acistore "$@" import web.aci >/dev/null
}

get_succeeds() {
  run_acistore "$@"
  assert_status 0
  assert_stdout "$key"
}

@test "--version prints the name and the version" {
  run_acistore --version
  assert_status 0
  [[ $output =~ ^acistore\ [0-9]+\.[0-9]+\.[0-9]+[^[:space:]]*$ ]] || fail 'expected acistore VERSION'
  assert_stderr ''
  [[ ! -e $ACISTORE_DIR ]]
}

@test "every global option is accepted before the command and after it" {
  one_image
  for option in "--store $ACISTORE_DIR" "--store=$ACISTORE_DIR" -q --quiet -v --verbose \
    '--progress auto' '--progress plain' --progress=none '--lock-timeout 5s' --lock-timeout=1h30m \
    --no-sync; do
    get_succeeds $option get example.com/web
    get_succeeds get $option example.com/web
    get_succeeds get example.com/web $option
  done
  for arguments in '--json get example.com/web' 'get --json example.com/web' 'get example.com/web --json'; do
    run_acistore $arguments
    assert_status 0
    assert_json . "{\"keys\":[\"$key\"]}"
  done
}

@test "several at once, on both sides" {
  one_image --store "$PWD/elsewhere"
  run_acistore --json -q get --store "$PWD/elsewhere" --no-sync example.com/web --progress none -v
  assert_status 0
  assert_json . "{\"keys\":[\"$key\"]}"
}

@test "after -- nothing is an option" {
  printf 'odd' >--json
  run_acistore put -- --json
  assert_status 0
  assert_stdout "$(key_of ./--json)"
  run_acistore get -- --json
  assert_failure 2 '^get: .*--json'
}

@test "--store wins over ACISTORE_DIR" {
  one_image --store "$PWD/option"
  [[ ! -e $ACISTORE_DIR ]]
  get_succeeds get --store option example.com/web
  run_acistore get example.com/web
  assert_failure 3 "$ACISTORE_DIR"
}

@test "the last --store wins, or two are a mistake: never the first in silence" {
  one_image --store "$PWD/second"
  run_acistore --store first get --store second example.com/web
  [[ $status == 0 && $output == "$key" || $status == 2 ]] || fail 'expected the second, or status 2'
}

@test "ACISTORE_DIR wins over the default" {
  one_image
  [[ -f $ACISTORE_DIR/acistore.db ]]
  [[ ! -e $HOME/.local ]]
}

# Runs the program as somebody who is not root, in a home directory of their own.
run_at_home() {
  run --separate-stderr "${READER[@]}" env -u ACISTORE_DIR "HOME=$home" "$@"
}

@test "everybody but root has a store below XDG_DATA_HOME or ~/.local/share" {
  one_image
  become_reader
  home=$BATS_TEST_TMPDIR/user
  mkdir "$home"
  [[ $EUID != 0 ]] || chown 65534:65534 "$home"
  run_at_home "$PROGRAM" put /dev/null
  assert_status 0
  [[ -f $home/.local/share/acistore/acistore.db ]]
  run_at_home "XDG_DATA_HOME=$home/data" "$PROGRAM" put /dev/null
  assert_status 0
  [[ -f $home/data/acistore/acistore.db ]]
  run_at_home XDG_DATA_HOME= "$PROGRAM" list --no-legend
  assert_status 0
}

@test "root has a store in /var/lib/acistore, whatever HOME and XDG_DATA_HOME say" {
  needs_root 'have the store of root'
  [[ ! -e /var/lib/acistore ]] || skip 'there is a store in /var/lib/acistore'
  unset ACISTORE_DIR
  export XDG_DATA_HOME=$PWD
  run_acistore get example.com/web
  assert_failure 3 '/var/lib/acistore'
  [[ ! -e /var/lib/acistore ]]
}

@test "a store reached through a symbolic link, and by a relative path, is the same store" {
  one_image
  ln -s "$ACISTORE_DIR" link
  get_succeeds --store link get example.com/web
  cd "$BATS_TEST_TMPDIR"
  get_succeeds --store store get example.com/web
  get_succeeds --store ./work/../store/ get example.com/web
  acistore --store work/link rm "$key"
  run_acistore get example.com/web
  assert_status 3
}

@test "a store whose path has odd characters in it" {
  odd="$PWD/a b'c\"d%e?f#g;é"$'\n'h
  one_image --store "$odd"
  get_succeeds --store "$odd" get example.com/web
  acistore --store "$odd" cat "$key" | cmp - web.aci
  run_acistore --store "$odd" get example.com/none
  assert_failure 3 '^get: '
}

@test "--store that is a file, or lies below one, is status 1" {
  : >file
  for store in file file/store; do
    run_acistore --store $store get example.com/web
    assert_failure 1 "^get: .*$store: Not a directory"
  done
}

@test "--store wants a directory, --progress and --lock-timeout a value" {
  for option in --store --progress --lock-timeout; do
    run_acistore get example.com/web $option
    assert_failure 2 "$option"
  done
  run_acistore --store '' get example.com/web
  assert_failure 2 '--store'
}

@test "--progress is auto, plain or none" {
  one_image
  for how in bogus '' AUTO; do
    run_acistore get "--progress=$how" example.com/web
    assert_failure 2 'progress'
  done
}

@test "--lock-timeout is a duration: seconds, minutes, hours, days, and sums of them" {
  one_image
  for duration in 0s 1s 90s 15m 1h30m 7d 1d2h3m4s; do
    get_succeeds --lock-timeout "$duration" get example.com/web
  done
  for duration in '' x s 1 10 -1s 1.5 1w '1 s' 1ss s1 30m1hx 99999999999999999999d; do
    run_acistore "--lock-timeout=$duration" get example.com/web
    assert_failure 2 'lock-timeout'
  done
}

@test "--lock-timeout is how long a busy store is waited for" {
  one_image
  hold_database EXCLUSIVE
  started=$SECONDS
  run_acistore --lock-timeout 0s get example.com/web
  assert_failure 7 '^get: '
  run_acistore --lock-timeout 2s get example.com/web
  assert_failure 7 '^get: '
  ((SECONDS - started >= 2)) || fail 'expected it to wait for two seconds'
  ((SECONDS - started <= 20)) || fail 'expected it not to wait much longer'
}

@test "a store that is busy for less than that is waited for" {
  one_image
  hold_database EXCLUSIVE
  (sleep 1 && kill "$HOLDER") 3>&- >/dev/null &
  get_succeeds --lock-timeout 30s get example.com/web
  wait
}

@test "--quiet silences what is no error" {
  one_image
  run_acistore --quiet verify
  assert_status 0
  assert_stdout "$key  ok"
  assert_stderr ''
  run_acistore --quiet get example.com/none
  assert_failure 3 'example.com/none'
}

@test "--verbose adds to standard error alone" {
  one_image
  for verb in "get example.com/web" "resolve $key" 'list --full' dump "manifest $key" "cat $key manifest" 'verify'; do
    plain=$(acistore $verb 2>/dev/null)
    run_acistore --verbose $verb
    assert_status 0
    assert_stdout "$plain"
    for line in "${stderr_lines[@]}"; do
      [[ $line == 'acistore: '* ]] || fail "expected the prefix 'acistore: ' before: $line"
    done
  done
}

@test "progress is drawn for terminals only" {
  make_image big.aci --size 3000000
  for how in auto none; do
    run_acistore --progress $how import big.aci
    assert_status 0
    assert_stdout "$(key_of big.aci)"
    assert_stderr ''
  done
}

@test "--no-sync works the same" {
  make_image web.aci
  run_acistore --no-sync import web.aci
  assert_status 0
  assert_stdout "$(key_of web.aci)"
  acistore cat "$(key_of web.aci)" | cmp - web.aci
  run_acistore rm --no-sync "$(key_of web.aci)"
  assert_status 0
  refute_kept
}

@test "options are not abbreviated, and not taken from the environment" {
  one_image
  run_acistore --quie get example.com/web
  assert_failure 2 '--quie'
  JSON=1 QUIET=1 get_succeeds get example.com/web
}
