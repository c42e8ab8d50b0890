#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore import [--latest] [--expect KEY] FILE...: stores images and prints their keys.

load support

@test "prints the key: the first 64 digits of the SHA-512 of the uncompressed archive" {
  make_image web.aci
  run_acistore import web.aci
  assert_status 0
  assert_stdout "$(key_of web.aci)"
  assert_stderr ''
  assert_kept "$(key_of web.aci)"
}

@test "several files: a key a line, in the order of the arguments" {
  make_image --many 5 many
  run_acistore import many/image-00003.aci many/image-00000.aci many/image-00004.aci
  assert_status 0
  assert_stdout "$(key_of many/image-00003.aci)
$(key_of many/image-00000.aci)
$(key_of many/image-00004.aci)"
}

@test "a hundred files in one command" {
  make_image --many 100 many
  run_acistore import many/*.aci
  assert_status 0
  assert_stdout "$(for file in many/*.aci; do key_of "$file"; done)"
  assert_kept $output
}

@test "- is standard input" {
  make_image web.aci
  run_acistore import - <web.aci
  assert_status 0
  assert_stdout "$(key_of web.aci)"
  make_image db.aci --name example.com/db --compress xz
  make_image plain.aci --name example.com/db
  cat db.aci | acistore import - >out
  [[ $(<out) == "$(key_of plain.aci)" ]]
}

@test "a fifo is read like a file" {
  make_image web.aci --compress gzip --size 200000
  make_image plain.aci --size 200000
  mkfifo pipe
  cat web.aci >pipe &
  run_acistore import pipe
  assert_status 0
  assert_stdout "$(key_of plain.aci)"
}

@test "gzip, bzip2 and xz are known by content, never by name" {
  make_image plain --size 100000
  make_image web.aci.bz2 --size 100000 --compress gzip
  make_image web.tar --size 100000 --compress bzip2
  make_image web.gz --size 100000 --compress xz
  cp plain web.xz
  key=$(key_of plain)
  run_acistore import plain web.aci.bz2 web.tar web.gz web.xz
  assert_status 0
  assert_stdout "$key
$key
$key
$key
$key"
  assert_kept "$key"
}

@test "zstd is known by content, or refused by name where the build lacks it" {
  needs zstd 'it compresses the image'
  make_image plain.aci --size 100000
  zstd -q --check -o web.aci plain.aci
  run_acistore --json import web.aci
  if [[ $stderr == *'built without it'* ]]; then
    assert_status 5
    assert_json_error '.error | .kind, .message' '"invalid"
"import: web.aci: zstd: this acistore was built without it"'
    refute_kept
    return
  fi
  assert_status 0
  assert_json '.imports[0] | .key, .compression' "\"$(key_of plain.aci)\"
\"zstd\""
  head -c 50000 web.aci >cut.aci
  run_acistore import cut.aci
  assert_failure 5 'cut.aci: .*zstd: truncated at byte 50000'
  cat web.aci plain.aci >more.aci
  run_acistore import more.aci
  assert_failure 5 'more.aci: .*zstd: something else follows the last frame'
  assert_kept "$(key_of plain.aci)"
}

@test "the formats that tar writes are all one" {
  for format in ustar gnu pax; do
    make_image "$format.aci" --format "$format" --file "rootfs/$(printf 'n%.0s' {1..90})/a=x" --label "version=$format"
    run_acistore import "$format.aci"
    assert_status 0
    assert_stdout "$(key_of "$format.aci")"
  done
}

@test "the blob is the uncompressed archive, read-only, where rkt keeps it" {
  make_image web.aci --compress gzip --size 5000
  make_image plain.aci --size 5000
  key=$(acistore import web.aci)
  digits=${key#sha512-}
  blob=$ACISTORE_DIR/blob/sha512/${digits:0:2}/$key
  cmp "$blob" plain.aci
  [[ $(stat -c %A "$blob") != *w* ]]
  [[ $(stat -c %h "$blob") == 1 ]]
}

@test "a store is made where there is none, with the directories that lead to it" {
  make_image web.aci
  run_acistore --store a/b/store import web.aci
  assert_status 0
  [[ -d a/b/store/blob && ! -e $ACISTORE_DIR ]]
  [[ $(acistore --store a/b/store resolve "$output") == "$output" ]]
}

@test "importing again is no error, and changes no blob" {
  make_image web.aci
  key=$(acistore import web.aci)
  before=$(stat -c '%i %s' "$(blob_of "$key")")
  run_acistore import web.aci
  assert_status 0
  assert_stdout "$key"
  [[ $(stat -c '%i %s' "$(blob_of "$key")") == "$before" ]]
  assert_kept "$key"
}

@test "one file twice in one command is one image" {
  make_image web.aci
  key=$(key_of web.aci)
  run_acistore import web.aci web.aci
  assert_status 0
  assert_stdout "$key
$key"
  assert_kept "$key"
}

@test "the last import of a name is its best match, and importing again makes it last" {
  make_image one.aci --label version=1
  make_image two.aci --label version=2
  one=$(acistore import one.aci)
  two=$(acistore import two.aci)
  [[ $(acistore get example.com/app) == "$two" ]]
  acistore import one.aci
  [[ $(acistore get example.com/app) == "$one" ]]
}

@test "within one command the last argument is the last import" {
  make_image --many 4 many
  acistore import many/image-00002.aci many/image-00000.aci many/image-00003.aci many/image-00001.aci
  [[ $(acistore get example.com/app) == "$(key_of many/image-00001.aci)" ]]
}

@test "--latest marks the image, and an import without it clears the mark" {
  make_image one.aci --label version=1
  make_image two.aci --label version=2
  one=$(acistore import --latest one.aci)
  two=$(acistore import two.aci)
  [[ $(acistore get example.com/app) == "$one" ]]
  [[ $(acistore get example.com/app:2) == "$two" ]]
  acistore import one.aci
  acistore import two.aci
  [[ $(acistore get example.com/app) == "$two" ]]
  run_acistore --json import --latest one.aci
  assert_json '.imports[0].latest' true
  run_acistore --json import one.aci
  assert_json '.imports[0].latest' false
}

@test "--latest holds for every file of the command" {
  make_image --many 2 many
  run_acistore --json import --latest many/*.aci
  assert_json '.imports | map(.latest)' '[true,true]'
}

@test "--expect takes the key, the whole image ID, or the start of it" {
  make_image web.aci --compress gzip
  make_image plain.aci
  key=$(key_of plain.aci)
  for expected in "$key" "$(id_of plain.aci)"; do
    run_acistore import --expect "$expected" web.aci
    assert_status 0
    assert_stdout "$key"
  done
}

@test "--expect refuses another image before it is visible: status 5" {
  make_image web.aci
  make_image db.aci --name example.com/db
  run_acistore import --expect "$(key_of db.aci)" web.aci
  assert_failure 5 "^import: web.aci: .*$(key_of db.aci)"
  refute_kept
}

@test "--expect compares all 128 digits, where they are given" {
  make_image web.aci
  id=$(id_of web.aci)
  last=${id: -1}
  run_acistore import --expect "${id%?}$([[ $last == 0 ]] && echo 1 || echo 0)" web.aci
  assert_failure 5 '^import: web.aci: '
  refute_kept
}

@test "--expect works for standard input" {
  make_image web.aci
  run_acistore import --expect "$(key_of web.aci)" - <web.aci
  assert_status 0
  assert_stdout "$(key_of web.aci)"
}

@test "--expect does not unmake an image that is there already" {
  make_image web.aci
  make_image db.aci --name example.com/db
  acistore import web.aci
  run_acistore import --expect "$(key_of db.aci)" web.aci
  assert_failure 5 .
  assert_kept "$(key_of web.aci)"
}

@test "good and bad files: the good ones are stored, each failure is told, the first one gives the status" {
  make_image one.aci --label version=1
  make_image two.aci --label version=2
  printf 'no image' >bad.aci
  run_acistore import one.aci bad.aci missing.aci two.aci
  assert_status 5
  assert_stdout "$(key_of one.aci)
$(key_of two.aci)"
  [[ ${#stderr_lines[@]} == 2 ]]
  [[ ${stderr_lines[0]} == 'acistore: import: bad.aci: not an image: '* ]]
  [[ ${stderr_lines[1]} == 'acistore: import: missing.aci: '* ]]
  assert_kept $output
  run_acistore import missing.aci bad.aci
  assert_status 1
  assert_stdout ''
}

@test "--json: one object, with all that is known of each image" {
  make_image web.aci --name example.com/web --label version=1.0 --label os=linux --compress gzip --size 3000
  make_image plain.aci --name example.com/web --label version=1.0 --label os=linux --size 3000
  run_acistore --json import --latest web.aci
  assert_status 0
  assert_stderr ''
  assert_json 'keys, (.imports | length)' '["imports"]
1'
  assert_json '.imports[0] | .key, .id, .name' "\"$(key_of plain.aci)\"
\"$(id_of plain.aci)\"
\"example.com/web\""
  assert_json '.imports[0].labels' '[{"name":"version","value":"1.0"},{"name":"os","value":"linux"}]'
  assert_json '.imports[0] | .size, .latest, .pins, .verified' "$(stat -c %s plain.aci)
true
[]
null"
  assert_json '.imports[0] | .source, .compression, .new' '"web.aci"
"gzip"
true'
  assert_json '.imports[0].importTime | test("^20[0-9-]{8}T[0-9:]{8}[.][0-9]{9}Z$")' true
  assert_json '.imports[0] | has("lastUsed")' true
}

@test "--json tells the compression of each file, and whether its image is new" {
  for kind in none gzip bzip2 xz; do
    make_image "$kind.aci" --compress "$kind"
  done
  run_acistore --json import none.aci gzip.aci bzip2.aci xz.aci
  assert_status 0
  assert_json '.imports | map(.compression)' '["none","gzip","bzip2","xz"]'
  assert_json '.imports | map(.new)' '[true,false,false,false]'
  run_acistore --json import - <xz.aci
  assert_json '.imports[0] | [.compression, .new, .source]' '["xz",false,"-"]'
}

@test "--json: failures are objects on standard error, a line each" {
  make_image web.aci
  printf 'no image' >bad.aci
  run_acistore --json import missing.aci web.aci bad.aci
  assert_status 1
  assert_json '.imports | map(.key)' "[\"$(key_of web.aci)\"]"
  [[ ${#stderr_lines[@]} == 2 ]]
  [[ $(jq -c '[.error.status, .error.kind]' <<<"$stderr") == '[1,"io"]
[5,"invalid"]' ]]
}

@test "--quiet prints the keys and the errors, and nothing else" {
  make_image web.aci
  run_acistore -q import web.aci
  assert_status 0
  assert_stdout "$(key_of web.aci)"
  assert_stderr ''
  run_acistore --quiet import missing.aci
  assert_failure 1 missing.aci
}

@test "--verbose changes nothing on standard output" {
  make_image web.aci
  run_acistore -v import web.aci
  assert_status 0
  assert_stdout "$(key_of web.aci)"
  [[ -z $(grep -v '^acistore: ' <<<"$stderr") ]]
}

@test "--no-sync stores as well" {
  make_image web.aci
  run_acistore --no-sync import web.aci
  assert_status 0
  assert_kept "$(key_of web.aci)"
}

@test "a missing file is status 1" {
  run_acistore import missing.aci
  assert_failure 1 '^import: missing.aci: .*No such file or directory$'
  refute_kept
}

@test "a file that may not be read is status 1" {
  make_image web.aci
  chmod 0 web.aci
  if [[ $EUID == 0 ]]; then
    needs setpriv
    # Where the other user may go: the program may well lie below /root.
    cp "$ACISTORE" program
    chmod 755 "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR" . program
    mkdir "$ACISTORE_DIR"
    chown 65534 "$ACISTORE_DIR"
    run --separate-stderr setpriv --reuid=65534 --regid=65534 --clear-groups ./program import web.aci
  else
    run_acistore import web.aci
  fi
  assert_failure 1 '^import: web.aci: .*Permission denied$'
}

@test "a directory is status 1" {
  mkdir dir
  run_acistore import dir
  assert_failure 1 '^import: dir: '
  refute_kept
}

@test "a file that begins with a dash is taken after --" {
  make_image ./-web.aci
  run_acistore import -- -web.aci
  assert_status 0
  assert_stdout "$(key_of ./-web.aci)"
}

@test "any file name is taken as it is: brackets, commas, spaces, equals signs" {
  make_image web.aci
  for name in '[a,b]' '[a]' '{x}' 'a b' a,b a=b '"a"' '%1' "'" '*'; do
    cp web.aci "$name"
    run_acistore import "$name"
    assert_status 0
    assert_stdout "$(key_of web.aci)"
  done
  run_acistore import '[a,b]' 'a b' '{x}'
  assert_status 0
  [[ ${#lines[@]} == 3 ]]
}

@test "the name of a file cannot act on the terminal" {
  printf 'no image' >$'a\e[31m\nb'
  run_acistore import $'a\e[31m\nb'
  assert_failure 5 '^import: a\\x1b\[31m\\x0ab: not an image'
}

# import_silent FILE: imports FILE from a pipe that stays open and brings nothing more.
import_silent() {
  rm -f pipe
  mkfifo pipe
  exec 7<>pipe
  cat "$1" >&7 &
  local writer=$!
  run --separate-stderr timeout 30 "$ACISTORE" import - <pipe
  kill "$writer" 2>/dev/null || true
  wait "$writer" || true
  exec 7<&-
}

@test "what turns out to be no image is refused at once, though its pipe stays open" {
  # Refused at its first block, at a block in the middle of a run of bytes, and in a later run.
  head -c 4000 /dev/zero | tr '\0' x >short.aci
  make_image big.aci --size 3000000
  {
    head -c -1024 big.aci
    cat short.aci
  } >large.aci
  local file
  for file in short large; do
    gzip -nk "$file.aci"
    xz -k "$file.aci"
  done
  for file in {short,large}.aci{,.gz,.xz}; do
    import_silent "$file"
    assert_failure 5 '^import: -: not an image: '
  done
  refute_kept
}

@test "what is written starts on its way to the disk before the end, and not with --no-sync" {
  make_image big.aci --size 30000000
  gzip -n1 big.aci
  traced() {
    ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -qq -o trace -e trace=sync_file_range,fsync \
      "$ACISTORE" "$@" >/dev/null
    grep -c 'sync_file_range(.*, SYNC_FILE_RANGE_WRITE)' trace || true
  }
  [[ $(traced --no-sync import big.aci.gz) == 0 ]]
  rm -r "$ACISTORE_DIR"
  [[ $(traced import big.aci.gz) == 3 ]]
  # It replaces no flush.
  sed -n '/sync_file_range/,$p' trace | grep -q 'fsync('
}

# Waits until the times of all files are older than the tick of the clock that gives them.
settled() {
  sleep 0.05
}

# opened FILE: whether the last run of run_traced opened it.
opened() {
  grep -q "\"$1\"" trace
}

# run_traced ARGUMENT...: as run_acistore, with the files that are opened in `trace`. The search for
# leaks cannot work in a process that is traced already.
run_traced() {
  ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 run -0 --separate-stderr strace -f -qq -o trace -e trace=open,openat "$ACISTORE" "$@"
}

@test "--if-changed does not read a file that is what it was at its last import" {
  make_image web.aci
  settled
  acistore import web.aci
  make_image db.aci --name example.com/db
  acistore import db.aci
  run_traced import --if-changed --latest web.aci
  assert_stdout "$(key_of web.aci)"
  if opened web.aci; then
    fail 'expected it not to be read'
  fi
  run_traced import web.aci
  opened web.aci
  acistore import db.aci
  acistore import --if-changed --latest web.aci
  # It counts as the last imported, and the mark is what this import says.
  run_acistore --json list --sort importtime --order asc
  [[ $(jq -c '[.images[] | .latest]' <<<"$output") == '[false,true]' ]]
  [[ $(jq -r '.images[1].key' <<<"$output") == "$(key_of web.aci)" ]]
  run_acistore -v import --if-changed web.aci
  [[ $stderr == *unchanged* ]]
  run_acistore --json import --if-changed web.aci
  [[ $(jq -c '.imports[0] | [.source, .compression, .new, .latest]' <<<"$output") == '["web.aci","none",false,false]' ]]
}

@test "--if-changed reads a file whose content, time or inode is another" {
  make_image web.aci
  settled
  acistore import web.aci
  make_image other.aci --name example.com/other
  local other
  other=$(key_of other.aci)
  # Written over in place, of the same size and with the same modification time.
  touch -r web.aci stamp
  [[ $(stat -c %s web.aci) == $(stat -c %s other.aci) ]]
  cat other.aci >web.aci
  touch -r stamp web.aci
  run_acistore import --if-changed web.aci
  assert_stdout "$other"
  # Another file under the name.
  make_image third.aci --name example.com/third
  mv third.aci web.aci
  run_acistore import --if-changed web.aci
  assert_stdout "$(key_of web.aci)"
}

@test "--if-changed reads a file again that was touched in the tick of its last import" {
  make_image web.aci
  make_image other.aci --name example.com/other
  local round
  for round in {1..8}; do
    cat web.aci >in.aci
    acistore import in.aci >/dev/null
    cat other.aci >in.aci
    [[ $(acistore import --if-changed in.aci) == $(key_of other.aci) ]]
  done
}

@test "--if-changed reads a file again whose stored blob is gone or cut off" {
  make_image web.aci
  settled
  local key blob
  key=$(acistore import web.aci)
  blob=$(blob_of "$key")
  chmod u+w "$blob"
  truncate -s 100 "$blob"
  run_acistore import --if-changed web.aci
  assert_stdout "$key"
  cmp "$blob" web.aci
  rm -f "$blob"
  run_acistore import --if-changed web.aci
  assert_stdout "$key"
  cmp "$blob" web.aci
  acistore rm "$key"
  run_acistore import --if-changed web.aci
  assert_stdout "$key"
  cmp "$blob" web.aci
}

@test "--if-changed does not stand in the way of --expect, nor of what is no regular file" {
  make_image web.aci
  settled
  local key
  key=$(acistore import web.aci)
  run_acistore import --if-changed --expect "$key" web.aci
  assert_stdout "$key"
  run_acistore import --if-changed --expect sha512-00000000000000000000000000000000000000000000000000000000000000ff web.aci
  assert_failure 5 'the key does not match'
  run_acistore import --if-changed - <web.aci
  assert_stdout "$key"
  mkfifo fifo
  cat web.aci >fifo &
  run_acistore import --if-changed fifo
  assert_stdout "$key"
  run_acistore import --if-changed missing.aci
  assert_failure 1 'missing.aci'
}

@test "-j reads several files at the same time; results and sequence are in argument order" {
  local names=() expected=() i
  for i in {1..12}; do
    make_image "$i.aci" --name "example.com/$i"
    names+=("$i.aci")
    expected+=("$(key_of "$i.aci")")
  done
  # The first takes longest.
  xz "1.aci"
  names[0]=1.aci.xz
  echo "no image" >bad.aci
  for jobs in 1 3 100; do
    rm -rf "$ACISTORE_DIR"
    run_acistore import -j "$jobs" "${names[@]:0:6}" bad.aci "${names[@]:6}"
    [[ $status == 5 ]]
    assert_stdout "$(printf '%s\n' "${expected[@]}")"
    run_acistore list --fields name --sort importtime --order asc --no-legend
    assert_stdout "$(printf 'example.com/%s\n' {1..12})"
  done
}

@test "standard input named twice is one stream, whatever -j" {
  make_image web.aci
  acistore import -j 8 - - <web.aci >out 2>err || status=$?
  [[ $status == 5 ]]
  [[ $(<out) == $(key_of web.aci) ]]
}

@test "-j takes a number from 1 to 1024" {
  make_image web.aci
  local jobs
  for jobs in 0 -1 1025 two '' 2x 99999999999999999999; do
    run_acistore import --jobs="$jobs" web.aci
    assert_failure 2 '--jobs: '
    run_acistore hash --jobs="$jobs" web.aci
    assert_failure 2 '--jobs: '
  done
  [[ ! -e $ACISTORE_DIR ]]
  run_acistore import -j1024 web.aci
  assert_status 0
}

@test "a wrong command line is status 2, and nothing is done" {
  make_image web.aci
  make_image db.aci --name example.com/db
  key=$(key_of web.aci)
  run_acistore import
  assert_failure 2 .
  run_acistore import --no-such-option web.aci
  assert_failure 2 '--no-such-option'
  run_acistore import --expect "$key" web.aci db.aci
  assert_failure 2 '--expect'
  run_acistore import --expect not-a-key web.aci
  assert_failure 2 'not-a-key'
  run_acistore import --expect sha512-ABCDEF web.aci
  assert_failure 2 'sha512-ABCDEF'
  run_acistore import web.aci --expect
  assert_failure 2 '--expect'
  [[ ! -e $ACISTORE_DIR ]]
}

@test "a write error on standard output is status 1, and the image is stored" {
  make_image web.aci
  run --separate-stderr bash -c '"$ACISTORE" import web.aci >/dev/full'
  assert_failure 1 'No space left on device'
  assert_kept "$(key_of web.aci)"
}

@test "a closed pipe on standard output does not stop the import" {
  make_image --many 5 many
  make_image web.aci --name example.com/web
  # The reader is gone before the last byte of the input comes.
  run --separate-stderr bash -c '
    { sleep 0.5; cat web.aci; } | "$ACISTORE" import - many/*.aci | true
    exit "${PIPESTATUS[1]}"'
  assert_failure 1 'Broken pipe'
  assert_kept "$(key_of web.aci)" $(for file in many/*.aci; do key_of "$file"; done)
}

@test "a blob that is gone is stored anew" {
  make_image web.aci
  key=$(acistore import web.aci)
  rm "$(blob_of "$key")"
  run_acistore import web.aci
  assert_status 0
  assert_stdout "$key"
  cmp "$(blob_of "$key")" web.aci
}

@test "a blob of the wrong size is stored anew" {
  make_image web.aci --compress gzip --size 9000
  make_image plain.aci --size 9000
  key=$(acistore import web.aci)
  for change in 'truncate -s -1' 'truncate -s 0' 'truncate -s +512'; do
    chmod u+w "$(blob_of "$key")"
    $change "$(blob_of "$key")"
    run_acistore import web.aci
    assert_status 0
    cmp "$(blob_of "$key")" plain.aci
    [[ $(stat -c %A "$(blob_of "$key")") != *w* ]]
  done
}

@test "a file under the name of a blob that no image has is never trusted" {
  make_image web.aci
  make_image db.aci --name example.com/db
  acistore import db.aci
  key=$(key_of web.aci)
  mkdir -p "$(dirname "$(blob_of "$key")")"
  tr '\0' '\1' <web.aci >"$(blob_of "$key")"
  run_acistore import web.aci
  assert_status 0
  cmp "$(blob_of "$key")" web.aci
}

@test "what is read may be the store's own blob" {
  make_image web.aci
  key=$(acistore import web.aci)
  run_acistore import "$(blob_of "$key")"
  assert_status 0
  assert_stdout "$key"
  cmp "$(blob_of "$key")" web.aci
}

@test "the blobs of another store are adopted" {
  make_image --many 3 many
  acistore --store other import many/*.aci >keys
  run_acistore import other/blob/sha512/*/sha512-*
  assert_status 0
  assert_kept $(<keys)
}

