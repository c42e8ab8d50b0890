# SPDX-License-Identifier: Apache-2.0
# How an archive that is no image is refused, for suites that try hundreds; load after support.bash.

# Imports FILE, which must be refused with a message that PATTERN matches: complaint is what went
# otherwise, or empty. No other program is run, for there are hundreds of files.
check_refused() {
  local file=$1 pattern=$2 got=0 messages message kept
  shopt -s nullglob dotglob
  "$ACISTORE" import "$file" >out 2>err || got=$?
  complaint=
  [[ $got == 5 ]] || complaint+=" status $got;"
  [[ ! -s out ]] || complaint+=' something on standard output;'
  mapfile -t messages <err
  [[ ${#messages[@]} == 1 ]] || complaint+=" ${#messages[@]} lines on standard error;"
  message=${messages[0]:-}
  [[ $message == "acistore: import: $file: not an image: "* ]] || complaint+=' another beginning;'
  [[ ${#message} -lt 700 ]] || complaint+=" a message of ${#message} bytes;"
  # The name of the file is cut off, so that no message matches by the name of the defect.
  message=${message#"acistore: import: $file: not an image: "}
  [[ $message =~ $pattern ]] || complaint+=" no match of '$pattern';"
  kept=("$ACISTORE_DIR"/tmp/* "$ACISTORE_DIR"/blob/*/*/*)
  [[ ${#kept[@]} == 0 ]] || complaint+=" kept ${kept[*]};"
  [[ -z $complaint ]] || complaint="$file:$complaint $message"
}
