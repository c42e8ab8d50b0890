#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore get NAME[:VERSION][,LABEL=VALUE]...: the key of the image that matches best.

load support
load store_state

# make NAME-OF-FILE [MAKE-IMAGE OPTIONS]: an image; its key is then ${key[NAME-OF-FILE]}.
declare -gA key
make() {
  make_image "$1.aci" "${@:2}"
  key[$1]=$(key_of "$1.aci")
}

get_gives() {
  run_acistore get "${@:2}"
  assert_status 0
  assert_stdout "${key[$1]}"
  assert_stderr ''
}

@test "the key of the only image of that name" {
  make web --name example.com/web
  make db --name example.com/db
  acistore import web.aci db.aci
  get_gives web example.com/web
  get_gives db example.com/db
}

@test "a name is the whole name: no prefix, no suffix" {
  make web --name example.com/web
  acistore import web.aci
  for name in example.com example.com/we example.com/web2 web; do
    run_acistore get "$name"
    assert_failure 3 "^get: .*$name"
  done
}

@test "of several that match, the one imported last wins" {
  make old --label version=2.0
  make new --label version=1.0
  acistore import old.aci new.aci
  get_gives new example.com/app
}

@test "importing an image again makes it the last" {
  make a --label version=1
  make b --label version=2
  acistore import a.aci b.aci
  acistore import a.aci
  get_gives a example.com/app
}

@test "last is the order of imports, whatever the clock said" {
  make a --label version=1
  make b --label version=2
  acistore import a.aci b.aci
  # As if the clock had been set back by years between the two.
  sql "UPDATE image SET import_time = 1
       WHERE blob_id = (SELECT id FROM blob WHERE key = '${key[b]}')"
  get_gives b example.com/app
}

@test "several in one command are imported in the order of the arguments" {
  make a --label version=1
  make b --label version=2
  make c --label version=3
  acistore import c.aci a.aci b.aci
  get_gives b example.com/app
}

@test "an image marked latest wins over one imported later" {
  make stable --label version=1
  make edge --label version=2
  acistore import --latest stable.aci
  acistore import edge.aci
  get_gives stable example.com/app
}

@test "of several marked latest, the one imported last wins" {
  make a --label version=1
  make b --label version=2
  make c --label version=3
  acistore import --latest a.aci b.aci
  acistore import c.aci
  get_gives b example.com/app
}

@test "with a version asked for, the latest mark counts for nothing" {
  make marked --label version=1 --file rootfs/x=1
  make plain --label version=1 --file rootfs/x=2
  acistore import --latest marked.aci
  acistore import plain.aci
  get_gives plain example.com/app:1
  get_gives plain example.com/app,version=1
  get_gives plain example.com/app --label version=1
  get_gives marked example.com/app
}

@test "importing again sets the latest mark to what that import says" {
  make a --label version=1
  make b --label version=2
  acistore import --latest a.aci
  acistore import b.aci
  get_gives a example.com/app
  acistore import a.aci
  acistore import b.aci
  get_gives b example.com/app
  acistore import --latest a.aci
  acistore import b.aci
  get_gives a example.com/app
}

@test "the latest mark does not make up for a label that differs" {
  make marked --label os=linux --label arch=amd64
  make plain --label os=linux --label arch=aarch64
  acistore import --latest marked.aci
  acistore import plain.aci
  get_gives plain example.com/app,arch=aarch64
}

@test ":VERSION is the label version" {
  make v1 --label version=1.0.0
  make v2 --label version=2.0.0
  acistore import v1.aci v2.aci
  get_gives v1 example.com/app:1.0.0
  get_gives v1 example.com/app,version=1.0.0
  get_gives v2 example.com/app:2.0.0
}

@test "every label asked for must match; those not asked for do not matter" {
  make amd64 --label version=1 --label os=linux --label arch=amd64
  make arm64 --label version=1 --label os=linux --label arch=aarch64
  acistore import amd64.aci arm64.aci
  get_gives amd64 example.com/app:1,os=linux,arch=amd64
  get_gives amd64 example.com/app,arch=amd64
  get_gives arm64 example.com/app:1,os=linux
  run_acistore get example.com/app:1,os=linux,arch=i386
  assert_failure 3 'example.com/app:1,os=linux,arch=i386'
  run_acistore get example.com/app,flavour=x
  assert_failure 3 'flavour=x'
}

@test "the order of labels does not matter" {
  make web --label os=linux --label arch=amd64 --label version=1
  acistore import web.aci
  get_gives web example.com/app,arch=amd64,version=1,os=linux
}

@test "a label that is absent is not an empty one" {
  make empty --label channel=
  make none --label version=1
  acistore import empty.aci none.aci
  get_gives empty example.com/app,channel=
  get_gives none example.com/app
}

@test "--label adds a label, as often as given, with any value" {
  make a --label version=1 --label note=a:b,c=d
  make b --label version=1 --label note=other
  acistore import a.aci b.aci
  get_gives a example.com/app --label note=a:b,c=d
  get_gives a example.com/app:1 --label note=a:b,c=d
  get_gives b example.com/app --label version=1 --label note=other
}

@test "values are compared byte for byte" {
  make lower --label channel=beta
  make upper --label channel=BETA
  acistore import lower.aci upper.aci
  get_gives lower example.com/app,channel=beta
  get_gives upper example.com/app,channel=BETA
  run_acistore get 'example.com/app,channel=bet%'
  assert_failure 3 'example.com/app'
  run_acistore get 'example.com/app,channel=BET?'
  assert_failure 3 'example.com/app'
}

