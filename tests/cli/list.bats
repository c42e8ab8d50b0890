#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore list [REFERENCE]: the images, as a table like that of rkt image list.

load support
load store_state

# make NAME-OF-FILE [MAKE-IMAGE OPTIONS]: an image; its key is then ${key[NAME-OF-FILE]}.
declare -gA key
make() {
  make_image "$1.aci" "${@:2}"
  key[$1]=$(key_of "$1.aci")
}

# What the store says of an image is changed: known KEY COLUMN VALUE (an SQL expression).
known() {
  local table=image
  [[ $2 != size ]] || table=blob
  sql "UPDATE $table SET $2 = $3
       WHERE $([[ $table == blob ]] && echo id || echo blob_id) = (SELECT id FROM blob WHERE key = '$1')"
}

# An SQL expression: nanoseconds since 1970 of so many seconds ago.
ago() {
  printf '(unixepoch() - %s) * 1000000000\n' "$1"
}

# Three images in this order of import: of names c, a, b.
three_images() {
  make c --name example.com/c --label version=1 --size 5000
  make a --name example.com/a --label version=2 --size 100
  make b --name example.com/b --label os=linux --label arch=amd64 --size 90000
  acistore import c.aci >/dev/null
  acistore import --latest a.aci >/dev/null
  acistore import b.aci >/dev/null
}

# The names of the images in the order of the list, in one line.
order() {
  acistore list --no-legend --fields name "$@" | sed 's|example.com/||; s|:.*||' | paste -sd ' '
}

@test "a table with a legend: short IDs, name:version, relative times, units, latest" {
  make web --name example.com/web --label version=1.0.0
  make db --name db
  acistore import --latest web.aci >/dev/null
  acistore import db.aci >/dev/null
  known "${key[web]}" import_time "$(ago 9000)"
  known "${key[web]}" last_used "$(ago 90)"
  known "${key[web]}" size 10240
  known "${key[db]}" import_time "$(ago 90)"
  known "${key[db]}" last_used "$(ago 90)"
  known "${key[db]}" size 2560
  run_acistore list
  assert_status 0
  assert_stderr ''
  assert_stdout "ID			NAME			IMPORT TIME	LAST USED	SIZE	LATEST
${key[web]:0:19}	example.com/web:1.0.0	2 hours ago	1 minute ago	10 KiB	true
${key[db]:0:19}	db			1 minute ago	1 minute ago	2.5 KiB	false"
}

@test "columns are padded with tabs to multiples of eight, by characters and not by bytes" {
  make a --name a --label version=ééééé
  make b --name a --label version=xxxxxx
  acistore import a.aci >/dev/null
  run_acistore list --fields name,latest
  assert_stdout "NAME	LATEST
a:ééééé	false"
  acistore import b.aci >/dev/null
  run_acistore list --fields name,latest
  assert_stdout "NAME		LATEST
a:ééééé		false
a:xxxxxx	false"
}

@test "without a version the name stands alone" {
  make web --name example.com/web --label os=linux --label arch=amd64
  acistore import web.aci >/dev/null
  run_acistore list --no-legend --fields name
  assert_stdout example.com/web
}

@test "sizes: bytes below 1 KiB, then one decimal below ten, none above" {
  make web
  acistore import web.aci >/dev/null
  while read -r bytes text; do
    known "${key[web]}" size "$bytes"
    run_acistore list --no-legend --fields size
    assert_stdout "$text"
  done <<'END'
0 0 B
9 9 B
10 10 B
1023 1023 B
1024 1.0 KiB
1126 1.1 KiB
10189 10 KiB
10188 9.9 KiB
10240 10 KiB
1048576 1.0 MiB
157286400 150 MiB
1610612736 1.5 GiB
68719476736 64 GiB
1099511627776 1.0 TiB
END
}

