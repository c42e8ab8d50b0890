# SPDX-License-Identifier: Apache-2.0
# What may come next on a command line of acistore, as the program itself tells it: acistore-complete(1).

_acistore() {
  local word quoted=
  [[ ${COMP_WORDS[COMP_CWORD]-} != [\"\']* ]] || quoted=1
  COMPREPLY=()
  while IFS=$'\t' read -r word _; do
    case $word in
      :files) compopt -o default ;;
      :directories) compopt -o dirnames ;;
      *[!A-Za-z0-9._~/:,=+@%-]*) [[ $quoted ]] || COMPREPLY+=("$(printf %q "$word")") ;;
      *) COMPREPLY+=("$word") ;;
    esac
  done < <("$1" complete --line "${COMP_LINE:0:COMP_POINT}" --last "$2" 2>/dev/null)
}

complete -F _acistore acistore
