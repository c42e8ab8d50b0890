#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What scripts rely on when something fails: one line, one status, one JSON object; and what holds
# for all commands alike.

load support
load store_state

one_image() {
  make_image web.aci --name example.com/web
  acistore import web.aci >/dev/null
  key=$(key_of web.aci)
}

# Command lines that read an existing store, and ones that change it. KEY stands for a key.
READING=('get example.com/web' 'resolve KEY' 'cat KEY' 'cat KEY manifest' 'dump' 'manifest KEY'
  'list' 'exists KEY' 'verify' 'remote show https://example.com/' 'remote list')
CHANGING=('mark KEY --latest' 'rm KEY' 'remote add https://example.com/ KEY'
  'remote rm https://example.com/')

@test "a verb that does not exist: status 2, and the one that may have been meant" {
  while read -r wrong right; do
    run_acistore "$wrong"
    assert_status 2
    assert_stdout ''
    assert_stderr "acistore: $wrong: unknown command; did you mean $right?"
  done <<'END'
imprt import
imports import
gte get
resolv resolve
ct cat
lst list
exist exists
remot remote
manifset manifest
verfy verify
dmup dump
hsah hash
END
}

@test "a verb that resembles none: status 2, and no guess" {
  run_acistore xyzzyplugh
  assert_status 2
  assert_stdout ''
  assert_stderr 'acistore: xyzzyplugh: unknown command'
}

@test "an unknown verb with arguments and options behind it is the first mistake" {
  run_acistore imprt --latest a.aci
  assert_failure 2 '^imprt: unknown command; did you mean import\?$'
  run_acistore --json imprt
  assert_status 2
  assert_stdout ''
  assert_json_error '.error | [.status, .kind, .message]' \
    '[2,"usage","imprt: unknown command; did you mean import?"]'
}

@test "no command at all is status 2" {
  run_acistore
  assert_failure 2 'command'
  run_acistore --quiet
  assert_failure 2 'command'
}

@test "an unknown option is status 2, wherever it stands" {
  one_image
  for arguments in '--bogus get example.com/web' 'get --bogus example.com/web' \
    'get example.com/web --bogus' 'get example.com/web -Z'; do
    run_acistore $arguments
    assert_failure 2 '(--bogus|-Z)'
  done
}

@test "a usage error names the command, and is one line" {
  while read -r verb arguments; do
    run_acistore "$verb" $arguments
    assert_failure 2 "^$verb: "
  done <<'END'
import
get
resolve
cat
manifest
exists
mark
hash
rm
get a b
cat a b c
dump a
exists a b
END
}

@test "--json makes one object of a usage error, wherever --json stands" {
  one_image
  for arguments in '--json get' 'get --json' 'get --json --bogus a' 'get --bogus a --json' \
    'get a b --json' 'bogus --json' '--json'; do
    run_acistore $arguments
    assert_status 2
    assert_stdout ''
    assert_json_error '[keys, (.error | keys), .error.status, .error.kind, (.error.message | length > 0)]' \
      '[["error"],["kind","message","status"],2,"usage",true]'
  done
}

