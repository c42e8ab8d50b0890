#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore ls IMAGE [PATH] [-l] [-R] [-n] [--xattrs]: what is in an image.

load support

# A store with one image that has all there can be in one, made once and copied for each test.
setup_file() {
  fresh_store
  python3 -B - >all.aci <<EOF_PYTHON
import sys
sys.path.insert(0, "$IMAGES")
import aci
sys.stdout.buffer.write(aci.image(
    aci.directory("rootfs/etc/", mode=0o1777, uname="root", gname="wheel", mtime=1709208000),
    aci.entry("rootfs/etc/motd", "hello", uid=1000, gid=100, mtime=1709208000),
    aci.entry("./rootfs/usr/bin/su", "x" * 70000, mode=0o4755),
    aci.entry("rootfs/usr/lib/deep/file", "x"),
    aci.symlink("rootfs/bin", "usr/bin", mode=0o777),
    aci.symlink("rootfs/usr/bin/sh", "su", mode=0o777),
    aci.hard_link("rootfs/etc/issue", "rootfs/etc/motd", uid=1000, gid=100),
    aci.header("rootfs/null", type="3", mode=0o666, devmajor=1, devminor=3),
    aci.header("rootfs/disk", type="4", mode=0o660, devmajor=8, devminor=17),
    aci.header("rootfs/fifo", type="6", mode=0o600),
    aci.pax({"mtime": "1709208000.000000001", "SCHILY.xattr.user.note": "two\nlines",
             "SCHILY.acl.access": "user::rw-,group::r--,other::---"}),
    aci.entry("rootfs/marked", "x"),
    json=aci.manifest("example.com/all")))
EOF_PYTHON
  acistore import all.aci >/dev/null
}

