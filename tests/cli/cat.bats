#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore cat IMAGE [PATH] [--no-verify]: a stored archive, or one regular file in it.

load support

# A store with two images, made once and copied for each test.
setup_file() {
  fresh_store
  make_image web.aci --name example.com/web --label version=1.0 --file rootfs/etc/motd=hello --size 300000
  make_image db.aci --name example.com/db
  acistore import web.aci db.aci >/dev/null
}

setup() {
  fresh_store
  cp -a "$BATS_FILE_TMPDIR"/work/* .
  cp -a "$BATS_FILE_TMPDIR/store" "$ACISTORE_DIR"
  key=$(key_of web.aci)
}

@test "the archive as it was imported, byte for byte" {
  acistore cat "$key" >out
  cmp out web.aci
}

@test "the archive uncompressed, however it was imported" {
  for kind in gzip bzip2 xz; do
    make_image "$kind.aci" --name example.com/other --seed 5 --size 100000 --compress "$kind"
    make_image plain.aci --name example.com/other --seed 5 --size 100000
    acistore cat "$(acistore import "$kind.aci")" >out
    cmp out plain.aci
    acistore rm example.com/other
  done
}

@test "by key, prefix of a key, image ID and reference" {
  for image in "$key" "${key:0:30}" "$(id_of web.aci)" example.com/web example.com/web:1.0 \
    example.com/web,version=1.0; do
    acistore cat "$image" >out
    cmp out web.aci
  done
}

@test "with PATH one regular file, without a newline of its own" {
  acistore cat "$key" rootfs/etc/motd >out
  printf hello | cmp out -
  acistore cat example.com/web rootfs/data >out
  tar xOf web.aci rootfs/data | cmp out -
}

@test "PATH manifest is the manifest as it stands in the archive" {
  acistore cat "$key" manifest >out
  tar xOf web.aci manifest | cmp out -
}

@test "PATH may be written otherwise: ./x, a//b" {
  for path in ./manifest .//manifest ././manifest; do
    acistore cat "$key" "$path" >out
    tar xOf web.aci manifest | cmp out -
  done
  for path in ./rootfs/etc/motd rootfs//etc///motd rootfs/./etc/motd; do
    [[ $(acistore cat "$key" "$path") == hello ]]
  done
}

@test "an empty file is nothing" {
  make_image empty.aci --name example.com/empty --file rootfs/empty=
  acistore import empty.aci
  run_acistore cat example.com/empty rootfs/empty
  assert_status 0
  assert_stdout ''
  assert_stderr ''
}

@test "every regular file of the odd images comes out right" {
  "$IMAGES/odd-images" odd archives extensions
  declare -A keys
  while IFS=$'\t' read -r name image; do
    acistore import "odd/$name" >/dev/null
    keys[$name]=$image
  done <odd/index.tsv
  wrong=
  while IFS=$'\t' read -r name path digest; do
    got=$("$ACISTORE" cat "${keys[$name]}" "$path" 2>&1 | sha512sum) || true
    [[ ${got%% *} == "$digest" ]] || wrong+="$name: $path"$'\n'
  done <odd/contents.tsv
  [[ -z $wrong ]] || fail "not as they are in the archive: $wrong"
}

@test "a path that is not there is status 3" {
  run_acistore cat "$key" rootfs/etc/passwd
  assert_failure 3 '^cat: .*rootfs/etc/passwd'
  run_acistore cat "$key" etc/motd
  assert_failure 3 etc/motd
  run_acistore cat "$key" Manifest
  assert_failure 3 Manifest
}

@test "a hard link is the file that it names" {
  python3 -B - >links.aci <<EOF_PYTHON
import sys
sys.path.insert(0, "$IMAGES")
import aci
sys.stdout.buffer.write(aci.image(
    aci.entry("rootfs/a", "hello"), aci.hard_link("rootfs/b", "rootfs/a"),
    aci.hard_link("rootfs/c", "./rootfs/b"), aci.hard_link("rootfs/lost", "rootfs/none"),
    aci.hard_link("rootfs/out", "../../etc/passwd"), aci.hard_link("rootfs/self", "rootfs/self"),
    aci.hard_link("rootfs/abs", "/etc/passwd"), aci.hard_link("rootfs/early", "rootfs/late"),
    aci.entry("rootfs/late", "hello"),
    json=aci.manifest("example.com/links")))
EOF_PYTHON
  acistore import links.aci
  for path in rootfs/a rootfs/b rootfs/c rootfs/early; do
    [[ $(acistore cat example.com/links "$path") == hello ]]
  done
  for path in rootfs/lost rootfs/out rootfs/self rootfs/abs; do
    run_acistore cat example.com/links "$path"
    assert_failure 3 "^cat: $path: "
  done
}

# The way of each link is written down in tests/unit/aci/link_walk_test.cpp.
@test "symbolic links are followed inside the image" {
  python3 -B - >links.aci <<EOF_PYTHON
import sys
sys.path.insert(0, "$IMAGES")
import aci
sys.stdout.buffer.write(aci.image(
    aci.symlink("rootfs/bin", "usr/bin"), aci.symlink("rootfs/early", "/usr/bin/sh"),
    aci.directory("rootfs/usr/bin"), aci.entry("rootfs/usr/bin/dash", "shell"),
    aci.symlink("rootfs/usr/bin/sh", "dash"), aci.hard_link("rootfs/usr/linked", "rootfs/usr/bin/sh"),
    aci.hard_link("rootfs/usr/bin/again", "rootfs/usr/bin/sh"),
    aci.symlink("rootfs/up", "../../../../../usr/bin/dash"), aci.symlink("rootfs/root", "/"),
    json=aci.manifest("example.com/links")))
EOF_PYTHON
  acistore import links.aci
  for path in rootfs/usr/bin/sh rootfs/bin/sh rootfs/bin/dash rootfs/early rootfs/up \
    rootfs/usr/bin/again rootfs/root/bin/sh rootfs/root/root/root/early; do
    run_acistore cat example.com/links "$path"
    assert_status 0
    assert_stdout shell
  done
  # The same link in another directory leads elsewhere.
  run_acistore cat example.com/links rootfs/usr/linked
  assert_failure 3 '^cat: rootfs/usr/linked: leads to rootfs/usr/dash: no such path in sha512-'
}

@test "a link never leads out of the image, and a loop ends" {
  printf secret >secret
  python3 -B - >links.aci <<EOF_PYTHON
import sys
sys.path.insert(0, "$IMAGES")
import aci
sys.stdout.buffer.write(aci.image(
    aci.symlink("rootfs/passwd", "/etc/passwd"), aci.symlink("rootfs/up", "../" * 50 + "etc/passwd"),
    aci.symlink("rootfs/here", "$PWD/secret"), aci.symlink("rootfs/manifest", "../manifest"),
    aci.symlink("rootfs/a", "b"), aci.symlink("rootfs/b", "a"), aci.symlink("rootfs/self", "self/x"),
    aci.symlink("rootfs/empty", ""), aci.entry("rootfs/file", "x"),
    aci.symlink("rootfs/through", "file/x"), aci.symlink("rootfs/dir", "/"),
    *(aci.symlink(f"rootfs/l{i}", f"l{i + 1}") for i in range(41)), aci.entry("rootfs/l41", "far"),
    json=aci.manifest("example.com/links")))
EOF_PYTHON
  acistore import links.aci
  for path in passwd up here manifest empty through dir; do
    run_acistore cat example.com/links "rootfs/$path"
    assert_failure 3 "^cat: rootfs/$path: "
  done
  for path in a b self l0; do
    run_acistore cat example.com/links "rootfs/$path"
    assert_failure 3 "^cat: rootfs/$path: more than 40 links on the way"
  done
  [[ $(acistore cat example.com/links rootfs/l1) == far ]]
}

@test "what the archive records under a path is meant, even behind a link" {
  python3 -B - >links.aci <<EOF_PYTHON
import sys
sys.path.insert(0, "$IMAGES")
import aci
sys.stdout.buffer.write(aci.image(
    aci.symlink("rootfs/a", "b"), aci.entry("rootfs/b/file", "of b"), aci.entry("rootfs/a/file", "of a"),
    json=aci.manifest("example.com/links")))
EOF_PYTHON
  acistore import links.aci
  [[ $(acistore cat example.com/links rootfs/a/file) == 'of a' ]]
  [[ $(acistore cat example.com/links rootfs/b/file) == 'of b' ]]
}

@test "a sparse file comes out with its holes, through a link as well" {
  mkdir -p image/rootfs
  acistore cat "$key" manifest >image/manifest
  truncate -s 3000000 image/rootfs/sparse
  printf middle | dd of=image/rootfs/sparse bs=1 seek=1500000 conv=notrunc status=none
  ln -s sparse image/rootfs/link
  for format in gnu posix; do
    tar --sparse --format=$format -C image -cf sparse.aci manifest rootfs
    image=$(acistore import sparse.aci)
    acistore cat "$image" rootfs/sparse | cmp - image/rootfs/sparse
    acistore cat "$image" rootfs/link | cmp - image/rootfs/sparse
  done
}

@test "damage in the archive on the way to a file is status 6" {
  flip "$(blob_of "$key")" 100
  run_acistore cat "$key" rootfs/etc/motd
  assert_failure 6 "^cat: $key: the store is damaged: entry 1 at byte 0: header checksum"
}

@test "a directory or a device is no regular file, and the message says what it is" {
  python3 -B - >types.aci <<EOF_PYTHON
import sys
sys.path.insert(0, "$IMAGES")
import aci
sys.stdout.buffer.write(aci.image(
    aci.directory("rootfs/dir"), aci.symlink("rootfs/link", "dir"),
    aci.header("rootfs/null", type="3", devmajor=1, devminor=3), aci.header("rootfs/fifo", type="6"),
    json=aci.manifest("example.com/types")))
EOF_PYTHON
  acistore import types.aci
  for pair in rootfs:directory rootfs/dir:directory rootfs/dir/:directory \
    rootfs/link:rootfs/dir:.*directory rootfs/null:device rootfs/fifo:fifo; do
    run_acistore cat example.com/types "${pair%%:*}"
    assert_failure 3 "^cat: ${pair%%:*}: .*${pair#*:}"
  done
}

@test "a path that leads out of the image is nowhere in it" {
  for path in ../web.aci /etc/passwd rootfs/../manifest /manifest ..; do
    run_acistore cat "$key" "$path"
    assert_failure 3 .
  done
}

@test "a path with control characters does not reach the terminal in the message" {
  run_acistore cat "$key" $'rootfs/\e[31mred\nline'
  assert_failure 3 '\\x1b\[31mred\\x0aline'
}

@test "no such image is status 3, an ambiguous prefix 4, a malformed key 2" {
  run_acistore cat example.com/none
  assert_failure 3 'example\.com/none'
  run_acistore cat "sha512-$(printf '0%.0s' {1..64})"
  assert_failure 3 'sha512-0000'
  make_image --many 40 many --name example.com/many
  acistore import many/*.aci >keys
  prefix=$(cut -c 1-9 keys | sort | uniq -d | head -n 1)
  run_acistore cat "$prefix"
  assert_failure 4 "${prefix}: ambiguous"
  run_acistore cat sha512-XYZ
  assert_failure 2 'sha512-XYZ'
}

@test "without a store it is status 3, and none is made" {
  run_acistore --store none cat "$key"
  assert_failure 3 none
  [[ ! -e none ]]
}

@test "without IMAGE, or with a third argument, the command line is wrong" {
  run_acistore cat
  assert_failure 2 .
  run_acistore cat "$key" manifest rootfs
  assert_failure 2 .
}

@test "a flipped bit in the blob is status 6; --no-verify does not look" {
  flip "$(blob_of "$key")" 200000
  acistore cat "$key" >out 2>err && status=0 || status=$?
  [[ $status == 6 ]]
  [[ $(wc -l <err) == 1 ]]
  grep -q "^acistore: cat: .*$key" err
  run_acistore cat --no-verify "$key"
  assert_status 0
  assert_stderr ''
  acistore cat "$key" --no-verify >out
  cmp out "$(blob_of "$key")"
}

@test "the first and the last byte of a blob are verified as all others are" {
  for offset in 0 $(($(stat -c %s web.aci) - 1)); do
    flip "$(blob_of "$key")" "$offset"
    acistore cat "$key" >out 2>err && status=0 || status=$?
    [[ $status == 6 ]]
    flip "$(blob_of "$key")" "$offset"
    acistore cat "$key" >out
  done
}

@test "a truncated blob is status 6, whole or by PATH" {
  chmod u+w "$(blob_of "$key")"
  truncate -s -512 "$(blob_of "$key")"
  run_acistore cat "$key"
  assert_failure 6 "$key"
  run_acistore cat "$key" rootfs/etc/motd
  assert_failure 6 "$key"
}

@test "a blob that is too long is status 6" {
  chmod u+w "$(blob_of "$key")"
  printf x >>"$(blob_of "$key")"
  run_acistore cat "$key"
  assert_failure 6 "$key"
}

@test "an image whose blob is gone is damaged, status 6" {
  rm "$(blob_of "$key")"
  run_acistore cat "$key"
  assert_failure 6 "$key"
}

@test "one damaged image leaves the others readable" {
  rm "$(blob_of "$key")"
  acistore cat example.com/db >out
  cmp out db.aci
}

@test "a write error on standard output is status 1" {
  run --separate-stderr bash -c '"$ACISTORE" cat example.com/web >/dev/full'
  assert_failure 1 'No space left on device'
  run --separate-stderr bash -c '"$ACISTORE" cat example.com/web manifest >/dev/full'
  assert_failure 1 'No space left on device'
}

@test "a reader that stops early ends it quietly" {
  make_image big.aci --name example.com/big --size 3000000
  acistore import big.aci
  run --separate-stderr bash -c '
    "$ACISTORE" cat example.com/big | head -c 8
    printf "\n%s\n" "${PIPESTATUS[0]}"'
  assert_stdout "manifest
141"
  assert_stderr ''
}

@test "--no-verify and verified: to a pipe, a file, the middle and the end of a file, a device" {
  make_image big.aci --name example.com/big --size 3000000
  acistore import big.aci
  for option in '' --no-verify; do
    acistore cat example.com/big $option | cmp - big.aci
    acistore cat example.com/big $option >out
    cmp out big.aci
    printf 'before ' >out
    acistore cat example.com/big $option >>out
    cmp out <(printf 'before ' && cat big.aci)
    truncate -s 4000000 out
    {
      printf 'middle '
      acistore cat example.com/big $option
    } 1<>out
    cmp out <(printf 'middle ' && cat big.aci && tail -c +"$((8 + $(stat -c %s big.aci)))" out)
    acistore cat example.com/big $option >/dev/null
  done
}

@test "--no-verify fails as the verified way does" {
  make_image big.aci --name example.com/big --size 3000000
  acistore import big.aci
  run --separate-stderr bash -c '"$ACISTORE" cat --no-verify example.com/big >/dev/full'
  assert_failure 1 '^cat: standard output: write: No space left on device'
  run --separate-stderr bash -c '
    "$ACISTORE" cat --no-verify example.com/big | head -c 8
    printf "\n%s\n" "${PIPESTATUS[0]}"'
  assert_stdout "manifest
141"
  assert_stderr ''
  # A parent that ignores SIGPIPE changes nothing.
  run --separate-stderr bash -c '
    trap "" PIPE
    "$ACISTORE" cat --no-verify example.com/big | head -c 8
    printf "\n%s\n" "${PIPESTATUS[0]}"'
  assert_stdout "manifest
141"
  # A file that may not grow to the end, and has no room for the rest.
  for option in '' --no-verify; do
    run --separate-stderr bash -c "ulimit -f 1000; '$ACISTORE' cat $option example.com/big >out"
    assert_failure 1 '^cat: standard output: write: File too large'
    head -c 1024000 big.aci | cmp - out
  done
}

@test "--no-verify leaves the bytes to the kernel where it can" {
  make_image big.aci --name example.com/big --size 3000000
  acistore import big.aci
  traced() {
    ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -qq -o trace \
      -e trace=write,splice,copy_file_range,sendfile "$ACISTORE" cat --no-verify example.com/big
  }
  traced | cmp - big.aci
  grep -q 'splice(.*) = [1-9]' trace
  if grep 'write(1,' trace; then
    fail 'expected no byte to be written to the pipe'
  fi
  traced >out
  cmp out big.aci
  grep -Eq '(copy_file_range|sendfile)\(.*\) = [1-9]' trace
  if grep 'write(1,' trace; then
    fail 'expected no byte to be written to the file'
  fi
}

@test "an image that is removed meanwhile is read to its end" {
  make_image big.aci --name example.com/big --size 3000000
  big=$(acistore import big.aci)
  mkfifo pipe
  acistore cat "$big" >pipe &
  exec 7<pipe
  head -c 4096 <&7 >out
  acistore rm "$big"
  cat <&7 >>out
  exec 7<&-
  wait $!
  cmp out big.aci
}
