#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Who may do what with a store: the umask and set-gid directories say it. And what strangers have put
# on the way to a store, or members of its group inside of it, does no harm.

load support
load store_state
load other_user

GROUP=60000

# "MODE PATH" of all that is in the store, but for the names that are keys.
modes() {
  find "$ACISTORE_DIR" -printf '%m %P\n' | sed -E 's/sha512-.*/BLOB/; s#sha512/..#sha512/XX#' | LC_ALL=C sort -k 2
}

@test "the umask says who may do what" {
  make_image web.aci
  for umask in 022:755:644:444 027:750:640:440 077:700:600:400 002:775:664:444; do
    IFS=: read -r mask directory file blob <<<"$umask"
    ACISTORE_DIR=$PWD/store-$mask
    (umask "$mask" && acistore import web.aci)
    [[ $(modes) == "$directory "'
'"$file acistore.db
$file acistore.db-journal
$directory blob
$directory blob/sha512
$directory blob/sha512/XX
$blob blob/sha512/XX/BLOB
$file lock
$blob reserve
$directory tmp" ]] || fail "umask $mask gives: $(modes)"
  done
}

@test "in a set-gid directory the group gets what the directory gives it, whatever the umask" {
  make_image web.aci
  mkdir shared
  for shared in 2775:2775:664:444 2770:2770:660:440 2750:2750:640:440; do
    IFS=: read -r mode directory file blob <<<"$shared"
    chmod "$mode" shared
    for mask in 002 022 077; do
      ACISTORE_DIR=$PWD/shared/store
      rm -rf "$ACISTORE_DIR"
      (umask "$mask" && acistore import web.aci)
      # At least; the umask may give it more.
      while read -r bits path; do
        case $path in
          blob/*/*/BLOB | reserve) wanted=$blob ;;
          *.db* | lock) wanted=$file ;;
          *) wanted=$directory ;;
        esac
        (((8#$bits & 8#$wanted & 8#70) == (8#$wanted & 8#70))) ||
          fail "in a directory of mode $mode, umask $mask: $path has $bits"
        [[ $wanted != 2* ]] || (((8#$bits & 8#2000) != 0)) || fail "$path is not set-gid: $bits"
        # To others nothing that the umask takes away.
        (((8#$bits & 8#$mask & 7) == 0)) || fail "umask $mask: $path has $bits"
      done < <(modes)
    done
  done
}

@test "a store that a group shares works for all its members, whatever their umask" {
  let_others_in
  mkdir shared
  chgrp "$GROUP" shared
  chmod 2770 shared
  export ACISTORE_DIR=$PWD/shared/store
  for n in 1 2 3 4 5 6; do
    make_image "$n.aci" --label "version=$n"
  done
  chmod a+r ./*.aci
  umask 077
  for n in 1 2 3; do
    run_as 60001 "$GROUP" import "$n.aci"
    assert_status 0
  done
  umask 022
  for n in 4 5 6; do
    run_as 60002 "$GROUP" import "$n.aci"
    assert_status 0
  done
  umask 077
  for user in 60001 60002; do
    run_as "$user" "$GROUP" list --no-legend --fields name
    assert_status 0
    [[ ${#lines[@]} == 6 ]] || fail 'expected six images'
    run_as "$user" "$GROUP" verify
    assert_status 0
    # Of one's own, and of the other's.
    run_as "$user" "$GROUP" import 1.aci 6.aci
    assert_status 0
    run_as "$user" "$GROUP" mark --latest example.com/app:3
    assert_status 0
    run_as "$user" "$GROUP" remote add https://example.com/ example.com/app:3
    assert_status 0
  done
  run_as 60002 "$GROUP" rm example.com/app:1 example.com/app:4
  assert_status 0
  run_as 60001 "$GROUP" rm example.com/app:2 example.com/app:5
  assert_status 0
  run_as 60001 "$GROUP" cat example.com/app:6 manifest
  assert_status 0
  # And for nobody else.
  run_as 60003 60003 list
  assert_failure 1 '^list: .*Permission denied'
}

@test "a directory that belongs to another user, in one to which everybody may write, is refused" {
  let_others_in
  mkdir open
  make_image web.aci
  for mode in 1777 0777; do
    chmod "$mode" open
    rm -rf open/store
    export ACISTORE_DIR=$PWD/open/store
    setpriv --reuid=60001 --regid=60001 --clear-groups mkdir open/store
    before=$(find open | sort)
    for command in 'import web.aci' 'list' 'rm example.com/app' 'put web.aci' 'get example.com/app' 'verify'; do
      run_acistore $command
      assert_failure 10 "^${command%% *}: $PWD/open/store: not trusted: .*user 60001"
      run_as 60002 60002 $command
      assert_failure 10 'not trusted'
    done
    [[ $(find open | sort) == "$before" ]]
    # Also on the way to it.
    ACISTORE_DIR=$PWD/open/store/deeper run_acistore import web.aci
    assert_failure 10 'not trusted'
    # Its owner may use it, and so may everybody one that is root's.
    chmod a+r web.aci
    run_as 60001 60001 import web.aci
    assert_status 0
    export ACISTORE_DIR=$PWD/open/of-root
    acistore import web.aci
    run_as 60002 60002 list
    assert_status 0
    rm -r open/of-root
  done
}

@test "a symbolic link that another user has put where everybody may write is refused" {
  let_others_in
  make_image web.aci
  mkdir -p open precious
  for mode in 1777 0777; do
    chmod "$mode" open
    setpriv --reuid=60001 --regid=60001 --clear-groups ln -sfn "$PWD/precious" open/link
    for store in open/link open/link/store; do
      ACISTORE_DIR=$PWD/$store run_acistore import web.aci
      assert_failure 10 "$PWD/open/link: not trusted"
    done
    [[ -z $(ls -A precious) ]]
  done
  # A link of one's own, or elsewhere, is followed.
  ln -s "$PWD/precious" open/own
  ACISTORE_DIR=$PWD/open/own run_acistore import web.aci
  assert_status 0
  mkdir closed
  ln -s ../precious closed/link
  chown -h 60001 closed/link
  ACISTORE_DIR=closed/link run_acistore list --no-legend
  assert_status 0
  [[ ${#lines[@]} == 1 ]]
}

@test "a store to which everybody may write is refused" {
  make_image web.aci
  acistore import web.aci
  for mode in 0777 1777; do
    chmod "$mode" "$ACISTORE_DIR"
    for command in 'import web.aci' 'list' 'cat example.com/app'; do
      run_acistore $command
      assert_failure 10 "^${command%% *}: $ACISTORE_DIR: not trusted: everybody may write to it"
    done
    run_acistore --json list
    assert_json_error '[.error.status, .error.kind]' '[10,"refused"]'
  done
  chmod o-w "$ACISTORE_DIR"
  run_acistore list
  assert_status 0
}

@test "links, dots and slashes on the way to a store are understood" {
  make_image web.aci
  mkdir -p real/below
  ln -s real one
  ln -s ../one/below real/two
  acistore --store real/below/store import web.aci
  for path in real//below/./store/ one/below/../below/store one/two/store "$PWD/one/two/../below/store" \
    "/./..$PWD/real/below/store"; do
    run_acistore --store "$path" list --no-legend
    assert_status 0
    [[ ${#lines[@]} == 1 ]] || fail "$path leads elsewhere"
  done
  ln -s loop loop
  run_acistore --store loop/store list
  assert_failure 1 'loop/store: Too many levels of symbolic links'
  run_acistore --store web.aci/store list
  assert_failure 1 'web.aci/store: Not a directory'
  run_acistore --store real/none/store list
  assert_failure 3 'real/none/store: there is no store'
  run_acistore --store new/a/b import web.aci
  assert_status 0
}

# Every verb, with a symbolic link in the place of a part of the store: what it points at is never
# read nor changed.
@test "no symbolic link inside a store is followed" {
  make_image web.aci --label version=1
  make_image next.aci --label version=2
  acistore import web.aci >/dev/null
  acistore remote add https://example.com/ example.com/app
  web=$(key_of web.aci)
  shard=${web:7:2}
  cp -a "$ACISTORE_DIR" original
  for part in blob blob/sha512 "blob/sha512/$shard" "blob/sha512/$shard/$web" tmp lock reserve \
    acistore.db acistore.db-journal; do
    rm -rf "$ACISTORE_DIR" elsewhere
    cp -a original "$ACISTORE_DIR"
    mkdir elsewhere
    mv "$ACISTORE_DIR/$part" elsewhere/target
    ln -s "$PWD/elsewhere/target" "$ACISTORE_DIR/$part"
    before=$(find elsewhere -printf '%P %y %m %s %T@ %C@ %i\n' | sort)
    while read -r command; do
      run_acistore ${command//WEB/$web}
      [[ $status != 0 || $part == reserve || $command != cat* ||
        ($part != blob* && $part != acistore.db) ]] || fail "$part: $command went through the link"
      [[ $status -lt 100 ]] || fail "$part: $command died"
      [[ $(find elsewhere -printf '%P %y %m %s %T@ %C@ %i\n' | sort) == "$before" ]] ||
        fail "$part: $command changed what the link points at"
    done <<'END'
list
get example.com/app
cat WEB
verify
import next.aci
put web.aci
import web.aci
mark --latest WEB
remote rm https://example.com/
rm WEB
END
  done
}

@test "what is no file where one should be is told, and nobody waits" {
  make_image web.aci
  acistore import web.aci
  for part in lock acistore.db; do
    mv "$ACISTORE_DIR/$part" kept
    mkfifo "$ACISTORE_DIR/$part"
    for command in list 'import web.aci' 'rm example.com/app'; do
      run timeout 20 "$ACISTORE" $command
      [[ $status != 124 ]] || fail "$command waits for $part"
      [[ $part != acistore.db || $status == 6 ]] || fail "$part: expected status 6"
    done
    rm "$ACISTORE_DIR/$part"
    mv kept "$ACISTORE_DIR/$part"
    acistore import web.aci
  done
}

@test "blobs are read-only, and stay so" {
  make_image web.aci
  acistore import web.aci
  acistore import web.aci
  acistore put web.aci
  [[ $(find "$ACISTORE_DIR/blob" -type f -perm /222) == '' ]]
}
