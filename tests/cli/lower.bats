#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Lower stores: read through, never changed. --lower DIR, or ACISTORE_LOWER.

load support
load store_state
load other_user

URL=https://example.com/base.aci

# A store `base` with two images and a remote, and one's own with none yet.
setup() {
  fresh_store
  make_image base.aci --name example.com/base --label version=1 --file rootfs/etc/motd=hello
  make_image app.aci --name example.com/app --label version=1
  make_image newer.aci --name example.com/app --label version=2
  base=$(key_of base.aci) app=$(key_of app.aci) newer=$(key_of newer.aci)
  acistore --store base import base.aci app.aci >/dev/null
  acistore --store base remote add "$URL" "$base"
  export ACISTORE_LOWER=$PWD/base
}

# All that changes when a directory does, but for access times.
state_of() {
  find "$1" -printf '%P %y %m %U:%G %s %T@ %C@ %i\n' | LC_ALL=C sort
}

assert_untouched() {
  [[ $(state_of "$1") == "$2" ]] || fail "expected $1 as it was, but: $(diff <(echo "$2") <(state_of "$1"))"
}

# Each verb that reads, of an image that only the lower store in $1 has.
read_all() {
  local lower=$1
  export ACISTORE_LOWER=$lower
  rm -rf out tree root
  run_acistore get example.com/base
  assert_status 0 && assert_stdout "$base" && assert_stderr '' || return
  run_acistore resolve "${base:0:20}"
  assert_status 0 && assert_stdout "$base" || return
  run_acistore exists example.com/base:1
  assert_status 0 || return
  run_acistore manifest "$base"
  assert_status 0 && assert_stdout "$(tar -xOf base.aci manifest)" || return
  run_acistore cat "$base" rootfs/etc/motd
  assert_status 0 && assert_stdout hello || return
  acistore cat "$base" | cmp - base.aci || return
  run_acistore ls "$base" rootfs/etc
  assert_status 0 && assert_stdout rootfs/etc/motd || return
  run_acistore diff "$base" "$app" --stat
  assert_status 9 || return
  acistore export "$base" out && cmp out base.aci || return
  acistore extract "$base" tree && [[ $(<tree/rootfs/etc/motd) == hello ]] || return
  acistore render "$base" root && [[ $(<root/etc/motd) == hello ]] || return
  acistore validate --image "$base" || return
  run_acistore dump
  assert_status 0 && assert_stdout_line '2 total keys' || return
  run_acistore list --no-legend --fields name
  assert_status 0 && assert_stdout 'example.com/base:1
example.com/app:1' || return
  run_acistore --json info "$base"
  assert_status 0 && assert_json '.images[].store' "\"$lower\"" || return
  run_acistore remote show "$URL"
  assert_status 0 && assert_stdout_line "key: $base" || return
  run_acistore remote list
  assert_status 0 && assert_stdout "$URL"$'\t'"$base" || return
  run_acistore verify
  assert_status 0 && assert_stdout_line "$base  ok" && assert_stdout_line "$app  ok" || return
  run_acistore verify "$base"
  assert_status 0 && assert_stdout "$base  ok"
}

@test "whatever reads finds what only a lower store has, and leaves no trace there" {
  before=$(state_of base)
  acistore put <base.aci >/dev/null
  acistore rm "$base" >/dev/null
  read_all "$PWD/base"
  assert_untouched base "$before"
}

@test "for reading there need be no store but lower ones" {
  before=$(state_of base)
  read_all "$PWD/base"
  assert_untouched base "$before"
  [[ ! -e $ACISTORE_DIR ]] || fail 'a store was made'
  run_acistore info
  assert_status 0
  assert_stdout_line "directory: $PWD/base"
  run_acistore gc
  assert_failure 3 'there is no store'
  ACISTORE_LOWER='' run_acistore list
  assert_failure 3 'there is no store'
}