@test "times: the largest unit alone, rounded down" {
  make web
  acistore import web.aci >/dev/null
  while read -r seconds text; do
    known "${key[web]}" import_time "$(ago "$seconds")"
    run_acistore list --no-legend --fields importtime
    assert_stdout "$text"
  done <<'END'
90 1 minute ago
150 2 minutes ago
3570 59 minutes ago
3660 1 hour ago
7260 2 hours ago
86370 23 hours ago
86460 1 day ago
172860 2 days ago
604740 6 days ago
604860 1 week ago
1209660 2 weeks ago
2591940 4 weeks ago
2592060 1 month ago
5184060 2 months ago
31103940 11 months ago
31104060 1 year ago
46656060 2 years ago
62208060 2 years ago
93312060 3 years ago
1150849000 a long while ago
-150 2 minutes from now
-7500 2 hours from now
END
}

@test "times: seconds, and now" {
  make web
  acistore import web.aci >/dev/null
  run_acistore list --no-legend --fields importtime
  [[ $output =~ ^(now|1 second ago|[0-9]+ seconds ago)$ ]] || fail 'expected a moment ago'
  known "${key[web]}" import_time "$(ago 20)"
  run_acistore list --no-legend --fields importtime
  [[ $output =~ ^[2-5][0-9]\ seconds\ ago$ ]] || fail 'expected 20 seconds ago'
}

@test "--full: whole keys, bytes, and times to the millisecond" {
  make web --name example.com/web --label version=1
  acistore import web.aci >/dev/null
  known "${key[web]}" import_time 1700000000123456789
  known "${key[web]}" last_used 1700003600000000000
  run_acistore list --full
  assert_status 0
  assert_stdout "ID									NAME			IMPORT TIME				LAST USED			SIZE	LATEST
${key[web]}	example.com/web:1	2023-11-14 22:13:20.123 +0000 UTC	2023-11-14 23:13:20 +0000 UTC	$(stat -c %s web.aci)	false"
}

@test "--full: trailing zeros of a second's fraction are left out" {
  make web
  acistore import web.aci >/dev/null
  while read -r time text; do
    known "${key[web]}" import_time "$time"
    run_acistore list --full --no-legend --fields importtime
    assert_stdout "$text"
  done <<'END'
1700000000120000000 2023-11-14 22:13:20.12 +0000 UTC
1700000000500999999 2023-11-14 22:13:20.5 +0000 UTC
1700000000001000000 2023-11-14 22:13:20.001 +0000 UTC
1700000000000999999 2023-11-14 22:13:20 +0000 UTC
END
}

@test "--full: times are those of the user's time zone" {
  make web
  acistore import web.aci >/dev/null
  known "${key[web]}" import_time 1700000000000000000
  TZ=CET-1 run_acistore list --full --no-legend --fields importtime
  assert_stdout '2023-11-14 23:13:20 +0100 CET'
  TZ=NST3:30 run_acistore list --full --no-legend --fields importtime
  assert_stdout '2023-11-14 18:43:20 -0330 NST'
}

