#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore bundle create|import|list: several images in one file.

load support
load store_state

URL=https://example.com/web.aci

# A store with three images, imported in the order web, db, tool, of which db is marked latest and web
# is where a URL leads; the two versions of web have most of their bytes in common. Inside, where no
# network reaches, there is no store yet.
setup() {
  fresh_store
  OUTSIDE=$ACISTORE_DIR INSIDE=$PWD/inside
  make_image web.aci --name example.com/web --label version=1 --size 300000
  make_image db.aci --name example.com/db
  make_image web2.aci --name example.com/web --label version=2 --size 300000 --file rootfs/etc/motd=hello
  web=$(key_of web.aci) db=$(key_of db.aci) web2=$(key_of web2.aci)
  for image in web.aci '--latest db.aci' web2.aci; do
    acistore import $image >/dev/null
  done
  acistore remote add "$URL" "$web" --sig-url "$URL.asc" --etag '"7"' --max-age 60
}

inside() {
  acistore --store "$INSIDE" "$@"
}

run_inside() {
  run_acistore --store "$INSIDE" "$@"
}

# What a store is, but for its own times.
state_of() {
  acistore --store "$1" --json list | jq -c '.images[] | [.key, .name, .latest]'
  acistore --store "$1" --json remote list
}

assert_same_inside() {
  diff <(state_of "$OUTSIDE") <(state_of "$INSIDE") || fail 'expected the same inside'
}

listing_of() {
  find "$1" -printf '%P %y %m %s %T@ %C@ %i\n' | LC_ALL=C sort
}

@test "carries all images in the order of their import, with their marks and remotes" {
  run_acistore bundle create f.bundle
  assert_status 0
  assert_stdout ''
  assert_stderr ''
  run_inside bundle import f.bundle
  assert_status 0
  assert_stdout "$web
$db
$web2"
  assert_stderr ''
  assert_same_inside
  inside verify >/dev/null
  for image in web db web2; do
    inside cat "${!image}" | cmp - "$image.aci"
  done
  [[ $(inside get example.com/web) == "$web2" ]] || fail 'expected the last imported to win'
}

@test "what images have in common is stored once" {
  acistore bundle create f.bundle "$web" "$web2"
  size=$(stat -c %s f.bundle)
  ((size < 310000)) || fail "expected little more than one image, but it has $size bytes"
  # The same images, the same bytes.
  acistore bundle create - example.com/web:2 example.com/web:1 | cmp - f.bundle
}

@test "carries images by key and reference, each once, and through a pipe" {
  acistore bundle create - "${db:0:20}" example.com/web:1 example.com/db | inside bundle import - >keys
  [[ $(<keys) == "$web"$'\n'"$db" ]] || fail "expected two keys, but: $(<keys)"
  run_inside --json list
  assert_json '.images | map([.name, .latest])' '[["example.com/web",false],["example.com/db",true]]'
}

