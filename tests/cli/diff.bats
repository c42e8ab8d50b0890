#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore diff IMAGE OTHER [--stat] [--times]: what differs between two images.

load support

# image FILE [MANIFEST_MEMBERS] <<<PYTHON: an image with the entries that the lines make, which is
# imported; prints its key. aci's functions are at hand as they are.
image() {
  python3 -B -c '
import sys
sys.path.insert(0, sys.argv[1])
from aci import *
from aci import image as whole
members = eval("dict(" + sys.argv[3] + ")")
entries = b"".join(eval(line) for line in sys.stdin.read().splitlines() if line)
with open(sys.argv[2], "wb") as out:
    out.write(whole(entries, json=manifest(members.pop("name", "example.com/app"), **members)))
' "$IMAGES" "$1" "${2:-}"
  acistore import "$1"
}

# differs LINES A B ARGUMENT...: status 9 and these lines.
differs() {
  run_acistore diff "${@:2}"
  assert_status 9
  assert_stderr ''
  assert_stdout "$1"
}

is_same() {
  run_acistore diff "$@"
  assert_status 0
  assert_stdout ''
  assert_stderr ''
}

@test "an image is the same as itself, and as another one that only its archive makes another" {
  a=$(image a.aci <<<'directory("rootfs/a") + entry("rootfs/a/b", "x") + entry("rootfs/c", "y")')
  b=$(image b.aci <<<'directory("./") + entry("./rootfs/c", "y", mtime=7, uname="root") + directory("rootfs/a/") + entry("rootfs/a/b", "x")')
  is_same "$a" "$a"
  is_same "$a" "$b"
  is_same "$b" "$a"
  run_acistore diff --json "$a" "$b"
  assert_status 0
  assert_json '[.manifest,.differences,.summary.same]' '[[],[],5]'
}