@test "--no-legend leaves the legend out" {
  three_images
  run_acistore list --no-legend
  assert_status 0
  [[ ${#lines[@]} == 3 ]] || fail 'expected three lines'
  [[ $output != *IMPORT* ]] || fail 'expected no legend'
}

@test "--fields: those alone, in the order given" {
  three_images
  run_acistore list --fields name,id
  assert_status 0
  assert_stdout "NAME		ID
example.com/c:1	${key[c]:0:19}
example.com/a:2	${key[a]:0:19}
example.com/b	${key[b]:0:19}"
  run_acistore list --fields latest --no-legend
  assert_stdout 'false
true
false'
}

@test "--fields: all of them have a legend" {
  three_images
  run_acistore list --fields id,name,labels,importtime,lastused,size,latest,pins,verified
  assert_status 0
  legend=$(tr -s '\t' ',' <<<"${lines[0]}")
  [[ $legend == 'ID,NAME,LABELS,IMPORT TIME,LAST USED,SIZE,LATEST,PINS,VERIFIED' ]] ||
    fail 'expected the names of all fields'
}

@test "the fields labels, pins and verified" {
  three_images
  run_acistore list --no-legend --fields labels example.com/b
  [[ $output == *os=linux* && $output == *arch=amd64* ]] || fail 'expected the labels'
  pin "${key[b]}" kubelet
  run_acistore list --no-legend --fields pins example.com/b
  [[ $output == *kubelet* ]] || fail 'expected the owner of the pin'
  acistore --quiet verify "${key[b]}" >/dev/null
  run_acistore list --no-legend --fields verified example.com/b
  [[ $output =~ ^(now|[0-9]+\ seconds?\ ago)$ ]] || fail 'expected when it was verified'
}

@test "--fields that are none, or unknown: status 2" {
  three_images
  for fields in bogus id,bogus '' id, ,id NAME; do
    run_acistore list --fields "$fields"
    assert_failure 2 '^list: '
  done
}

@test "the order is that of imports, the last import last, whatever the clock said" {
  three_images
  [[ $(order) == 'c a b' ]]
  known "${key[b]}" import_time 1
  [[ $(order) == 'c a b' ]]
  [[ $(order --sort importtime) == 'c a b' ]]
  acistore import c.aci >/dev/null
  [[ $(order) == 'a b c' ]]
  [[ $(order --order desc) == 'c b a' ]]
  [[ $(order --order asc) == 'a b c' ]]
}

@test "--sort name: by bytes" {
  make upper --name b/10
  make tens --name b/9
  make dash --name b-9
  acistore import upper.aci tens.aci dash.aci >/dev/null
  run_acistore list --no-legend --fields name --sort name
  assert_stdout 'b-9
b/10
b/9'
  run_acistore list --no-legend --fields name --sort name --order desc
  assert_stdout 'b/9
b/10
b-9'
}

@test "--sort size and lastused" {
  three_images
  [[ $(order --sort size) == 'a c b' ]]
  [[ $(order --sort size --order desc) == 'b c a' ]]
  known "${key[a]}" last_used 3
  known "${key[b]}" last_used 1
  known "${key[c]}" last_used 2
  [[ $(order --sort lastused) == 'b c a' ]]
  [[ $(order --sort lastused --order desc) == 'a c b' ]]
}

@test "--sort by several fields: the later decide where the earlier are equal" {
  make a --name n --label version=1
  make b --name n --label version=2
  make c --name m --label version=3
  acistore import a.aci b.aci c.aci >/dev/null
  known "${key[a]}" last_used 9
  known "${key[b]}" last_used 5
  known "${key[c]}" last_used 7
  run_acistore list --no-legend --fields name --sort name,lastused
  assert_stdout 'm:3
n:2
n:1'
  run_acistore list --no-legend --fields name --sort name,lastused --order desc
  assert_stdout 'n:1
n:2
m:3'
}

@test "equals are in the order of imports" {
  make a --name n --label version=1
  make b --name n --label version=2
  make c --name n --label version=3
  acistore import b.aci c.aci a.aci >/dev/null
  run_acistore list --no-legend --fields name --sort name
  assert_stdout 'n:2
n:3
n:1'
}

@test "--sort and --order that are unknown: status 2" {
  three_images
  for sort in bogus name,bogus '' name,; do
    run_acistore list --sort "$sort"
    assert_failure 2 '^list: '
  done
  for order in up '' ASC; do
    run_acistore list --order "$order"
    assert_failure 2 '^list: '
  done
}

@test "a reference: the images with that name and all of those labels, not the best alone" {
  make a --name example.com/app --label version=1 --label os=linux
  make b --name example.com/app --label version=2 --label os=linux
  make c --name example.com/app --label version=2 --label os=freebsd
  make d --name example.com/application --label version=1
  acistore import --latest a.aci >/dev/null
  acistore import b.aci c.aci d.aci >/dev/null
  keys() { acistore --json list "$@" | jq -r '.images[].key' | paste -sd ' '; }
  [[ $(keys example.com/app) == "${key[a]} ${key[b]} ${key[c]}" ]]
  [[ $(keys example.com/app:2) == "${key[b]} ${key[c]}" ]]
  [[ $(keys example.com/app,os=linux) == "${key[a]} ${key[b]}" ]]
  [[ $(keys example.com/app:2,os=freebsd) == "${key[c]}" ]]
  [[ $(keys example.com/app:3) == '' ]]
  [[ $(keys example.com/ap) == '' ]]
}

@test "--prefix: the images whose keys begin so" {
  make_twins
  make extra --name example.com/extra
  acistore import one.aci two.aci extra.aci >/dev/null
  run_acistore list --no-legend --fields id --prefix "$TWIN"
  assert_status 0
  [[ ${#lines[@]} == 2 ]] || fail 'expected two images'
  run_acistore list --no-legend --fields name --prefix "$(id_of extra.aci)"
  assert_stdout example.com/extra
  run_acistore list --no-legend --prefix "$TWIN" example.com/extra
  assert_status 0
  assert_stdout ''
  run_acistore list --prefix sha512-x
  assert_failure 2 '^list: .*sha512-x'
  for prefix in ab '' sha512; do
    run_acistore list --prefix "$prefix"
    assert_failure 2 '^list: --prefix: .*not a key'
  done
}

@test "no image that fits: the legend alone, status 0" {
  three_images
  run_acistore list example.com/none
  assert_status 0
  assert_stderr ''
  assert_stdout 'ID	NAME	IMPORT TIME	LAST USED	SIZE	LATEST'
  run_acistore list example.com/none --no-legend
  assert_status 0
  assert_stdout ''
  run_acistore --json list example.com/none
  assert_status 0
  assert_json . '{"images":[]}'
}

@test "an empty store lists nothing, and a blob that is no image is not listed" {
  make web
  acistore put web.aci
  run_acistore list --no-legend
  assert_status 0
  assert_stdout ''
  acistore rm "${key[web]}"
  run_acistore list --no-legend
  assert_status 0
  assert_stdout ''
}

@test "--json gives every member" {
  make web --name example.com/web --label version=1.0.0 --label os=linux --label arch=amd64
  acistore import --latest web.aci >/dev/null
  known "${key[web]}" import_time 1700000000123456789
  known "${key[web]}" last_used 1700003600000000000
  pin "${key[web]}" manual
  run_acistore --json list
  assert_status 0
  assert_stderr ''
  assert_json . "$(jq -cn --arg key "${key[web]}" --arg id "$(id_of web.aci)" --arg store "$ACISTORE_DIR" \
    --argjson size "$(stat -c %s web.aci)" '{images: [{
      key: $key, id: $id, name: "example.com/web",
      labels: [{name: "version", value: "1.0.0"}, {name: "os", value: "linux"},
               {name: "arch", value: "amd64"}],
      size: $size, latest: true, importTime: "2023-11-14T22:13:20.123456789Z",
      lastUsed: "2023-11-14T23:13:20.000000000Z",
      pins: [{owner: "manual", expires: null}], verified: null, store: $store}]}')"
}

@test "--json: pins that expire, when it was verified, and the order of the list" {
  three_images
  pin "${key[c]}" kubelet 600
  acistore --quiet verify "${key[c]}" >/dev/null
  run_acistore list --json --sort size
  assert_status 0
  assert_json '[.images[].key]' "[\"${key[a]}\",\"${key[c]}\",\"${key[b]}\"]"
  stamp='^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{9}Z$'
  assert_json ".images[1] | .pins[0].owner, (.pins[0].expires, .verified | test(\"$stamp\"))" \
    $'"kubelet"\ntrue\ntrue'
  assert_json '.images[0] | .pins, .verified' $'[]\nnull'
}

@test "--json: text from inside an image arrives as it was" {
  printf '{"acKind":"ImageManifest","acVersion":"0.8.11","name":"a","labels":[
    {"name":"version","value":"\\u001b[31m\\"\\\\\\n\\t\\u00e9\\ud83d\\ude00\x7f"}]}' >odd.json
  make_image odd.aci --manifest odd.json
  acistore import odd.aci >/dev/null
  run_acistore --json list
  assert_status 0
  [[ $output != *$'\e'* && $output != *$'\t'* ]] || fail 'expected no control character'
  assert_json '.images[0].labels[0].value' "$(jq -c '.labels[0].value' odd.json)"
}

@test "text from inside an image never sends control characters, and keeps to its line and column" {
  printf '{"acKind":"ImageManifest","acVersion":"0.8.11","name":"a","labels":[
    {"name":"version","value":"1\\u001b]0;x\\u0007\\n2\\t3\\r\\u0000\\u009b\x7f"},
    {"name":"x","value":"\\u001b[2J"}]}' >evil.json
  make_image evil.aci --manifest evil.json
  acistore import evil.aci >/dev/null
  run_acistore list --fields name,labels,latest
  assert_status 0
  [[ ${#lines[@]} == 2 ]] || fail 'expected a line an image'
  ! LC_ALL=C grep -qaP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' <<<"$output" ||
    fail 'expected no control character'
  [[ $(tr -s '\t' '\n' <<<"${lines[1]}" | wc -l) == 3 ]] || fail 'expected three columns'
}

@test "--quiet lists all the same" {
  three_images
  full=$(acistore list --full)
  run_acistore -q list --full
  assert_status 0
  assert_stdout "$full"
  assert_stderr ''
}

@test "importing again gives a new time and the mark of that import, not a second line" {
  three_images
  known "${key[a]}" import_time 1
  acistore import a.aci >/dev/null
  run_acistore --json list example.com/a
  assert_json '.images | length' 1
  assert_json '.images[0].latest' false
  [[ $(jq -r '.images[0].importTime' <<<"$output") == 20* ]] || fail 'expected a new time'
}

@test "a damaged or missing blob does not keep anything from being listed" {
  three_images
  rm -f "$(blob_of "${key[a]}")"
  flip "$(blob_of "${key[b]}")" 10
  [[ $(order) == 'c a b' ]]
}

@test "one reference at most, well-formed, and no unknown option" {
  acistore put </dev/null
  run_acistore list a b
  assert_failure 2 '^list: '
  run_acistore list App
  assert_failure 2 '^list: .*App'
  run_acistore list sha512-ab
  assert_failure 2 '^list: .*sha512-ab'
  run_acistore list --bogus
  assert_failure 2 '^list: .*--bogus'
}

@test "without a store: status 3, and none is made" {
  run_acistore list
  assert_failure 3 "^list: .*$ACISTORE_DIR"
  [[ ! -e $ACISTORE_DIR ]]
}

@test "a damaged database is status 6" {
  acistore put </dev/null
  printf 'no database at all, but long enough to look at %0512d' 0 >"$ACISTORE_DIR/acistore.db"
  run_acistore list
  assert_failure 6 '^list: '
}

@test "a database that stays locked is status 7; one that is written to can be read" {
  three_images
  hold_database EXCLUSIVE
  run_acistore list --lock-timeout 1s
  assert_failure 7 '^list: '
  let_go
  hold_database IMMEDIATE
  [[ $(order) == 'c a b' ]]
}

@test "a write error on standard output is status 1; a closed pipe is nothing to talk about" {
  # Far more text than a pipe holds and head reads on its way out.
  make_image many --many 1200
  acistore import many/*.aci >/dev/null
  run --separate-stderr bash -c '"$ACISTORE" list >/dev/full'
  assert_failure 1 '^list: '
  run --separate-stderr bash -c 'env --default-signal=PIPE "$ACISTORE" list --full | head -n 1 | wc -l; echo "${PIPESTATUS[0]}"'
  assert_stdout '1
141'
  assert_stderr ''
}
