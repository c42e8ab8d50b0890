#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Images as people make them: whatever GNU tar, bsdtar and Python's tarfile write of one tree is
# taken, and every regular file in it comes out right.

load support

# A tree with what is hard on archives, in image/: manifest and rootfs. Made once, and copied for
# each test.
setup_file() {
  fresh_store
  make_tree
}

setup() {
  fresh_store
  cp -a --sparse=always "$BATS_FILE_TMPDIR/work/image" .
  long=$(dirname "$(find image -name over-170-bytes)")/$(printf 'c%.0s' {1..250})
}

make_tree() {
  local a90 b80
  a90=$(printf 'a%.0s' {1..90})
  b80=$(printf 'b%.0s' {1..80})
  mkdir -p image/rootfs/{etc,empty-dir,usr/bin} "image/rootfs/$a90/$b80"
  make_image - | tar xO manifest >image/manifest
  cd image/rootfs || return
  printf 'root:x:0:0::/root:/bin/sh\n' >etc/passwd
  : >etc/empty
  printf 'block' | dd of=etc/512 bs=512 conv=sync status=none
  head -c 70000 /dev/zero | tr '\0' 'z' >usr/bin/big
  printf 'spaces' >'etc/a file with spaces'
  printf 'café' >etc/café
  printf 'over 100 bytes' >"$a90/over-100-bytes"
  printf 'over 170 bytes' >"$a90/$b80/over-170-bytes"
  printf 'whiteout' >etc/.wh.gone
  ln -s ../etc/passwd usr/passwd
  printf 'hard' >etc/hard-1
  ln etc/hard-1 usr/hard-2
  mkfifo etc/fifo
  truncate -s 3000000 sparse
  printf 'in the middle' | dd of=sparse bs=1 seek=1500000 conv=notrunc status=none
  printf 'at the end' >>sparse
  truncate -s 200000 only-a-hole
  find . -exec touch -h -d @1700000000.123456789 {} +
  cd ../.. || return
}

# Names that no ustar header holds; not in the tree of every test.
add_long_names() {
  mkdir -p "$long"
  ln -s "/${long#image/}" image/rootfs/usr/long-link
  printf 'over 255 bytes' >"$long/over-255-bytes"
  printf 'a component of 255' >"image/rootfs/etc/$(printf 'd%.0s' {1..255})"
}

