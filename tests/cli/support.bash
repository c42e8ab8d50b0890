# SPDX-License-Identifier: Apache-2.0
# What every suite loads: an empty store for each test, images to put into it, and assertions that
# show what they saw when they fail.
#
# ACISTORE is the program (meson sets it; by hand: ACISTORE=$PWD/build/src/acistore bats tests/cli).
# Two ways to run it:
#
#   acistore import web.aci          plainly, in the middle of a pipe or where it must succeed
#   run_acistore import web.aci      keeps $status, $output, $lines, $stderr and $stderr_lines

bats_require_minimum_version 1.5.0

: "${ACISTORE:?is not set: the full path of the program under test}"
IMAGES=$(cd "${BASH_SOURCE[0]%/*}/../images" && pwd)

# Python is started more often than anything but acistore. Where python3 is a wrapper that looks for
# the real one (pyenv), it is asked once a run; nothing here needs more than the standard library,
# and without the rest (-S) it starts in half the time.
if [[ ! -e $BATS_RUN_TMPDIR/bin/python3 ]]; then
  mkdir -p "$BATS_RUN_TMPDIR/bin"
  printf '#!/bin/sh\nexec %q -S "$@"\n' "$(python3 -c 'import sys; print(sys.executable)')" \
    >"$BATS_RUN_TMPDIR/bin/python3"
  chmod +x "$BATS_RUN_TMPDIR/bin/python3"
fi
PATH=$BATS_RUN_TMPDIR/bin:$PATH

# A suite that needs more defines its own setup() and calls fresh_store first.
setup() {
  fresh_store
}

# The store of this test (not there yet), and the test's own directory as the current one. In
# setup_file() it is those of the whole file, for what its tests copy.
fresh_store() {
  local variable directory=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}
  for variable in ${!ACISTORE_*} ${!XDG_*} ${!TAR_*}; do
    unset "$variable"
  done
  unset JSON QUIET COLUMNS POSIXLY_CORRECT GZIP BZIP BZIP2 XZ_OPT XZ_DEFAULTS TAPE GREP_OPTIONS
  export LC_ALL=C.UTF-8 TZ=UTC
  export HOME=$directory/home TMPDIR=$directory/tmp
  export ACISTORE_DIR=$directory/store
  mkdir -p "$HOME" "$TMPDIR" "$directory/work"
  cd "$directory/work" || return
  # bats notes where it is before each command, which costs more than many a command does; a failure
  # in here is told by the line of the test.
  bats_add_debug_exclude_path "${BASH_SOURCE[0]%/*}"
  umask 022
}

acistore() {
  "$ACISTORE" "$@"
}

# What `run --separate-stderr` of bats does, without its eight processes: suites do this thousands of
# times.
run_acistore() {
  local out=$BATS_TEST_TMPDIR/.stdout err=$BATS_TEST_TMPDIR/.stderr
  BATS_RUN_COMMAND="$ACISTORE $*"
  status=0
  "$ACISTORE" "$@" >"$out" 2>"$err" || status=$?
  read_lines "$out" output lines
  read_lines "$err" stderr stderr_lines
}

# read_lines FILE TEXT LINES: as bats' run does, the text of a file less the newlines at its end, and
# the lines of it that are not empty.
read_lines() {
  local -n text_of=$2 lines_of=$3
  local all IFS=$'\n'
  mapfile -t all <"$1"
  text_of="${all[*]}"
  lines_of=("${all[@]}")
  if [[ $'\n'$text_of$'\n' == *$'\n\n'* ]]; then
    lines_of=()
    local line
    for line in "${all[@]}"; do
      [[ -z $line ]] || lines_of+=("$line")
    done
  fi
  while [[ $text_of == *$'\n' ]]; do
    text_of=${text_of%$'\n'}
  done
}

