#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore complete, and the completions of bash, zsh and fish that ask it.

load support

COMPLETIONS=$BATS_TEST_DIRNAME/../../completions

setup_file() {
  fresh_store
  make_image one.aci --name example.com/app --label version=1.0 --label os=linux --label 'note=a b$(touch no);é'
  make_image two.aci --name example.com/app --label version=1.1 --label os=linux
  make_image web.aci --name example.org/web --label version=2.0 --label $'odd=\e[31m'
  acistore import one.aci two.aci web.aci
  acistore remote add 'https://example.com/one.aci?a=1&b=2' "$(key_of one.aci)"
  ONE=$(key_of one.aci)
  export ONE COMPLETION_STORE=$ACISTORE_DIR
}

# Only reading: no test needs a store of its own.
setup() {
  fresh_store
  export ACISTORE_DIR=$COMPLETION_STORE
  mkdir "$TMPDIR/bin" dir
  touch 'a file.aci'
  ln -s "$ACISTORE" "$TMPDIR/bin/acistore"
  PATH=$TMPDIR/bin:$PATH
}

# candidates EXPECTED WORD...: what may stand for the last word, without the explanations, on a line.
candidates() {
  run_acistore complete -- "${@:2}"
  assert_status 0
  assert_stderr ''
  local words
  words=$(cut -f 1 <<<"$output" | tr '\n' ' ')
  [[ ${words% } == "$1" ]] || fail "expected after ${*:2}: $1"
}

@test "commands, and those below one" {
  candidates 'resolve render remote recover' re
  candidates 'add show list rm' remote ''
  candidates 'show' -v --store x remote sh
  candidates '' nonsense ''
  run_acistore complete -- rem
  assert_stdout $'remote\twhat is known of the URLs that images came from'
  # Everything that --help has.
  run_acistore complete
  diff <(cut -f 1 <<<"$output") <(acistore --help | sed -n '/^Subcommands/,/^$/s/^  \([a-z]*\) .*/\1/p')
  # Each command has options of its own, and the help of all.
  local command
  for command in $(cut -f 1 <<<"$output"); do
    acistore complete -- "$command" -- >options
    [[ $command == remote ]] || grep -q '^--help' options
  done
}

@test "options of a command and of the program, and the values that they may have" {
  candidates '--prefix --progress' list --pr
  candidates '--order' list --or
  candidates 'asc desc' list --order ''
  candidates '--order=desc' list --order=d
  candidates 'none' --progress n
  candidates 'gzip' export x --compress g
  candidates 'name' list --fields na
  candidates 'id,labels id,lastused id,latest' list --sort id,la
  candidates '' gc --keep-last ''
  candidates ':directories' --store ''
  candidates ':directories' list --store=/
  candidates ':files' import --files-from ''
  candidates '--pin' import --pi
  candidates '--help' remote list --help
  # What is behind -- is no option.
  candidates '' get -- -
}

@test "images by name, then version, then labels; keys; URLs; files and directories" {
  candidates 'example.com/app example.org/web' get ex
  candidates 'example.com/app example.org/web' rm example.org/web ''
  candidates 'example.com/app example.com/app:1.0 example.com/app:1.1' get example.com/
  candidates 'example.com/app:1.0 example.com/app:1.1' info example.com/app:
  candidates 'example.com/app:1.1,os=linux' manifest example.com/app:1.1,o
  candidates 'example.com/app,version=1.0 example.com/app,version=1.1' get example.com/app,v
  candidates 'example.com/app,os=linux,version=1.0 example.com/app,os=linux,version=1.1' get example.com/app,os=linux,v
  candidates "$ONE" cat "${ONE:0:14}"
  candidates "$ONE" list --prefix "${ONE:0:14}"
  candidates "$ONE" resolve "${ONE:0:14}"
  candidates '' get "${ONE:0:14}"
  candidates '' resolve ex
  [[ $(acistore complete -- cat s | wc -l) == 3 ]]
  candidates 'https://example.com/one.aci?a=1&b=2' remote show h
  candidates ':files' import x ''
  candidates ':directories' extract example.com/app ''
  candidates ':files' export example.com/app ''
  candidates '' extract example.com/app dir ''
  # What could act on a terminal is not there.
  candidates 'example.org/web,version=2.0' get example.org/web,
}

@test "the store of the line counts, and without one there is nothing and no message" {
  export ACISTORE_DIR=$PWD/none
  candidates '' get ex
  candidates 'example.org/web example.org/web:2.0' --store "$COMPLETION_STORE" get example.org
  candidates 'example.org/web example.org/web:2.0' get --store="$COMPLETION_STORE" example.org
  candidates 'example.org/web example.org/web:2.0' get --lower "$COMPLETION_STORE" example.org
  ln -s "$COMPLETION_STORE" "$HOME/images"
  candidates 'example.org/web example.org/web:2.0' --store '~/images' get example.org
  # What sync copies is in the store that it names, or goes there.
  candidates 'example.org/web example.org/web:2.0' sync "$COMPLETION_STORE" example.org
  candidates '' sync --to "$COMPLETION_STORE" example.org
  # Damage is passed over without a word.
  cp -r "$COMPLETION_STORE" damaged
  truncate -s 5000 damaged/acistore.db
  candidates 'example.org/web example.org/web:2.0' --store "$COMPLETION_STORE" --lower damaged get example.org
  [[ ! -e $ACISTORE_DIR ]]
  printf garbage >file
  candidates '' --store file get ex
}

