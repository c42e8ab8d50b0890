#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What is not an image is refused: status 5, one line that says what is wrong, nothing on standard
# output, nothing kept. What only looks wrong is taken, under its right key.
#
# The files are made by tests/images/bad-images and odd-images, each named after its defect or oddity.

load support

# Imports image.aci, which must be refused with a message that PATTERN matches; prints what went
# otherwise. The file has this one name, so that no message matches by the name of the defect.
complain_unless_refused() {
  local pattern=$1 got=0 message rest
  timeout 60 "$ACISTORE" import image.aci >out 2>err || got=$?
  message=$(<err)
  [[ $got == 5 ]] || printf 'status %s\n' "$got"
  [[ ! -s out ]] || printf 'standard output: %s\n' "$(head -c 200 out)"
  [[ $(wc -l <err) == 1 ]] || printf 'not one line: '
  [[ $message == 'acistore: import: image.aci: '* ]] || printf 'no prefix: '
  message=${message#acistore: import: image.aci: }
  [[ ${message#not an image: } =~ $pattern ]] || printf 'does not match %s: ' "$pattern"
  [[ ${#message} -lt 700 ]] || printf 'a message of %s bytes: ' "${#message}"
  rest=$(find "$ACISTORE_DIR/blob" "$ACISTORE_DIR/tmp" ! -type d 2>/dev/null) || true
  [[ -z $rest ]] || printf 'kept %s\n' "$rest"
}

# Makes a family of bad images and wants each refused, as it is and, with "compressed", as a gzip
# stream too. All that is wrong is shown, not only the first.
assert_family_refused() {
  local family=$1 how=${2:-} name wanted pattern complaint complaints='' count=0
  "$IMAGES/bad-images" bad "$family"
  while IFS=$'\t' read -r name wanted pattern; do
    [[ $wanted == 5 ]]
    ln -sf "bad/$name" image.aci
    complaint=$(complain_unless_refused "$pattern")
    if [[ $how == compressed && -z $complaint ]]; then
      rm image.aci
      gzip -1n <"bad/$name" >image.aci
      complaint=$(complain_unless_refused "$pattern")
      [[ -z $complaint ]] || complaint="compressed: $complaint"
    fi
    [[ -z $complaint ]] || complaints+="$name: $complaint $(cat err)"$'\n'
    count=$((count + 1))
  done <bad/index.tsv
  [[ $count -gt 0 ]]
  unset status output stderr BATS_RUN_COMMAND
  [[ -z $complaints ]] || fail "$complaints"
  refute_kept
}

# Makes a family of odd images and wants each under its key.
assert_family_taken() {
  local name key complaints='' count=0
  "$IMAGES/odd-images" odd "$1"
  while IFS=$'\t' read -r name key; do
    "$ACISTORE" import "odd/$name" >out 2>err || true
    [[ $(<out) == "$key" ]] || complaints+="$name: $(cat out err)"$'\n'
    count=$((count + 1))
  done <odd/index.tsv
  [[ $count -gt 0 ]]
  unset status output stderr BATS_RUN_COMMAND
  [[ -z $complaints ]] || fail "$complaints"
}

@test "what is not laid out as an image is refused" {
  assert_family_refused layout compressed
}

@test "what breaks the format of an archive is refused" {
  assert_family_refused format compressed
}

@test "what passes a limit is refused, and the message names the limit" {
  assert_family_refused limits compressed
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

# Cuts a file to each of the lengths and imports that; prints the lengths that were taken and
# whatever was neither taken nor refused well.
taken_lengths() {
  local file=$1 length got key
  shift
  for length in "$@"; do
    head -c "$length" "$file" >image.aci
    if [[ -z $(complain_unless_refused '.') ]]; then
      continue
    fi
    got=0
    key=$("$ACISTORE" import image.aci 2>err) || got=$?
    if [[ $got == 0 && $key == "$(key_of image.aci)" ]]; then
      printf '%s\n' "$length"
    else
      printf 'cut to %s bytes: status %s: %s\n' "$length" "$got" "$(cat err)"
    fi
    rm -rf "$ACISTORE_DIR"
  done
}

@test "a plain image that is cut is refused but at the boundaries of entries" {
  make_image whole.aci --file "rootfs/a=$(printf 'x%.0s' {1..700})"
  [[ $(stat -c %s whole.aci) == 4096 ]] # manifest and rootfs 1536, a 512 + 700, padding, marker
  lengths=$(printf '%s\n' {0..4095..61} 511 512 513 1023 1024 1025 1535 1536 1537 2047 2048 2049 \
    2747 2748 2749 3071 3072 3073 3583 3584 3585 4095 4096 | sort -nu)
  run taken_lengths whole.aci $lengths
  # After rootfs; after the content of a, whose padding may be missing; after one zero block; all.
  assert_stdout "$(awk '$1 == 1536 || $1 >= 2748 && $1 <= 3072 || $1 == 3584 || $1 == 4096' <<<"$lengths")"
}

@test "a gzip image that is cut anywhere is refused" {
  make_image whole.aci --compress gzip
  run taken_lengths whole.aci $(seq 0 $(($(stat -c %s whole.aci) - 1)))
  assert_stdout ''
}

@test "a bzip2 image that is cut anywhere is refused" {
  make_image whole.aci --compress bzip2
  run taken_lengths whole.aci $(seq 0 $(($(stat -c %s whole.aci) - 1)))
  assert_stdout ''
}

@test "an xz image that is cut anywhere is refused" {
  make_image whole.aci --compress xz
  run taken_lengths whole.aci $(seq 0 $(($(stat -c %s whole.aci) - 1)))
  assert_stdout ''
}
