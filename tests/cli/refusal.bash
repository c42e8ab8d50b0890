# SPDX-License-Identifier: Apache-2.0
# How archives that are no images are refused, for suites that try hundreds; load after support.bash.
# One command is given them all: a start each would take most of the time.

# Imports the files of the array `files` and sets `messages` to what was said of each, without its
# name, by which a message could match: empty for one that was taken. `complaint` is what went
# otherwise than it does for any file: another line on standard error, a status that is not 5.
# The keys of those that were taken are left in the file `out`.
import_hostile_files() {
  local got=0 line file index=0 count statuses
  messages=() complaint=
  "$ACISTORE" import "${files[@]}" >out 2>err || got=$?
  while IFS= read -r line; do
    while [[ $index -lt ${#files[@]} && $line != "acistore: import: ${files[index]}: "* ]]; do
      messages[index++]=
    done
    if [[ $index == "${#files[@]}" ]]; then
      complaint+="not a line for one of the files, in their order: $line"$'\n'
      break
    fi
    file=${files[index]}
    [[ $line == "acistore: import: $file: not an image: "* ]] || complaint+="another beginning: $line"$'\n'
    [[ ${#line} -lt 700 ]] || complaint+="$file: a message of ${#line} bytes"$'\n'
    messages[index++]=${line#"acistore: import: $file: not an image: "}
  done <err
  while [[ $index -lt ${#files[@]} ]]; do
    messages[index++]=
  done
  [[ $got == 5 || $got == 0 && ! -s err ]] || complaint+="status $got"$'\n'
  # With several, the status of each stands only in JSON.
  [[ ${#files[@]} -gt 1 && -s err ]] || return 0
  statuses=$("$ACISTORE" --json import "${files[@]}" 2>&1 >/dev/null | jq -c '[.error.status, .error.kind]' |
    uniq -c) || true
  read -r count statuses <<<"$statuses"
  [[ $statuses == '[5,"invalid"]' && $count == "$(wc -l <err)" ]] || complaint+="$count times $statuses in JSON"$'\n'
}