@test "a line as it was typed in a shell, of which the shell takes a part for the word" {
  complete_line() {
    run_acistore complete --line "$2" --last "$3"
    assert_status 0
    assert_stdout "$1"
  }
  complete_line '1.1' 'acistore get example.com/app:1.1' 1.1
  complete_line $'1.0\n1.1' 'acistore  -q get example.com/app:' ''
  complete_line 'example.com/app:1.1' "acistore get 'example.com/app:1.1" example.com/app:1.1
  complete_line 'desc' 'acistore list --order=d' d
  complete_line 'linux' 'acistore get example.com/app:1.0,os=' ''
  complete_line 'example.com/app:1.1' "acistore --store $ACISTORE_DIR/\"\". get example.com/app:1.1" 'no part of it'
  complete_line 'example.com/app,note=a b$(touch no);é' 'acistore get example.com/app,note\=a\ b' 'nothing'
}

# typed EXPECTED LINE: what becomes of a line with a TAB behind it.
EXPECTED=()
TYPED=()
typed() {
  EXPECTED+=("$1")
  TYPED+=("$2")
}

# In bash and zsh the same.
type_lines() {
  typed '<get><example.com/app>' 'acistore get example.com/a'
  typed '<get><example.com/app:1.>' 'acistore get example.com/app:'
  typed '<get><example.com/app:1.0>' 'acistore get example.com/app:1.0'
  typed '<get><example.com/app:1.1>' 'acistore get "example.com/app:1.1'
  typed '<get><example.com/app:1.1,os=linux>' 'acistore get example.com/app:1.1,o'
  typed '<get><example.com/app,note=a b$(touch no);é>' 'acistore get example.com/app,n'
  typed "<cat><$ONE>" "acistore cat ${ONE:0:14}"
  typed '<import><a file.aci>' 'acistore import a'
  typed '<import><a file.aci>' 'acistore import a\ f'
  typed '<remote><show>' 'acistore remote sh'
  typed '<remote><show><https://example.com/one.aci?a=1&b=2>' 'acistore remote show h'
  typed '<list><--order=asc>' 'acistore list --order=a'
  typed '<list><--fields><id,name>' 'acistore list --fields id,na'
  typed '<--store></nowhere><get><ex>' 'acistore --store /nowhere get ex'
  local seen
  seen=$(SETUP=$PWD/settings "$BATS_TEST_DIRNAME/type-tab" "${TYPED[@]}" -- "$@")
  diff <(printf '%s\n' "${EXPECTED[@]}") <(printf '%s\n' "$seen") >&2
  [[ ! -e no ]]
}

@test "bash" {
  printf '%s\n' 'bind "set enable-bracketed-paste off"' 'bind "set page-completions off"' \
    'bind "set completion-query-items 0"' "PS1='% '" ". ${COMPLETIONS@Q}/acistore.bash" >settings
  typed '<--store><dir/>' 'acistore --store d'
  typed '<--store=dir/>' 'acistore --store=d'
  type_lines bash --norc --noprofile -i
}

@test "zsh" {
  needs zsh
  printf '%s\n' "PS1='% '" 'unsetopt PROMPT_SP' 'LISTMAX=1000' 'bindkey -e' \
    "fpath=(${COMPLETIONS@Q} \$fpath)" 'autoload -Uz compinit' 'compinit -u -D' >settings
  typed '<--store><dir>' 'acistore --store d'
  typed '<--store=dir>' 'acistore --store=d'
  type_lines zsh -f -i
}

@test "fish" {
  needs fish
  fish_gives() {
    local seen
    seen=$(fish --no-config -c "source ${COMPLETIONS@Q}/acistore.fish; complete -C ${2@Q}" | tr '\n' ' ')
    [[ ${seen% } == "$1" ]] || fail "expected of ${*:2}: $1
but it is: $seen"
  }
  fish_gives 'example.com/app example.org/web' 'acistore get ex'
  fish_gives 'example.com/app:1.0 example.com/app:1.1' 'acistore get example.com/app:'
  fish_gives 'example.com/app,os=linux' 'acistore get example.com/app,o'
  fish_gives $'remote\twhat is known of the URLs that images came from' 'acistore rem'
  fish_gives 'a file.aci' 'acistore import a'
  fish_gives 'dir/' 'acistore --store d'
  fish_gives '--store=dir/' 'acistore --store=d'
  fish_gives '--order=asc' 'acistore list --order=a'
  fish_gives '' 'acistore --store /nowhere get ex'
}
