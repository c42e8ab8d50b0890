#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What is not an image is refused: status 5, one line that says what is wrong, nothing on standard
# output, nothing kept. What only looks wrong is taken, under its right key.
#
# The files are made by tests/images/bad-images and odd-images, each named after its defect or oddity.

load support
load refusal

# Makes a family of bad images and wants each refused: assert_family_refused [--gzip] FAMILY. All
# that is wrong is shown, not only the first.
assert_family_refused() {
  local name wanted pattern index complaints files=() patterns=()
  "$IMAGES/bad-images" ${2:+"$1"} bad "${@: -1}"
  while IFS=$'\t' read -r name wanted pattern; do
    [[ $wanted == 5 ]]
    files+=("bad/$name")
    patterns+=("$pattern")
  done <bad/index.tsv
  [[ ${#files[@]} -gt 0 ]]
  import_hostile_files
  complaints=$complaint
  for index in "${!files[@]}"; do
    if [[ -z ${messages[index]} ]]; then
      complaints+="${files[index]}: taken"$'\n'
    elif [[ ! ${messages[index]} =~ ${patterns[index]} ]]; then
      complaints+="${files[index]}: no match of '${patterns[index]}': ${messages[index]}"$'\n'
    fi
  done
  [[ -z $complaints ]] || fail "$complaints"
  [[ ! -s out ]]
  refute_kept
}

# Makes a family of odd images and wants each under its key.
assert_family_taken() {
  "$IMAGES/odd-images" odd "$1"
  cut -f 1 odd/index.tsv >names
  cut -f 2 odd/index.tsv >keys
  [[ -s names ]]
  # No name has a blank in it.
  "$ACISTORE" import $(sed 's|^|odd/|' names) >taken 2>err || fail "$(<err)"
  diff <(paste names keys) <(paste names taken)
}

@test "what is not laid out as an image is refused" {
  assert_family_refused layout
}

@test "what is not laid out as an image is refused in a gzip stream as well" {
  assert_family_refused --gzip layout
}

@test "what breaks the format of an archive is refused" {
  assert_family_refused format
}

@test "what passes a limit is refused, and the message names the limit" {
  assert_family_refused limits
}

@test "an image with more than a million entries is refused" {
  assert_family_refused huge
}

@test "what breaks the format of its compression is refused" {
  assert_family_refused streams
}

@test "a bad manifest is refused, and the message names field and value, or line and column" {
  assert_family_refused manifests
}

@test "a bad image is refused with --json by one object on standard error" {
  "$IMAGES/bad-images" bad layout
  run_acistore --json import bad/no-manifest.aci
  assert_status 5
  assert_json_error '.error.status, .error.kind' $'5\n"invalid"'
  assert_json_error '.error.message | test("no \"manifest\"")' true
  assert_json_error 'keys' '["error"]'
  refute_kept
}

@test "a refused image leaves one that is stored as it was" {
  make_image good.aci
  acistore import good.aci
  "$IMAGES/bad-images" bad layout
  run_acistore import bad/two-manifests.aci
  assert_failure 5 'manifest'
  assert_kept "$(key_of good.aci)"
}

@test "odd archives are images" {
  assert_family_taken archives
}

@test "odd extended headers make images" {
  assert_family_taken extensions
}

@test "odd manifests make images" {
  assert_family_taken manifests
}

@test "odd compressed streams hold images" {
  assert_family_taken streams
}

# Cuts FILE to each of the lengths and imports that; prints the lengths that were taken, under the
# right key, and whatever was neither taken nor refused well.
taken_lengths() {
  local file=$1 index key files=()
  shift
  python3 -c '
import sys
data = open(sys.argv[1], "rb").read()
for length in sys.argv[2:]:
    with open("cut-" + length, "wb") as out:
        out.write(data[:int(length)])' "$file" "$@"
  files=("${@/#/cut-}")
  import_hostile_files
  printf '%s' "$complaint"
  for index in "${!files[@]}"; do
    [[ -z ${messages[index]} ]] || continue
    read -r key
    [[ $key == "$(key_of "${files[index]}")" ]] || printf 'taken under another key: '
    printf '%s\n' "${files[index]#cut-}"
  done <out
}

@test "a plain image that is cut is refused but at the boundaries of entries" {
  make_image whole.aci --file "rootfs/a=$(printf 'x%.0s' {1..700})"
  [[ $(stat -c %s whole.aci) == 4096 ]] # manifest and rootfs 1536, a 512 + 700, padding, marker
  lengths=$(printf '%s\n' {0..4095..127} 511 512 513 1023 1024 1025 1535 1536 1537 2047 2048 2049 \
    2747 2748 2749 3071 3072 3073 3583 3584 3585 4095 4096 | sort -nu)
  run taken_lengths whole.aci $lengths
  # After rootfs; after the content of a, whose padding may be missing; after one zero block; all.
  assert_stdout "$(awk '$1 == 1536 || $1 >= 2748 && $1 <= 3072 || $1 == 3584 || $1 == 4096' <<<"$lengths")"
}

@test "a gzip image that is cut is refused" {
  make_image whole.aci --compress gzip
  size=$(stat -c %s whole.aci)
  run taken_lengths whole.aci {0..6} $(seq 17 41 $((size - 1))) $(seq $((size - 9)) $((size - 1)))
  assert_stdout ''
}

@test "a bzip2 image that is cut is refused" {
  make_image whole.aci --compress bzip2
  size=$(stat -c %s whole.aci)
  run taken_lengths whole.aci {0..6} $(seq 17 41 $((size - 1))) $(seq $((size - 9)) $((size - 1)))
  assert_stdout ''
}

@test "an xz image that is cut is refused" {
  make_image whole.aci --compress xz
  size=$(stat -c %s whole.aci)
  run taken_lengths whole.aci {0..6} $(seq 17 41 $((size - 1))) $(seq $((size - 9)) $((size - 1)))
  assert_stdout ''
}
