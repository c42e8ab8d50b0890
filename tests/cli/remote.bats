#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore remote add|show|list|rm: what is known of the URLs that images came from.

load support
load store_state

URL=https://example.com/web-1.0.0.aci

two_images() {
  make_image web.aci --name example.com/web --label version=1.0.0
  make_image db.aci --name example.com/db
  acistore import web.aci db.aci >/dev/null
  web=$(key_of web.aci) db=$(key_of db.aci)
}

remote_succeeds() {
  run_acistore remote "$@"
  assert_status 0
  assert_stdout ''
  assert_stderr ''
}

# All that is known of a URL but the time, as JSON.
known_of() {
  acistore --json remote show "$1" | jq -c '.remotes[0] | [.aciURL, .key, .sigURL, .etag, .cacheMaxAge]'
}

@test "add, then list and show" {
  two_images
  remote_succeeds add "$URL" "$web"
  run_acistore remote list
  assert_status 0
  assert_stdout "$URL"$'\t'"$web"
  assert_stderr ''
  run_acistore remote show "$URL"
  assert_status 0
  assert_stderr ''
  assert_stdout_line "aciURL: $URL"
  assert_stdout_line "key: $web"
}

@test "show gives a line a field" {
  two_images
  remote_succeeds add "$URL" "$web" --sig-url "$URL.asc" --etag '"abc-1"' --max-age 3600
  run_acistore remote show "$URL"
  assert_status 0
  assert_stdout_line "aciURL: $URL"
  assert_stdout_line "sigURL: $URL.asc"
  assert_stdout_line 'etag: "abc-1"'
  assert_stdout_line "key: $web"
  assert_stdout_line 'cacheMaxAge: 3600'
  assert_stdout_line 'downloadTime: 20[0-9]{2}-.*'
  for line in "${lines[@]}"; do
    [[ $line =~ ^[a-zA-Z]+:\  ]] || fail "expected field: value, not: $line"
  done
}

@test "show --json gives every member" {
  two_images
  before=$(date -u +%Y-%m-%dT%H:%M:%S)
  remote_succeeds add --etag '"abc-1"' --max-age 3600 --sig-url "$URL.asc" "$URL" "$web"
  after=$(date -u +%Y-%m-%dT%H:%M:%S.999999999Z)
  run_acistore --json remote show "$URL"
  assert_status 0
  assert_stderr ''
  assert_json 'keys' '["remotes"]'
  assert_json '.remotes | length' 1
  assert_json '.remotes[0] | del(.downloadTime)' \
    "{\"aciURL\":\"$URL\",\"sigURL\":\"$URL.asc\",\"etag\":\"\\\"abc-1\\\"\",\"key\":\"$web\",\"cacheMaxAge\":3600}"
  time=$(jq -r '.remotes[0].downloadTime' <<<"$output")
  [[ $time =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{9}Z$ ]] ||
    fail 'expected RFC 3339, UTC, nanoseconds'
  [[ ! $time < $before && ! $time > $after ]] || fail "expected a time from $before to $after"
}

@test "adding a URL again replaces what is known of it; what is not given is cleared" {
  two_images
  remote_succeeds add "$URL" "$web" --sig-url "$URL.asc" --etag abc --max-age 60
  [[ $(known_of "$URL") == "[\"$URL\",\"$web\",\"$URL.asc\",\"abc\",60]" ]]
  remote_succeeds add "$URL" "$db"
  run_acistore remote list
  assert_stdout "$URL"$'\t'"$db"
  run_acistore --json remote show "$URL"
  assert_json '.remotes[0] | has("sigURL"), has("etag"), has("cacheMaxAge")' $'true\ntrue\ntrue'
  assert_json '.remotes[0] | [.sigURL, .etag, .cacheMaxAge] | map(. // "" | tostring | select(. != "" and . != "0"))' '[]'
  run_acistore remote show "$URL"
  [[ $output != *abc* && $output != *.asc* && $output != *': 60'* ]] || fail 'expected it cleared'
}

@test "adding a URL again makes its download time new" {
  two_images
  remote_succeeds add "$URL" "$web"
  first=$(acistore --json remote show "$URL" | jq -r '.remotes[0].downloadTime')
  remote_succeeds add "$URL" "$web"
  second=$(acistore --json remote show "$URL" | jq -r '.remotes[0].downloadTime')
  [[ $second > $first ]]
}