@test "what was added, removed and changed, by path" {
  a=$(image a.aci <<<'entry("rootfs/z", "old") + entry("rootfs/gone", "12345") + entry("rootfs/same", "x") + entry("rootfs/grows", "x")
symlink("rootfs/link", "a") + header("rootfs/null", type="3", devmajor=1, devminor=3) + entry("rootfs/type", "x")
entry("rootfs/mode", "x", mode=0o4755) + entry("rootfs/owner", "x", uid=1, gid=2)')
  b=$(image b.aci <<<'entry("rootfs/grows", "xyz") + entry("rootfs/same", "x") + entry("rootfs/z", "new") + symlink("rootfs/new", "z")
symlink("rootfs/link", "b") + header("rootfs/null", type="3", devmajor=1, devminor=5) + directory("rootfs/type", mode=0o644)
entry("rootfs/mode", "y", mode=0o755) + entry("rootfs/owner", "x", uid=0, gid=2) + entry("rootfs/a", "12")')
  differs "\
added	rootfs/a	file 2 bytes
removed	rootfs/gone	file 5 bytes
changed	rootfs/grows	content 1 -> 3 bytes
changed	rootfs/link	link \"a\" -> \"b\"
changed	rootfs/mode	content, mode 4755 -> 0755
added	rootfs/new	symlink to \"z\"
changed	rootfs/null	device 1,3 -> 1,5
changed	rootfs/owner	owner 1:2 -> 0:2
changed	rootfs/type	type file -> directory
changed	rootfs/z	content" "$a" "$b"
  run_acistore diff "$b" "$a"
  assert_status 9
  assert_stdout_line 'removed	rootfs/a	file 2 bytes'
  assert_stdout_line 'added	rootfs/gone	file 5 bytes'
}

@test "--stat: how much, as field: value" {
  a=$(image a.aci 'app={"user": "0", "group": "0"}' <<<'entry("rootfs/z", "old") + entry("rootfs/gone", "12345") + entry("rootfs/same", "x")')
  b=$(image b.aci 'labels=[("os", "linux")]' <<<'entry("rootfs/same", "x") + entry("rootfs/z", "newer", mode=0o600) + symlink("rootfs/new", "z")')
  size_a=$(acistore cat "$a" manifest | wc -c)
  size_b=$(acistore cat "$b" manifest | wc -c)
  differs "\
members: 2
added: 1
addedBytes: 0
removed: 1
removedBytes: 5
changed: 2
changedBytes: $((size_a + 3)) -> $((size_b + 5))
changes: content 2, mode 1
same: 2" "$a" "$b" --stat
  run_acistore diff "$a" "$b" --stat --json
  assert_status 9
  assert_json '[keys,(.summary|.members,.added,.removedBytes,.changed,.changes.mode,.changes.owner)]' '[["summary"],2,1,5,2,1,0]'
  run_acistore diff "$a" "$a" --stat
  assert_status 0
  assert_stdout_line 'changed: 0'
}

@test "the members of the manifest that differ" {
  a=$(image a.aci 'labels=[("version", "1"), ("arch", "amd64"), ("os", "linux")], app={"exec": ["/a"], "user": "0", "group": "0"}' <<<'')
  b=$(image b.aci 'labels=[("os", "linux"), ("version", "2")], app={"exec": ["/a", "b\x1b"], "user": "0", "group": "0"}, name="example.com/other"' <<<'')
  size_a=$(acistore cat "$a" manifest | wc -c)
  size_b=$(acistore cat "$b" manifest | wc -c)
  differs "\
changed	manifest:app.exec	[\"/a\"] -> [\"/a\",\"b\\\\u001b\"]
removed	manifest:labels[arch]	{\"name\":\"arch\",\"value\":\"amd64\"}
changed	manifest:labels[version].value	\"1\" -> \"2\"
changed	manifest:name	\"example.com/app\" -> \"example.com/other\"
changed	manifest	content $size_a -> $size_b bytes" "$a" "$b"
  run_acistore diff --json "$a" "$b"
  assert_json '.manifest[1]' \
    '{"member":"labels[arch]","status":"removed","before":"{\"name\":\"arch\",\"value\":\"amd64\"}","after":null}'
}

@test "times count with --times" {
  a=$(image a.aci <<<'entry("rootfs/a", "x", mtime=1)')
  b=$(image b.aci <<<'entry("rootfs/a", "x", mtime=2)')
  is_same "$a" "$b"
  differs 'changed	rootfs/a	time 1970-01-01T00:00:01.000000000Z -> 1970-01-01T00:00:02.000000000Z' "$a" "$b" --times
}

@test "global headers count for owner and time" {
  a=$(image a.aci <<<'pax({"uid": "5", "mtime": "9"}, type="g") + entry("rootfs/a", "x") + pax({"uid": "6"}, type="g") + entry("rootfs/b", "x")')
  b=$(image b.aci <<<'entry("rootfs/a", "x", uid=5, mtime=9) + entry("rootfs/b", "x", uid=7, mtime=9)')
  differs 'changed	rootfs/b	owner 6:0 -> 7:0' "$a" "$b" --times
}

@test "extended attributes and ACLs count" {
  a=$(image a.aci <<<'pax({"SCHILY.xattr.user.a": "1"}) + entry("rootfs/a", "x") + entry("rootfs/b", "x")')
  b=$(image b.aci <<<'entry("rootfs/a", "x") + pax({"SCHILY.acl.access": "user::rwx"}) + entry("rootfs/b", "x")')
  differs 'changed	rootfs/a	xattrs
changed	rootfs/b	xattrs' "$a" "$b"
}

@test "hard links are the file that they name, whichever of its names has the content" {
  a=$(image a.aci <<<'entry("rootfs/a", "x") + hard_link("rootfs/b", "rootfs/a")')
  b=$(image b.aci <<<'entry("rootfs/b", "x") + hard_link("rootfs/a", "./rootfs/b", mode=0)')
  is_same "$a" "$b"
  c=$(image c.aci <<<'entry("rootfs/a", "x") + entry("rootfs/b", "x")')
  differs 'changed	rootfs/b	link "rootfs/a" -> none' "$a" "$c"
  d=$(image d.aci <<<'entry("rootfs/a", "y") + hard_link("rootfs/b", "rootfs/a")')
  differs 'changed	rootfs/a	content' "$a" "$d"
  e=$(image e.aci <<<'entry("rootfs/a", "x") + hard_link("rootfs/b", "rootfs/none")')
  differs 'changed	rootfs/b	type file -> hardlink, link "rootfs/a" -> "rootfs/none"' "$a" "$e"
}

@test "the mode of a symbolic link means nothing" {
  a=$(image a.aci <<<'symlink("rootfs/a", "x", mode=0o777)')
  b=$(image b.aci <<<'symlink("rootfs/a", "x", mode=0o644)')
  is_same "$a" "$b"
}

@test "a sparse file is what it was before it was stored" {
  mkdir -p image/rootfs
  make_image some.aci --name example.com/app
  tar xf some.aci -C image manifest
  truncate -s 3000000 image/rootfs/sparse
  printf middle | dd of=image/rootfs/sparse bs=1 seek=1500000 conv=notrunc status=none
  tar --sparse --format=gnu -C image -cf sparse.aci manifest rootfs
  tar --format=posix -C image -cf plain.aci manifest rootfs
  is_same "$(acistore import sparse.aci)" "$(acistore import plain.aci)"
  printf M | dd of=image/rootfs/sparse bs=1 seek=1500000 conv=notrunc status=none
  tar --sparse --format=posix -C image -cf other.aci manifest rootfs
  differs 'changed	rootfs/sparse	content' "$(acistore import other.aci)" "$(acistore import plain.aci)"
}

@test "a byte at the end of a large file is seen" {
  make_image a.aci --name example.com/app --size 1000000
  a=$(acistore import a.aci)
  cp a.aci b.aci
  flip b.aci $((1536 + 512 + 1000000 - 1))
  differs 'changed	rootfs/data	content' "$a" "$(acistore import b.aci)"
}

@test "names that would control a terminal are written as escapes; JSON has them as they are" {
  a=$(image a.aci <<<'')
  b=$(image b.aci <<<'entry("rootfs/\x1b[1m\tx", "x") + symlink(b"rootfs/\xe9", "\x07")')
  differs 'added	rootfs/\x1b[1m\x09x	file 1 bytes
added	rootfs/\xe9	symlink to "\x07"' "$a" "$b"
  run_acistore diff --json "$a" "$b"
  assert_status 9
  assert_json '.differences[0]' \
    '{"path":"rootfs/\u001b[1m\tx","status":"added","changes":[],"before":null,"after":{"type":"file","mode":"0644","uid":0,"gid":0,"size":1,"mtime":"1970-01-01T00:00:00.000000000Z","link":null}}'
  assert_json '.differences[1]|[.path,.raw,.after.link]' '["rootfs/é",true,"\u0007"]'
}

@test "a damaged archive is status 6, and says which it is" {
  a=$(image a.aci <<<'entry("rootfs/a", "x")')
  b=$(image b.aci <<<'entry("rootfs/a", "y")')
  flip "$(blob_of "$a")" 100
  run_acistore diff "$b" "$a"
  assert_status 6
  assert_stderr_line "^diff: $a: the store is damaged"
  run_acistore diff "$a" "$b"
  assert_stderr_line "^diff: $a: the store is damaged"
}

@test "an image that is not there is status 3, and nothing is printed" {
  a=$(image a.aci <<<'')
  for option in '' --json; do
    run_acistore diff "$a" example.com/none $option
    assert_status 3
    assert_stdout ''
    run_acistore diff example.com/none "$a" $option
    assert_status 3
    assert_stdout ''
  done
}

@test "two images are named, no more and no less" {
  run_acistore diff
  assert_failure 2 .
  run_acistore diff example.com/a
  assert_failure 2 .
  run_acistore diff example.com/a example.com/b example.com/c
  assert_failure 2 .
}
