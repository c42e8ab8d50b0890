#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore pin, unpin, import --pin: who keeps an image, and for how long.

load support
load store_state

one_image() {
  make_image web.aci --name example.com/web --label version=1
  key=$(acistore import web.aci)
}

# The owners of the pins on the image, a word each, and "forever" or "expires" after each.
pins() {
  acistore --json list | jq -r '.images[].pins[] | .owner, (if .expires then "expires" else "forever" end)' |
    paste -sd ' '
}

@test "an owner has up to 255 bytes" {
  owner=$(printf 'x%.0s' {1..255})
  one_image
  run_acistore pin example.com/web --owner "$owner"
  assert_status 0
  run_acistore pin example.com/web --owner "${owner}x"
  assert_failure 2 '--owner: an owner of 256 bytes; the limit is 255'
  run_acistore import "--pin=${owner}x" web.aci
  assert_failure 2 '--pin: an owner of 256 bytes; the limit is 255'
}

@test "pin prints nothing, and rm refuses the image from then on" {
  one_image
  run_acistore pin "$key"
  assert_status 0
  assert_stdout ''
  assert_stderr ''
  [[ $(pins) == 'manual forever' ]]
  run_acistore rm "$key"
  assert_failure 10 '^rm: .*is pinned by "manual"'
  assert_kept "$key"
}

@test "unpin prints nothing, and lets rm have it" {
  one_image
  acistore pin example.com/web
  run_acistore unpin "${key:0:20}"
  assert_status 0
  assert_stdout ''
  assert_stderr ''
  [[ $(pins) == '' ]]
  run_acistore rm "$key"
  assert_status 0
}

@test "every owner has a pin of his own, and all must let go" {
  one_image
  acistore pin "$key" --owner kubelet
  acistore pin "$key" --owner 'build farm'
  acistore pin "$key"
  [[ $(pins) == 'build farm forever kubelet forever manual forever' ]]
  acistore unpin "$key" --owner kubelet
  acistore unpin "$key"
  run_acistore rm "$key"
  assert_failure 10 'build farm'
  acistore unpin --owner 'build farm' "$key"
  acistore rm "$key"
}

@test "--for: the pin expires, and then counts for nothing and is not listed" {
  one_image
  acistore pin "$key" --for 1h30m
  [[ $(pins) == 'manual expires' ]]
  left=$(sql 'SELECT (expires - unixepoch() * 1000000000) / 1000000000 FROM pin')
  ((left > 5300 && left <= 5400)) || fail "expected an hour and a half, not $left seconds"
  run_acistore rm "$key"
  assert_failure 10 'manual'
  sql 'UPDATE pin SET expires = (unixepoch() - 1) * 1000000000'
  [[ $(pins) == '' ]]
  run_acistore list --no-legend --fields pins
  assert_stdout ''
  run_acistore unpin "$key"
  assert_failure 3 '^unpin: .*is not pinned by "manual"'
  acistore rm "$key"
}

@test "pinning again by the same owner is what counts from then on" {
  one_image
  acistore pin "$key" --for 1h
  acistore pin "$key"
  [[ $(pins) == 'manual forever' ]]
  acistore pin "$key" --for 1h
  [[ $(pins) == 'manual expires' ]]
}

@test "unpin of what is not pinned, or by somebody else: status 3, and nothing changes" {
  one_image
  run_acistore unpin "$key"
  assert_failure 3 "^unpin: $key: is not pinned by \"manual\""
  acistore pin "$key" --owner kubelet
  run_acistore unpin "$key"
  assert_failure 3 'is not pinned by "manual"'
  [[ $(pins) == 'kubelet forever' ]]
}

@test "a blob that is no image can be pinned by its key" {
  printf 'note' >note
  key=$(acistore put note)
  acistore pin "$key"
  run_acistore rm "$key"
  assert_failure 10 'manual'
  acistore unpin "$key"
  acistore rm "$key"
}

@test "pins stay when the image is imported again" {
  one_image
  acistore pin "$key"
  acistore import web.aci
  [[ $(pins) == 'manual forever' ]]
}

@test "import --pin pins what it stores, for manual unless an owner is named" {
  make_image a.aci --label version=1
  make_image b.aci --label version=2
  run_acistore import --pin a.aci b.aci
  assert_status 0
  assert_stdout "$(key_of a.aci)
$(key_of b.aci)"
  run_acistore import --pin=kubelet a.aci --json
  assert_status 0
  assert_json '[.imports[].pins[].owner]' '["kubelet","manual"]'
  run_acistore rm "$(key_of a.aci)"
  assert_failure 10 'kubelet'
  run_acistore import --if-changed --pin=ci b.aci
  assert_status 0
  run_acistore --json list
  assert_json '[.images[].pins[].owner]' '["kubelet","manual","ci","manual"]'
}

@test "import --pin: never takes the next argument for the owner, and any text can be one" {
  make_image a.aci
  run_acistore import --pin a.aci
  assert_status 0
  [[ $(pins) == 'manual forever' ]]
  acistore unpin "$(key_of a.aci)"
  for owner in true false '[x,y]' '=' 'a b'; do
    acistore import "--pin=$owner" a.aci
    [[ $(pins) == "$owner forever" ]] || fail "expected the owner $owner, not $(pins)"
    acistore unpin --owner "$owner" "$(key_of a.aci)"
  done
  run_acistore import --pin= a.aci
  assert_failure 2 '^import: --pin: the owner is empty'
}

@test "import without --pin leaves pins alone, and a pin for a time becomes one for good" {
  make_image a.aci
  acistore import a.aci
  acistore pin "$(key_of a.aci)" --for 1h
  acistore import a.aci
  [[ $(pins) == 'manual expires' ]]
  acistore import --pin a.aci
  [[ $(pins) == 'manual forever' ]]
}

@test "not found is status 3, ambiguous 4, a wrong command line 2" {
  make_twins
  acistore import one.aci two.aci
  for verb in pin unpin; do
    run_acistore $verb example.com/none
    assert_failure 3 "^$verb: .*example.com/none"
    run_acistore $verb "$TWIN"
    assert_failure 4 "^$verb: $TWIN: ambiguous: 2 keys"
    run_acistore $verb
    assert_failure 2 "^$verb: "
    run_acistore $verb a b
    assert_failure 2 "^$verb: "
    run_acistore $verb --owner= example.com/app
    assert_failure 2 "^$verb: --owner: the owner is empty"
  done
  for duration in '' 1 1x -1s; do
    run_acistore pin example.com/app "--for=$duration"
    assert_failure 2 '^pin: --for: '
  done
  [[ $(sql 'SELECT count(*) FROM pin') == 0 ]]
}

@test "without a store: status 3, and none is made" {
  for verb in pin unpin; do
    run_acistore $verb example.com/app
    assert_failure 3 "^$verb: .*$ACISTORE_DIR"
  done
  [[ ! -e $ACISTORE_DIR ]]
}

@test "a store that the user may not write is status 1" {
  one_image
  acistore pin "$key"
  become_reader
  for verb in pin unpin; do
    run_reader $verb "$key"
    assert_failure 1 "^$verb: "
  done
}

@test "a database that another process writes to for too long is status 7" {
  one_image
  hold_database IMMEDIATE
  run_acistore pin --lock-timeout 0s "$key"
  assert_failure 7 '^pin: '
}