# Writes an image: make_image web.aci --name example.com/web --label version=1.0
# Arguments that a test of the suite had before are not worth another start of Python: a copy is made.
make_image() {
  local IFS=$'\037'
  local made="${*:2}"
  if [[ $1 == -* || $made == *--m* || ${#made} -gt 200 ]]; then
    "$IMAGES/make-image" "$@"
    return
  fi
  made=$BATS_RUN_TMPDIR/images/${made//\//%}.aci
  if [[ ! -e $made ]]; then
    mkdir -p "${made%/*}"
    "$IMAGES/make-image" "$made" "${@:2}" || return
  fi
  cp "$made" "$1"
}

# The whole image ID and the key of an uncompressed archive, by coreutils and not by acistore.
id_of() {
  local digest
  digest=$(sha512sum <"$1") || return
  printf 'sha512-%s\n' "${digest%% *}"
}

key_of() {
  local id
  id=$(id_of "$1") || return
  printf '%s\n' "${id:0:71}"
}

# Where the store keeps the blob of a key.
blob_of() {
  local digits=${1#sha512-}
  printf '%s/blob/sha512/%s/%s\n' "$ACISTORE_DIR" "${digits:0:2}" "$1"
}

# Changes one byte of a file: flip FILE OFFSET. Works on a blob too, which is read-only.
flip() {
  chmod u+w "$1"
  python3 -c '
import sys
with open(sys.argv[1], "r+b") as file:
    file.seek(int(sys.argv[2]))
    byte = file.read(1)[0]
    file.seek(int(sys.argv[2]))
    file.write(bytes([byte ^ 1]))' "$1" "$2"
}

# Ends the test with what was expected and all that the last run_acistore (or bats run) gave.
fail() {
  {
    printf '%s\n' "$1"
    printf -- '--- command: %s\n' "${BATS_RUN_COMMAND:-}"
    printf -- '--- status: %s\n' "${status:-}"
    printf -- '--- stdout:\n%s\n' "${output:-}"
    printf -- '--- stderr:\n%s\n' "${stderr:-}"
  } >&2
  return 1
}

assert_status() {
  [[ ${status:-} == "$1" ]] || fail "expected status $1"
}

# The whole of standard output, but for the last newline.
assert_stdout() {
  [[ ${output:-} == "$1" ]] || fail "expected on standard output:
$1"
}

# A line of standard output matches an extended regular expression from edge to edge.
assert_stdout_line() {
  local line
  local line
  for line in "${lines[@]}"; do
    [[ $line =~ ^($1)$ ]] && return
  done
  fail "expected a line on standard output like: $1"
}

assert_stderr() {
  [[ ${stderr:-} == "$1" ]] || fail "expected on standard error:
$1"
}

# Exactly one line on standard error: the prefix of every message, and then, anywhere, what the
# extended regular expression matches.
assert_stderr_line() {
  [[ ${#stderr_lines[@]} == 1 && ${stderr:-} != *$'\n'* ]] ||
    fail "expected one line on standard error, like: $1" || return
  [[ $stderr == 'acistore: '* ]] || fail "expected the prefix 'acistore: '" || return
  [[ ${stderr#acistore: } =~ $1 ]] || fail "expected on standard error: $1"
}

# A failure as scripts see it: this status, one line that says why, nothing on standard output.
assert_failure() {
  assert_status "$1" && assert_stdout '' && assert_stderr_line "$2"
}

# assert_json FILTER EXPECTED: what the jq filter makes of standard output, in compact form.
assert_json() {
  local seen
  seen=$(jq -c "$1" <<<"${output:-}" 2>&1)
  [[ $seen == "$2" ]] || fail "expected of jq '$1': $2
but it is: $seen"
}

# The same of the one JSON object on standard error.
assert_json_error() {
  local seen
  [[ ${stderr:-} != *$'\n'* ]] || fail "expected one line of JSON on standard error" ||
    return
  seen=$(jq -c "$1" <<<"${stderr:-}" 2>&1)
  [[ $seen == "$2" ]] || fail "expected of jq '$1' on standard error: $2
but it is: $seen"
}

# The store keeps nothing: no image in the list, no file as blob or half of one.
refute_kept() {
  local rest
  [[ -e $ACISTORE_DIR ]] || return 0
  rest=$(find "$ACISTORE_DIR/blob" "$ACISTORE_DIR/tmp" ! -type d 2>/dev/null) || true
  [[ -z $rest ]] || fail "expected no file in the store, but there is: $rest" || return
  rest=$("$ACISTORE" list --no-legend) ||
    fail "expected the store to be whole, but list fails" || return
  [[ -z $rest ]] || fail "expected no image in the store, but there is: $rest"
}

# The images of the store are these keys, in any order, and these alone are its blobs.
assert_kept() {
  local expected rows blobs
  expected=$(printf '%s\n' "$@" | sort)
  rows=$("$ACISTORE" list --no-legend --full --fields id | sort)
  blobs=$(find "$ACISTORE_DIR/blob" -type f -printf '%f\n' | sort)
  [[ $rows == "$expected" ]] || fail "expected these images: $expected
but the list has: $rows" || return
  [[ $blobs == "$expected" ]] || fail "expected these blobs: $expected
but there are: $blobs" || return
  rows=$(find "$ACISTORE_DIR/tmp" ! -type d 2>/dev/null) || true
  [[ -z $rows ]] || fail "expected no temporary file, but there is: $rows"
}

# Skips the test unless a program is there: needs bsdtar 'it writes the archive'
needs() {
  command -v "$1" >/dev/null || skip "$1 is not installed${2:+: $2}"
}

needs_root() {
  [[ $EUID == 0 ]] || skip "only root can ${1:-do this}"
}