@test "the key by prefix, image ID or reference" {
  two_images
  remote_succeeds add https://example.com/1 "${web:0:20}"
  remote_succeeds add https://example.com/2 "$(id_of db.aci)"
  remote_succeeds add https://example.com/3 example.com/web:1.0.0
  run_acistore remote list
  assert_stdout "https://example.com/1"$'\t'"$web
https://example.com/2"$'\t'"$db
https://example.com/3"$'\t'"$web"
}

@test "list is sorted by URL, whatever the order of adding" {
  two_images
  for url in https://b https://a/2 https://a/10 http://z https://B; do
    remote_succeeds add "$url" "$web"
  done
  run_acistore remote list
  assert_status 0
  assert_stdout "$(printf '%s\t%s\n' http://z "$web" https://B "$web" https://a/10 "$web" https://a/2 "$web" https://b "$web")"
}

@test "list --json gives the same members" {
  two_images
  remote_succeeds add https://example.com/b "$db" --etag e --max-age 5
  remote_succeeds add https://example.com/a "$web"
  run_acistore --json remote list
  assert_status 0
  assert_json 'keys' '["remotes"]'
  assert_json '[.remotes[] | [.aciURL, .key]]' \
    "[[\"https://example.com/a\",\"$web\"],[\"https://example.com/b\",\"$db\"]]"
  assert_json '[.remotes[] | keys] | unique' \
    '[["aciURL","cacheMaxAge","downloadTime","etag","key","sigURL"]]'
  assert_json '.remotes[1] | [.etag, .cacheMaxAge]' '["e",5]'
}

@test "a store without remotes has an empty list" {
  two_images
  run_acistore remote list
  assert_status 0
  assert_stdout ''
  run_acistore --json remote list
  assert_status 0
  assert_json . '{"remotes":[]}'
}

@test "rm forgets the URL, not the image" {
  two_images
  remote_succeeds add https://example.com/1 "$web"
  remote_succeeds add https://example.com/2 "$web"
  remote_succeeds rm https://example.com/1
  run_acistore remote list
  assert_stdout "https://example.com/2"$'\t'"$web"
  run_acistore exists "$web"
  assert_status 0
}

