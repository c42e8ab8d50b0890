#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore batch: a request a line on standard input, an answer a line on standard output.

load support
load store_state

# Two versions of one name, of which the older one is marked latest, and the keys of both.
setup_file() {
  fresh_store
  make_image old.aci --label version=1.0 --label os=linux --label 'tags=a,b=c'
  make_image new.aci --label version=2.0 --label os=linux
  acistore import --latest old.aci
  acistore import new.aci
  acistore remote add https://example.com/old.aci example.com/app:1.0 --etag x
  OLD=$(key_of old.aci)
  NEW=$(key_of new.aci)
  export OLD NEW BATCH_STORE=$ACISTORE_DIR
}

setup() {
  fresh_store
  cp -r "$BATCH_STORE" "$ACISTORE_DIR"
}

# batch REQUEST...: runs them, a line each.
batch() {
  printf '%s\n' "$@" >requests
  run_acistore batch <requests
  assert_stderr ''
  [[ ${#lines[@]} == "$#" ]] || fail "expected $# answers"
}

# The answer to the request of that number, from 1 on, as jq's filter makes it.
answer() {
  local seen
  seen=$(jq -c "$2" <<<"${lines[$1 - 1]}")
  [[ $seen == "$3" ]] || fail "answer $1, jq '$2': expected $3, but it is: $seen"
}

@test "each verb gives what the command of its name gives with --json" {
  batch '{"get":"example.com/app"}' '{"get":"example.com/app:2.0,os=linux"}' \
    '{"get":"example.com/app","labels":{"tags":"a,b=c","version":"1.0"}}' \
    "{\"resolve\":\"${NEW:0:12}\"}" "{\"exists\":\"$OLD\"}" '{"exists":"example.com/none"}' \
    '{"image":"example.com/app"}' '{"info":"example.com/app"}' '{"manifest":"example.com/app"}' \
    '{"list":null}' '{"list":"example.com/app:2.0"}' "{\"list\":null,\"prefix\":\"$OLD\"}" \
    '{"list":"example.com/none"}' '{"remote show":"https://example.com/old.aci"}' '{"remote list":null}'
  assert_status 0
  printf '%s\n' "{\"key\":\"$OLD\"}" "{\"key\":\"$NEW\"}" "{\"key\":\"$OLD\"}" "{\"key\":\"$NEW\"}" \
    '{"exists":true}' '{"exists":false}' >expected
  diff expected <(head -6 <<<"$output")
  # The rest is wrapped or named as the array it stands in is.
  {
    acistore list --json example.com/app:1.0 | jq -c '{image: .images[0]}'
    acistore info --json example.com/app | jq -c '{image: .images[0]}'
    acistore manifest example.com/app | jq -c '{manifest: .}'
    acistore list --json
    acistore list --json example.com/app:2.0
    acistore list --json --prefix "$OLD"
    acistore list --json example.com/none
    acistore remote show --json https://example.com/old.aci | jq -c '{remote: .remotes[0]}'
    acistore remote list --json
  } >expected
  diff expected <(tail -n +7 <<<"$output" | sed "9s|$BATCH_STORE|$ACISTORE_DIR|")
}

@test "an id of any scalar type comes back as it was written" {
  batch '{"id":7,"exists":"a"}' '{"exists":"a","id":"\u00e9\ud83d\ude00\/\n"}' '{"id":null,"exists":"a"}' \
    '{ "id" : 12345678901234567890.50e+400 , "exists" : "a" }' '{"id":false,"exists":"a"}' \
    '{"id":"","exists":"a"}' $'{"id":"x","exists":"a"}\r'
  assert_status 0
  assert_stdout '{"id":7,"exists":false}
{"id":"\u00e9\ud83d\ude00\/\n","exists":false}
{"id":null,"exists":false}
{"id":12345678901234567890.50e+400,"exists":false}
{"id":false,"exists":false}
{"id":"","exists":false}
{"id":"x","exists":false}'
}

@test "what fails is an answer like the error of the command, and the first one gives the status" {
  batch '{"id":1,"get":"example.com/none"}' '{"get":"example.com/app"}' '{"resolve":"sha512-00000000000"}' \
    '{"remote show":"https://example.com/none"}' '{"image":"example.com/app:3"}'
  assert_status 3
  run_acistore get --json example.com/none
  [[ ${stderr/\{/\{\"id\":1,} == "$(head -1 <<<"$(acistore batch <requests || true)")" ]] || fail 'as the command says it'
  batch '{"get":"example.com/app"}' '{"get":"Example"}' '{"get":"example.com/none"}'
  assert_status 2
  answer 1 .key "\"$OLD\""
  answer 2 '.error | [.status, .kind]' '[2,"usage"]'
  answer 3 '.error | [.status, .kind]' '[3,"not-found"]'
}

@test "a key prefix that fits several keys is ambiguous" {
  # Of so many keys some begin with the same two digits.
  local twice
  "$IMAGES/make-image" --many 60 many
  acistore --no-sync import many/*.aci >keys
  twice=$(cut -c1-9 keys | sort | uniq -d | head -1)
  batch "{\"resolve\":\"$twice\"}" "{\"exists\":\"$twice\"}"
  assert_status 4
  answer 1 '.error | [.status, .kind]' '[4,"ambiguous"]'
  answer 2 .error.kind '"ambiguous"'
}

@test "a line that is no request is answered with its number, and the others go on" {
  local bad=('' 'nonsense' '{"get":"a"' '{"get":"a"}{"get":"a"}' '[1]' '"get"' '{}' '{"id":5}' '{"id":6,"gte":"a"}'
    '{"get":5}' '{"get":null}' '{"get":"a","get":"b"}' '{"get":"a","exists":"b"}' '{"id":[1],"get":"a"}'
    '{"id":1,"id":2,"get":"a"}' '{"get":"a","prefix":"sha512-00"}' '{"resolve":"sha512-00","labels":{}}'
    '{"list":null,"labels":{"os":"linux"}}' '{"list":"sha512-00"}' '{"get":"sha512-00"}' '{"resolve":"a"}'
    '{"exists":"sha512-00","labels":{"os":"linux"}}' '{"get":"a","labels":{"os":1}}' '{"get":"a","labels":["os"]}'
    '{"get":"a","labels":{"Os":"x"}}' '{"get":"a,os=x","labels":{"os":"x"}}' '{"list":null,"prefix":"x"}'
    '{"get":"a","labels":{},"labels":{}}' '{"remote list":"x"}' '{"remote":"x"}' '{"import":"x"}' $'{"get":"\xff"}'
    $'{"get":"a\x01"}' '{"get":"\ud8"}')
  batch "${bad[@]}" '{"id":"last","get":"example.com/app"}'
  assert_status 2
  local n
  for ((n = 0; n < ${#bad[@]}; ++n)); do
    [[ ${lines[n]} == *'"error":{"status":2,"kind":"usage","message":"line '"$((n + 1)): "* ]] ||
      fail "answer to ${bad[n]}: ${lines[n]}"
  done
  jq -e . <<<"$output" >/dev/null
  answer $((n + 1)) . "{\"id\":\"last\",\"key\":\"$OLD\"}"
  # The id is there wherever it could be read.
  answer 8 '[.id, .error.message]' '[5,"line 8: there is no verb"]'
  answer 9 '[.id, .error.message]' '[6,"line 9: \"gte\": no such verb or member; did you mean get?"]'
  answer 2 .error.message '"line 2: column 2: a value must stand here"'
  answer 12 .error.message '"line 12: get and get: there is one verb in a request"'
}

@test "a line may have a mebibyte and no byte more, and the next one is read" {
  local json='{"exists":"a"}' limit=1048576
  {
    printf "%${limit}s\n" "$json"
    printf "%$((limit + 1))s\n" "$json"
    printf '%5000000s\n' "$json"
    printf '%s\n' "$json"
    printf '%3000000s' "$json"
  } >requests
  run_acistore batch <requests
  assert_status 2
  local long='longer than the limit of 1048576 bytes"}}'
  assert_stdout "{\"exists\":false}
{\"error\":{\"status\":2,\"kind\":\"usage\",\"message\":\"line 2: $long
{\"error\":{\"status\":2,\"kind\":\"usage\",\"message\":\"line 3: $long
{\"exists\":false}
{\"error\":{\"status\":2,\"kind\":\"usage\",\"message\":\"line 5: $long"
}

@test "no request, no answer; the last line needs no newline; the command needs a store and takes no argument" {
  run_acistore batch </dev/null
  assert_status 0
  assert_stdout ''
  run_acistore batch < <(printf '{"exists":"a"}\n{"exists":"example.com/app"}')
  assert_status 0
  assert_stdout '{"exists":false}
{"exists":true}'
  run_acistore batch file
  assert_failure 2 '^batch: file: unexpected argument'
  run_acistore --store none batch </dev/null
  assert_failure 3 'there is no store'
  run_acistore batch <.
  assert_failure 1 '^batch: standard input: read: '
  run bash -c 'echo "{\"exists\":\"a\"}" | "$ACISTORE" batch >/dev/full'
  [[ $status == 1 ]]
}

@test "a coprocess is answered before the next request comes, and sees what others did meanwhile" {
  coproc STORE { "$ACISTORE" batch; }
  local answer
  ask() {
    printf '%s' "$1" >&"${STORE[1]}"
    read -r -t 20 answer <&"${STORE[0]}" || fail "no answer to $1"
    [[ $answer == "$2" ]] || fail "expected $2, but it is: $answer"
  }
  ask $'{"get":"example.com/app"}\n' "{\"key\":\"$OLD\"}"
  acistore mark "$OLD" --no-latest
  # A request that comes in pieces, and one with the beginning of the next behind it.
  printf '{"get":' >&"${STORE[1]}"
  ask $'"example.com/app"}\n{"exi' "{\"key\":\"$NEW\"}"
  acistore rm "$NEW"
  ask "sts\":\"$NEW\"}"$'\n' '{"exists":false}'
  make_image web.aci --name example.com/web
  acistore import web.aci
  ask $'{"get":"example.com/web"}\n' "{\"key\":\"$(key_of web.aci)\"}"
  # It holds no lock while it waits.
  acistore --lock-timeout 0s mark --latest example.com/web
  local pid=$STORE_PID input=${STORE[1]}
  exec {input}>&-
  wait "$pid"
}

@test "answers to thousands come in order, and a store that cannot be written will do" {
  chmod -R a-w "$ACISTORE_DIR"
  seq 0 2 4998 | sed 's/.*/{"id":&,"get":"example.com\/app"}\n{"id":"&","get":"example.com\/app:2.0"}/' |
    acistore batch >answers
  chmod -R u+w "$ACISTORE_DIR"
  diff answers <(seq 0 2 4998 | sed "s/.*/{\"id\":&,\"key\":\"$OLD\"}\n{\"id\":\"&\",\"key\":\"$NEW\"}/")
}

@test "lower stores are looked through, and an image tells where it is" {
  make_image web.aci --name example.com/web
  acistore --store upper import web.aci
  printf '%s\n' '{"get":"example.com/app"}' '{"list":null}' '{"image":"example.com/web"}' >requests
  run_acistore --store upper --lower "$ACISTORE_DIR" batch <requests
  assert_status 0
  answer 1 .key "\"$OLD\""
  answer 2 '[.images[].store] | unique' "[\"$ACISTORE_DIR\",\"$PWD/upper\"]"
  answer 3 .image.store "\"$PWD/upper\""
}

@test "damage is told in the answer, and a manifest that is no JSON breaks no line" {
  sql "UPDATE image SET manifest = x'7b0a' WHERE blob_id = (SELECT id FROM blob WHERE key = '$NEW')"
  batch "{\"manifest\":\"$NEW\"}" "{\"get\":\"example.com/app\"}"
  assert_status 6
  answer 1 .error.kind '"damaged"'
  answer 2 .key "\"$OLD\""
}
