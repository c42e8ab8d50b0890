#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore export IMAGE FILE [--compress FORMAT] [--level N] [--overwrite] [-j N]: a stored archive as
# a file, whole or not at all.

load support

# A store with two images, made once and copied for each test: one of several pieces whatever the
# format, of text and of what does not compress, and a small one.
setup_file() {
  fresh_store
  {
    seq 300000
    head -c 600000 /dev/urandom
  } >data
  tar cf - data | head -c 2600000 >text
  make_image web.aci --name example.com/web --file rootfs/etc/motd=hello --size 700000
  mkdir -p image/rootfs
  mv text image/rootfs/text
  tar xf web.aci -C image manifest
  tar -C image -cf web.aci manifest rootfs
  make_image db.aci --name example.com/db
  acistore import web.aci db.aci >/dev/null
}

setup() {
  fresh_store
  cp "$BATS_FILE_TMPDIR"/work/*.aci .
  cp -a "$BATS_FILE_TMPDIR/store" "$ACISTORE_DIR"
  key=$(key_of web.aci)
  mkdir out
}

decoder_of() {
  case $1 in
    none) echo cat ;;
    gzip) echo 'gzip -dc' ;;
    bzip2) echo 'bzip2 -dc' ;;
    xz) echo 'xz -dc' ;;
    zstd) echo 'zstd -dcq' ;;
  esac
}

# The directory out/ holds these names and no other, hidden ones included.
assert_out() {
  local names
  names=$(ls -A out | paste -sd' ')
  [[ $names == "$*" ]] || fail "expected in out/: $*
but there is: $names"
}

@test "the archive as it was imported, by key, prefix and reference, and nothing is printed" {
  for image in "$key" "${key:0:30}" "$(id_of web.aci)" example.com/web; do
    run_acistore export "$image" "out/web.aci"
    assert_status 0
    assert_stdout ''
    assert_stderr ''
    cmp out/web.aci web.aci
    assert_out web.aci
    rm out/web.aci
  done
}

@test "every format: its own program decodes it, and importing it gives the same key" {
  for format in none gzip bzip2 xz zstd; do
    for image in web db; do
      acistore export --compress "$format" "example.com/$image" "out/$image.$format"
      $(decoder_of "$format") <"out/$image.$format" | cmp - "$image.aci"
      [[ $(acistore hash "out/$image.$format") == "$(key_of $image.aci)  out/$image.$format" ]]
    done
    [[ $(acistore import "out/web.$format") == "$key" ]]
  done
}

@test "the compressed bytes are the same for any number of jobs, and to standard output" {
  for format in gzip bzip2 xz zstd; do
    level=
    [[ $format != xz ]] || level='--level 0'
    acistore export --compress "$format" $level "$key" "out/$format"
    for jobs in 1 2 7; do
      acistore export -j "$jobs" --compress "$format" $level "$key" - | cmp - "out/$format"
    done
  done
}

@test "bytes of any number: none, one, and those around a piece" {
  for size in 0 1 524287 524288 524289 1048576; do
    head -c "$size" "$BATS_FILE_TMPDIR/work/data" >bytes
    image=$(acistore put bytes)
    for format in none gzip bzip2 xz zstd; do
      level=
      [[ $format != xz ]] || level='--level 0'
      acistore export --compress "$format" $level "$image" - | $(decoder_of "$format") | cmp - bytes
    done
  done
}

@test "gzip: one member without a time or a name, as gzip -l understands it" {
  acistore export --compress gzip "$key" out/web.gz
  [[ $(head -c 10 out/web.gz | od -An -tx1 | tr -d ' ') == 1f8b0800000000000003 ]]
  [[ $(gzip -l out/web.gz | awk 'NR == 2 { print $2 }') == "$(stat -c %s web.aci)" ]]
  python3 -c '
import sys, zlib
decoder = zlib.decompressobj(31)
decoder.decompress(open(sys.argv[1], "rb").read())
sys.exit(not decoder.eof or decoder.unused_data != b"")' out/web.gz
}

@test "xz: one stream whose blocks tell their sizes; zstd: one frame with its size and a checksum" {
  acistore export --compress xz --level 0 "$key" out/web.xz
  [[ $(xz --robot -lvv out/web.xz | grep -c '^block') -gt 1 ]]
  [[ $(xz --robot -l out/web.xz | awk '$1 == "file" { print $2, $7 }') == '1 CRC64' ]]
  acistore export --compress zstd "$key" out/web.zst
  zstd -lv out/web.zst 2>&1 | grep -q 'Check: XXH64'
  zstd -lv out/web.zst 2>&1 | grep -Eq "Decompressed Size: .*\($(stat -c %s web.aci) B\)"
}

@test "--level is obeyed; the least and the best of each format decode" {
  seq 40000 >text
  image=$(acistore put text)
  for pair in gzip:1:9 bzip2:1:9 xz:0:9 zstd:1:19; do
    IFS=: read -r format least most <<<"$pair"
    for level in "$least" "$most"; do
      acistore export --compress "$format" --level "$level" "$image" "out/$level.$format"
      $(decoder_of "$format") <"out/$level.$format" | cmp - text
    done
    if cmp -s "out/$least.$format" "out/$most.$format"; then
      fail "expected $format -$least and -$most to differ"
    fi
  done
}

@test "a bad format or level is status 2, names what it may be, and no store is looked at" {
  run_acistore --store none export --compress lzip "$key" out/web
  assert_failure 2 'export: --compress: "lzip": must be none, gzip, bzip2, xz or zstd'
  for pair in gzip:0 gzip:10 bzip2:0 bzip2:10 xz:-1 xz:10 zstd:0 zstd:20 gzip:x gzip: gzip:6x; do
    run_acistore --store none export --compress "${pair%:*}" "--level=${pair#*:}" "$key" out/web
    assert_failure 2 "--level: \"${pair#*:}\": not a level of ${pair%:*}, which has [01] to (9|19)"
  done
  run_acistore --store none export --level 3 "$key" out/web
  assert_failure 2 '--level'
  run_acistore --store none export -j 0 "$key" out/web
  assert_failure 2 '--jobs'
  run_acistore export "$key"
  assert_failure 2 FILE
  assert_out ''
}

@test "a file that is there is left alone, status 10, and --overwrite replaces it" {
  echo precious >out/web.aci
  run_acistore export "$key" out/web.aci
  assert_failure 10 '^export: out/web\.aci: is there already .*--overwrite'
  [[ $(cat out/web.aci) == precious ]]
  run_acistore export --overwrite "$key" out/web.aci
  assert_status 0
  cmp out/web.aci web.aci
  assert_out web.aci
}

@test "who reads the file that is replaced reads it to its end" {
  echo precious >out/web.aci
  exec 7<out/web.aci
  acistore export --overwrite "$key" out/web.aci
  [[ $(cat <&7) == precious ]]
  exec 7<&-
}

@test "a symbolic link is refused or replaced, never followed" {
  echo precious >target
  for target in "$PWD/target" "$PWD/nowhere"; do
    ln -sf "$target" out/web.aci
    run_acistore export "$key" out/web.aci
    assert_failure 10 'is there already'
    [[ -L out/web.aci && ! -e nowhere ]]
    acistore export --overwrite "$key" out/web.aci
    [[ ! -L out/web.aci && ! -e nowhere && $(cat target) == precious ]]
    cmp out/web.aci web.aci
  done
}

@test "what is no file is never replaced" {
  mkdir out/dir
  mkfifo out/fifo
  for name in dir fifo; do
    for option in '' --overwrite; do
      run_acistore export $option "$key" "out/$name"
      assert_failure 10 "out/$name: is there"
    done
  done
  run_acistore export --overwrite "$key" /dev/null
  assert_failure 10 '/dev/null: is there, and no regular file'
  [[ -c /dev/null ]]
  for name in out/ out/. out/..; do
    run_acistore export --overwrite "$key" "$name"
    assert_failure 1 'Is a directory'
  done
  assert_out dir fifo
}

@test "no directory, or no name, is status 1; a name may be any" {
  run_acistore export "$key" nowhere/web.aci
  assert_failure 1 '^export: nowhere/web\.aci: .*No such file or directory'
  run_acistore export "$key" ''
  assert_failure 1 'No such file or directory'
  for name in '[a,b]' 'a b' $'new\nline' "$(printf 'x%.0s' {1..255})"; do
    acistore export --compress gzip "$key" "out/$name"
    gzip -dc <"out/$name" | cmp - web.aci
  done
  acistore export "$key" here
  acistore export "$key" "$PWD/out/there"
  cmp here out/there
}

@test "the mode of the file is that of the umask" {
  for pair in 022:644 027:640 077:600 000:666; do
    (umask "${pair%:*}" && acistore export "$key" "out/${pair%:*}")
    [[ $(stat -c %a "out/${pair%:*}") == "${pair#*:}" ]]
  done
}

@test "a damaged blob is status 6, and the file does not appear, nor is another replaced" {
  flip "$(blob_of "$key")" 100000
  echo precious >out/old
  for format in none gzip bzip2 xz zstd; do
    run_acistore export --compress "$format" "$key" "out/$format"
    assert_failure 6 "export: .*$key.*does not match its key"
    run_acistore export --overwrite --compress "$format" "$key" out/old
    assert_failure 6 "$key"
    status=0
    acistore export --compress "$format" "$key" - >printed 2>err || status=$?
    assert_status 6
    assert_out old
  done
  [[ $(cat out/old) == precious ]]
  truncate -s 1000 db.aci
  chmod u+w "$(blob_of "$key")"
  truncate -s -512 "$(blob_of "$key")"
  run_acistore export "$key" out/short
  assert_failure 6 "$key"
  assert_out old
}

@test "no such image is status 3, an ambiguous prefix 4, a malformed key 2, no store 3" {
  run_acistore export example.com/none out/x
  assert_failure 3 'example\.com/none'
  run_acistore export sha512-XYZ out/x
  assert_failure 2 'sha512-XYZ'
  run_acistore --store none export "$key" out/x
  assert_failure 3 none
  make_image --many 40 many --name example.com/many
  acistore import many/*.aci >keys
  run_acistore export "$(cut -c 1-9 keys | sort | uniq -d | head -n 1)" out/x
  assert_failure 4 ambiguous
  assert_out ''
  [[ ! -e none ]]
}

@test "a write error leaves nothing: a file that may not grow, standard output that is full" {
  for format in none gzip; do
    run --separate-stderr bash -c "ulimit -f 100; '$ACISTORE' export --compress $format $key out/x"
    assert_failure 1 '^export: out/x: write: File too large'
    assert_out ''
    run --separate-stderr bash -c "'$ACISTORE' export --compress $format $key - >/dev/full"
    assert_failure 1 '^export: standard output: write: No space left on device'
  done
}

@test "a full disk is status 8, and leaves nothing" {
  needs_root 'mount a file system'
  mount -t tmpfs -o size=1m tmpfs out 2>/dev/null || skip 'no tmpfs can be mounted here'
  echo precious >out/old
  run_acistore export "$key" out/x
  export_status=$status export_stderr=$stderr
  run_acistore export --overwrite --compress gzip --level 1 "$key" out/old
  names=$(ls -A out) precious=$(cat out/old)
  umount out
  assert_status 8
  [[ $export_status == 8 && $export_stderr == *'No space left on device' ]]
  [[ $names == old && $precious == precious ]]
}

@test "a reader that stops early ends it quietly" {
  for format in none gzip; do
    run --separate-stderr bash -c "
      '$ACISTORE' export --compress $format $key - | head -c 2 >/dev/null
      printf '%s\n' \"\${PIPESTATUS[0]}\""
    assert_stdout 141
    assert_stderr ''
  done
}

# Begins an export that takes seconds, and waits until its file is open. Sets EXPORT.
begin_slow_export() {
  make_image big.aci --name example.com/big --size 9000000
  acistore import big.aci >/dev/null
  env --default-signal "$@" "$ACISTORE" export --compress xz --level 9 example.com/big out/big 3>&- &
  EXPORT=$!
  for _ in {1..200}; do
    if compgen -G "/proc/$EXPORT/fd/*" >/dev/null &&
      find "/proc/$EXPORT/fd" -lname "$PWD/out/*" 2>/dev/null | grep -q .; then
      return
    fi
    sleep 0.02
  done
  fail 'expected the export to have a file open'
}

@test "SIGTERM, SIGINT and SIGKILL in the middle leave nothing" {
  for signal in TERM HUP KILL; do
    begin_slow_export
    kill -"$signal" "$EXPORT"
    status=0
    wait "$EXPORT" || status=$?
    assert_status "$((128 + $(kill -l "$signal")))"
    assert_out ''
  done
}

# Where the file system has no O_TMPFILE.
without_o_tmpfile() {
  needs cc 'it takes O_TMPFILE away'
  cat >shim.c <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
static int go(const char *name, int dir, const char *path, int flags, int mode) {
  if ((flags & O_TMPFILE) == O_TMPFILE) return errno = EOPNOTSUPP, -1;
  int (*real)(int, const char *, int, ...) = (int (*)(int, const char *, int, ...))dlsym(RTLD_NEXT, name);
  return real(dir, path, flags, mode);
}
int openat(int dir, const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  return go("openat", dir, path, flags, (flags & O_CREAT) ? va_arg(rest, int) : 0);
}
int openat64(int dir, const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  return go("openat64", dir, path, flags, (flags & O_CREAT) ? va_arg(rest, int) : 0);
}
END
  cc -shared -fPIC -O1 -w -o shim.so shim.c -ldl
  export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0
  SHIM=$PWD/shim.so
}

@test "without O_TMPFILE it is the same" {
  without_o_tmpfile
  env LD_PRELOAD="$SHIM" "$ACISTORE" export "$key" out/web.aci
  cmp out/web.aci web.aci
  [[ $(stat -c %a out/web.aci) == 644 ]]
  assert_out web.aci
  status=0
  env LD_PRELOAD="$SHIM" "$ACISTORE" export "$key" out/web.aci 2>err || status=$?
  assert_status 10
  echo old >out/web.aci
  env LD_PRELOAD="$SHIM" "$ACISTORE" export --overwrite "$key" out/web.aci
  cmp out/web.aci web.aci
  flip "$(blob_of "$key")" 100000
  status=0
  env LD_PRELOAD="$SHIM" "$ACISTORE" export --overwrite "$key" out/web.aci 2>err || status=$?
  assert_status 6
  cmp out/web.aci web.aci
  assert_out web.aci
  for signal in TERM HUP; do
    begin_slow_export env LD_PRELOAD="$SHIM"
    [[ $(ls -A out) == *.acistore-* ]] || fail 'expected a temporary file that has a name'
    kill -"$signal" "$EXPORT"
    status=0
    wait "$EXPORT" || status=$?
    assert_status "$((128 + $(kill -l "$signal")))"
    assert_out web.aci
  done
}

@test "it is on stable storage before it has its name, and with --no-sync nobody waits" {
  needs strace
  ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -qq -o trace -e trace=fsync,linkat "$ACISTORE" export "$key" out/web.aci
  [[ $(sed 's/^[0-9]* *//; s/(.*//' trace | paste -sd' ') == 'fsync linkat fsync' ]] ||
    fail "expected fsync, linkat, fsync: $(cat trace)"
  ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -qq -o trace -e trace=fsync "$ACISTORE" --no-sync export "$key" out/fast.aci
  [[ ! -s trace ]] || fail "expected no fsync: $(cat trace)"
}

@test "it counts as a use of the image, and works on a store that cannot be written" {
  sqlite3 "$ACISTORE_DIR/acistore.db" 'UPDATE image SET last_used = 0' 2>/dev/null ||
    skip 'the database is laid out in another way'
  acistore export "$key" out/web.aci
  [[ $(acistore --json list example.com/web | jq -r '.images[0].lastUsed') != 1970-* ]]
}

@test "--json tells a failure as an object" {
  run_acistore --json export "$key" nowhere/x
  assert_status 1
  assert_stdout ''
  assert_json_error '.error.status, .error.kind' '1
"io"'
}
