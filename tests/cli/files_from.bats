#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore import --files-from LIST [-0]: names from a list. import --changed-exit: status 9 if there
# was nothing to do.

load support

# make FILE VERSION: an image in a file of whatever name.
make() {
  make_image made --label version="$2"
  mv -- made "$1"
}

# The keys of these files, as import prints them.
keys() {
  local file
  for file; do
    key_of "$file"
  done
}

@test "names come a line each, after the arguments, in their order, as they stand" {
  make plain.aci 1
  make $'-x \t"\'\\ .aci ' 2
  make $'\xff.aci' 3
  make ./--latest 4
  printf '%s\n' $'-x \t"\'\\ .aci ' '' '' --latest >list
  printf '%s' $'\xff.aci' >>list
  run_acistore import --files-from list plain.aci
  assert_status 0
  assert_stdout "$(keys plain.aci $'-x \t"\'\\ .aci ' ./--latest $'\xff.aci')"
  run_acistore --json import --files-from list
  assert_json '[.imports[] | [.source, .raw, .latest]]' \
    '[["-x \t\"'"'"'\\ .aci ",null,false],["--latest",null,false],["ÿ.aci",true,false]]'
}

@test "with -0 a name may have line breaks, and the last one need not be ended" {
  make $'a\nb.aci' 1
  make c.aci 2
  find . -name '*.aci' -print0 | sort -z >list
  run_acistore import -0 --files-from=list
  assert_status 0
  assert_stdout "$(keys $'a\nb.aci' c.aci)"
  printf '\0\0c.aci' >list
  run_acistore import --null --files-from - <list
  assert_status 0
  assert_stdout "$(keys c.aci)"
  # The lines of such a list are no names, and the other way round.
  run_acistore import --files-from list
  assert_failure 2 '^import: --files-from: list: line 1: .*NUL.*--null'
  printf 'c.aci\n' | {
    run_acistore import -0 --files-from -
    assert_failure 1 'c\.aci\\x0a: open: '
  }
}

@test "a list is read to its end before the store is touched, and one that is wrong tells the line" {
  make a.aci 1
  printf 'a.aci\n\na\0b\n' >nul
  printf 'a.aci\n%05000d\n' 0 >long
  printf 'a.aci\0%05000d\0' 0 >long0
  run_acistore import --files-from nul
  assert_failure 2 '^import: --files-from: nul: line 3: "a\\x00b": there is a NUL in it'
  run_acistore import --files-from long
  assert_failure 2 '^import: --files-from: long: line 2: longer than the limit of 4095 bytes$'
  run_acistore import -0 --files-from long0
  assert_failure 2 '^import: --files-from: long0: name 2: longer than the limit of 4095 bytes$'
  run_acistore import --files-from none
  assert_failure 1 '^import: --files-from: none: open: No such file'
  run_acistore import --files-from .
  assert_failure 1 '^import: --files-from: \.: read: Is a directory'
  run_acistore import --files-from - <.
  assert_failure 1 '^import: --files-from: standard input: read: Is a directory'
  run_acistore import
  assert_failure 2 '^import: FILE or --files-from is required$'
  run_acistore import --null a.aci
  assert_failure 2 '^import: --null goes with --files-from$'
  run_acistore import --files-from - - <a.aci
  assert_failure 2 '^import: --files-from: standard input cannot be the list and an image$'
  run_acistore import --files-from - < <(printf 'a.aci\n-\n')
  assert_failure 2 '^import: --files-from: standard input: line 2: standard input cannot be the list'
  run_acistore import --expect "$(key_of a.aci)" --files-from <(printf 'a.aci\na.aci\n')
  assert_failure 2 'one FILE, not 2'
  [[ ! -e $ACISTORE_DIR ]]
  run_acistore import --expect "$(key_of a.aci)" --files-from <(printf 'a.aci\n')
  assert_status 0
  run_acistore import --files-from <(echo -) <a.aci
  assert_status 0
  assert_stdout "$(keys a.aci)"
}

@test "a file that fails is reported by its name, and the others are imported; no name is no error" {
  make a.aci 1
  printf 'a.aci\nmissing\n' >list
  run_acistore import --files-from list
  assert_status 1
  assert_stdout "$(keys a.aci)"
  assert_stderr_line '^import: missing: open: No such file'
  run_acistore import --files-from /dev/null
  assert_status 0
  assert_stdout ''
  assert_stderr ''
}

@test "thousands of names" {
  make a.aci 1
  "$IMAGES/make-image" --many 20 many
  (yes a.aci || true) | head -1000 >list
  printf '%s\n' many/*.aci >>list
  acistore --no-sync import --if-changed --changed-exit --files-from list >keys
  [[ $(wc -l <keys) == 1020 ]]
  diff <(tail -20 keys) <(keys many/*.aci)
}

changed_exit() {
  run_acistore import --changed-exit "${@:2}"
  assert_status "$1"
  assert_stderr ''
}

@test "--changed-exit is 0 if an image, a mark or a pin is other than before, and else 9" {
  make a.aci 1
  make b.aci 2
  changed_exit 0 a.aci
  changed_exit 9 a.aci
  changed_exit 9 --if-changed a.aci
  assert_stdout "$(keys a.aci)"
  changed_exit 0 a.aci b.aci
  # That another one is the last imported is no change.
  changed_exit 9 a.aci
  changed_exit 9 b.aci a.aci a.aci
  changed_exit 0 --latest a.aci
  changed_exit 9 --latest a.aci
  changed_exit 0 a.aci
  changed_exit 0 --if-changed --pin a.aci
  changed_exit 9 --pin a.aci
  changed_exit 9 a.aci
  changed_exit 0 --pin=ci a.aci
  # A pin for some time becomes one for good.
  acistore pin --owner ci --for 1h "$(key_of a.aci)"
  changed_exit 0 --pin=ci a.aci
  changed_exit 9 --pin=ci a.aci
  changed_exit 9 --files-from /dev/null
  run_acistore --json import --changed-exit a.aci b.aci --latest
  assert_status 0
  assert_json '[.imports[] | [.new, .changed]]' '[[false,true],[false,true]]'
}

@test "--changed-exit is 0 for bytes that become an image or are stored anew, and an error's status wins" {
  make a.aci 1
  acistore put a.aci
  changed_exit 0 a.aci
  rm -f "$(blob_of "$(key_of a.aci)")"
  changed_exit 0 --if-changed a.aci
  changed_exit 9 --if-changed a.aci
  run_acistore import --changed-exit a.aci missing
  assert_status 1
  run_acistore import --changed-exit missing
  assert_status 1
}