setup() {
  fresh_store
  cp -a "$BATS_FILE_TMPDIR"/work/* .
  cp -a "$BATS_FILE_TMPDIR/store" "$ACISTORE_DIR"
  key=$(key_of all.aci)
}

# lists PATHS ARGUMENT...: these are printed, in this order, as lines.
lists() {
  run_acistore ls "${@:2}"
  assert_status 0
  assert_stderr ''
  assert_stdout "${1// /$'\n'}"
}

@test "without PATH the top of the image" {
  lists 'manifest rootfs' "$key"
  lists 'manifest rootfs' example.com/all .
}

@test "of a directory what is in it, in the order of the archive, then directories without an entry" {
  lists 'rootfs/etc rootfs/bin rootfs/null rootfs/disk rootfs/fifo rootfs/marked rootfs/usr' "$key" rootfs
  for path in rootfs/etc rootfs/etc/ ./rootfs//etc/.; do
    lists 'rootfs/etc/motd rootfs/etc/issue' "$key" "$path"
  done
  lists 'rootfs/usr/bin rootfs/usr/lib' "$key" rootfs/usr
  lists 'rootfs/usr/lib/deep' "$key" rootfs/usr/lib
}

@test "anything else is listed itself" {
  for path in manifest rootfs/etc/motd rootfs/etc/issue rootfs/null rootfs/fifo rootfs/bin; do
    lists "$path" "$key" "$path"
  done
}

@test "-R lists all that is below, as tar does" {
  run_acistore ls -R "$key"
  assert_status 0
  assert_stdout "$(tar -tf all.aci | sed -e 's,^\./,,' -e 's,/$,,')"
  lists 'rootfs/usr/bin/su rootfs/usr/lib/deep/file rootfs/usr/bin/sh' "$key" --recursive rootfs/usr
  lists rootfs/etc/motd "$key" -R rootfs/etc/motd
}

@test "an empty directory has nothing in it, and the top directory is not in itself" {
  python3 -B - >top.aci <<EOF_PYTHON
import sys
sys.path.insert(0, "$IMAGES")
import aci
sys.stdout.buffer.write(
    aci.directory("./") + aci.entry("./manifest", aci.manifest("example.com/top")) +
    aci.directory("./rootfs/") + aci.directory("./rootfs/empty/") + aci.MARKER)
EOF_PYTHON
  acistore import top.aci
  lists '' example.com/top rootfs/empty
  lists 'manifest rootfs' example.com/top
  lists 'manifest rootfs rootfs/empty' example.com/top -R
}

@test "-l: mode, owner, size or device, time and target" {
  run_acistore ls -lR "$key" rootfs
  assert_status 0
  assert_stdout "\
drwxrwxrwt root     wheel             0 2024-02-29T12:00:00Z rootfs/etc
-rw-r--r-- 1000     100               5 2024-02-29T12:00:00Z rootfs/etc/motd
-rwsr-xr-x 0        0             70000 1970-01-01T00:00:00Z rootfs/usr/bin/su
-rw-r--r-- 0        0                 1 1970-01-01T00:00:00Z rootfs/usr/lib/deep/file
lrwxrwxrwx 0        0                 0 1970-01-01T00:00:00Z rootfs/bin -> usr/bin
lrwxrwxrwx 0        0                 0 1970-01-01T00:00:00Z rootfs/usr/bin/sh -> su
hrw-r--r-- 1000     100               0 1970-01-01T00:00:00Z rootfs/etc/issue link to rootfs/etc/motd
crw-rw-rw- 0        0               1,3 1970-01-01T00:00:00Z rootfs/null
brw-rw---- 0        0              8,17 1970-01-01T00:00:00Z rootfs/disk
prw------- 0        0                 0 1970-01-01T00:00:00Z rootfs/fifo
-rw-r--r-- 0        0                 1 2024-02-29T12:00:00Z rootfs/marked"
}

@test "-l of a directory that has no entry does not make anything up" {
  run_acistore ls -l "$key" rootfs/usr
  assert_status 0
  assert_stdout "\
d????????? ?        ?                 ? ?                    rootfs/usr/bin
d????????? ?        ?                 ? ?                    rootfs/usr/lib"
}

@test "-n: owners by number" {
  run_acistore ls -ln "$key" rootfs
  assert_status 0
  [[ ${lines[0]} == 'drwxrwxrwt 0        0 '* ]] || fail 'expected numbers'
}

@test "--xattrs: extended attributes and ACLs below their entry" {
  run_acistore ls "$key" rootfs/marked --xattrs
  assert_status 0
  assert_stdout "\
rootfs/marked
    user.note = two\\x0alines
    system.posix_acl_access = user::rw-,group::r--,other::---"
}

@test "--json: all that is recorded" {
  run_acistore ls "$key" rootfs --json
  assert_status 0
  assert_json '.entries|length' 7
  assert_json '[.entries[].path|ltrimstr("rootfs/")]' '["etc","bin","null","disk","fifo","marked","usr"]'
  assert_json '[.entries[].type]' '["directory","symlink","char","block","fifo","file","directory"]'
  assert_json '.entries[0]|[.mode,.uid,.gid,.uname,.gname,.size,.mtime,.link]' \
    '["1777",0,0,"root","wheel",0,"2024-02-29T12:00:00.000000000Z",null]'
  assert_json '.entries[1].link' '"usr/bin"'
  assert_json '.entries[2]|[.devMajor,.devMinor]' '[1,3]'
  assert_json '.entries[5]|[.mtime,.xattrs,.aclAccess]' \
    '["2024-02-29T12:00:00.000000001Z",[{"name":"user.note","value":"two\nlines"}],"user::rw-,group::r--,other::---"]'
  assert_json '.entries[6]' \
    '{"path":"rootfs/usr","type":"directory","mode":null,"uid":null,"gid":null,"size":null,"mtime":null,"link":null,"recorded":false}'
  run_acistore --json ls "$key" rootfs/etc/issue
  assert_json '.entries' \
    '[{"path":"rootfs/etc/issue","type":"hardlink","mode":"0644","uid":1000,"gid":100,"uname":"","gname":"","size":0,"mtime":"1970-01-01T00:00:00.000000000Z","link":"rootfs/etc/motd","xattrs":[]}]'
}

@test "a path through links is found where it leads, and a slash follows the last one" {
  lists rootfs/usr/bin/su "$key" rootfs/bin/su
  lists rootfs/usr/bin/sh "$key" rootfs/bin/sh
  lists 'rootfs/usr/bin/su rootfs/usr/bin/sh' "$key" rootfs/bin/
  lists 'rootfs/usr/bin/su rootfs/usr/bin/sh' "$key" rootfs/bin/ -R
}

@test "what is not there is status 3, and a file is no directory" {
  for path in rootfs/none rootfs/bin/none rootfs/et rootfs/etc/motd/ rootfs/etc/motd/x /etc rootfs/../manifest ..; do
    run_acistore ls "$key" "$path"
    assert_failure 3 "^ls: ${path//./\\.}: no such path in $key"
    run_acistore ls "$key" "$path" --json
    assert_status 3
    assert_stdout ''
    assert_json_error '.error.kind' '"not-found"'
  done
}

@test "names that would control a terminal, or are not UTF-8, are written as escapes" {
  python3 -B - >odd.aci <<EOF_PYTHON
import sys
sys.path.insert(0, "$IMAGES")
import aci
sys.stdout.buffer.write(aci.image(
    aci.entry("rootfs/\x1b[31mred\nline", "x", uname="a\tb"), aci.entry(b"rootfs/\xe9t\xe9", "x"),
    aci.symlink("rootfs/link", "\x9b\u202e"), aci.entry("rootfs/été", "x"),
    json=aci.manifest("example.com/odd")))
EOF_PYTHON
  acistore import odd.aci
  lists 'rootfs/\x1b[31mred\x0aline rootfs/\xe9t\xe9 rootfs/link rootfs/été' example.com/odd rootfs
  run_acistore ls -l example.com/odd rootfs
  [[ ${lines[0]} == *' a\x09b '* && ${lines[2]} == *'-> \xc2\x9b\xe2\x80\xae' ]] || fail 'expected escapes'
  run_acistore ls --json example.com/odd rootfs
  assert_json '[.entries[]|[.path,.raw]]' \
    '[["rootfs/\u001b[31mred\nline",null],["rootfs/été",true],["rootfs/link",null],["rootfs/été",null]]'
}

@test "nothing is read but headers, and written in few calls" {
  python3 -B - >many.aci <<EOF_PYTHON
import sys
sys.path.insert(0, "$IMAGES")
import aci
sys.stdout.buffer.write(aci.image(
    *(aci.entry(f"rootfs/{i:04d}", bytes(100000)) for i in range(200)),
    *(aci.entry(f"rootfs/small{i:04d}", b"x") for i in range(2000)),
    json=aci.manifest("example.com/many")))
EOF_PYTHON
  acistore import many.aci
  ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -qq -o trace -e trace=pread64,read,write \
    "$ACISTORE" ls -R example.com/many >out
  [[ $(wc -l <out) == 2202 ]]
  [[ $(grep -c 'write(1,' trace) -le 2 ]]
  bytes=$(awk '/(read|pread64)\(/ && $NF > 0 { sum += $NF } END { print sum }' trace)
  ((bytes < 5000000)) || fail "expected few of the 22 MB to be read, but it is $bytes"
}

@test "a flipped bit in a header is status 6; content is not looked at" {
  flip "$(blob_of "$key")" 100
  run_acistore ls "$key"
  assert_status 6
  assert_stderr_line "^ls: $key: the store is damaged: entry 1 at byte 0: header checksum"
}

@test "bytes that are no image have nothing in them" {
  printf 'no image' >file
  blob=$(acistore put file)
  run_acistore ls "$blob"
  assert_failure 3 'a blob, but not an image'
}

@test "no such image is status 3; without IMAGE, or with a third argument, the command line is wrong" {
  run_acistore ls example.com/none
  assert_failure 3 'example\.com/none'
  run_acistore ls
  assert_failure 2 .
  run_acistore ls "$key" rootfs rootfs
  assert_failure 2 .
}

@test "to look is not to use" {
  before=$(acistore list --full --no-legend --fields lastused)
  acistore ls -R "$key" >/dev/null
  [[ $(acistore list --full --no-legend --fields lastused) == "$before" ]]
}
