#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore seed FILE: makes the store have what a lock file lists; seed --write FILE makes such a file.

load support

# Three images in images/, which three.lock lists in this order: web, db, tool.
setup() {
  fresh_store
  mkdir images
  make_image images/web.aci --name example.com/web --label version=1.0 --label os=linux --label arch=amd64
  make_image images/db.aci.xz --name example.com/db --compress xz
  make_image images/tool.aci --name example.com/tool
  make_image db.plain --name example.com/db
  web=$(key_of images/web.aci)
  db=$(key_of db.plain)
  tool=$(key_of images/tool.aci)
  cat >three.lock <<END
version = 1
owner = "fleet"  # of machines

[[image]]
name = "example.com/web:1.0"
id = "$(id_of images/web.aci)"
from = "images/web.aci"
latest = true

[[image]]
id = "$(id_of db.plain)"
from = ["nowhere.aci", "images/db.aci.xz"]
pin = ["fleet", "ops"]

[[image]]
name = "example.com/tool"
id = "$(id_of images/tool.aci)"
from = 'images/tool.aci'
pin = false
END
}

# lock FILE [LINE...]: a lock file with one image, web, and these lines in it.
lock() {
  printf '%s\n' 'version = 1' '[[image]]' "id = \"$(id_of images/web.aci)\"" "${@:2}" >"$1"
}

# What a store is, but for its times.
state() {
  acistore --json list | jq -c '.images[] | del(.importTime, .lastUsed, .verified)'
}

