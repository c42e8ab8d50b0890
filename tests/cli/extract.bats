#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore extract IMAGE DIR [--rootfs-only] [--overwrite] [--strict]: an image as a directory, exactly
# as it is recorded, whole or not at all, and never anything beside it.

load support
load other_user

OTHER=60001

# A store with a small image of an ordinary user's, and one of all that a user may not make.
setup_file() {
  fresh_store
  python3 -B - <<EOF_PYTHON
import sys
sys.path.insert(0, "$IMAGES")
from aci import *
def write(name, *entries, **fields):
    with open(name + ".aci", "wb") as file:
        file.write(b"".join([entry("manifest", manifest("example.com/" + name), **fields),
                             directory("rootfs", mode=0o751, mtime=1234, **fields), *entries, MARKER]))
own = {"uid": $OTHER, "gid": $OTHER}
write("own",
      directory("rootfs/bin", mode=0o1777, mtime=5, **own), entry("rootfs/bin/su", "su", mode=0o6755, **own),
      pax({"mtime": "1709208000.123456789"}), entry("rootfs/motd", "hello\n", mode=0o600, **own),
      hard_link("rootfs/issue", "rootfs/motd"), symlink("rootfs/sh", "/bin/su", mtime=7, **own),
      header("rootfs/fifo", type="6", mode=0o620, **own),
      entry("rootfs/" + "x" * 90 + "/" + "implied", "y", **own), **own)
write("root",
      entry("rootfs/shadow", "x", mode=0o640, uid=0, gid=42), entry("rootfs/su", "x", mode=0o4755, uid=0, gid=$OTHER),
      header("rootfs/null", type="3", mode=0o666, devmajor=1, devminor=3, **own),
      header("rootfs/sda", type="4", mode=0o660, devmajor=8, devminor=0, **own),
      hard_link("rootfs/zero", "rootfs/null"), header("rootfs/fifo", type="6", **own),
      pax({"SCHILY.xattr.security.capability": b"\x01\0\0\2\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
           "SCHILY.xattr.trusted.x": "1"}), entry("rootfs/ping", "x", mode=0o755, **own), **own)
EOF_PYTHON
  acistore import own.aci root.aci >/dev/null
}

