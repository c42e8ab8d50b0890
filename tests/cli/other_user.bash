# SPDX-License-Identifier: Apache-2.0
# To run the program as somebody else, which takes root.

# Runs the program as another user who is in no group but those: as UID GROUPS COMMAND...
as() {
  local uid=$1 groups=$2
  shift 2
  setpriv --reuid="$uid" --regid="$uid" --groups="$groups" env HOME=/ "$PROGRAM" "$@"
}

# Like run_acistore.
run_as() {
  status=0
  as "$@" >"$BATS_TEST_TMPDIR/.stdout" 2>"$BATS_TEST_TMPDIR/.stderr" || status=$?
  read_lines "$BATS_TEST_TMPDIR/.stdout" output lines
  read_lines "$BATS_TEST_TMPDIR/.stderr" stderr stderr_lines
}

# Other users can reach the current directory and the program.
let_others_in() {
  needs_root 'become another user'
  needs setpriv 'it becomes another user'
  local directory=$PWD
  while [[ $directory == "$BATS_RUN_TMPDIR"* ]]; do
    chmod a+rx "$directory"
    directory=${directory%/*}
  done
  PROGRAM=$BATS_TEST_TMPDIR/acistore
  ln "$ACISTORE" "$PROGRAM" 2>/dev/null || cp "$ACISTORE" "$PROGRAM"
  chmod a+rx "$BATS_TEST_TMPDIR"
  setpriv --reuid=60001 --regid=60001 --clear-groups test -x "$PROGRAM" ||
    skip 'another user cannot reach the directory of this test'
}