@test "imports what is missing, marks and pins it, and does nothing the second time" {
  run_acistore seed --check three.lock
  assert_status 9
  check=$output
  [[ ! -e $ACISTORE_DIR ]]
  run_acistore seed three.lock
  assert_status 0
  assert_stdout "imported  $web  example.com/web:1.0
imported  $db  -
imported  $tool  example.com/tool"
  assert_stderr ''
  [[ $check == "$output" ]] || fail "--check had said: $check"
  assert_kept "$web" "$db" "$tool"
  [[ $(acistore list --no-legend --full --fields id,latest,pins | tr '\t' ' ' | tr -s ' ') == "$web true fleet
$db false fleet,ops
$tool false"* ]]
  before=$(acistore --json list)
  for options in '' --prune --check '--check --prune'; do
    run_acistore seed $options three.lock
    assert_status 0
    assert_stdout ''
    assert_stderr ''
  done
  # Nothing at all: no image became the last imported.
  [[ $(acistore --json list) == "$before" ]]
}

@test "a second run and --check open nothing but the lock file and the database, and write nothing" {
  needs strace
  acistore seed three.lock
  rm -r images db.plain
  sum=$(sha512sum "$ACISTORE_DIR/acistore.db")
  for options in '' --check --prune; do
    ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -qq -o trace \
      -e trace=open,openat,openat2,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,unlinkat \
      "$ACISTORE" seed $options three.lock
    [[ $(grep -c 'three\.lock' trace) == 1 ]]
    # Directories and the program's own libraries aside.
    opened=$(grep -E 'open(at2?)?\(' trace |
      grep -vE 'ENOENT|O_DIRECTORY|O_PATH|"/(etc|lib|usr|proc|sys|dev)|three\.lock|"lock"|"(.*/)?acistore\.db(-journal)?"' || true)
    [[ -z $opened ]] || fail "it opened $opened"
    written=$(grep -E '(write|pwrite64|f(data)?sync|rename.*|unlinkat)\(' trace || true)
    [[ -z $written ]] || fail "it wrote $written"
  done
  [[ $(sha512sum "$ACISTORE_DIR/acistore.db") == "$sum" ]]
}

@test "what is there is marked, unmarked and pinned as the file says, and else left alone" {
  acistore import images/*
  acistore mark example.com/tool --latest
  acistore mark example.com/db --latest
  acistore pin --owner fleet --for 1h example.com/web
  acistore pin --owner other example.com/tool
  order=$(acistore list --no-legend --full --fields id)
  sed -i "/tool.aci/a latest = false" three.lock
  expected="marked  $web  example.com/web:1.0
pinned  $web  example.com/web:1.0  fleet
pinned  $db  example.com/db  fleet
pinned  $db  example.com/db  ops
unmarked  $tool  example.com/tool"
  run_acistore seed --check three.lock
  assert_status 9
  assert_stdout "$expected"
  run_acistore --json seed three.lock
  assert_status 0
  assert_json '.changes | map([.action, .name, .owner])' '[["marked","example.com/web:1.0",null],["pinned","example.com/web:1.0","fleet"],["pinned","example.com/db","fleet"],["pinned","example.com/db","ops"],["unmarked","example.com/tool",null]]'
  assert_json '.changes[0].key' "\"$web\""
  # db keeps the mark that the file says nothing of, tool its pin, and the order stays.
  run_acistore --json list
  assert_json '[.images[] | [.name, .latest, (.pins | map(.owner, .expires))]] | sort' \
    '[["example.com/db",true,["fleet",null,"ops",null]],["example.com/tool",false,["other",null]],["example.com/web",true,["fleet",null]]]'
  [[ $(acistore list --no-legend --full --fields id) == "$order" ]]
  run_acistore --json seed three.lock
  assert_status 0
  assert_stdout '{"changes":[]}'
}

@test "--changed-exit: 0 if anything changed, 9 if not; --check: the other way; errors come first" {
  run_acistore seed --changed-exit three.lock
  assert_status 0
  run_acistore seed --changed-exit three.lock
  assert_status 9
  assert_stdout ''
  assert_stderr ''
  acistore unpin --owner ops example.com/db
  run_acistore seed --changed-exit three.lock
  assert_status 0
  assert_stdout "pinned  $db  example.com/db  ops"
  lock none.lock
  acistore rm --force example.com/web
  run_acistore seed --changed-exit none.lock
  assert_failure 3 '^seed: none.lock:2: '"$web"': no source is named, and it is not in the store$'
}

@test "a blob that is gone or cut off is stored anew, with the mark that it had" {
  acistore seed three.lock
  acistore mark --latest example.com/db
  rm "$(blob_of "$db")"
  chmod u+w "$(blob_of "$web")"
  truncate -s 100 "$(blob_of "$web")"
  run_acistore seed three.lock
  assert_status 0
  assert_stdout "imported  $web  example.com/web:1.0
imported  $db  -"
  run_acistore --json list
  assert_json '[.images[] | [.name, .latest]]' '[["example.com/tool",false],["example.com/web",true],["example.com/db",true]]'
  acistore verify
}

@test "paths are relative to the lock file, wherever one stands" {
  mkdir -p deep/er
  sed 's#images/#../../images/#' three.lock >deep/er/three.lock
  (cd / && acistore seed --check "$OLDPWD/deep/er/three.lock" >/dev/null) || [[ $? == 9 ]]
  acistore seed deep/er/three.lock
  assert_kept "$web" "$db" "$tool"
  lock absolute.lock "from = \"$PWD/images/web.aci\""
  acistore --store one seed absolute.lock
  # Standard input has no directory: the current one.
  run_acistore --store two seed - <three.lock
  assert_status 0
  [[ ${#lines[@]} == 3 ]]
}

@test "a directory is searched for the key, the ID and the names of the image" {
  id=$(id_of images/web.aci)
  digits=${web#sha512-}
  for place in "blob/sha512/${digits:0:2}/$web" "$web" "$web.aci" "$id" "$id.aci" \
    example.com/web-1.0-linux-amd64.aci web-1.0-linux-amd64.aci; do
    rm -rf mirror "$ACISTORE_DIR"
    mkdir -p "mirror/$place"
    rmdir "mirror/$place"
    cp images/web.aci "mirror/$place"
    lock web.lock 'from = "mirror"' 'name = "example.com/web:1.0,os=linux,arch=amd64"'
    acistore seed web.lock
    assert_kept "$web"
  done
  # A store, after a directory that lacks it, for all images; the file's own order first.
  acistore --store other import images/web.aci
  rm -rf "$ACISTORE_DIR"
  printf 'version = 1\nfrom = ["images", "other"]\n[[image]]\nid = "%s"\n' "$id" >web.lock
  acistore seed web.lock
  assert_kept "$web"
  # Without all three labels, or with one that leads elsewhere, there is no such name.
  rm -rf "$ACISTORE_DIR"
  lock web.lock 'from = "mirror"' 'name = "example.com/web:1.0,os=linux"'
  run_acistore seed web.lock
  assert_failure 3 '^seed: web.lock:2: example.com/web:1.0,os=linux: mirror: the directory does not have it$'
  lock web.lock 'from = "mirror"' 'name = "example.com/web:../../x,os=linux,arch=amd64"'
  run_acistore seed web.lock
  assert_failure 3 'mirror: the directory does not have it$'
}

@test "a source with other bytes is passed over, and leaves nothing" {
  flip images/tool.aci 1600
  cp LICENSE images/text 2>/dev/null || echo text >images/text
  lock web.lock 'from = ["images/text", "images/tool.aci", "images/db.aci.xz", "images/web.aci"]'
  run_acistore seed web.lock
  assert_status 0
  assert_stdout "imported  $web  -"
  assert_stderr ''
  assert_kept "$web"
}

@test "an image without a good source is an error that tells of each, and keeps no other away" {
  mkdir empty
  sed -i 's#^from = .images/web.aci.#from = ["gone.aci", "empty", "images/tool.aci"]#' three.lock
  run_acistore seed --prune three.lock
  assert_status 5
  assert_stdout "imported  $db  -
imported  $tool  example.com/tool"
  [[ ${stderr_lines[0]} == "acistore: seed: three.lock:4: example.com/web:1.0: gone.aci: there is no such file or directory; empty: the directory does not have it; images/tool.aci: the key does not match: expected $(id_of images/web.aci), but it is $(id_of images/tool.aci)" ]]
  [[ ${stderr_lines[1]} == 'acistore: seed: nothing is pruned, since not all that the file names is there' ]]
  assert_kept "$db" "$tool"
  acistore rm --force "$db" "$tool"
  sed -i 's#, "images/tool.aci"##' three.lock
  run_acistore seed three.lock
  assert_status 3
  # A file that may not be read says more than one that is not there.
  mkdir loop
  ln -s loop loop/loop
  lock web.lock 'from = ["gone", "loop/loop/x", "self"]'
  ln -s self self
  run_acistore seed web.lock
  assert_failure 1 'gone: there is no such file.*; self: stat: Too many levels of symbolic links'
}

@test "an image that is not called as the file says is refused, there or to be imported" {
  lock web.lock 'from = "images/web.aci"' 'name = "example.com/web:2.0"'
  run_acistore seed web.lock
  assert_failure 5 '^seed: web.lock:2: example.com/web:2.0: the image of this ID is called "example.com/web:1.0,os=linux,arch=amd64", not "example.com/web:2.0"$'
  refute_kept
  acistore import images/web.aci
  run_acistore seed web.lock
  assert_failure 5 'is called "example.com/web:1.0,os=linux,arch=amd64", not'
  run_acistore seed --check web.lock
  assert_failure 5 'is called "example.com/web:1.0,os=linux,arch=amd64", not'
  [[ -z $(acistore list --no-legend --fields pins | tr -d '[:space:]') ]]
  # Nor is one whose ID differs from the file's behind the digits of the key.
  sed -i "s/^id = .*/id = \"$web$(printf '0%.0s' {1..64})\"/; /^name/d" web.lock
  run_acistore seed web.lock
  assert_failure 5 "web.lock:2: $web: the stored image has another ID: $(id_of images/web.aci)"
}

@test "--prune takes what its owner had pinned and the file no longer names" {
  make_image images/old.aci --name example.com/old
  make_image images/kept.aci --name example.com/kept
  make_image images/free.aci --name example.com/free
  acistore import --pin=fleet images/old.aci images/kept.aci images/tool.aci
  acistore import images/free.aci
  acistore pin --owner other example.com/kept
  acistore pin --owner other example.com/free
  echo bytes >bytes
  acistore put bytes >put.key
  acistore pin --owner fleet "$(<put.key)"
  old=$(key_of images/old.aci)
  kept=$(key_of images/kept.aci)
  # Not as long as the new ones are not there.
  mv images/web.aci web.away
  run_acistore seed --prune three.lock
  assert_status 3
  acistore exists example.com/old
  mv web.away images/web.aci
  removals=$(printf '%s\n' "removed  $old  example.com/old" "removed  $(<put.key)  -" | sort -k2)
  expected="imported  $web  example.com/web:1.0
$removals
$(printf '%s\n' "unpinned  $kept  example.com/kept  fleet" "unpinned  $tool  example.com/tool  fleet" | sort -k2)"
  run_acistore seed --check --prune three.lock
  assert_status 9
  assert_stdout "$expected"
  run_acistore seed three.lock
  assert_stdout "imported  $web  example.com/web:1.0"
  acistore exists example.com/old
  run_acistore seed --prune --changed-exit three.lock
  assert_status 0
  assert_stdout "${expected#*$'\n'}"
  assert_kept "$web" "$db" "$tool" "$kept" "$(key_of images/free.aci)"
  run_acistore --json list
  assert_json '[.images[] | [.name, (.pins | map(.owner))]] | sort' '[["example.com/db",["fleet","ops"]],["example.com/free",["other"]],["example.com/kept",["other"]],["example.com/tool",[]],["example.com/web",["fleet"]]]'
  run_acistore seed --prune --changed-exit three.lock
  assert_status 9
}

@test "what is wrong in a lock file is told with its line: status 5" {
  id=$(id_of images/web.aci)
  while IFS='|' read -r line message text; do
    printf '%b' "${text//ID/$id}" >bad.lock
    run_acistore seed bad.lock
    assert_failure 5 "^seed: bad.lock:$line: $message"
  done <<'END'
1|version is missing|
1|version: 2 is not known; this acistore reads version 1|version = 2
1|version: must be a number, not the string "1"|version = "1"
2|"ower": no such key|version = 1\nower = "x"
2|owner: must be a string, not 5|version = 1\nowner = 5
2|owner: is empty|version = 1\nowner = ""
2|image: must be \[\[image\]\], not a table|version = 1\n[image]\nid = "ID"
2|image: must be \[\[image\]\], not 3|version = 1\nimage = [3]
2|image: id is missing|version = 1\n[[image]]\nname = "x"
4|"frm": no such key of an image|version = 1\n[[image]]\nid = "ID"\nfrm = "x"
3|id: "sha512-abc": an image ID has 128 digits, not 3|version = 1\n[[image]]\nid = "sha512-abc"
3|id: "web": not a key|version = 1\n[[image]]\nid = "web"
4|name: "A:1": not an image reference|version = 1\n[[image]]\nid = "ID"\nname = "A:1"
4|latest: must be true or false, not the string "yes"|version = 1\n[[image]]\nid = "ID"\nlatest = "yes"
4|pin: must be an owner, an array of owners, or false, not true|version = 1\n[[image]]\nid = "ID"\npin = true
4|pin: is empty|version = 1\n[[image]]\nid = "ID"\npin = []
4|pin: "a" is given twice|version = 1\n[[image]]\nid = "ID"\npin = ["a", "a"]
4|from: must be a path or an array of paths, not 7|version = 1\n[[image]]\nid = "ID"\nfrom = ["a", 7]
4|from: "a\\x00b" has a NUL|version = 1\n[[image]]\nid = "ID"\nfrom = "a\\u0000b"
2|from: "https://x.org/a.aci": URLs are not supported by version 1 of the lock file|version = 1\nfrom = "https://x.org/a.aci"
5|sha512-[0-9a-f]{64}: the image of line 3 once more|version = 1\n\n[[image]]\nid = "ID"\n[[image]]\nid = "ID"
2|a dotted key|version = 1\na.b.c = 1
3|.*|version = 1\nowner = "x"\nowner = "y"
2|.*|version = 1\nowner = "x
2|.*|version = 1\nowner = "\xff"
END
  [[ ! -e $ACISTORE_DIR ]]
  run_acistore seed gone.lock
  assert_failure 1 '^seed: gone.lock: open: No such file or directory$'
  head -c 17000000 /dev/zero | tr '\0' '#' >big.lock
  run_acistore seed big.lock
  assert_failure 5 '^seed: big.lock: not a lock file: more than the limit of 16777216 bytes$'
}

@test "options that do not go together: status 2" {
  for line in '--check --changed-exit a.lock' '--overwrite a.lock' '--write --prune a.lock' 'a.lock b.lock' '--write'; do
    run_acistore seed $line
    assert_status 2
  done
}

@test "--write: a lock file for what is stored, from which a store is made the same" {
  make_image images/web2.aci --name example.com/web --label version=2.0
  acistore import --latest --pin=fleet images/web.aci images/web2.aci
  acistore import --pin=ops images/tool.aci images/db.aci.xz
  acistore import images/tool.aci
  acistore pin --owner fleet example.com/db
  acistore pin --owner $'o"w\\n\ner' example.com/tool
  acistore pin --owner night --for 1h example.com/web
  acistore unpin --owner ops example.com/tool
  acistore seed --write all.lock
  acistore seed --write - | cmp - all.lock
  [[ $(sed -n 2,4p all.lock) == "version = 1
owner = \"fleet\"
from = \"$(realpath "$ACISTORE_DIR")\"" ]]
  [[ $(grep '^pin\|^name\|^latest' all.lock) == 'name = "example.com/web:1.0,os=linux,arch=amd64"
latest = true
name = "example.com/web:2.0"
latest = true
name = "example.com/db"
latest = false
pin = ["fleet", "ops"]
name = "example.com/tool"
latest = false
pin = "o\"w\\n\u000Aer"' ]]
  run_acistore seed --changed-exit all.lock
  assert_status 9
  before=$(state)
  mv "$ACISTORE_DIR" mirror
  sed -i 's#^from.*#from = "mirror"#' all.lock
  run_acistore seed all.lock
  assert_status 0
  [[ ${#lines[@]} == 4 ]]
  # All but the pin that expires, and with it the order of each name's images.
  [[ $(state | jq -c .) == "$(jq -c '.pins |= map(select(.expires == null))' <<<"$before")" ]]
}

@test "--write FILE IMAGE...: files are read and not stored, the rest is looked up" {
  mkdir -p locks elsewhere
  ln -s ../images/db.aci.xz elsewhere/link.aci
  run_acistore seed --write locks/files.lock -j 2 images/web.aci "$PWD/elsewhere/link.aci"
  assert_status 0
  assert_stdout ''
  [[ ! -e $ACISTORE_DIR ]]
  [[ $(<locks/files.lock) == "# Images for acistore seed: see acistore-seed(5).
version = 1
owner = \"seed\"

[[image]]
name = \"example.com/web:1.0,os=linux,arch=amd64\"
id = \"$(id_of images/web.aci)\"
from = \"../images/web.aci\"

[[image]]
name = \"example.com/db\"
id = \"$(id_of db.plain)\"
from = \"../elsewhere/link.aci\"" ]]
  acistore seed locks/files.lock
  assert_kept "$web" "$db"
  # A name that cannot be written as a reference is left out; what is there already is refused.
  make_image comma.aci --name example.com/comma --label 'note=a,b'
  run_acistore seed --write locks/files.lock comma.aci
  assert_failure 10 '^seed: locks/files.lock: is there already'
  acistore seed --write --overwrite locks/files.lock comma.aci example.com/web:1.0 images/web.aci
  [[ $(grep -c '^name' locks/files.lock) == 1 ]]
  [[ $(grep '^from' locks/files.lock) == "from = \"$(realpath "$ACISTORE_DIR")\"
from = \"../comma.aci\"
from = \"../images/web.aci\"" ]]
  acistore --store other seed locks/files.lock
  # One that fails is told, the others are tried, and no file appears.
  echo text >text
  run_acistore seed --write new.lock text example.com/none images/web.aci
  assert_status 5
  [[ ${#stderr_lines[@]} == 2 && ${stderr_lines[0]} == *'text: not an image'* &&
    ${stderr_lines[1]} == *'example.com/none: no such image'* ]]
  [[ ! -e new.lock ]]
  run_acistore --store nowhere seed --write new.lock
  assert_failure 3 'nowhere: there is no store'
}

@test "a lock file is read no further than its nesting is bounded" {
  python3 -c '
print("version = 1")
print("a" + ".a" * 500000 + " = 1")' >dots.lock
  run_acistore seed dots.lock
  assert_failure 5 'dots.lock:2: a dotted key'
  python3 -c 'print("version = " + "[" * 100000)' >nested.lock
  run_acistore seed nested.lock
  assert_failure 5 'nested.lock:1: '
}

@test "killed at any point and run again, it comes to the same end" {
  needs strace
  # Two groups, one image in the middle there before, one to be unpinned and one to be removed.
  make_image --many 70 many
  acistore seed --write many.lock many/*
  sed -i 's/^owner = .*/owner = "fleet"/' many.lock
  make_image old.aci --name example.com/old
  make_image kept.aci --name example.com/kept
  acistore import --pin=fleet old.aci kept.aci
  acistore import --pin=other kept.aci many/image-00042.aci
  mv "$ACISTORE_DIR" before
  cp -r before "$ACISTORE_DIR"
  acistore seed --prune many.lock >expected.out
  state >expected
  [[ $(wc -l <expected) == 71 ]]
  # The first and the last publishing of a blob, writes and flushes of the database in between.
  for point in linkat:1 linkat:64 linkat:69 fdatasync:1 fdatasync:3 fdatasync:5 fdatasync:7 \
    pwrite64:2 pwrite64:20 pwrite64:60 unlinkat:1; do
    rm -rf "$ACISTORE_DIR"
    cp -r before "$ACISTORE_DIR"
    status=0
    ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -qq -o /dev/null \
      -e trace="${point%:*}" -e inject="${point%:*}:signal=KILL:when=${point#*:}" \
      "$ACISTORE" seed --prune many.lock >/dev/null || status=$?
    [[ $status == 137 ]] || fail "not killed at $point"
    acistore seed --prune many.lock >out
    state | cmp - expected || fail "another end after $point"
    run_acistore seed --prune --changed-exit many.lock
    assert_status 9
  done
}

@test "a reader that goes away keeps nothing from being done" {
  for number in {1..70}; do
    make_image "images/$number.aci" --name "example.com/number-$number"
  done
  acistore seed --write all.lock images/*.aci
  for command in 'seed all.lock' 'import --files-from list'; do
    rm -rf "$ACISTORE_DIR"
    printf '%s\n' images/*.aci >list
    run bash -o pipefail -c '"$ACISTORE" $0 2>err | head -1' "$command"
    assert_status 1
    grep -q 'standard output: write: Broken pipe' err
    [[ $(wc -l <err) == 1 ]] || fail 'expected it to be told once'
    [[ $(acistore list --no-legend | wc -l) == 72 ]] || fail "expected $command to go on"
  done
  run_acistore seed --check all.lock
  [[ $(grep -c imported <<<"$output") == 0 ]] || fail 'expected nothing to be missing'
  run bash -o pipefail -c '"$ACISTORE" --store other sync "$ACISTORE_DIR" 2>err | head -1'
  assert_status 1
  [[ $(acistore --store other list --no-legend | wc -l) == 72 ]] || fail 'expected sync to go on'
}

@test "a source is a file or a directory, and no pipe that may bring nothing" {
  mkfifo pipe
  lock x.lock 'from = ["pipe", "/dev/zero", "images/web.aci"]'
  run_acistore seed x.lock
  assert_status 0
  lock y.lock 'from = "pipe"'
  acistore rm --force "$web" >/dev/null
  run_acistore seed y.lock
  assert_failure 1 'pipe: is neither a regular file nor a directory'
}

@test "--write: what is written as a path is told as one" {
  acistore import images/web.aci >/dev/null
  run_acistore seed --write - nope.aci
  assert_failure 1 'seed: nope.aci: No such file or directory'
  run_acistore seed --write - ./images
  assert_failure 1 'seed: ./images: Is a directory'
  run_acistore seed --write - example.com/nope
  assert_failure 3 'example.com/nope: no such image'
}