@test "a lower store may be on read-only media" {
  needs_root 'mount a file system'
  needs mksquashfs 'it makes a squashfs image'
  mkdir squashed bound
  mksquashfs base base.squashfs -quiet -no-progress >/dev/null
  mount -o loop,ro base.squashfs squashed 2>/dev/null || skip 'no squashfs can be mounted here'
  MOUNTED+=("$PWD/squashed")
  read_all "$PWD/squashed"
  mount --bind base bound
  MOUNTED+=("$PWD/bound")
  mount -o remount,bind,ro bound
  read_all "$PWD/bound"
}

@test "a lower store may belong to another user" {
  let_others_in
  chmod -R go-w,go+rX base
  before=$(state_of base)
  mkdir own
  chown 60001 own
  ACISTORE_DIR=$PWD/own/store
  run_as 60001 60001 get example.com/base
  assert_status 0
  assert_stdout "$base"
  run_as 60001 60001 cat "$base" rootfs/etc/motd
  assert_status 0
  assert_stdout hello
  assert_untouched base "$before"
}

@test "what the store has hides the same in a lower one, and comes after it" {
  acistore import --copy-up app.aci >/dev/null
  run_acistore list --no-legend --fields name,store
  assert_status 0
  assert_stdout "example.com/base:1"$'\t'"$PWD/base
example.com/app:1"$'\t'"$ACISTORE_DIR"
  run_acistore --json list
  assert_json '[.images[] | [.key, .store]]' "[[\"$base\",\"$PWD/base\"],[\"$app\",\"$ACISTORE_DIR\"]]"
  # The legend names the store only if there are several.
  run_acistore list
  assert_stdout_line 'ID.*LATEST\sSTORE'
  ACISTORE_LOWER='' run_acistore list
  assert_stdout_line 'ID.*LATEST'
  # Its mark is that of the upper one.
  acistore --store base mark "$app" --latest
  acistore import newer.aci >/dev/null
  run_acistore get example.com/app
  assert_stdout "$newer"
  acistore mark "$app" --latest
  run_acistore get example.com/app
  assert_stdout "$app"
}

@test "of several images that match, the one imported last into the uppermost store is chosen" {
  acistore --store base import newer.aci >/dev/null
  acistore --store middle --lower base import --copy-up app.aci >/dev/null
  [[ $(acistore --lower base --lower middle get example.com/app) == "$newer" ]] || fail 'base alone has it newer'
  [[ $(acistore --lower middle --lower base get example.com/app) == "$app" ]] || fail 'middle comes first'
  export ACISTORE_LOWER=middle:base
  [[ $(acistore get example.com/app) == "$app" ]] || fail 'a list in the environment'
  # A latest mark counts more than the place.
  acistore --store base mark "$newer" --latest
  run_acistore get --explain example.com/app
  assert_stdout "$newer"
  [[ $stderr == *"$newer  example.com/app:2"*" (latest): chosen"* ]] || fail 'expected it chosen'
  [[ $stderr == *"$app  example.com/app:1"*": is not marked latest, and another one is"* ]] || fail 'expected why'
  # The version tells them apart, and then the mark does not count.
  acistore --store base mark "$newer" --no-latest
  run_acistore get --explain example.com/app
  assert_stdout "$app"
  [[ $stderr == *"$newer "*": is in a lower store than the one chosen"* ]] || fail 'expected the lower one told of'
}

@test "a key prefix is looked for in all stores" {
  make_twins
  acistore import one.aci >/dev/null
  acistore --store base import two.aci >/dev/null
  run_acistore resolve "$TWIN"
  assert_failure 4 "$TWIN: ambiguous: 2 keys begin so: "
  acistore --store base import one.aci >/dev/null
  run_acistore resolve "$(key_of one.aci)"
  assert_status 0
  assert_stdout "$(key_of one.aci)"
}

@test "what only a lower store has is not changed: status 10" {
  acistore import newer.aci >/dev/null
  before=$(state_of base)
  for command in "rm $base" "rm --force example.com/base" "mark $base --latest" "pin $base" "unpin $base" \
    "remote add https://example.com/x $base" "remote rm $URL"; do
    run_acistore $command
    assert_failure 10 "belongs to the lower store $PWD/base, which is never changed"
  done
  # A reference means what the store itself has, if it has any.
  run_acistore rm example.com/app
  assert_status 0
  assert_stdout "$newer"
  run_acistore rm example.com/none
  assert_failure 3 'no such image'
  assert_untouched base "$before"
}

