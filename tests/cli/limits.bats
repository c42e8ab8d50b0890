#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# import --max-size, and that every limit of acistore-store(5) ends an import early. What is just over
# each of the others is among the bad images: bad_images.bats.

load support
load store_state

@test "--max-size is the most that an image may have, uncompressed" {
  make_image web.aci --size 100000
  make_image web.gz --size 100000 --compress gzip
  size=$(stat -c %s web.aci)
  for file in web.aci web.gz; do
    run_acistore import --max-size $((size - 1)) "$file"
    assert_failure 5 "^import: $file: not an image: .* more than $((size - 1)) bytes \\(limit of the uncompressed size\\)"
    refute_kept
    run_acistore import --max-size "$size" "$file"
    assert_status 0
    assert_stdout "$(key_of web.aci)"
    acistore rm "$output"
  done
}

@test "--max-size takes letters, and is refused if it is no size" {
  make_image web.aci
  run_acistore import --max-size 1K web.aci
  assert_failure 5 'more than 1024 bytes'
  for good in 1M 20G 1T 9223372036854775807; do
    run_acistore import --max-size "$good" web.aci
    assert_status 0
  done
  for bad in '' 1.5G 1k -1 x 9223372036854775808; do
    run_acistore import --max-size="$bad" web.aci
    assert_failure 2 '^import: --max-size'
  done
}

@test "an entry that claims more than --max-size is refused before it is read" {
  make_image web.aci --size 3000000
  head -c 20000 web.aci >head.aci
  run_acistore import --max-size 1M head.aci
  assert_failure 5 'rootfs/data.*the size is 3000000 bytes \(limit of the uncompressed size: 1048576\)'
}

@test "what follows the end of an archive counts, and a bomb ends early" {
  make_image web.aci
  {
    cat web.aci
    head -c 300000000 /dev/zero
  } | gzip -1 >bomb.gz
  # All of it would not fit.
  small_file_system 16M
  run_acistore import --max-size 4M bomb.gz
  assert_failure 5 '4194304 bytes \(limit of the uncompressed size\)'
  refute_kept
}

@test "--if-changed does not let pass what is larger than --max-size" {
  make_image web.aci --size 100000
  touch -d '1 hour ago' web.aci
  acistore import web.aci
  run_acistore import --if-changed --max-size 1K web.aci
  assert_failure 5 'limit of the uncompressed size'
}

@test "an image beyond the limit that was asked for can be read" {
  make_image web.aci --size 2000000 --file rootfs/etc/motd=hello
  acistore import --max-size 4M web.aci
  run_acistore cat example.com/app rootfs/etc/motd
  assert_status 0
  assert_stdout hello
}