@test "rm takes several; of those that are not there the first gives the status" {
  two_images
  for n in 1 2 3; do
    remote_succeeds add https://example.com/$n "$web"
  done
  remote_succeeds rm https://example.com/1 https://example.com/2
  run_acistore remote rm https://example.com/1 https://example.com/3 https://example.com/2
  assert_status 3
  assert_stdout ''
  [[ ${#stderr_lines[@]} == 2 ]] || fail 'expected two messages'
  [[ ${stderr_lines[0]} == 'acistore: remote rm: https://example.com/1: '* ]] || fail 'expected 1'
  [[ ${stderr_lines[1]} == 'acistore: remote rm: https://example.com/2: '* ]] || fail 'expected 2'
  run_acistore remote list
  assert_stdout ''
}

@test "a URL is any text, byte for byte; what is odd in it never reaches a terminal" {
  two_images
  odd=$'https://example.com/\e[31m%20?q=\'a b\'&x=\xc3\xa9'
  remote_succeeds add "$odd" "$web" --etag $'W/"\e[0m"'
  run_acistore remote list
  assert_status 0
  [[ $output != *$'\e'* ]] || fail 'expected no control character'
  run_acistore remote show "$odd"
  assert_status 0
  [[ $output != *$'\e'* ]] || fail 'expected no control character'
  [[ $(acistore --json remote list | jq -r '.remotes[0].aciURL') == "$odd" ]]
  [[ $(acistore --json remote show "$odd" | jq -r '.remotes[0].etag') == $'W/"\e[0m"' ]]
  remote_succeeds rm "$odd"
}

@test "removing the image forgets its remotes" {
  two_images
  remote_succeeds add "$URL" "$web"
  acistore rm "$web" >/dev/null
  run_acistore remote show "$URL"
  assert_failure 3 "$URL"
}

@test "importing the image again leaves its remotes alone" {
  two_images
  remote_succeeds add "$URL" "$web" --etag abc
  before=$(acistore --json remote show "$URL")
  acistore import web.aci
  [[ $(acistore --json remote show "$URL") == "$before" ]]
}

@test "a URL that is not known is status 3" {
  two_images
  for verb in show rm; do
    run_acistore remote $verb "$URL"
    assert_failure 3 "^remote $verb: $URL: "
  done
  run_acistore --json remote show "$URL"
  assert_status 3
  assert_stdout ''
  assert_json_error '[.error.status, .error.kind]' '[3,"not-found"]'
}

@test "add: an image that is not there is status 3, ambiguous 4, and nothing is recorded" {
  make_twins
  acistore import one.aci two.aci
  run_acistore remote add "$URL" example.com/none
  assert_failure 3 '^remote add: .*example.com/none'
  run_acistore remote add "$URL" "$TWIN"
  assert_failure 4 "^remote add: $TWIN: ambiguous: 2 keys"
  run_acistore remote list
  assert_stdout ''
}

@test "the command line: what it lacks, what is too much, what is malformed" {
  two_images
  run_acistore remote
  assert_failure 2 '^remote: '
  run_acistore remote bogus
  assert_failure 2 'bogus'
  run_acistore remote add
  assert_failure 2 '^remote add: '
  run_acistore remote add "$URL"
  assert_failure 2 '^remote add: '
  run_acistore remote add "$URL" "$web" extra
  assert_failure 2 '^remote add: .*extra'
  run_acistore remote add "$URL" sha512-x
  assert_failure 2 '^remote add: .*sha512-x'
  for age in x -1 1.5 '' 1h 99999999999999999999; do
    run_acistore remote add "$URL" "$web" "--max-age=$age"
    assert_failure 2 '^remote add: .*max-age'
  done
  run_acistore remote show
  assert_failure 2 '^remote show: '
  run_acistore remote show a b
  assert_failure 2 '^remote show: '
  run_acistore remote rm
  assert_failure 2 '^remote rm: '
  run_acistore remote list extra
  assert_failure 2 '^remote list: .*extra'
  run_acistore remote list
  assert_stdout ''
}

@test "global options stand anywhere" {
  two_images
  other=$PWD/other
  acistore --store "$other" import db.aci >/dev/null
  remote_succeeds --store "$other" add https://example.com/1 "$db"
  remote_succeeds add --store "$other" https://example.com/2 "$db"
  run_acistore remote list --store "$other" --quiet
  assert_stdout "https://example.com/1"$'\t'"$db
https://example.com/2"$'\t'"$db"
  run_acistore remote list
  assert_stdout ''
}

@test "without a store: status 3, and none is made" {
  for command in "add $URL example.com/app" "show $URL" list "rm $URL"; do
    run_acistore remote $command
    assert_failure 3 "^remote ${command%% *}: .*$ACISTORE_DIR"
    [[ ! -e $ACISTORE_DIR ]]
  done
}

@test "a store that the user may not write: show and list work, add and rm are status 1" {
  two_images
  acistore remote add "$URL" "$web"
  become_reader
  before=$(listing)
  run_reader remote list
  assert_status 0
  assert_stdout "$URL"$'\t'"$web"
  run_reader remote show "$URL"
  assert_status 0
  run_reader remote add https://example.com/2 "$web"
  assert_failure 1 '^remote add: '
  run_reader remote rm "$URL"
  assert_failure 1 '^remote rm: '
  [[ $(listing) == "$before" ]]
}

@test "a damaged database is status 6" {
  two_images
  printf 'no database at all, but long enough to look at %0512d' 0 >"$ACISTORE_DIR/acistore.db"
  for command in "add $URL $web" "show $URL" list "rm $URL"; do
    run_acistore remote $command
    assert_failure 6 "^remote ${command%% *}: "
  done
}

@test "a database that stays locked is status 7" {
  two_images
  acistore remote add "$URL" "$web"
  hold_database IMMEDIATE
  run_acistore --lock-timeout 1s remote add "$URL" "$db"
  assert_failure 7 '^remote add: '
  run_acistore --lock-timeout 1s remote rm "$URL"
  assert_failure 7 '^remote rm: '
  run_acistore remote list
  assert_status 0
  let_go
  hold_database EXCLUSIVE
  run_acistore --lock-timeout 1s remote list
  assert_failure 7 '^remote list: '
  run_acistore --lock-timeout 1s remote show "$URL"
  assert_failure 7 '^remote show: '
  let_go
  [[ $(acistore remote list) == "$URL"$'\t'"$web" ]]
}

@test "a write error on standard output is status 1" {
  two_images
  acistore remote add "$URL" "$web"
  run --separate-stderr bash -c '"$ACISTORE" remote list >/dev/full'
  assert_failure 1 '^remote list: '
  run --separate-stderr bash -c '"$ACISTORE" remote show "$1" >/dev/full' - "$URL"
  assert_failure 1 '^remote show: '
}