@test "gc and verify --repair keep their hands off a lower store" {
  acistore import newer.aci >/dev/null
  flip "$(ACISTORE_DIR=base blob_of "$base")" 700
  before=$(state_of base)
  run_acistore gc --grace-period 0s
  assert_status 0
  [[ $output == "$newer"* && ${#lines[@]} == 1 ]] || fail 'expected one removal'
  run_acistore verify --repair
  assert_status 6
  assert_stdout_line "$base  corrupt: .*"
  assert_stdout_line "$app  ok"
  assert_untouched base "$before"
}

@test "a lower store that is missing is an error, and no store is made" {
  for verb in 'get example.com/app' 'list' 'import app.aci' "rm $app"; do
    ACISTORE_LOWER=$PWD/nowhere run_acistore $verb
    assert_failure 3 "lower store: $PWD/nowhere: there is no store"
  done
  [[ ! -e $ACISTORE_DIR ]] || fail 'a store was made'
  run_acistore --lower '' list
  assert_failure 2 'list: --lower: the directory is empty'
}

@test "a lower store with a damaged database is reported, and the rest works" {
  acistore import newer.aci >/dev/null
  cp -r base broken
  dd if=/dev/zero of=broken/acistore.db bs=4096 seek=1 conv=notrunc count=20 2>/dev/null
  cp -r base empty
  : >empty/acistore.db
  export ACISTORE_LOWER=$PWD/broken:$PWD/empty:$PWD/base
  for verb in get resolve list; do
    case $verb in
      get) arguments=(example.com/app) expected=$newer ;;
      resolve) arguments=("$base") expected=$base ;;
      list) arguments=(--no-legend --full --fields id) expected=$base$'\n'$app$'\n'$newer ;;
    esac
    run_acistore "$verb" "${arguments[@]}"
    assert_status 6
    assert_stdout "$expected"
    [[ ${stderr_lines[0]} == *"lower store: $PWD/empty: the store is damaged: "* ]] || fail 'expected empty told of'
    [[ ${stderr_lines[1]} == *"lower store $PWD/broken: "* && ${#stderr_lines[@]} == 2 ]] || fail 'expected broken told of once'
  done
  acistore cat "$newer" 2>/dev/null | cmp - newer.aci
}

@test "an image that a lower store has lost is damage, and the others can be read" {
  rm -f "$(ACISTORE_DIR=base blob_of "$base")"
  run_acistore cat "$base"
  assert_failure 6 "$base: the store is damaged: there is no blob/"
  acistore cat "$app" | cmp - app.aci
  run_acistore verify
  assert_status 6
  assert_stdout_line "$base  missing: .*; in the lower store $PWD/base"
  assert_stdout_line "$app  ok"
}

@test "a lower store whose writer was killed in mid-commit is told of, and not mended" {
  python3 - base/acistore.db <<'CODE'
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode = PERSIST")
connection.execute("PRAGMA cache_size = 1")
connection.execute("PRAGMA cache_spill = 1")
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE image SET latest = 1 - latest, manifest = zeroblob(20000)")
os._exit(0)
CODE
  before=$(state_of base)
  run_acistore import newer.aci
  assert_status 6
  assert_stdout "$newer"
  run_acistore resolve "$newer"
  assert_status 6
  assert_stdout "$newer"
  assert_stderr_line "lower store: $PWD/base: .*run any command"
  assert_untouched base "$before"
}

@test "a store that is named as its own lower store is read once" {
  run_acistore --store base list --no-legend --fields name
  assert_status 0
  assert_stdout 'example.com/base:1
example.com/app:1'
  # So that a lower one can be made where the environment names it already.
  ACISTORE_LOWER=$PWD/fresh run_acistore --store fresh import newer.aci
  assert_status 0
  acistore import newer.aci >/dev/null
  run_acistore --lower base --lower ./base/ --lower "$PWD/../work/base" --json info
  assert_json '.store.lower' "[{\"directory\":\"$PWD/base\"}]"
}

@test "--lower replaces what the environment says" {
  acistore --store other import newer.aci >/dev/null
  run_acistore --lower other list --no-legend --fields name,store
  assert_stdout "example.com/app:2"$'\t'"$PWD/other"
  ACISTORE_LOWER=:$PWD/base::$PWD/other: run_acistore list --no-legend --fields name
  assert_stdout 'example.com/app:2
example.com/base:1
example.com/app:1'
}

# Twenty such processes at once: one job of many on a machine, with the images that it needs.
job() {
  local number=$1 round key
  for round in 1 2 3; do
    acistore import base.aci app.aci newer.aci "own-$number.aci" || return
    key=$(acistore get "example.com/own:$number") || return
    acistore cat "$key" | cmp - "own-$number.aci" || return
    acistore cat example.com/base | cmp - base.aci || return
    [[ $((number % 2)) == 0 && $round == 3 ]] || acistore rm "$key" || return
  done
}

@test "twenty processes over one lower store: nothing is lost, nothing appears in the lower one" {
  needs_root 'mount a file system'
  mkdir bound
  mount --bind base bound
  MOUNTED+=("$PWD/bound")
  mount -o remount,bind,ro bound
  export ACISTORE_LOWER=$PWD/bound
  before=$(state_of base)
  for number in {1..20}; do
    make_image "own-$number.aci" --name example.com/own --label "version=$number"
  done
  pids=()
  for number in {1..20}; do
    job "$number" >"out-$number" 2>&1 3>&- &
    pids+=($!)
  done
  for number in {1..20}; do
    wait "${pids[number - 1]}" || fail "process $number: $(<"out-$number")"
  done
  assert_untouched base "$before"
  kept=("$newer")
  for ((number = 2; number <= 20; number += 2)); do
    kept+=("$(key_of "own-$number.aci")")
  done
  ACISTORE_LOWER='' assert_kept "${kept[@]}"
  run_acistore verify
  assert_status 0
}

@test "import takes what a lower store has as present" {
  run_acistore --json import base.aci newer.aci
  assert_status 0
  assert_json '[.imports[] | [.key, .new, .source]]' \
    "[[\"$base\",false,\"base.aci\"],[\"$newer\",true,\"newer.aci\"]]"
  ACISTORE_LOWER='' assert_kept "$newer"
  # A pin has nothing to keep it from.
  run_acistore import --pin base.aci
  assert_status 0
  assert_stdout "$base"
  ACISTORE_LOWER='' assert_kept "$newer"
  # It is the upper store that can be told of a mark.
  run_acistore import --latest base.aci
  assert_status 0
  ACISTORE_LOWER='' assert_kept "$base" "$newer"
  run_acistore list --no-legend --fields name,latest,store example.com/base
  assert_stdout "example.com/base:1"$'\t'true$'\t'"$ACISTORE_DIR"
  run_acistore import --copy-up app.aci
  assert_stdout "$app"
  ACISTORE_LOWER='' assert_kept "$app" "$base" "$newer"
  # What is in both is a matter of the upper one.
  run_acistore import app.aci
  assert_stdout "$app"
  run_acistore rm app "$app" --force
  assert_stdout "$app"
  acistore cat "$app" | cmp - app.aci
}

@test "import --if-changed knows a file again from which a lower store was made" {
  sleep 0.05  # a file that was written just now is not known again
  ACISTORE_LOWER='' acistore --store base import base.aci >/dev/null
  run_acistore import -v --if-changed base.aci newer.aci
  assert_status 0
  [[ $stderr == *'base.aci: unchanged, not read again'* && $stderr == *'newer.aci: none, '* ]] ||
    fail 'expected one file to be read'
  run_acistore import --if-changed --copy-up base.aci
  assert_status 0
  ACISTORE_LOWER='' assert_kept "$base" "$newer"
}

@test "import stores what a lower store has lost" {
  rm -f "$(ACISTORE_DIR=base blob_of "$base")"
  run_acistore import base.aci
  assert_status 0
  ACISTORE_LOWER='' assert_kept "$base"
  acistore cat "$base" | cmp - base.aci
}

@test "seed takes what a lower store has as present" {
  acistore seed --write lock base.aci newer.aci
  run_acistore seed --check lock
  assert_status 9
  assert_stdout "imported  $newer  example.com/app:2"
  [[ ! -e $ACISTORE_DIR ]] || fail 'a store was made'
  run_acistore seed lock
  assert_status 0
  assert_stdout "imported  $newer  example.com/app:2"
  run_acistore seed lock --check --prune
  assert_status 0
  assert_stdout ''
  # What is to be marked otherwise goes up, and the lower store is where it comes from.
  rm base.aci
  sed 's/^name = "example.com\/base.*/&\nlatest = true/' lock >marked
  run_acistore seed marked
  assert_status 0
  assert_stdout "imported  $base  example.com/base:1"
  [[ $(acistore list --no-legend --fields latest example.com/base) == true ]] || fail 'expected it marked'
  run_acistore seed marked --check
  assert_status 0
  acistore rm --force "$base" >/dev/null
  run_acistore seed lock --check --copy-up
  assert_status 9
  run_acistore seed lock --copy-up
  assert_stdout "imported  $base  example.com/base:1"
  ACISTORE_LOWER='' assert_kept "$base" "$newer"
}

@test "seed --write describes what lower stores have, and where" {
  acistore import newer.aci >/dev/null
  acistore seed --write lock
  run_acistore --store other --lower '' seed lock
  assert_failure 2 'lower'
  ACISTORE_LOWER='' run_acistore --store other seed lock
  assert_status 0
  [[ ${#lines[@]} == 3 ]] || fail 'expected three images'
}

@test "an image whose file a lower store has lost is read from the one below that has it" {
  ACISTORE_LOWER='' acistore --store below import base.aci >/dev/null
  rm "base/blob/sha512/${base:7:2}/$base"
  export ACISTORE_LOWER=base:below
  acistore cat "$base" | cmp - base.aci
  run_acistore ls example.com/base:1 manifest
  assert_status 0
  run_acistore import --changed-exit base.aci
  assert_status 9
  # To verify it is to look at the store that says it has it.
  run_acistore verify "$base"
  assert_status 6
  assert_stdout_line "$base  missing: .*in the lower store $PWD/base"
  flip "below/blob/sha512/${base:7:2}/$base" 700
  run_acistore cat "$base"
  assert_status 6
  assert_stderr_line "lower store $PWD/below: $base: the store is damaged: the blob does not match its key"
  # None has it: the error names the store, and an import stores it.
  export ACISTORE_LOWER=base
  run_acistore cat "$base"
  assert_failure 6 "lower store $PWD/base: $base: the store is damaged: there is no blob/"
  run_acistore import base.aci
  assert_status 0
  cmp "$(blob_of "$base")" base.aci
  acistore cat "$base" | cmp - base.aci
}

@test "an image whose file a lower store has, and may not be read, is stored" {
  needs_root 'take another user'
  chmod 600 "base/blob/sha512/${base:7:2}/$base"
  mkdir mine
  chown nobody mine base.aci
  as_nobody() {
    setpriv --reuid nobody --clear-groups "$ACISTORE" --store "$PWD/mine" "$@"
  }
  run as_nobody cat "$base"
  [[ $status == 1 ]] || fail 'expected status 1'
  [[ $output == *"lower store $PWD/base: open blob/"*': Permission denied' ]] || fail 'expected the store to be named'
  run as_nobody import base.aci
  [[ $status == 0 && $output == "$base" ]] || fail 'expected it to be imported'
  as_nobody cat "$base" | cmp - base.aci
}

@test "what one's own store has lost is taken from a lower store by seed" {
  acistore seed --write all.lock base.aci
  sed -i '/^from/d' all.lock
  acistore import --copy-up base.aci >/dev/null
  rm "$(blob_of "$base")"
  run_acistore seed --check all.lock
  assert_status 9
  run_acistore seed all.lock
  assert_status 0
  assert_stdout "imported  $base  example.com/base:1"
  cmp "$(blob_of "$base")" base.aci
}