@test "an image that is not there: each is told, and there is no file" {
  run_acistore bundle create f.bundle example.com/none "$web" sha512-0000
  assert_status 3
  assert_stdout ''
  [[ ${#stderr_lines[@]} == 2 ]] || fail 'expected two lines'
  [[ $stderr == 'acistore: bundle create: example.com/none: no such image'* ]] || fail 'expected its name'
  [[ ! -e f.bundle ]] || fail 'expected no file'
  run_acistore bundle create - example.com/none
  assert_failure 3 'example.com/none: no such image'
  run_inside bundle create f.bundle
  assert_failure 3 'there is no store'
}

@test "a damaged image is not handed on, and there is no file" {
  flip "$(blob_of "$db")" 700
  run_acistore bundle create f.bundle
  assert_failure 6 "$db: the store is damaged: the blob does not match its key"
  [[ ! -e f.bundle ]] || fail 'expected no file'
  run_acistore bundle create f.bundle example.com/web:1
  assert_status 0
  rm -f "$(blob_of "$web")"
  run_acistore bundle create g.bundle
  assert_failure 6 "$web: the store is damaged: there is no"
}

@test "a file that is there is left alone, unless it is to be replaced" {
  echo mine >f.bundle
  run_acistore bundle create f.bundle
  assert_failure 10 'f.bundle'
  [[ $(<f.bundle) == mine ]] || fail 'expected it as it was'
  run_acistore bundle create --overwrite f.bundle
  assert_status 0
  inside bundle import f.bundle | cmp - <(acistore list --no-legend --full --fields id)
}

@test "bundles are compressed, and read whatever compressed them" {
  acistore bundle create plain
  for format in gzip bzip2 xz zstd; do
    acistore bundle create --compress "$format" --level 1 f.bundle --overwrite
    "$format" -dc <f.bundle | cmp - plain
    rm -rf "$INSIDE"
    run_inside --json bundle import f.bundle
    assert_json '.imports | map([.key, .source, .compression, .new])' \
      "[[\"$web\",\"f.bundle\",\"$format\",true],[\"$db\",\"f.bundle\",\"$format\",true],[\"$web2\",\"f.bundle\",\"$format\",true]]"
  done
  gzip <plain | inside bundle import - >/dev/null
  assert_same_inside
  run_acistore bundle create --compress lz4 x
  assert_failure 2 'lz4'
}

@test "what is there keeps its place, and gets its mark and remotes" {
  acistore bundle create f.bundle
  inside import web2.aci --latest >/dev/null
  inside import web.aci >/dev/null
  inside remote add "$URL" "$web2"
  run_inside bundle import f.bundle
  assert_status 0
  assert_stdout "$db"
  run_inside --json list
  assert_json '.images | map([.key, .latest])' "[[\"$web2\",false],[\"$web\",false],[\"$db\",true]]"
  [[ $(inside remote list) == "$URL"$'\t'"$web" ]] || fail 'expected the remote of the bundle'
}

@test "again, nothing is written, and of the bundle its list alone is read" {
  needs strace
  make_image big.aci --name example.com/big --size 5000000
  acistore import big.aci >/dev/null
  acistore bundle create f.bundle
  inside bundle import f.bundle >/dev/null
  before=$(listing_of "$INSIDE")
  run_inside bundle import --changed-exit f.bundle
  assert_status 9
  assert_stdout ''
  assert_stderr ''
  [[ $(listing_of "$INSIDE") == "$before" ]] || fail 'expected nothing to be written'
  ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -y -e trace=read,pread64 -o calls "$ACISTORE" --store "$INSIDE" bundle import f.bundle
  read=$(sed -n 's/.*read.*f\.bundle>.*= \([0-9]*\)$/\1/p' calls | awk '{ sum += $1 } END { print sum }')
  ((read > 0 && read < 1000000)) || fail "expected the beginning to be read, but it was $read bytes"
  # From a pipe it is read to its end, for who writes into that.
  run bash -o pipefail -c 'cat f.bundle | "$ACISTORE" --store "$0" bundle import --changed-exit -' "$INSIDE"
  assert_status 9
  # A remote, a mark and an image are changes.
  acistore mark "$db" --no-latest
  acistore bundle create --overwrite f.bundle
  run_inside bundle import --changed-exit f.bundle
  assert_status 0
  run_inside bundle import --changed-exit f.bundle
  assert_status 9
}

@test "a run that is cut off keeps what was whole, and the next one finishes it" {
  acistore bundle create f.bundle
  # In the second image.
  cut=$(($(stat -c %s web.aci) + 800))
  head -c "$cut" f.bundle >half
  run_inside bundle import half
  assert_status 5
  assert_stdout "$web"
  assert_stderr_line "half: $db: bundle: truncated at byte $cut"
  ACISTORE_DIR=$INSIDE assert_kept "$web"
  run_inside bundle import f.bundle
  assert_status 0
  assert_stdout "$db
$web2"
  assert_same_inside
}

@test "an image that is no image keeps none of the others from being stored" {
  python3 - "$BATS_TEST_DIRNAME/../images" <<'CODE'
import sys
sys.path.insert(0, sys.argv[1])
import bundle
note = b"no archive\n" * 50
web, db = open("web.aci", "rb").read(), open("db.aci", "rb").read()
images = [bundle.listed(note), bundle.listed(web, "example.com/web", [("version", "1")]),
          bundle.listed(b"x" * 600), bundle.listed(db, "example.com/db")]
# The last but one takes bytes of one that is refused.
parts = [bundle.data(note), bundle.data(web), bundle.copy(500, 2, 0) + bundle.data(b"x" * 100), bundle.data(db)]
open("f.bundle", "wb").write(bundle.bundle(images, parts))
CODE
  run_inside bundle import f.bundle
  assert_status 5
  assert_stdout "$web
$db"
  [[ ${#stderr_lines[@]} == 2 ]] || fail 'expected a line for each that is none'
  [[ ${stderr_lines[0]} == 'acistore: bundle import: f.bundle: sha512-'*': not an image: '* ]] || fail 'expected what it is'
  ACISTORE_DIR=$INSIDE assert_kept "$web" "$db"
}

@test "bundles that are wrong are refused with status 5 and why, and leave no trace of what is bad" {
  bundles=$BATS_TEST_DIRNAME/../images/bundle.py
  mapfile -t cases < <("$bundles" --list)
  ((${#cases[@]} > 40)) || fail 'expected more cases'
  for case in "${cases[@]}"; do
    read -r name expected <<<"$case"
    "$bundles" "$name" "$name.bundle"
    rm -rf "$INSIDE"
    run_inside --no-sync bundle import "$name.bundle"
    [[ $status == "$expected" ]] || fail "$name: expected status $expected"
    if [[ $expected != 0 ]]; then
      # One that is whole but for an image is told twice: of the image, and of its own digest.
      lines=$([[ $name == image-changed ]] && echo 2 || echo 1)
      [[ ${#stderr_lines[@]} == "$lines" ]] || fail "$name: expected $lines lines"
      [[ $stderr == *"$name.bundle: "* ]] || fail "$name: expected the name of the file"
    fi
    if [[ -e $INSIDE ]]; then
      inside verify >/dev/null 2>&1 || fail "$name: expected a good store"
      [[ -z $(find "$INSIDE/tmp" -type f) ]] || fail "$name: expected no temporary file"
    fi
  done
}

@test "an image with bytes of one that is refused is refused as well, and that alone" {
  python3 - "$BATS_TEST_DIRNAME/../images" <<'CODE'
import sys
sys.path.insert(0, sys.argv[1])
import bundle
web, db = open("web.aci", "rb").read(), open("db.aci", "rb").read()
web2 = open("web2.aci", "rb").read()
images = [bundle.listed(web, "example.com/other", [("version", "1")]),
          bundle.listed(web2, "example.com/web", [("version", "2")]), bundle.listed(db, "example.com/db")]
same = next(at for at in range(len(web)) if web[at] != web2[at])
parts = [bundle.data(web), bundle.copy(same, 1, 0) + bundle.data(web2[same:]), bundle.data(db)]
open("f.bundle", "wb").write(bundle.bundle(images, parts))
CODE
  run_inside bundle import f.bundle
  assert_status 5
  assert_stdout "$db"
  [[ ${stderr_lines[0]} == *"$web: the bundle calls it example.com/other:1, but its manifest says example.com/web:1" ]] ||
    fail 'expected both names'
  [[ ${stderr_lines[1]} == *"$web2: has bytes in common with an image before it that is not there" ]] ||
    fail 'expected the reason'
  ACISTORE_DIR=$INSIDE assert_kept "$db"
}

@test "what is there is not written again to have bytes of it" {
  needs strace
  make_image big.aci --name example.com/big --size 3000000
  make_image big2.aci --name example.com/big --label version=2 --size 3000000
  acistore import big.aci big2.aci >/dev/null
  acistore bundle create f.bundle
  inside import web.aci db.aci web2.aci big.aci >/dev/null
  ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -y -e trace=write,pwrite64 -o calls "$ACISTORE" --store "$INSIDE" bundle import f.bundle >key
  [[ $(<key) == "$(key_of big2.aci)" ]] || fail 'expected the one that was missing'
  written=$(sed -n 's/.*write.*= \([0-9]*\)$/\1/p' calls | awk '{ sum += $1 } END { print sum }')
  ((written < 3300000)) || fail "expected one image to be written, but it was $written bytes"
  inside cat "$(<key)" | cmp - big2.aci
}

@test "what is there under a key and called otherwise is not taken for it" {
  python3 - "$BATS_TEST_DIRNAME/../images" <<'CODE'
import hashlib, sys
sys.path.insert(0, sys.argv[1])
import bundle
web = open("web.aci", "rb").read()
labels, url = [("version", "1")], [bundle.remote("https://example.com/web.aci")]
other = hashlib.sha512(web).digest()[:32] + b"x" * 32
for name, image in (("id", bundle.listed(web, "example.com/web", labels, of=other, marks=1, remotes=url)),
                    ("name", bundle.listed(web, "example.com/other", labels, marks=1, remotes=url))):
    open(name + ".bundle", "wb").write(bundle.bundle([image], [bundle.data(web)]))
CODE
  for bundle in id name; do
    run_acistore bundle import "$bundle.bundle"
    assert_failure 5 "$bundle.bundle: $web: (the key does not match|the bundle calls it)"
  done
  run_acistore --json list example.com/web:1
  assert_json '.images | map(.latest)' '[false]'
  acistore --json remote show "$URL" | jq -e '.remotes[0].etag == "\"7\""' >/dev/null || fail 'expected the remote as it was'
}

@test "any label goes along, whatever is in it" {
  acistore manifest "$db" | jq -c '.labels = [{"name": "odd", "value": "a\u0000b\n"}]' >manifest
  make_image odd.aci --manifest manifest
  acistore import odd.aci >/dev/null
  acistore bundle create f.bundle
  inside bundle import f.bundle >/dev/null
  assert_same_inside
}

@test "list tells what is in a bundle, without a store" {
  acistore bundle create f.bundle
  run_inside bundle list f.bundle
  assert_status 0
  [[ ${lines[0]} =~ ^ID.*NAME.*SIZE.*LATEST$ ]] || fail 'expected the names of the fields'
  assert_stdout_line "${db:0:19}.*example.com/db.*true"
  [[ ! -e $INSIDE ]] || fail 'expected no store'
  run_inside bundle list --no-legend --full f.bundle
  [[ ${#lines[@]} == 3 ]] || fail 'expected a line an image'
  assert_stdout_line "$web.*example.com/web:1.*$(stat -c %s web.aci).*false"
  run_acistore --json bundle list - <f.bundle
  assert_json '.images | map([.key, .id, .name, .labels, .size, .latest, (.remotes | map(.aciURL))])' \
    "$(for image in web db web2; do
      acistore --json list --prefix "${!image}" |
        jq -c --arg url "$URL" --arg web "$web" '.images[0] | [.key, .id, .name, .labels, .size, .latest, (if .key == $web then [$url] else [] end)]'
    done | jq -sc .)"
  head -c 400 f.bundle >half
  run_acistore bundle list half
  assert_failure 5 'half: bundle: truncated at byte 400'
  run_acistore bundle list none.bundle
  assert_failure 1 'none.bundle: open: No such file or directory'
}

@test "lower stores: their images are carried, and what they have need not be stored" {
  acistore --store mine import web2.aci >/dev/null
  mv "$OUTSIDE" below
  before=$(listing_of below)
  run_acistore --store mine --lower below bundle create f.bundle
  assert_status 0
  [[ $(acistore bundle list --no-legend f.bundle | wc -l) == 3 ]] || fail 'expected all three'
  run_acistore --store mine --lower below bundle import --changed-exit f.bundle
  assert_status 9
  # One that has a row and has lost its file is stored anew.
  rm "mine/blob/sha512/${web2:7:2}/$web2"
  run_acistore --store mine --lower below bundle import --changed-exit f.bundle
  assert_status 0
  assert_stdout "$web2"
  run_acistore --store mine --lower below bundle import --copy-up f.bundle
  assert_status 0
  assert_stdout "$web
$db"
  ACISTORE_DIR=mine assert_kept "$web" "$db" "$web2"
  [[ $(listing_of below) == "$before" ]] || fail 'expected the lower store as it was'
}

@test "a full disk: status 8, and what was stored before is there" {
  needs_root 'mount a small file system'
  acistore bundle create f.bundle
  mkdir small
  mount -t tmpfs -o size=600k none small
  MOUNTED=("$PWD/small")
  run_acistore --store small/store bundle import f.bundle
  seen=$status
  acistore --store small/store verify >/dev/null
  [[ -z $(find small/store/tmp -type f) ]] || fail 'expected no temporary file'
  umount small
  [[ $seen == 8 ]] || fail 'expected status 8'
  run_acistore bundle create /dev/full
  assert_failure 10 '/dev/full'
  run bash -c '"$ACISTORE" bundle create - >/dev/full'
  assert_status 1
}

teardown() {
  unmount_all
}
