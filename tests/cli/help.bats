#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore --help, and --help of every command.

load support

VERBS=(import seed sync get resolve cat dump remote manifest list ls diff info exists mark hash put rm pin unpin gc verify)

help_of() {
  run_acistore "$@"
  assert_status 0
  [[ -n $output ]] || fail 'expected the help on standard output'
  assert_stderr ''
  [[ ! -e $ACISTORE_DIR ]] || fail 'expected no store to be made'
}

# mentions WORD...: the help has each of them as a word.
mentions() {
  local word
  for word in "$@"; do
    grep -qE -- "(^|[^a-z-])$word([^a-z-]|$)" <<<"$output" || fail "expected $word in the help" || return
  done
}

@test "--help names every command and every global option" {
  for option in --help -h; do
    help_of $option
    mentions "${VERBS[@]}" --store --json --quiet -q --verbose -v --progress --lock-timeout --no-sync \
      --version
  done
}

@test "--help has a line on each command that says what it does" {
  help_of --help
  for verb in "${VERBS[@]}"; do
    [[ $output =~ (^|$'\n')[[:space:]]*${verb}[[:space:]]+[^[:space:]] ]] ||
      fail "expected a line on $verb"
  done
}

@test "VERB --help is status 0 and on standard output, whatever else is given or missing" {
  for verb in "${VERBS[@]}"; do
    help_of "$verb" --help
    mentions "$verb"
    help_of "$verb" -h
    help_of --help "$verb"
  done
}

@test "VERB --help gives the summary that --help gives" {
  help_of --help
  overview=$output
  for verb in "${VERBS[@]}"; do
    summary=$(sed -nE "s/^[[:space:]]*${verb}[[:space:]]+//p" <<<"$overview" | head -n 1)
    [[ -n $summary ]]
    help_of "$verb" --help
    [[ $output == *"$summary"* ]] || fail "expected the summary: $summary"
  done
}

@test "VERB --help names the options of the verb" {
  while read -r verb options; do
    help_of $verb --help
    mentions $options
  done <<'END'
import --latest --expect
get --label --explain
cat --no-verify
dump --hex
manifest --pretty
list --prefix --sort --order --fields --full --no-legend
ls -l --recursive --numeric-owner --xattrs
diff --stat --times
mark --latest --no-latest
put --key
verify --jobs
rm --force
END
}

@test "remote --help names its commands, and each has its own help" {
  help_of remote --help
  mentions add show list rm
  for verb in add show list rm; do
    help_of remote "$verb" --help
    mentions "$verb"
  done
  help_of remote add --help
  mentions --sig-url --etag --max-age
}