# The archive is taken, and each regular file of the tree is in the image as it is on disk.
assert_image_right() {
  local key file count=0
  run_acistore import --no-sync "$1"
  assert_status 0
  assert_stdout "$(key_of "$1")"
  assert_stderr ''
  key=$output
  acistore cat "$key" | cmp - "$1"
  mapfile -t -d '' files < <(find image -type f -print0)
  [[ ${#files[@]} -ge 14 ]]
  for file in "${files[@]}"; do
    "$ACISTORE" cat "$key" "${file#image/}" || fail "cat ${file#image/}"
    printf '\n%s\n' "$file"
  done >in-the-image
  for file in "${files[@]}"; do
    cat "$file"
    printf '\n%s\n' "$file"
  done | cmp - in-the-image || fail "a file is not as it is on disk"
}

@test "GNU tar, format gnu" {
  add_long_names
  tar --format=gnu -C image -cf x.aci manifest rootfs
  assert_image_right x.aci
}

@test "GNU tar, format oldgnu" {
  add_long_names
  tar --format=oldgnu -C image -cf x.aci manifest rootfs
  assert_image_right x.aci
}

@test "GNU tar, format pax" {
  add_long_names
  tar --format=pax -C image -cf x.aci manifest rootfs
  assert_image_right x.aci
}

@test "GNU tar, format ustar" {
  tar --format=ustar -C image -cf x.aci manifest rootfs
  assert_image_right x.aci
}

@test "GNU tar, format v7" {
  rm -r image/rootfs/aaaa* image/rootfs/etc/fifo
  printf 1 >image/rootfs/1
  printf 2 >image/rootfs/2
  tar --format=v7 -C image -cf x.aci manifest rootfs
  assert_image_right x.aci
}

@test "GNU tar of the current directory, ./manifest and ./rootfs" {
  tar --format=gnu -C image -cf x.aci .
  assert_image_right x.aci
}

@test "GNU tar, sparse files in every format" {
  add_long_names
  tar --format=gnu --sparse -C image -cf gnu.aci manifest rootfs
  [[ $(stat -c %s gnu.aci) -lt 1000000 ]]
  assert_image_right gnu.aci
  for version in 0.0 0.1 1.0; do
    tar --format=pax --sparse --sparse-version=$version -C image -cf "pax-$version.aci" manifest rootfs
    [[ $(stat -c %s "pax-$version.aci") -lt 1000000 ]]
    assert_image_right "pax-$version.aci"
  done
}

@test "GNU tar, a sparse file of many pieces" {
  python3 -c '
for i in range(200):
    file = open("image/rootfs/pieces", "r+b" if i else "wb")
    file.seek(i * 65536)
    file.write(b"piece %d" % i)'
  for format in gnu pax; do
    tar --format=$format --sparse --hole-detection=raw -C image -cf $format.aci manifest rootfs
    assert_image_right $format.aci
  done
}

@test "GNU tar, extended attributes and access control lists" {
  needs setfattr
  setfattr -n user.comment -v 'a value' image/rootfs/etc/passwd 2>/dev/null ||
    skip 'the file system has no extended attributes'
  setfattr -n user.binary -v 0x000a3d00ff image/rootfs/usr/bin/big
  if [[ $EUID == 0 ]]; then
    setfattr -n security.capability -v 0x0100000200200000000000000000000000000000 image/rootfs/usr/bin/big || true
  fi
  tar --format=pax --xattrs --xattrs-include='*' --acls --selinux -C image -cf x.aci manifest rootfs 2>/dev/null
  grep -q 'SCHILY.xattr.user.comment=a value' x.aci
  assert_image_right x.aci
}

@test "GNU tar, devices" {
  needs_root 'make device nodes'
  mkdir image/rootfs/dev
  mknod image/rootfs/dev/null c 1 3 || skip 'device nodes cannot be made here'
  mknod image/rootfs/dev/sda b 8 0
  for format in gnu pax ustar; do
    tar --format=$format -C image -cf $format.aci manifest rootfs
    assert_image_right $format.aci
  done
}

@test "GNU tar, owners whose numbers need more than seven octal digits" {
  tar --format=gnu --owner=big:3000000 --group=big:3000000 -C image -cf gnu.aci manifest rootfs
  assert_image_right gnu.aci
  tar --format=pax --owner=big:3000000000 --group=big:3000000000 -C image -cf pax.aci manifest rootfs
  assert_image_right pax.aci
}

@test "GNU tar, times before 1970 and after 2242" {
  tar --format=gnu --mtime=1960-01-01 -C image -cf before.aci manifest rootfs
  assert_image_right before.aci
  tar --format=pax --mtime=2500-01-01 -C image -cf after.aci manifest rootfs
  assert_image_right after.aci
}

@test "GNU tar, another blocking factor" {
  tar --format=gnu -b 1 -C image -cf one.aci manifest rootfs
  assert_image_right one.aci
  tar --format=gnu -b 126 -C image -cf many.aci manifest rootfs
  assert_image_right many.aci
}

@test "GNU tar, compressed by gzip, bzip2 and xz" {
  tar --format=gnu -C image -cf plain.aci manifest rootfs
  for kind in gzip bzip2 xz; do
    needs $kind
    $kind -c <plain.aci >$kind.aci
    run_acistore import $kind.aci
    assert_status 0
    assert_stdout "$(key_of plain.aci)"
  done
}

@test "bsdtar, formats ustar, pax, restricted pax and gnutar" {
  needs bsdtar
  for format in ustar pax paxr gnutar; do
    bsdtar --format=$format -C image -cf $format.aci manifest rootfs
    assert_image_right $format.aci
  done
}

@test "bsdtar, long names" {
  needs bsdtar
  add_long_names
  for format in pax gnutar; do
    bsdtar --format=$format -C image -cf $format.aci manifest rootfs
    assert_image_right $format.aci
  done
}

@test "bsdtar, extended attributes" {
  needs bsdtar
  needs setfattr
  setfattr -n user.comment -v 'a value' image/rootfs/etc/passwd 2>/dev/null ||
    skip 'the file system has no extended attributes'
  bsdtar --format=pax --xattrs -C image -cf x.aci manifest rootfs
  grep -q 'xattr.user.comment' x.aci
  assert_image_right x.aci
}

@test "Python's tarfile in its three formats" {
  add_long_names
  for format in GNU PAX; do
    python_tar $format
    assert_image_right $format.aci
  done
  rm -r "$long" image/rootfs/etc/ddd* image/rootfs/usr/long-link
  python_tar USTAR
  assert_image_right USTAR.aci
}

python_tar() {
  python3 - "$1" <<'EOF_PYTHON'
import sys, tarfile
with tarfile.open(sys.argv[1] + ".aci", "w", format=getattr(tarfile, sys.argv[1] + "_FORMAT")) as archive:
    archive.add("image/manifest", "manifest")
    archive.add("image/rootfs", "rootfs")
EOF_PYTHON
}

@test "Go's archive/tar" {
  needs go 'its standard library writes archives'
  add_long_names
  cat >tarball.go <<'EOF_GO'
package main

import (
	"archive/tar"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	formats := map[string]tar.Format{"gnu": tar.FormatGNU, "pax": tar.FormatPAX}
	archive := tar.NewWriter(os.Stdout)
	for _, top := range []string{"manifest", "rootfs"} {
		check(filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
			check(err)
			info, err := entry.Info()
			check(err)
			link := ""
			if info.Mode()&fs.ModeSymlink != 0 {
				link, err = os.Readlink(path)
				check(err)
			}
			header, err := tar.FileInfoHeader(info, link)
			check(err)
			header.Name = path
			header.Format = formats[os.Args[1]]
			check(archive.WriteHeader(header))
			if info.Mode().IsRegular() {
				file, err := os.Open(path)
				check(err)
				defer file.Close()
				_, err = io.Copy(archive, file)
				check(err)
			}
			return nil
		}))
	}
	check(archive.Close())
}
EOF_GO
  GOCACHE=$BATS_RUN_TMPDIR/go GO111MODULE=off go build -o tarball tarball.go
  for format in gnu pax; do
    (cd image && ../tarball $format) >$format.aci
    assert_image_right $format.aci
  done
}

@test "an archive that was grown by tar --append" {
  tar --format=gnu -C image -cf x.aci manifest
  tar --format=gnu -C image -rf x.aci rootfs
  assert_image_right x.aci
}

@test "of two archives, one after the other, the second is ignored" {
  tar --format=gnu -C image -cf x.aci manifest rootfs
  tar --format=gnu -C image -cf y.aci manifest rootfs
  cat y.aci >>x.aci
  assert_image_right x.aci
}
