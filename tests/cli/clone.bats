#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Plain archives on a file system that can clone files (reflink): import and put share the blocks of
# the file, and what is stored does not change with it.

load support
load store_state

# A btrfs in a file, at full/, and the store in it. The smallest one takes 109 MiB of holes.
setup() {
  fresh_store
  needs_root 'mount a file system'
  needs mkfs.btrfs
  MOUNTED=()
  truncate -s 128M disk
  mkfs.btrfs -q disk >/dev/null 2>&1 || skip 'no btrfs can be made here'
  mkdir full
  mount -o loop disk full 2>/dev/null || skip 'no btrfs can be mounted here'
  MOUNTED=("$PWD/full")
  export ACISTORE_DIR=$PWD/full/store
  make_image web.aci --size 1000000
  cp web.aci full/web.aci
  key=$(key_of web.aci)
}

teardown() {
  unmount_all
}

# run_cloning ARGUMENT...: runs the program, which must clone full/web.aci once, and read no more of
# it than tells the compression.
run_cloning() {
  ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 run -0 --separate-stderr \
    strace -f -qq -y -o trace -e trace=read,write,pwrite64,ioctl,ftruncate "$ACISTORE" "$@"
  assert_stdout "$key"
  [[ $(grep -c 'FICLONE, .*) *= 0' trace) == 1 ]] ||
    fail "expected one clone, but there is: $(grep -E 'ioctl|web.aci' trace)"
  local bytes
  bytes=$(sed -n 's/.* read([0-9]*<[^>]*web\.aci>.* = \([0-9]*\)$/\1/p' trace | paste -sd+)
  ((${bytes:-0} <= 16)) || fail "expected no reading of the file, but there are $bytes bytes"
  if grep -E 'write.*full/store/(tmp|blob).*= [0-9]' trace; then
    fail 'expected nothing to be written to the blob'
  fi
}

@test "a plain archive is cloned, and its clone is what is hashed" {
  run_cloning import full/web.aci
  acistore cat "$key" | cmp - web.aci
  acistore cat "$key" manifest | cmp - <(tar xOf web.aci manifest)
}

@test "what is stored does not change with the file" {
  acistore import full/web.aci
  python3 -c '
with open("full/web.aci", "r+b") as file:
    file.write(b"x" * 900000)'
  acistore cat "$key" | cmp - web.aci
  run_acistore verify
  assert_status 0
}

@test "put clones too" {
  run_cloning put full/web.aci
  acistore cat "$key" | cmp - web.aci
}

@test "standard input that is a file is cloned from its start only" {
  run_cloning import - <full/web.aci
  acistore rm "$key"
  {
    printf 'before'
    cat web.aci
  } >full/shifted
  run -0 --separate-stderr bash -c '{ head -c 6 >/dev/null; "$ACISTORE" import -; } <full/shifted'
  acistore cat "$key" | cmp - web.aci
}

@test "compressed archives and files elsewhere are copied" {
  gzip -nc web.aci >full/web.aci.gz
  for file in full/web.aci.gz web.aci; do
    [[ $(acistore import "$file") == "$key" ]]
    acistore cat "$key" | cmp - web.aci
    acistore rm "$key"
  done
}

@test "a file that is no image leaves nothing" {
  head -c 500000 web.aci >full/cut.aci
  run_acistore import full/cut.aci
  assert_failure 5 'cut.aci'
  refute_kept
}

@test "cat --no-verify to a file shares the blocks of the stored one" {
  acistore import full/web.aci
  strace -qq -o trace -e trace=copy_file_range "$ACISTORE" cat --no-verify "$key" >full/out
  cmp full/out web.aci
  grep -q 'copy_file_range(.*) = [1-9]' trace
}