@test "nothing of a reference is taken for SQL" {
  make web
  acistore import web.aci
  run_acistore get "example.com/app,x=' OR '1'='1"
  assert_failure 3 'example.com/app'
}

@test "a removed image is not found any more, and the one before it is" {
  make a --label version=1
  make b --label version=2
  acistore import a.aci b.aci
  acistore rm "${key[b]}"
  get_gives a example.com/app
  acistore rm "${key[a]}"
  run_acistore get example.com/app
  assert_failure 3 'example.com/app'
}

@test "a blob that is no image has no name" {
  make web
  acistore put web.aci
  run_acistore get example.com/app
  assert_failure 3 'example.com/app'
}

@test "--explain tells on standard error of every candidate and why it lost" {
  make winner --label version=1 --label os=linux
  make unmarked --label version=2 --label os=linux
  make earlier --label version=3 --label os=linux
  make freebsd --label version=4 --label os=freebsd
  make other --name example.com/other
  acistore import --latest earlier.aci winner.aci freebsd.aci
  acistore import unmarked.aci other.aci
  run_acistore get --explain example.com/app,os=linux
  assert_status 0
  assert_stdout "${key[winner]}"
  for line in "${stderr_lines[@]}"; do
    [[ $line == 'acistore: '* ]] || fail "expected the prefix 'acistore: ' before: $line"
  done
  for name in winner unmarked earlier freebsd; do
    [[ $(grep -c "${key[$name]:0:19}" <<<"$stderr") == 1 ]] || fail "expected a line on $name"
  done
  grep -q "${key[unmarked]:0:19}.*latest" <<<"$stderr" || fail 'expected why unmarked lost'
  grep -qE "${key[earlier]:0:19}.*(earlier|before|later)" <<<"$stderr" ||
    fail 'expected why earlier lost'
  grep -q "${key[freebsd]:0:19}.*os.*freebsd" <<<"$stderr" || fail 'expected why freebsd lost'
  [[ $stderr != *"${key[other]:0:19}"* ]] || fail 'expected nothing on an image of another name'
}

@test "--explain tells of the candidates when none of them matches, too" {
  make web --label arch=amd64 --label os=linux
  acistore import web.aci
  run_acistore get example.com/app,arch=i386 --explain
  assert_status 3
  assert_stdout ''
  grep -qE "${key[web]:0:19}.*arch.*amd64" <<<"$stderr" || fail 'expected why it lost'
  grep -q '^acistore: get: ' <<<"$stderr" || fail 'expected the failure'
}

@test "--json gives the key in an object" {
  make web
  acistore import web.aci
  run_acistore --json get example.com/app
  assert_status 0
  assert_json . "{\"keys\":[\"${key[web]}\"]}"
  assert_stderr ''
}

@test "--quiet gives the key all the same, and errors" {
  make web
  acistore import web.aci
  get_gives web --quiet example.com/app
  run_acistore get --quiet example.com/none
  assert_failure 3 'example.com/none'
}

@test "not found is status 3, and says what was looked for" {
  make web
  acistore import web.aci
  run_acistore get example.com/app:9,os=linux
  assert_failure 3 '^get: .*example.com/app:9,os=linux'
  run_acistore --json get example.com/app:9
  assert_status 3
  assert_stdout ''
  assert_json_error '[.error.status, .error.kind]' '[3,"not-found"]'
}

@test "a malformed reference is status 2, and says what is wrong" {
  acistore put </dev/null
  for bad in App a:1:2 a, a,b a,B=c a:1,version=1 a,b=1,b=2 a,b=c:d ''; do
    run_acistore get "$bad"
    assert_failure 2 '^get: '
  done
  run_acistore get a --label b
  assert_failure 2 '^get: .*b'
  run_acistore get a:1 --label version=1
  assert_failure 2 'version'
  run_acistore get a --label c=1 --label c=2
  assert_failure 2 'c'
}

@test "whatever begins with sha512- is a key, and a key is not a name" {
  make web
  acistore import web.aci
  for text in "${key[web]}" sha512-ab sha512- sha512-app; do
    run_acistore get "$text"
    assert_failure 2 "^get: .*$text"
  done
}

@test "one reference, no less and no more" {
  run_acistore get
  assert_failure 2 '^get: '
  run_acistore get a b
  assert_failure 2 '^get: '
  run_acistore get --bogus a
  assert_failure 2 '^get: .*--bogus'
}

@test "without a store: status 3, and none is made" {
  run_acistore get example.com/app
  assert_failure 3 "^get: .*$ACISTORE_DIR"
  [[ ! -e $ACISTORE_DIR ]]
}

@test "a damaged database is status 6" {
  make web
  acistore import web.aci
  printf 'no database at all, but long enough to look at %0512d' 0 >"$ACISTORE_DIR/acistore.db"
  run_acistore get example.com/app
  assert_failure 6 '^get: '
}

@test "a database that stays locked is status 7; one that is written to can be read" {
  make web
  acistore import web.aci
  hold_database EXCLUSIVE
  run_acistore --lock-timeout 1s get example.com/app
  assert_failure 7 '^get: '
  let_go
  hold_database IMMEDIATE
  get_gives web example.com/app
}

@test "a write error on standard output is status 1" {
  make web
  acistore import web.aci
  run --separate-stderr bash -c '"$ACISTORE" get example.com/app >/dev/full'
  assert_failure 1 '^get: '
}