@test "eight processes import one image at the same time" {
  make_image web.aci --size 500000 --compress gzip
  make_image plain.aci --size 500000
  key=$(key_of plain.aci)
  pids=()
  for i in {1..8}; do
    acistore import web.aci >"out.$i" 2>"err.$i" &
    pids+=($!)
  done
  for i in {1..8}; do
    wait "${pids[i - 1]}" || fail "process $i: $(cat "err.$i")"
    [[ $(<"out.$i") == "$key" ]]
    [[ ! -s err.$i ]]
  done
  assert_kept "$key"
}

@test "eight processes import different images, and one that is common, at the same time" {
  make_image common.aci --name example.com/common --size 100000
  pids=()
  for i in {1..8}; do
    make_image --many 5 "many.$i" --name "example.com/app$i"
  done
  for i in {1..8}; do
    acistore import "many.$i"/*.aci common.aci >"out.$i" 2>"err.$i" &
    pids+=($!)
  done
  for i in {1..8}; do
    wait "${pids[i - 1]}" || fail "process $i: $(cat "err.$i")"
    [[ $(<"out.$i") == "$(for file in "many.$i"/*.aci common.aci; do key_of "$file"; done)" ]]
    [[ ! -s err.$i ]]
  done
  assert_kept $(cat out.* | sort -u)
  run_acistore verify
  assert_status 0
}

@test "an import that is killed leaves nothing visible" {
  make_image web.aci --size 300000
  make_image db.aci --name example.com/db
  acistore import db.aci
  mkfifo pipe
  "$ACISTORE" import - <pipe >out 2>err &
  pid=$!
  exec 7>pipe
  head -c 200000 web.aci >&7
  kill -KILL "$pid"
  wait "$pid" && status=0 || status=$?
  exec 7>&-
  [[ $status == 137 && ! -s out ]]
  [[ $(acistore list --no-legend | wc -l) == 1 ]]
  [[ $(find "$ACISTORE_DIR/blob" -type f | wc -l) == 1 ]]
  acistore import web.aci
  cmp "$(blob_of "$(key_of web.aci)")" web.aci
}

@test "an import that is killed at any moment leaves only whole images" {
  make_image --many 20 many --size 20000
  for delay in 0.002 0.005 0.01 0.015 0.02 0.03 0.04 0.06 0.08 0.1 0.15 0.2; do
    "$ACISTORE" import many/*.aci >"out.$delay" 2>/dev/null &
    pid=$!
    sleep "$delay"
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    if [[ -e $ACISTORE_DIR/acistore.db ]]; then
      # Whatever was printed is there, and whatever is there is whole.
      keys=$(head -c -1 "out.$delay" | grep -xE 'sha512-[0-9a-f]{64}' || true)
      for key in $keys; do
        acistore exists "$key"
      done
      acistore verify 2>err || { [[ $? == 3 ]] || fail "after a kill at $delay s: $(cat err)"; }
    fi
  done
  run_acistore import many/*.aci
  assert_status 0
  [[ $(acistore list --no-legend | wc -l) == 20 ]]
}

@test "large images are stored as they come, and not only when all were read" {
  make_image small.aci --name example.com/small
  mkdir -p tree/rootfs
  truncate -s 140M tree/rootfs/data
  for number in 1 2; do
    tar -xOf small.aci manifest | sed "s,/small,/large-$number," >tree/manifest
    tar -C tree -cf "$number.aci" manifest rootfs
  done
  mkfifo pipe
  "$ACISTORE" --no-sync import 1.aci 2.aci pipe >keys 3>&- &
  local importer=$!
  exec 9>pipe
  for _ in {1..500}; do
    [[ $(wc -l <keys) != 2 ]] || break
    sleep 0.02
  done
  [[ $(wc -l <keys) == 2 ]] || fail 'expected two keys while the third image does not come'
  acistore --no-sync exists example.com/large-2
  cat small.aci >&9
  exec 9>&-
  wait "$importer"
  [[ $(wc -l <keys) == 3 ]] || fail 'expected three keys'
}