@test "--json makes one object of any failure" {
  make_twins
  acistore import one.aci two.aci >/dev/null
  while read -r expected kind arguments; do
    run_acistore --json ${arguments//TWIN/$TWIN}
    assert_status "$expected"
    assert_stdout ''
    assert_json_error '.error | [.status, .kind]' "[$expected,\"$kind\"]"
  done <<'END'
1 io put missing
2 usage resolve sha512-x
3 not-found get example.com/none
4 ambiguous cat TWIN
5 invalid put --key sha512-00000000 /dev/null
END
}

@test "the message in JSON is the text without the names of program and command before it" {
  one_image
  for arguments in 'get example.com/none' 'resolve sha512-x' 'put missing' 'get --bogus'; do
    text=$(acistore $arguments 2>&1 >/dev/null) || true
    text=${text#acistore: }
    run_acistore --json $arguments
    assert_json_error '.error.message' "$(jq -cn --arg text "${text#"${arguments%% *}: "}" '$text')"
  done
}

@test "an error is one line, whatever is in the arguments" {
  one_image
  evil=$'a\nacistore: all is well\e[31m\r\t\x7f\xff'
  for verb in get resolve cat manifest exists rm import hash put verify list "remote show" "remote rm" seed sync; do
    run_acistore --quiet $verb "$evil"
    [[ $status != 0 ]] || fail 'expected a failure'
    assert_stdout ''
    assert_stderr_line .
    ! LC_ALL=C grep -qaP '[\x00-\x09\x0b-\x1f\x7f]' <<<"$stderr" || fail 'expected no control character'
    run_acistore --quiet --json $verb "$evil"
    assert_json_error '.error.status' "$status"
  done
}

@test "an option's value and a verb are quoted as safely" {
  evil=$'a\nb\e[31m'
  for arguments in "$evil" "--$evil" "--lock-timeout=$evil" "--progress=$evil"; do
    run_acistore "$arguments"
    assert_failure 2 .
    [[ $stderr != *$'\e'* ]] || fail 'expected no control character'
  done
}

@test "a very long argument is an error like any other" {
  acistore put </dev/null
  long=$(printf '%0100000d' 0)
  run_acistore get "$long"
  assert_failure 3 '^get: '
  run_acistore resolve "sha512-$long"
  assert_failure 3 '^resolve: '
  run_acistore put "$long"
  assert_failure 1 'File name too long'
}

@test "only import, put, seed and sync make a store: for all others there is none, status 3" {
  for command in "${READING[@]}" "${CHANGING[@]}"; do
    run_acistore ${command//KEY/sha512-abcd}
    assert_failure 3 "$ACISTORE_DIR: .*no store"
    [[ ! -e $ACISTORE_DIR ]] || fail 'expected no store to be made'
  done
  mkdir "$ACISTORE_DIR"
  for command in "${READING[@]}" "${CHANGING[@]}"; do
    run_acistore ${command//KEY/sha512-abcd}
    assert_failure 3 "$ACISTORE_DIR: .*no store"
    [[ -z $(ls -A "$ACISTORE_DIR") ]] || fail 'expected nothing to be made'
  done
}

@test "what the command line lacks is told before anything of the store" {
  for verb in get resolve cat manifest exists mark rm; do
    run_acistore $verb
    assert_failure 2 "^$verb: "
  done
  run_acistore list --bogus
  assert_failure 2 '^list: .*--bogus'
}

@test "blobs without a database are a damaged store: status 6 for every command, none makes a new one" {
  one_image
  for damage in 'rm -f' 'truncate -s 0'; do
    $damage "$ACISTORE_DIR/acistore.db" "$ACISTORE_DIR/acistore.db-journal"
    for command in "${READING[@]}" "${CHANGING[@]}" 'import web.aci' 'put web.aci'; do
      run_acistore ${command//KEY/$key}
      assert_failure 6 "$ACISTORE_DIR"
      [[ ! -s $ACISTORE_DIR/acistore.db ]] || fail 'expected no database to be made'
      cmp web.aci "$(blob_of "$key")" || fail 'expected the blob to be left alone'
    done
  done
}

@test "a database that is none, or that another program made, is status 6 and left alone" {
  one_image
  printf 'no database at all, but long enough to look at %01024d' 0 >"$ACISTORE_DIR/acistore.db"
  rm -f "$ACISTORE_DIR/acistore.db-journal"
  before=$(sha512sum "$ACISTORE_DIR/acistore.db")
  for command in "${READING[@]}" "${CHANGING[@]}" 'import web.aci' 'put web.aci'; do
    run_acistore ${command//KEY/$key}
    assert_failure 6 "^${command%% *}"
  done
  [[ $(sha512sum "$ACISTORE_DIR/acistore.db") == "$before" ]]
  rm "$ACISTORE_DIR/acistore.db"
  sql 'CREATE TABLE other (x)'
  before=$(sha512sum "$ACISTORE_DIR/acistore.db")
  for command in "${READING[@]}" "${CHANGING[@]}" 'import web.aci' 'put web.aci'; do
    run_acistore ${command//KEY/$key}
    assert_failure 6 "^${command%% *}"
  done
  [[ $(sha512sum "$ACISTORE_DIR/acistore.db") == "$before" ]]
}

@test "a store that a newer program wrote is refused, never guessed at" {
  one_image
  sql 'PRAGMA user_version = 1000000'
  for command in "${READING[@]}" "${CHANGING[@]}" 'import web.aci' 'put web.aci'; do
    run_acistore ${command//KEY/$key}
    [[ $status != 0 ]] || fail 'expected it to be refused'
    assert_stdout ''
    assert_stderr_line '1000000'
  done
  [[ $(sql 'PRAGMA user_version') == 1000000 ]]
}

@test "a directory that may not be read or searched is status 1" {
  one_image
  become_reader
  chmod 0 "$ACISTORE_DIR"
  for command in "${READING[@]}" "${CHANGING[@]}"; do
    run_reader ${command//KEY/$key}
    assert_failure 1 'Permission denied'
  done
  chmod 700 "$ACISTORE_DIR"
}

@test "a write error on standard output is reported and status 1, for whatever prints" {
  one_image
  acistore remote add https://example.com/ "$key"
  printf 'note' >note
  for command in "${READING[@]}" 'import web.aci' 'put note' 'hash web.aci' --version --help \
    'get --help' 'rm KEY'; do
    [[ $command != exists* ]] || continue
    run --separate-stderr bash -c '"$ACISTORE" --quiet "$@" >/dev/full' - ${command//KEY/$key}
    assert_failure 1 'No space left on device'
  done
  acistore import web.aci >/dev/null
  for command in list 'get example.com/web' 'rm KEY'; do
    run --separate-stderr bash -c '"$ACISTORE" --json "$@" >/dev/full' - ${command//KEY/$key}
    assert_status 1
    assert_json_error '.error | [.status, .kind]' '[1,"io"]'
  done
}

@test "a closed standard output is a write error too, and no file of the store takes its place" {
  one_image
  acistore remote add https://example.com/ "$key"
  for command in "${READING[@]}" 'import web.aci' 'put web.aci' 'hash web.aci' --version --help; do
    [[ $command != exists* ]] || continue
    run --separate-stderr bash -c '"$ACISTORE" --quiet "$@" >&-' - ${command//KEY/$key}
    assert_failure 1 'Bad file descriptor'
    [[ $(acistore --quiet verify) == "$key  ok" ]] || fail 'expected the store to be whole'
  done
  cmp web.aci "$(blob_of "$key")"
}

@test "what prints nothing needs no standard output" {
  one_image
  for command in 'exists KEY' 'mark KEY --latest' 'remote add https://example.com/ KEY' \
    'remote rm https://example.com/'; do
    run --separate-stderr bash -c '"$ACISTORE" "$@" >&-' - ${command//KEY/$key}
    assert_status 0
    assert_stderr ''
  done
}

@test "without standard error the status says it all, and no file of the store takes its place" {
  one_image
  run bash -c '"$ACISTORE" get example.com/none 2>&-'
  [[ $status == 3 && $output == '' ]] || fail 'expected status 3'
  run bash -c '"$ACISTORE" verify 2>&-'
  [[ $status == 0 && $output == "$key  ok" ]] || fail 'expected status 0'
  run bash -c '"$ACISTORE" put missing 2>&- >&- <&-'
  [[ $status == 1 ]] || fail 'expected status 1'
  [[ $(acistore --quiet verify) == "$key  ok" ]]
}

@test "reading verbs die of a closed pipe without a word" {
  make_image big.aci --size 1000000
  key=$(acistore import big.aci)
  run --separate-stderr bash -c 'env --default-signal=PIPE "$ACISTORE" cat "$1" | head -c 1; echo " ${PIPESTATUS[0]}"' - "$key"
  assert_stdout 'm 141'
  assert_stderr ''
  run --separate-stderr bash -c 'env --default-signal=PIPE "$ACISTORE" cat "$1" rootfs/data | head -c 0; echo "${PIPESTATUS[0]}"' - "$key"
  assert_stdout 141
  assert_stderr ''
}

@test "writing verbs finish their work when the reader of their output has gone" {
  make_image many --many 30
  # head ends at once; the keys have nowhere to go.
  run --separate-stderr bash -c 'env --default-signal=PIPE "$ACISTORE" import many/*.aci | head -c 0; sleep 0.1'
  run_acistore list --no-legend
  assert_status 0
  [[ ${#lines[@]} == 30 ]] || fail 'expected all to be imported'
  run_acistore --quiet verify
  assert_status 0
  [[ ${#lines[@]} == 30 ]] || fail 'expected all to be sound'
}

@test "the first failure of several gives the status" {
  make_twins
  acistore import one.aci two.aci >/dev/null
  run_acistore resolve "$TWIN" sha512-ffffffffff
  assert_status 4
  run_acistore resolve sha512-ffffffffff "$TWIN"
  assert_status 3
  [[ ${#stderr_lines[@]} == 2 ]] || fail 'expected a line each'
  run_acistore --json resolve sha512-ffffffffff "$TWIN"
  assert_status 3
  [[ $(jq -c '[.error.status, .error.kind]' <<<"$stderr") == $'[3,"not-found"]\n[4,"ambiguous"]' ]] ||
    fail 'expected an object each, a line each'
}

@test "a busy store is status 7, kind busy" {
  one_image
  hold_database EXCLUSIVE
  run_acistore --json --lock-timeout 0s get example.com/web
  assert_status 7
  assert_stdout ''
  assert_json_error '.error | [.status, .kind]' '[7,"busy"]'
}

@test "the message of a busy store names the process that holds it, where the kernel tells" {
  one_image
  hold_database EXCLUSIVE
  grep -q "POSIX .* $HOLDER " /proc/locks || skip 'the kernel does not tell'
  for command in "${READING[@]}" "${CHANGING[@]}" 'import web.aci' 'put web.aci'; do
    run_acistore --lock-timeout 0s ${command//KEY/$key}
    assert_failure 7 "(^|[^0-9])$HOLDER([^0-9]|\$)"
  done
}

@test "no command ever says database is locked" {
  one_image
  hold_database EXCLUSIVE
  for command in "${READING[@]}" "${CHANGING[@]}" 'import web.aci' 'put web.aci'; do
    run_acistore --lock-timeout 0s ${command//KEY/$key}
    assert_failure 7 'busy'
    [[ $stderr != *'database is locked'* ]] || fail 'expected it in our own words'
  done
}

@test "a full disk is status 8, kind no-space; reading goes on" {
  small_file_system 1M
  one_image
  make_image big.aci --size 2000000
  run_acistore --json import big.aci
  assert_status 8
  assert_stdout ''
  assert_json_error '.error | [.status, .kind]' '[8,"no-space"]'
  fill_up
  make_image small.aci --name example.com/small
  run_acistore import small.aci
  assert_failure 8 '^import: .*No space left on device'
  for command in "${READING[@]}"; do
    [[ $command != remote\ show* ]] || continue
    run_acistore ${command//KEY/$key}
    assert_status 0
  done
  run_acistore rm "$key"
  assert_status 0
  assert_stdout "$key"
}

@test "a damaged blob is status 6, kind damaged" {
  one_image
  rm -f "$(blob_of "$key")"
  run_acistore --json cat "$key"
  assert_status 6
  assert_stdout ''
  assert_json_error '.error | [.status, .kind]' '[6,"damaged"]'
}

@test "a database that cannot be opened for writing, this once, is status 1 and no fault of the store" {
  one_image
  # SQLite would go on with it as one that can only be read.
  strace -qq -o trace -e trace=openat "$ACISTORE" get example.com/web
  call=$(grep -n 'acistore.db"' trace | head -n 1 | cut -d : -f 1)
  for command in "rm $key" "get example.com/web"; do
    run strace -qq -o trace -e inject=openat:error=EMFILE:when="$call" "$ACISTORE" $command
    grep 'acistore.db".*INJECTED' trace
    if [[ $command == rm* ]]; then
      [[ $status == 1 ]]
      [[ $output == "acistore: rm: $ACISTORE_DIR: database: cannot be opened for writing" ]]
    else
      [[ $status == 0 && $output == "$key" ]]
    fi
  done
}
