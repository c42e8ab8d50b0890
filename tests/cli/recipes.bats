#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The recipes of acistore-ci(7), each run as it stands in the page.

load support
load store_state

PAGE=${BATS_TEST_DIRNAME}/../../man/acistore-ci.7

# The images of a fleet, a lock file of them, and the program where a shell finds it.
setup() {
  fresh_store
  mkdir images bin
  ln -s "$ACISTORE" bin/acistore
  PATH=$PWD/bin:$PATH
  make_image images/base.aci --name example.com/base --label version=1 --file rootfs/etc/motd=hello
  make_image images/app.aci --name example.com/app --label version=1 --file rootfs/bin/app=1
  make_image app.aci --name example.com/app --label version=2 --file rootfs/bin/app=2
  base=$(key_of images/base.aci) app=$(key_of images/app.aci) newer=$(key_of app.aci)
}

# recipe TITLE N: the Nth script of a section, or of the beginning if there is no title.
recipe() {
  python3 - "$PAGE" "$1" "$2" <<'CODE'
import re, sys
path, title, number = sys.argv[1:]
parts = re.split(r"^\.S[sh] (.*)\n", open(path).read(), flags=re.M)
[section] = [text for name, text in zip(parts[1::2], parts[2::2]) if name == title]
blocks = re.findall(r"^\.Bd -literal[^\n]*\n(.*?)^\.Ed", section, re.M | re.S)
print(blocks[int(number) - 1].replace("\\e", "\\").replace("/usr/share", "$MACHINE/usr/share"), end="")
CODE
}

# Runs one, with the machine's own directories below the current one.
follow() {
  local script
  script=$(recipe "$1" "$2")
  [[ -n $script ]] || fail "no such recipe: $1, $2"
  status=0
  MACHINE=$PWD/machine bash -eu -o pipefail -c "$script" >"$BATS_TEST_TMPDIR/.stdout" 2>"$BATS_TEST_TMPDIR/.stderr" ||
    status=$?
  BATS_RUN_COMMAND=$script
  read_lines "$BATS_TEST_TMPDIR/.stdout" output lines
  read_lines "$BATS_TEST_TMPDIR/.stderr" stderr stderr_lines
}

fleet() {
  rm -f fleet.toml
  follow DESCRIPTION 1
  assert_status 0
}

@test "every script of the page is run here" {
  scripts=$(grep -c '^\.Bd' "$PAGE")
  run=$(grep -oE '^ *follow [^ ]+.* [0-9]+$' "$BATS_TEST_FILENAME" | sort -u | wc -l)
  [[ $run == "$scripts" ]] || fail "the page has $scripts scripts, and $run are run"
}

@test "a store in a machine image" {
  needs mksquashfs 'it makes a squashfs image'
  fleet
  mkdir -p machine/usr/share
  follow 'A store in a machine image' 1
  assert_status 0
  [[ -s fleet.squashfs ]] || fail 'no squashfs image'
  before=$(find machine -printf '%P %s %T@ %C@\n' | sort)
  follow 'A store in a machine image' 2
  assert_status 0
  assert_stdout "$newer"
  [[ $(<rootfs/bin/app) == 2 ]] || fail 'expected the newer app'
  ACISTORE_DIR=$HOME/acistore assert_kept "$newer"
  [[ $(find machine -printf '%P %s %T@ %C@\n' | sort) == "$before" ]] || fail 'the machine image was changed'
  # The lock file moves on: the job is told, and stops.
  cp app.aci images
  fleet
  rm -r "$HOME/acistore"
  follow 'A store in a machine image' 2
  assert_status 9
  assert_stdout "imported  $newer  example.com/app:2"
}

@test "a job with a cache directory" {
  fleet
  export RUNNER_CACHE=$PWD/runner
  mkdir runner
  follow 'A job with a cache directory' 1
  assert_status 0
  assert_stdout_line 'save-cache=true'
  follow 'A job with a cache directory' 1
  assert_status 0
  assert_stdout 'save-cache=false'
  # A newer lock file: what it no longer names goes.
  mv app.aci images/app.aci
  fleet
  follow 'A job with a cache directory' 1
  assert_status 0
  assert_stdout_line 'save-cache=true'
  export ACISTORE_DIR=$PWD/runner/acistore
  assert_kept "$base" "$newer"
  # A cache that is not what it says: a damaged image, and another one under the name of a third.
  flip "$(blob_of "$base")" 700
  make_image evil.aci --name example.com/app --label version=9 --file rootfs/bin/app=evil
  acistore import evil.aci >/dev/null
  sql "UPDATE label SET value = '2'"
  sed -i '1a from = "cache"' fleet.toml
  rm images/app.aci
  follow 'A job with a cache directory' 2
  assert_status 0
  assert_kept "$base" "$newer"
  acistore --quiet verify >/dev/null
  [[ $(acistore get example.com/app:2) == "$newer" ]] || fail 'expected the image of the lock file'
  # A database of zeros makes no difference.
  dd if=/dev/zero of="$ACISTORE_DIR/acistore.db" bs=4096 count=3 conv=notrunc 2>/dev/null
  follow 'A job with a cache directory' 2
  assert_status 0
  assert_kept "$base" "$newer"
  # It fails when an image cannot be had.
  acistore rm --force "$base" >/dev/null
  rm images/base.aci
  follow 'A job with a cache directory' 1
  assert_status 3
}

@test "a site without a network" {
  fleet
  export DISK=$PWD
  follow 'A site without a network' 1
  assert_status 0
  rm -r images
  export ACISTORE_DIR=$PWD/inside
  follow 'A site without a network' 2
  assert_status 0
  assert_kept "$base" "$app"
  run_acistore seed --check fleet.toml
  assert_status 0
}

@test "a site without a network, by a bundle" {
  fleet
  acistore seed fleet.toml >/dev/null
  export DISK=$PWD
  follow 'A site without a network' 3
  assert_status 0
  rm -r images
  export ACISTORE_DIR=$PWD/inside
  for round in first second; do
    follow 'A site without a network' 4
    assert_status 0
    assert_kept "$base" "$app"
  done
  run_acistore seed --check fleet.toml
  assert_status 0
}

@test "every night" {
  fleet
  acistore seed fleet.toml >/dev/null
  acistore import app.aci >/dev/null
  for version in 3 4 5; do
    make_image "$version.aci" --name example.com/app --label "version=$version"
    acistore import "$version.aci" >/dev/null
  done
  # Nothing was used for long: the newest three stay, and what the lock file lists.
  sql 'UPDATE image SET last_used = 1'
  follow 'Every night' 1
  assert_status 0
  assert_stdout_line "$newer.*"
  assert_kept "$base" "$app" "$(key_of 3.aci)" "$(key_of 4.aci)" "$(key_of 5.aci)"
  flip "$(blob_of "$base")" 700
  sql 'UPDATE blob SET verified = NULL'
  follow 'Every night' 1
  assert_status 6
  run_acistore seed fleet.toml
  assert_status 0
  assert_stdout "imported  $base  example.com/base:1"
}