setup() {
  fresh_store
  cp "$BATS_FILE_TMPDIR"/work/*.aci .
  cp -a "$BATS_FILE_TMPDIR/store" "$ACISTORE_DIR"
  mkdir out
  LIST_TREE=$BATS_TEST_DIRNAME/list-tree
}

# The directory out/ holds these names and no other, hidden ones included.
assert_out() {
  local names
  names=$(ls -A out | paste -sd' ')
  [[ $names == "$*" ]] || fail "expected in out/: $*
but there is: $names"
}

# same EXPECTED SEEN [OPTION...]: the two trees do not differ.
same() {
  diff <("$LIST_TREE" "$1" "${@:3}") <("$LIST_TREE" "$2" "${@:3}") || fail "expected $2 to be as $1"
}

@test "manifest and rootfs, or the rootfs alone, and nothing is printed" {
  key=$(key_of own.aci)
  local number=0
  for image in "$key" "${key:0:30}" "$(id_of own.aci)" example.com/own; do
    run_acistore --no-sync extract "$image" "out/$((number += 1))"
    assert_status 0
    [[ $EUID == 0 ]] || continue
    assert_stdout ''
    assert_stderr ''
    [[ $(ls -A "out/$number" | paste -sd' ') == 'manifest rootfs' ]]
    touch -d @0 "out/$number"/rootfs/x* # which the archive does not name
    same out/1/rootfs "out/$number/rootfs"
  done
  acistore manifest "$key" | cmp - out/1/manifest
  [[ $(cat out/1/rootfs/motd) == hello && $(readlink out/1/rootfs/sh) == /bin/su ]]
  [[ $(stat -c '%a %Y' out/1/rootfs) == '751 1234' ]]
  [[ $(stat -c '%a %Y' out/1/rootfs/bin) == '1777 5' ]]
  [[ $(stat -c '%a %.9Y %h' out/1/rootfs/motd) == '600 1709208000.123456789 2' ]]
  [[ $(stat -c '%a %F' out/1/rootfs/fifo) == '620 fifo' && $(stat -c %Y out/1/rootfs/sh) == 7 ]]
  acistore --no-sync extract --rootfs-only example.com/own out/rootfs//
  (cd out && acistore --json --no-sync extract --rootfs-only example.com/own here) >printed
  [[ ! -s printed ]]
  touch -d @0 out/{rootfs,here}/x*
  same out/1/rootfs out/rootfs
  same out/rootfs out/here
  assert_out 1 2 3 4 here rootfs
}

# What tar programs write of a tree with all there is, and whether it comes out as GNU tar has it.
@test "as root: all that an archive records, as GNU tar extracts it" {
  needs_root 'make devices and owners'
  mkdir -p image/rootfs/{etc,dev,deep/er,sticky}
  cp own.aci image/rootfs/etc/copy
  cd image
  tar xf ../own.aci manifest
  cd rootfs
  mknod dev/null c 1 3
  mknod dev/sda b 8 300
  mkfifo dev/initctl
  ln -s ../etc/copy dev/link
  ln etc/copy deep/hard
  ln etc/copy deep/er/hard
  truncate -s 20M sparse
  printf x | dd of=sparse bs=1 seek=5000000 conv=notrunc 2>/dev/null
  truncate -s 3M allhole
  : >empty
  seq 100000 >"$(printf 'n%.0s' {1..255})"
  : >$'new\nline\e[31m'
  cp etc/copy suid
  chown -hR 1000:100 etc dev/link
  chown 12345:4000000000 suid empty
  chmod 6755 suid
  chmod 1777 sticky
  chmod 2070 deep/er
  chmod 000 empty
  if setfattr -n user.note -v 'some thing' etc/copy 2>/dev/null; then
    setfattr -n user.dir -v 1 deep
    setfattr -n trusted.t -v 0xff00 sparse
    setfattr -h -n trusted.l -v 1 dev/link
    setcap cap_net_raw+ep etc/copy 2>/dev/null || true
    setfacl -m u:1234:rwx,g:300:r,d:u:55:rx,d:g::rwx deep etc || true
    setfacl -m u:77:r,m::rw etc/copy dev/null || true
  fi
  touch -hd '2001-02-03 04:05:06.789012345' dev/link dev/sda sparse suid
  touch -d '1960-01-01 00:00:00.5' empty
  touch -d '2010-01-01 00:00:01.25' deep etc sticky ..
  cd ../..
  local everything=(--xattrs --xattrs-include='*' --acls)
  tar -C image "${everything[@]}" --format=pax --sparse -cf pax.aci manifest rootfs
  tar -C image "${everything[@]}" --format=pax --sparse --sparse-version=0.1 --sort=name -cf pax01.aci .
  tar -C image --format=gnu --sparse --numeric-owner -cf gnu.aci rootfs manifest
  if command -v bsdtar >/dev/null; then
    # It does not read what it writes of a half of a second before 1970.
    touch -d @5 image/rootfs/empty
    bsdtar -C image --format=pax --acls --xattrs -cf bsd.aci manifest rootfs
  fi
  for archive in pax pax01 gnu bsd; do
    [[ -e $archive.aci ]] || continue
    key=$(acistore import $archive.aci)
    run_acistore --no-sync extract --strict "$key" out/$archive
    assert_status 0
    assert_stderr ''
    mkdir expected
    if [[ $archive == bsd ]]; then
      # GNU tar has no holes where bsdtar records none, and reads no LIBARCHIVE.xattr.
      bsdtar -xpf bsd.aci -C expected --acls --xattrs --numeric-owner
      # It cannot make these: no attributes on links.
      setfattr -h -x trusted.l expected/rootfs/dev/link 2>/dev/null || true
      setfattr -h -x trusted.l out/bsd/rootfs/dev/link 2>/dev/null || true
    else
      tar "${everything[@]}" --numeric-owner -xpf $archive.aci -C expected
      tar "${everything[@]}" --numeric-owner --compare -f $archive.aci -C out/$archive
    fi
    # The directory itself is in one of them only.
    [[ $archive == pax01 ]] || touch -r out/$archive expected
    same expected out/$archive
    rm -rf expected
  done
  [[ $(stat -c %Y out/pax01) == "$(stat -c %Y image)" ]]
  (umask 077 && acistore --no-sync extract "$(key_of pax.aci)" out/umask)
  same out/pax/rootfs out/umask/rootfs
  [[ $(stat -c %a out/pax out/umask | paste -sd' ') == '755 700' ]]
  [[ $(stat -c %b out/pax/rootfs/sparse) -lt 100 && $(stat -c %b out/pax/rootfs/allhole) == 0 ]]
}

@test "as another user: what needs root is left out, and told in one line" {
  let_others_in
  chmod 777 out
  run_as $OTHER $OTHER --no-sync extract example.com/own out/own
  assert_status 0
  assert_stderr ''
  acistore --no-sync extract example.com/own out/own-by-root
  same out/own-by-root/rootfs/bin out/own/rootfs/bin
  [[ $(stat -c '%a %u' out/own/rootfs/bin/su) == "6755 $OTHER" ]]
  run_as $OTHER $OTHER --no-sync extract --strict example.com/own out/strict
  assert_status 0
  local left='2 owners, 1 set-id mode, 3 devices, 2 extended attributes; the first at rootfs/shadow'
  run_as $OTHER $OTHER --no-sync extract example.com/root out/root
  assert_status 0
  assert_stdout ''
  assert_stderr "acistore: extract: out/root: left out, since this takes root or another file system: $left"
  [[ $(cd out/root/rootfs && ls | paste -sd' ') == 'fifo ping shadow su' ]]
  [[ $(stat -c '%a %u' out/root/rootfs/{shadow,su} | paste -sd' ') == "640 $OTHER 755 $OTHER" ]]
  run_as $OTHER $OTHER --quiet --no-sync extract example.com/root out/quiet
  assert_status 0
  assert_stderr ''
  for option in '' --overwrite; do
    run_as $OTHER $OTHER --no-sync extract --strict $option example.com/root out/none
    assert_failure 1 "^extract: out/none: this takes root, or another file system: $left\$"
  done
  assert_out own own-by-root quiet root strict
  # To the groups that he is in he may give it.
  run_as $OTHER $OTHER,42 --no-sync extract example.com/root out/group
  [[ $(stat -c '%u %g' out/group/rootfs/shadow) == "$OTHER 42" ]]
}

@test "something that is there is left alone, status 10, and --overwrite replaces it as a whole" {
  mkdir out/dir out/empty out/target
  echo precious | tee out/dir/file out/target/kept >out/file
  ln -s target out/link
  ln -s nowhere out/dangling
  for name in dir empty link dangling file; do
    run_acistore --no-sync extract example.com/own "out/$name"
    assert_failure 10 "^extract: out/$name: is there already \\(--overwrite replaces it\\)\$"
  done
  [[ $(cat out/dir/file out/file | paste -sd' ') == 'precious precious' && -L out/link ]]
  for name in dir empty link dangling new; do
    run_acistore --no-sync extract --overwrite --rootfs-only example.com/own "out/$name/"
    assert_status 0
    [[ ! -L out/$name && $(ls "out/$name" | wc -l) == 6 ]]
  done
  [[ $(cat out/target/kept) == precious ]]
  run_acistore --no-sync extract --overwrite example.com/own out/file
  assert_failure 10 '^extract: out/file: is there, and no directory that could be replaced'
  for name in out/. . .. /; do
    run_acistore --no-sync extract --overwrite example.com/own "$name"
    assert_failure 10 'cannot be replaced by that name'
  done
  run_acistore --no-sync extract example.com/own nowhere/x
  assert_failure 1 '^extract: nowhere/x: open directory: No such file or directory'
  run_acistore --no-sync extract example.com/own ''
  assert_failure 1 'No such file or directory'
  assert_out dangling dir empty file link new target
}

@test "where the kernel or the file system has no such rename it is the same" {
  needs strace
  mkdir out/old
  ln -s old out/link
  for name in new old link; do
    ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -qq -o trace -e trace=renameat2 -e inject=renameat2:error=EINVAL \
      "$ACISTORE" --no-sync extract --overwrite example.com/own out/$name
    [[ ! -L out/$name && -e out/$name/manifest ]]
  done
  run --separate-stderr env ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" strace -f -qq -o trace -e trace=renameat2 -e inject=renameat2:error=EINVAL \
    "$ACISTORE" --no-sync extract example.com/own out/old
  assert_failure 10 'is there already'
  assert_out link new old
}

make_hostile() {
  "$IMAGES/hostile_images.py" "$PWD" $OTHER
  acistore import [0-9]*.aci >/dev/null
  echo untouched >secret
  touch -d 2000-01-01 secret
}

@test "an image that leads elsewhere is status 5, always and for everybody, and leaves nothing" {
  make_hostile
  # run_all COUNT COMMAND...: of so many of them.
  run_all() {
    local count=$1
    shift
    while IFS=$'\t' read -r image name message; do
      "$@" --no-sync extract "$image" out/x
      [[ ${status:-} == 5 && ${output:-} == '' && ${stderr:-} == *"$message"* && ${#stderr_lines[@]} == 1 ]] ||
        fail "$name: expected status 5 and: $message"
      [[ $stderr == 'acistore: extract: entry '* && $stderr != *$'\e'* ]] || fail "$name: expected the entry, quoted"
      assert_out ''
    done < <(head -n "$count" hostile)
    [[ $(stat -c '%h %Y' secret) == '1 946684800' && $(cat secret) == untouched ]]
  }
  run_all 99 run_acistore
  if command -v strace >/dev/null; then
    traced() {
      ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -qq -o trace -e trace=openat2 -e inject=openat2:error=ENOSYS "$ACISTORE" "$@"
    }
    run_stepwise() {
      status=0
      traced "$@" >"$BATS_TEST_TMPDIR/.stdout" 2>"$BATS_TEST_TMPDIR/.stderr" || status=$?
      read_lines "$BATS_TEST_TMPDIR/.stdout" output lines
      read_lines "$BATS_TEST_TMPDIR/.stderr" stderr stderr_lines
    }
    run_all 5 run_stepwise
    traced --no-sync extract example.com/own out/stepwise
    [[ $(grep -c openat2 trace) == 1 ]] || fail 'expected openat2 to be asked for once'
    acistore --no-sync extract example.com/own out/own
    same out/own/rootfs/bin out/stepwise/rootfs/bin
    rm -rf out/*
  fi
  [[ $EUID == 0 ]] || return 0
  let_others_in
  chmod 777 out
  run_all 99 run_as $OTHER $OTHER
}

@test "names and paths as long as they may be, and names that a terminal would obey" {
  python3 -B - >names.aci <<EOF_PYTHON
import sys
sys.path.insert(0, "$IMAGES")
from aci import *
own = {"uid": $EUID, "gid": $EUID}
deep = "rootfs" + "/d" * 2043
entries = [pax({"path": deep + "/f"}) + entry("x", "deep", **own),
           pax({"path": "rootfs/" + "n" * 255}) + entry("x", "long", **own),
           entry("rootfs/new\nline", "1", **own), entry("rootfs/\x1b[31m", "2", **own),
           entry(b"rootfs/\xff\xfe", "3", **own), entry("rootfs/ \\\\\"'", "4", **own)]
sys.stdout.buffer.write(image(*entries, json=manifest("example.com/names")))
EOF_PYTHON
  acistore import names.aci >/dev/null
  run_acistore --no-sync extract example.com/names out/x
  assert_status 0
  [[ $(cat out/x/rootfs/$'new\nline' out/x/rootfs/$'\e[31m' out/x/rootfs/$'\xff\xfe' out/x/rootfs/$' \\"\'') == 1234 ]]
  [[ $(cat "out/x/rootfs/$(printf 'n%.0s' {1..255})") == long ]]
  (cd out/x/rootfs && for count in 511 511 511 510; do cd -P "$(printf 'd/%.0s' $(seq $count))"; done && [[ $(cat f) == deep ]])
  acistore --no-sync extract --overwrite example.com/own out/x
  [[ -e out/x/rootfs/motd ]]
  assert_out x
}

@test "more attributes than a file may have end in a failure that names one" {
  python3 -B - >bomb.aci <<EOF_PYTHON
import sys
sys.path.insert(0, "$IMAGES")
from aci import *
own = {"uid": $EUID, "gid": $EUID}
sys.stdout.buffer.write(image(pax([(f"SCHILY.xattr.user.{n}", "x" * 60000) for n in range(17)]),
                              entry("rootfs/bomb", "x", **own), json=manifest("example.com/bomb")))
EOF_PYTHON
  acistore import bomb.aci >/dev/null
  run_acistore --no-sync extract example.com/bomb out/x
  case $status in
    0) [[ -n $stderr || $(getfattr out/x/rootfs/bomb 2>/dev/null | grep -c user) == 17 ]] || fail 'expected all of them' ;;
    1 | 8)
      assert_failure "$status" '^extract: entry 3 \("rootfs/bomb"\): set extended attribute "user\.[0-9]+": '
      assert_out ''
      ;;
    *) fail 'expected all of them, or a failure of the system' ;;
  esac
}

@test "what others put into the tree while it is made is not followed" {
  needs_root 'be in everybody'\''s way'
  python3 -B - >many.aci <<EOF_PYTHON
import sys
sys.path.insert(0, "$IMAGES")
from aci import *
entries = [entry(f"rootfs/{'ab'[n % 2]}/f{n}", "x" * 300) for n in range(6000)]
sys.stdout.buffer.write(image(*entries, json=manifest("example.com/many")))
EOF_PYTHON
  acistore import many.aci >/dev/null
  mkdir target
  cat >swap.py <<'EOF_PYTHON'
import glob, os, sys
while os.path.exists("racing"):
    for rootfs in glob.glob("out/.acistore-*/rootfs"):
        for name in "ab":
            try:
                os.rename(f"{rootfs}/{name}", f"{rootfs}/moved")
                os.symlink(sys.argv[1], f"{rootfs}/{name}")
            except OSError:
                pass
EOF_PYTHON
  touch racing
  python3 swap.py "$PWD/target" 3>&- &
  local racer=$!
  local lost=0
  for _ in 1 2 3 4 5; do
    run_acistore --no-sync extract example.com/many out/x
    case $status in
      5) lost=1 && [[ $stderr == *'symbolic link'* ]] || fail 'expected the link to be told' ;;
      0) ;;
      *) [[ $stderr == *rootfs/* ]] || fail 'expected a failure that names the entry' ;;
    esac
    rm -rf out/x
  done
  rm racing
  wait "$racer"
  [[ $(ls -A target | wc -l) == 0 ]] || fail 'something was written elsewhere'
  ((lost)) || skip 'the race was not won once'
}

@test "a directory that hands on its group, its rights or nothing" {
  needs_root
  mkdir out/setgid
  chown 0:12345 out/setgid
  chmod 2777 out/setgid
  acistore --no-sync extract example.com/own out/plain
  acistore --no-sync extract example.com/own out/setgid/x
  same out/plain/rootfs/bin out/setgid/x/rootfs/bin
  [[ $(stat -c %g out/setgid/x/rootfs/x*) == 0 ]]
  setfacl -m d:u:5:rwx,d:m::rwx out/setgid 2>/dev/null || skip 'no access control lists'
  acistore --no-sync extract example.com/own out/setgid/y
  same out/setgid/x/rootfs/bin out/setgid/y/rootfs/bin
  [[ -z $(getfacl -R --skip-base out/setgid/y) ]]
}

@test "a damaged archive is status 6: nothing appears, and nothing is replaced" {
  key=$(key_of own.aci)
  mkdir out/old
  echo precious >out/old/file
  # In content, in a path, in a header, in what follows the end.
  for offset in 6700 3600 3720 $(($(stat -c %s own.aci) - 1)); do
    flip "$(blob_of "$key")" "$offset"
    for option in '' --rootfs-only --overwrite; do
      name=new
      [[ $option != --overwrite ]] || name=old
      run_acistore --no-sync extract $option "$key" out/$name
      assert_failure 6 "^extract: $key: the store is damaged: the blob does not match its key"
      assert_out old
    done
    flip "$(blob_of "$key")" "$offset"
  done
  [[ $(cat out/old/file) == precious ]]
  chmod u+w "$(blob_of "$key")"
  truncate -s -512 "$(blob_of "$key")"
  run_acistore --no-sync extract "$key" out/new
  assert_failure 6 "$key"
  assert_out old
}

@test "no such image is status 3, so is a blob that is none, an ambiguous prefix 4, a malformed key 2" {
  run_acistore --no-sync extract example.com/none out/x
  assert_failure 3 'example\.com/none'
  echo no image >bytes
  run_acistore --no-sync extract "$(acistore put bytes)" out/x
  assert_failure 3 'image'
  run_acistore --no-sync extract sha512-XYZ out/x
  assert_failure 2 'sha512-XYZ'
  run_acistore --store none --no-sync extract example.com/own out/x
  assert_failure 3 none
  run_acistore --no-sync extract example.com/own
  assert_failure 2 DIR
  make_image --many 40 many --name example.com/many
  acistore import many/*.aci >keys
  run_acistore --no-sync extract "$(cut -c 1-9 keys | sort | uniq -d | head -n 1)" out/x
  assert_failure 4 ambiguous
  run_acistore --json --no-sync extract example.com/none out/x
  assert_json_error '.error.status, .error.kind' '3
"not-found"'
  assert_out ''
}

@test "a full disk is status 8, a file that may not grow 1, and both leave nothing" {
  make_image big.aci --name example.com/big --size 3000000
  acistore import big.aci >/dev/null
  run --separate-stderr bash -c "ulimit -f 1000; '$ACISTORE' extract example.com/big out/x"
  assert_failure 1 '^extract: entry 3 \("rootfs/data"\): write: File too large'
  assert_out ''
  needs_root 'mount a file system'
  mount -t tmpfs -o size=1m tmpfs out 2>/dev/null || skip 'no tmpfs can be mounted here'
  mkdir out/old
  echo precious >out/old/file
  run_acistore --no-sync extract --overwrite example.com/big out/old
  local names precious
  names=$(ls -A out) precious=$(cat out/old/file)
  umount out
  assert_failure 8 'No space left on device'
  [[ $names == old && $precious == precious ]]
}

@test "SIGINT, SIGTERM and SIGHUP in the middle leave nothing, SIGKILL a hidden directory" {
  needs strace 'it slows the program down'
  mkdir out/old
  for signal in INT TERM HUP KILL; do
    ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -qq -o trace -e trace=mkdirat,kill -e inject=mkdirat:delay_exit=300000:when=3+ \
      bash -c 'echo $$ >pid; exec env --default-signal "$0" --no-sync extract --overwrite example.com/own out/old' "$ACISTORE" 3>&- &
    local tracer=$!
    for _ in {1..200}; do
      ! compgen -G 'out/.acistore-*/rootfs' >/dev/null || break
      sleep 0.02
    done
    kill -"$signal" "$(cat pid)"
    status=0
    wait "$tracer" || status=$?
    assert_status "$((128 + $(kill -l "$signal")))"
    [[ -z $(ls -A out/old) ]] || fail 'expected the old directory'
    [[ $signal == KILL ]] || assert_out old
  done
  [[ $(ls -A out | sed 's/-.*//' | paste -sd' ') == '.acistore old' ]]
}

@test "it is on stable storage before it has its name, and with --no-sync nobody waits" {
  needs strace
  ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -qq -o trace -e trace=syncfs,fsync,renameat2 "$ACISTORE" extract example.com/own out/x
  [[ $(sed 's/^[0-9]* *//; s/(.*//' trace | paste -sd' ') == 'syncfs renameat2 fsync' ]] ||
    fail "expected syncfs, renameat2, fsync: $(cat trace)"
  ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -qq -o trace -e trace=syncfs,fsync "$ACISTORE" --no-sync extract example.com/own out/y
  [[ ! -s trace ]] || fail "expected no flush: $(cat trace)"
}

@test "it counts as a use of the image" {
  sqlite3 "$ACISTORE_DIR/acistore.db" 'UPDATE image SET last_used = 0' 2>/dev/null ||
    skip 'the database is laid out in another way'
  acistore extract example.com/own out/x
  [[ $(acistore --json list example.com/own | jq -r '.images[0].lastUsed') != 1970-* ]]
}
