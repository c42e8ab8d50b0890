#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore render IMAGE DIR [--overwrite] [--strict] [--explain]: the root file system of an image, with
# its dependencies and whitelists applied, whole or not at all.

load support

# Makes the images that standard input describes (tests/images/layered-images) and imports them in
# the order of their names.
layered() {
  "$IMAGES/layered-images"
  acistore --no-sync import ./*.aci >/dev/null
  rm ./*.aci
}

# A line for all that is in a directory: "PATH/" of a directory, "PATH -> TARGET" of a symbolic link,
# "PATH: CONTENT" of a file.
tree_of() {
  (
    cd "$1" || exit
    {
      find . -mindepth 1 \( -type d -printf '%P/\n' \) -o \( -type l -printf '%P -> %l\n' \)
      grep -r '' . | sed -E 's,^\./([^:]*):,\1: ,'
    } | sort
  )
}

assert_tree() {
  local seen
  seen=$(tree_of "$1")
  [[ $seen == "$2" ]] || fail "expected in $1: $2
but there is: $seen"
}

assert_rendered() {
  local options=()
  while [[ $1 == --* ]]; do
    options+=("$1")
    shift
  done
  rm -rf out
  run_acistore --no-sync render "${options[@]}" "$1" out
  assert_status 0
  assert_stdout ''
  assert_tree out "$2"
}

# A failure that leaves nothing.
assert_refused() {
  local before after
  before=$(ls -A)
  run_acistore --no-sync render "$1" out
  assert_failure "$2" "$3"
  after=$(ls -A)
  [[ $after == "$before" ]] || fail "expected nothing new, but there is: $after"
}

@test "what is above replaces what is below" {
  layered <<'END'
image 1 c.example/base version=1.0
dir etc 700
file etc/conf base
file etc/keep base
dir d
dir d/deep
file d/deep/one base
file d/two base
file f base
link lib usr/lib
dir usr
file usr/lib/x base
link s etc/keep
image 2 b.example/lib
needs c.example/base,version=1.0
dir etc 750
file etc/conf lib 600
file d lib
dir f 711
file f/in lib
file lib/y lib
image 3 a.example/app
needs b.example/lib
file etc/app app
file s app
END
  assert_rendered --explain a.example/app 'd: lib
etc/
etc/app: app
etc/conf: lib
etc/keep: base
f/
f/in: lib
lib/
lib/y: lib
s: app
usr/
usr/lib/
usr/lib/x: base'
  local key name expected=''
  for name in c.example/base:1.0:3 b.example/lib:6 a.example/app:3; do
    key=$(acistore get "${name%:*}")
    expected+="acistore: render: $key  ${name%:*}: ${name##*:} entries"$'\n'
  done
  assert_stderr "${expected%$'\n'}"
  # The metadata is that of the image which the entry is from.
  [[ $(stat -c '%a %Y' out/etc out/etc/conf out/etc/keep out/f | paste -sd' ') == \
    '750 1000000000 600 1100000000 644 1100000000 711 1000000000' ]]
  # An image without dependencies is its own root file system.
  acistore --no-sync render c.example/base out --overwrite
  acistore cat c.example/base | tar -x --one-top-level=tar
  diff -r --no-dereference out tar/rootfs
  [[ $(readlink out/lib) == usr/lib ]]
}

@test "what is replaced is never written" {
  layered <<'END'
image 1 base.example/big
file data zeros:4000000
file more zeros:4000000
dir d
file d/huge zeros:4000000
image 2 app.example/small
needs base.example/big
keeps /data
keeps /d
file data small
file d small
END
  (
    ulimit -f 1000
    "$ACISTORE" --no-sync render app.example/small out
  )
  assert_tree out 'd: small
data: small'
}

@test "a whitelist keeps what it lists of its image and of what is below" {
  layered <<'END'
image 1 c.example/base
dir etc
file etc/conf base
file etc/other base
dir unit
file unit/a base
dir usr 711
dir usr/bin
file usr/bin/tool base
file usr/bin/rest base
link bin usr/bin
image 2 b.example/lib
needs c.example/base
keeps etc/conf
keeps /usr/./bin//tool
keeps /unit/
keeps /lib
keeps /../../etc/other
file lib lib
file own lib
image 3 a.example/app
needs b.example/lib
file app app
image 4 d.example/narrow
needs a.example/app
keeps /usr/bin/tool
keeps /usr/bin/rest
keeps /own
keeps /app
keeps /narrow/x
file narrow narrow
file etc narrow
image 5 e.example/none
needs a.example/app
keeps /none
END
  assert_rendered b.example/lib 'etc/
etc/conf: base
lib: lib
unit/
usr/
usr/bin/
usr/bin/tool: base'
  [[ $(stat -c %a out/usr) == 711 ]]
  assert_rendered a.example/app 'app: app
etc/
etc/conf: base
lib: lib
unit/
usr/
usr/bin/
usr/bin/tool: base'
  # Of several lists all must have it.
  assert_rendered --explain d.example/narrow 'app: app
usr/
usr/bin/
usr/bin/tool: base'
  [[ ${stderr_lines[0]} == *'  c.example/base: 3 entries, under 2 whitelists' ]]
  [[ ${stderr_lines[1]} == *'  b.example/lib: 0 entries, under 2 whitelists' ]]
  [[ ${stderr_lines[2]} == *'  a.example/app: 1 entry, under 1 whitelist' ]]
  [[ ${#stderr_lines[@]} == 4 ]]
  assert_rendered e.example/none ''
}

@test "an image that two others need comes with each of them" {
  layered <<'END'
image 1 base.example/d
file x base
file y base
file z base
image 2 left.example/l
needs base.example/d
file x left
file left left
image 3 right.example/r
needs base.example/d
file y right
image 4 app.example/a
needs left.example/l
needs right.example/r
file z app
image 5 narrow.example/r
needs base.example/d
keeps /y
file y narrow
image 6 app.example/b
needs left.example/l
needs narrow.example/r
END
  # The rendering of the right one has the x of the base, and comes later.
  assert_rendered --explain app.example/a 'left: left
x: base
y: right
z: app'
  [[ ${#stderr_lines[@]} == 4 ]]
  [[ ${stderr_lines[0]} == *'  left.example/l: 1 entry' ]]
  [[ ${stderr_lines[1]} == *'  base.example/d: 1 entry' ]]
  # But here its whitelist has not.
  assert_rendered --explain app.example/b 'left: left
x: left
y: narrow
z: base'
  [[ ${#stderr_lines[@]} == 5 ]]
}

@test "sixty diamonds on each other take no longer than their images" {
  python3 -c '
print("image bottom bottom.example/d\nfile bottom bottom")
below = ["bottom.example/d"]
for i in range(60):
    pair = [f"{side}{i}.example/d" for side in "lr"]
    for name in pair:
        print(f"image {i:02}{name[0]} {name}", *[f"needs {b}" for b in below], f"file f {name}",
              f"file {name} {name}", sep="\n")
    below = pair
print("image top top.example/d", *[f"needs {b}" for b in below], sep="\n")
' >images
  layered <images
  timeout 30 "$ACISTORE" --no-sync render top.example/d out
  [[ $(find out -type f | wc -l) == 122 && $(cat out/f) == r59.example/d ]]
  # Where each has a whitelist, each of the 2^60 ways to the bottom may keep something else.
  rm -r out "$ACISTORE_DIR"
  sed 's/^file f .*/&\nkeeps f/' images | layered
  status=0
  timeout 30 "$ACISTORE" --no-sync render top.example/d out >.out 2>.err || status=$?
  [[ $status == 5 && $(cat .err) == *': more than the limit of 500 images in one rendering' ]]
  [[ ! -e out ]]
}

@test "no more dependencies are looked up than the limit allows" {
  {
    echo 'image 1 base.example/b'
    echo 'image 2 app.example/a'
    yes 'needs base.example/b' | head -10000
    echo 'image 3 more.example/a'
    yes 'needs base.example/b' | head -10001
  } | layered
  assert_rendered app.example/a ''
  assert_refused more.example/a 5 \
    'render: more\.example/a -> base\.example/b: more than the limit of 10000 dependencies$'
}

@test "a dependency is found by its labels, as get finds it, or by its image ID" {
  layered <<'END'
image 1 base.example/b version=1 os=linux arch=amd64
file v one
image 2 base.example/b version=2 os=linux arch=amd64
file v two
image 3 app.example/last
needs base.example/b,os=linux 
image 4 app.example/first
needs base.example/b,version=1,os=linux
image 5 app.example/id
needs base.example/b,version=1 id:1 7
image 6 app.example/key
needs base.example/b id:1/64
image 7 app.example/prefix
needs base.example/b id:1/20
END
  assert_rendered app.example/last 'v: two'
  acistore mark base.example/b:1 --latest
  assert_rendered app.example/last 'v: one'
  acistore mark base.example/b:1 --no-latest
  # The size that a manifest states is that of a download.
  for name in first id key prefix; do
    assert_rendered "app.example/$name" 'v: one'
  done
}

@test "a dependency that is missing is named with the images that lead there" {
  "$IMAGES/layered-images" <<'END'
image 1 base.example/b version=1
END
  local key id blob
  key=$(key_of 1.aci)
  id=$(id_of 1.aci)
  blob=$(acistore put - <<<blob)
  "$IMAGES/layered-images" <<END
image 2 mid.example/m
needs base.example/b,version=2,os=linux
image 3 app.example/missing
needs mid.example/m
image 4 app.example/name
needs other.example/b $id
image 5 app.example/label
needs base.example/b,version=2 $id
image 6 app.example/nolabel
needs base.example/b,os=linux $key
image 7 app.example/tail
needs base.example/b ${key}00
image 8 app.example/word
needs base.example/b sha512-NotHex
image 9 app.example/gone
needs base.example/b sha512-0123456789
image 10 app.example/blob
needs base.example/b $blob
END
  acistore import ./*.aci >/dev/null
  rm ./*.aci

  assert_refused app.example/missing 3 \
    'render: app\.example/missing -> mid\.example/m -> base\.example/b:2,os=linux: no such image$'
  run_acistore --json render app.example/missing out
  assert_status 3
  assert_json_error '.error | [.status, .kind, (.message | contains("missing -> mid"))]' \
    '[3,"not-found",true]'
  assert_refused app.example/name 3 "app\.example/name -> other\.example/b: \
$key: its name is \"base.example/b\", not \"other.example/b\"\$"
  assert_refused app.example/label 3 "/b:2: $key: label \"version\" is \"1\", not \"2\"\$"
  assert_refused app.example/nolabel 3 "$key: has no label \"os\"\$"
  assert_refused app.example/tail 3 "$key: its whole image ID is another\$"
  assert_refused app.example/word 3 '/word -> base\.example/b: "sha512-NotHex": not a key'
  assert_refused app.example/gone 3 '/gone -> base\.example/b: sha512-0123456789: no key begins so$'
  assert_refused app.example/blob 3 "/b: $blob: a blob, but not an image\$"
  assert_refused no.example/image 3 'render: no\.example/image: no such image$'
  rm -r "$ACISTORE_DIR"
  assert_refused no.example/image 3 'no store'
}

@test "an image ID that begins several keys is ambiguous" {
  # The hashes of these begin alike.
  printf 6 | acistore put - >/dev/null
  printf 10 | acistore put - >/dev/null
  layered <<'END'
image 1 app.example/a
needs base.example/b sha512-3c
END
  assert_refused app.example/a 4 \
    'render: app\.example/a -> base\.example/b: sha512-3c: ambiguous: 2 keys begin so: '
}

@test "dependencies that go in a circle are refused" {
  layered <<'END'
image 1 a.example/app
needs b.example/lib
image 2 b.example/lib
needs fine.example/f
needs c.example/x
image 3 c.example/x version=1
needs b.example/lib
image 4 fine.example/f
image 5 self.example/s
needs self.example/s
END
  assert_refused a.example/app 5 'render: a\.example/app -> b\.example/lib -> c\.example/x -> b\.example/lib: the dependencies go in a circle$'
  assert_refused self.example/s 5 'render: self\.example/s -> self\.example/s: the dependencies go in a circle$'
}

@test "hard links keep the content that they named" {
  layered <<'END'
image 1 base.example/b
file plain base
file below below
image 2 app.example/a
needs base.example/b
file a1 mine
hard a2 a1
hard a3 a2
file gone gone
hard b1 gone
hard b2 gone
hard c1 plain
hard d1 below
image 3 top.example/t
needs app.example/a
dir gone
file gone/x top
file plain top
image 4 white.example/w
needs app.example/a
keeps /a3
keeps /b2
keeps /b1
keeps /c1
END
  assert_rendered top.example/t 'a1: mine
a2: mine
a3: mine
b1: gone
b2: gone
below: below
c1: base
d1: below
gone/
gone/x: top
plain: top'
  cd out
  [[ a1 -ef a2 && a1 -ef a3 && b1 -ef b2 && below -ef d1 && ! c1 -ef plain ]]
  [[ $(stat -c %h a1 b1 c1 below plain | paste -sd' ') == '3 2 1 2 1' ]]
  cd ..
  assert_rendered white.example/w 'a3: mine
b1: gone
b2: gone
c1: base'
  [[ out/b1 -ef out/b2 && $(stat -c '%h %Y' out/a3 out/c1 | paste -sd' ') == '1 1100000000 1 1100000000' ]]
}

@test "what no tree can be made of is refused, and nothing is laid through a link" {
  mkdir outside
  layered <<END
image 1 link.example/l
link a $PWD/outside
link b ..
image 2 through.example/t
needs link.example/l
file a/x through
file b/x through
image 3 own.example/o
link a $PWD/outside
file a/x own
image 4 file.example/f
file a/x above
file a below
image 5 hard.example/h
needs link.example/l
hard x nothing
image 6 list.example/l
needs hard.example/h
keeps /a
image 7 dir.example/d
dir d
hard x d
image 8 early.example/e
hard x later
file later later
image 9 up.example/u
hard x ../../etc/passwd
image 10 user.example/u
needs own.example/o
dir a
END
  assert_rendered through.example/t 'a/
a/x: through
b/
b/x: through'
  [[ -z $(ls outside) ]]
  rm -r out
  local key
  key=$(acistore get own.example/o)
  assert_refused own.example/o 5 "$key: entry 4 \(\"rootfs/a/x\"\): lies below an entry that is no directory\$"
  assert_refused user.example/u 5 "$key: entry 4 \(\"rootfs/a/x\"\): lies below an entry that is no directory\$"
  assert_refused file.example/f 5 '"rootfs/a"\): is no directory, and another entry lies below it$'
  assert_refused hard.example/h 5 '"rootfs/x"\): hard link to "rootfs/nothing", which is no earlier entry$'
  assert_refused dir.example/d 5 'hard link to "rootfs/d", which is a directory$'
  assert_refused early.example/e 5 'hard link to "rootfs/later", which is no earlier entry$'
  assert_refused up.example/u 5 'hard link: path "rootfs/../../etc/passwd" has a "\.\." component$'
  # What is left out harms nobody.
  assert_rendered list.example/l "a -> $PWD/outside"
}

@test "all images are verified, those too that nothing comes from" {
  "$IMAGES/layered-images" <<'END'
image 1 base.example/b
file data base
image 2 app.example/a
needs base.example/b
file data app
END
  acistore import ./*.aci >/dev/null
  local key blob
  key=$(key_of 1.aci)
  blob=$(blob_of "$key")
  rm ./*.aci
  assert_rendered app.example/a 'data: app'
  rm -r out
  # The content, and then the path, which makes the tree an impossible one.
  flip "$blob" 2048
  assert_refused app.example/a 6 "$key: the store is damaged: the blob does not match its key\$"
  flip "$blob" 2048
  python3 -c '
import sys
sys.path.insert(0, sys.argv[2])
import aci
with open(sys.argv[1], "r+b") as file:
    file.seek(1536)
    file.write(aci.hard_link("rootfs/data", "rootfs/nothing"))' "$blob" "$IMAGES"
  assert_refused base.example/b 6 "$key: the store is damaged: the blob does not match its key\$"
  rm "$blob"
  assert_refused app.example/a 6 "$key: the store is damaged: there is no "
}

@test "a directory that is there is left alone, or replaced at once" {
  layered <<'END'
image 1 base.example/b
file data base
image 2 app.example/a
needs base.example/b
file app app
END
  mkdir out
  echo mine >out/mine
  assert_refused app.example/a 10 'out: .*--overwrite'
  assert_tree out 'mine: mine'
  run_acistore render --overwrite app.example/a out --json
  assert_status 0
  assert_stdout ''
  assert_stderr ''
  assert_tree out 'app: app
data: base'
  [[ $(ls -A) == out ]]
  run_acistore --no-sync render app.example/a
  assert_failure 2 'DIR'
}

@test "what takes root is left out for others, and told" {
  needs_root 'become another user'
  needs setpriv 'it becomes another user'
  layered <<'END'
image 1 base.example/b
null null
file null2 base
image 2 app.example/a
needs base.example/b
hard null3 null
fifo pipe
END
  acistore --no-sync render app.example/a out
  [[ $(stat -c '%F %t,%T' out/null out/null3 out/pipe | paste -sd' ') == \
    'character special file 1,3 character special file 1,3 fifo 0,0' ]]
  rm -r out
  chmod -R a+rX "$BATS_RUN_TMPDIR"
  ln "$ACISTORE" program 2>/dev/null || cp "$ACISTORE" program
  chmod 777 .
  ACISTORE='setpriv' run_acistore --reuid=60001 --regid=60001 --clear-groups ./program render app.example/a out
  assert_status 0
  assert_stderr_line 'render: out: left out, since this takes root or another file system: .*2 devices'
  [[ ! -e out/null && ! -e out/null3 && -p out/pipe ]]
  ACISTORE='setpriv' run_acistore --reuid=60001 --regid=60001 --clear-groups ./program render --strict app.example/a out2
  assert_failure 1 '2 devices'
  [[ ! -e out2 ]]
}

@test "it counts as a use of every image" {
  layered <<'END'
image 1 base.example/b
image 2 app.example/a
needs base.example/b
image 3 other.example/o
END
  sqlite3 "$ACISTORE_DIR/acistore.db" 'UPDATE image SET last_used = 0' 2>/dev/null ||
    skip 'sqlite3 is not installed'
  acistore --no-sync render app.example/a out
  [[ $(acistore list --json | jq -c '[.images | sort_by(.name)[] | .lastUsed < "2000"]') == \
    '[false,false,true]' ]]
}
