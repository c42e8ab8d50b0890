#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# acistore validate [FILE...] [--image IMAGE]: every departure from the letter of the specification.

load support

# An image without a finding: good_image FILE [ARGUMENT...]
good_image() {
  make_image "$1" --label version=1.0 --label os=linux --label arch=amd64 \
    --manifest-member "\"annotations\":[{\"name\":\"created\",\"value\":\"2014-10-27T19:32:27Z\"}]" "${@:2}"
}

GOOD_JSON='{"acKind":"ImageManifest","acVersion":"0.8.11","name":"example.com/web","labels":[{"name":"version","value":"1"},{"name":"os","value":"linux"},{"name":"arch","value":"amd64"}],"annotations":[{"name":"created","value":"2014-10-27T19:32:27Z"}]}'

# finds MANIFEST EXPECTED...: exactly these findings, a line each without the name of the file, for
# the good manifest with a jq filter applied to it.
finds() {
  jq -c "$1" <<<"$GOOD_JSON" >manifest.json
  make_image web.aci --manifest manifest.json
  run_acistore validate web.aci
  shift
  assert_stdout "$(printf '%s\n' "$@" | sed '/./s/^/web.aci: /')"
  [[ $output == *': error: '* ]] && assert_status 5 || assert_status 0
}

# archive_finds PYTHON EXPECTED...: the same for the entries that a Python expression makes after
# manifest and rootfs.
archive_finds() {
  python3 -B - "$1" >web.aci <<EOF_PYTHON
import sys
sys.path.insert(0, "$IMAGES")
from aci import *
good = entry("manifest", '''$GOOD_JSON'''), directory("rootfs")
sys.stdout.buffer.write(eval("(" + sys.argv[1] + ")"))
EOF_PYTHON
  run_acistore validate web.aci
  shift
  assert_stdout "$(printf '%s\n' "$@" | sed '/./s/^/web.aci: /')"
  [[ $output == *': error: '* ]] && assert_status 5 || assert_status 0
}

@test "a good image has no finding, status 0, however it is compressed" {
  for kind in none gzip bzip2 xz; do
    good_image web.aci --compress "$kind"
    run_acistore validate web.aci
    assert_status 0
    assert_stdout ''
    assert_stderr 'acistore: validate: 0 errors, 0 warnings'
  done
  run_acistore --quiet validate web.aci
  assert_stderr ''
  [[ ! -e $ACISTORE_DIR ]]
}

@test "all problems of a manifest, not only the first" {
  finds '.acKind = "PodManifest" | .name = "Web" | .labels[0].name = "Version" | .labels[1].value = "plan9"
    | .app = {"user": "0", "ports": [{"name": "a", "protocol": "tcp", "port": 0}]}' \
    'error: name: "Web": upper-case letters are not allowed' \
    'error: labels[0].name: "Version": upper-case letters are not allowed' \
    'error: labels[1].value: "plan9": must be darwin, freebsd or linux' \
    'error: app.ports[0].port: 0: must be from 1 to 65535' \
    'warning: app.exec: there is nothing to execute' \
    'error: app.group: is missing or empty' \
    'error: acKind: "PodManifest": must be ImageManifest' \
    'warning: labels: there is no "version", which with the name should tell one build from all others'
}

@test "what is missing of what is required" {
  finds '{}' \
    'error: acKind: is missing' \
    'error: acVersion: is missing' \
    'error: name: is missing' \
    'warning: annotations: there is no "created", the time of the build' \
    'warning: labels: there is no "version", which with the name should tell one build from all others' \
    'warning: labels: there is no "os": the image stands for every system' \
    'warning: labels: there is no "arch": the image stands for every architecture'
  finds '.labels += [{"value": "x"}, {"name": "x"}, null] | .dependencies = [{}]
    | .app = {"exec": ["/x"], "user": "", "group": "0", "eventHandlers": [{"name": "pre-start"}],
      "environment": [{"name": "A"}], "mountPoints": [{}], "ports": [{"port": 1}], "isolators": [{"value": 1}]}' \
    'error: labels[3].name: is missing' \
    'error: labels[4].value: is missing' \
    'error: labels[5]: is null' \
    'error: dependencies[0].imageName: is missing' \
    'error: app.eventHandlers[0].exec: is missing' \
    'error: app.environment[0].value: is missing' \
    'error: app.mountPoints[0].name: is missing' \
    'error: app.mountPoints[0].path: is missing' \
    'error: app.ports[0].name: is missing' \
    'error: app.ports[0].protocol: is missing' \
    'error: app.isolators[0].name: is missing' \
    'error: app.user: is missing or empty'
}

@test "a member of the wrong type is one finding, and its neighbours are looked at" {
  finds '.name = 5 | .labels[0].value = 1 | .annotations += [7] | .app = {"exec": ["/x", 1], "user": 3, "group": []}' \
    'error: name: a number where a string must be' \
    'error: labels[0].value: a number where a string must be' \
    'error: annotations[1]: a number where an object must be' \
    'error: app.exec[1]: a number where a string must be' \
    'error: app.user: a number where a string must be' \
    'error: app.group: a list where a string must be' \
    'warning: labels: there is no "version", which with the name should tell one build from all others'
}

@test "what the reference lets pass and the letter does not" {
  finds '.name = "example.com/a--b" | .acVersion = "0.8.12"' \
    'error: acVersion: "0.8.12": is later than any version of the specification; the last is 0.8.11' \
    'error: name: "example.com/a--b": two of - . _ ~ / must not stand side by side'
  finds '.acVersion = "0.08.11-01"' \
    'error: acVersion: "0.08.11-01": a number of a semantic version must not begin with 0'
  finds '.dependencies = [{"imageName": "a.b/c", "imageID": "sha512-xyz"}, {"imageName": "a.b/c", "imageID": "sha512-ab"}]' \
    'error: dependencies[0].imageID: "sha512-xyz": must have nothing but hexadecimal digits after sha512-' \
    'error: dependencies[1].imageID: "sha512-ab": must have 128 digits after sha512-, not 2'
  finds '.pathWhitelist = ["etc/x", "/a", "/a"] | .app = {"exec": ["x"], "user": "0", "group": "0",
      "supplementaryGIDs": [-1], "ports": [{"name": "a", "protocol": "tcp", "port": 1, "count": 0}]}' \
    'error: pathWhitelist[0]: "etc/x": must be an absolute path' \
    'warning: pathWhitelist[2]: "/a": is given twice' \
    'error: app.supplementaryGIDs[0]: -1: must not be negative' \
    'error: app.ports[0].count: 0: must be at least 1'
  finds '.annotations[0].value = "2014-10-27T9:32:27,5Z" | .annotations += [{"name": "appc.io/executor/supports-systemd-notify", "value": "yes"}]' \
    'error: annotations[0].value: "2014-10-27T9:32:27,5Z": is not a time as in RFC 3339, such as 2006-01-02T15:04:05Z' \
    'error: annotations[1].value: "yes": must be true or false'
}

@test "warnings: an old version, members nobody knows, letter case, null, a name that is no URL" {
  finds '.acVersion = "0.7.4" | .name = "web" | .foo = 1 | .App = null' \
    'warning: manifest: "foo": is no member that the specification knows' \
    'warning: app: "App": has upper and lower case mixed up' \
    'warning: app: is null, which stands for nothing; leave it out' \
    'warning: acVersion: "0.7.4": is older than the last version of the specification, 0.8.11' \
    'warning: name: "web": is not like a URL, such as example.com/web, and cannot be discovered'
  finds '.labels = [{"name": "version", "value": "1"}, {"name": "arch", "value": "amd64", "x": 1}]' \
    'warning: labels[1]: "x": is no member that the specification knows' \
    'warning: labels: there is no "os": the image stands for every system' \
    'warning: labels: "arch" has a meaning only with "os"'
  finds '.app = {"exec": ["/x"], "user": "0", "group": "0", "mountPoints": [{"name": "a", "path": "b"}, {"name": "a", "path": "/c"}]}' \
    'warning: app.mountPoints[0].path: "b": should be an absolute path' \
    'warning: app.mountPoints[1].name: "a": is given twice'
}

@test "a manifest that is not JSON is one finding with line and column" {
  printf '{"acKind": "ImageManifest",\n nonsense}' >manifest.json
  make_image web.aci --manifest manifest.json
  run_acistore validate web.aci
  assert_status 5
  assert_stdout 'web.aci: error: manifest: line 2, column 2: the name of a member, in quotes, must stand here'
  printf '[]' >manifest.json
  make_image web.aci --manifest manifest.json
  run_acistore validate web.aci
  assert_status 5
  assert_stdout 'web.aci: error: manifest: a list where an object must be'
}

@test "entries: twice, outside of rootfs, paths that lead out, and it goes on after each" {
  archive_finds 'b"".join(good) + entry("rootfs/a", "x") + entry("./rootfs/a", "y") + entry("etc/x") +
      entry("rootfs/../../y", "content") + entry("/rootfs/z") + entry("rootfs/b") + directory("rootfs/b") + MARKER' \
    'error: entry 4: "./rootfs/a": is there twice' \
    'warning: entry 4: "./rootfs/a": the path does not begin with rootfs/ as it is written' \
    'error: entry 5: "etc/x": stands outside of rootfs' \
    'error: entry 6: "rootfs/../../y": the path has a ".." component' \
    'error: entry 7: "/rootfs/z": the path begins with a slash' \
    'error: entry 9: "rootfs/b": is there twice'
}

@test "manifest and rootfs: missing, of the wrong type, given twice, written in another way" {
  archive_finds 'directory("rootfs") + MARKER' 'error: archive: there is no entry for manifest'
  archive_finds 'good[0] + entry("rootfs/a") + MARKER' 'error: archive: there is no entry for rootfs'
  archive_finds 'entry("./manifest", good[0][512:].rstrip(b"\0")) + directory("./rootfs/") + directory("./") + MARKER' \
    'warning: entry 1: "./manifest": is another way to write manifest' \
    'warning: entry 2: "./rootfs/": is another way to write rootfs' \
    'warning: entry 3: "./": only manifest and rootfs may stand at the top, not an entry for it'
  archive_finds 'directory("manifest") + entry("rootfs") + MARKER' \
    'error: entry 1: "manifest": is a directory, not a regular file' \
    'error: entry 2: "rootfs": is a regular file, not a directory'
  archive_finds 'b"".join(good) + good[0] + entry("manifest/") + MARKER' \
    'error: entry 3: "manifest": is there twice' \
    'error: entry 4: "manifest/": is there twice' \
    'error: entry 4: "manifest/": is an alias of manifest'
}

@test "devices, set-ID files, paths that are not UTF-8, unknown types, global pax headers" {
  archive_finds 'b"".join(good) + header("rootfs/null", type="3", devmajor=1, devminor=3) +
      entry("rootfs/su", "x", mode=0o4755) + entry("rootfs/wall", "x", mode=0o2755) + directory("rootfs/shared", mode=0o2775) +
      entry(b"rootfs/\xff\x1b", "x") + entry("rootfs/odd", "x", type="Z") + pax({"uid": "5"}, type="g") + entry("rootfs/z") + MARKER' \
    'warning: entry 3: "rootfs/null": is a device, which only root can extract' \
    'warning: entry 4: "rootfs/su": runs with the rights of its owner (set-user-ID)' \
    'warning: entry 5: "rootfs/wall": runs with the rights of its group (set-group-ID)' \
    'warning: entry 7: "rootfs/\xff\x1b": the path is not UTF-8' \
    'warning: entry 8: "rootfs/odd": is of the unknown type "Z", and taken for a regular file' \
    'warning: archive: a global pax header, of which some readers apply other records than others'
}

@test "links that cannot be extracted, and what stands below no directory" {
  archive_finds 'b"".join(good) + hard_link("rootfs/a", "rootfs/b") + entry("rootfs/b", "x") + hard_link("rootfs/c", "rootfs/b") +
      hard_link("rootfs/d", "../../etc/passwd") + hard_link("rootfs/e", "rootfs/e") + hard_link("rootfs/f", "manifest") +
      symlink("rootfs/g", "") + symlink("rootfs/h", "/etc") + entry("rootfs/h/x") + entry("rootfs/b/x/y") + MARKER' \
    'error: entry 3: "rootfs/a": is a hard link to "rootfs/b", which does not stand before it' \
    'error: entry 6: "rootfs/d": is a hard link to "../../etc/passwd", which leads out of the image' \
    'error: entry 7: "rootfs/e": is a hard link to itself' \
    'error: entry 8: "rootfs/f": is a hard link to "manifest", which is outside of rootfs' \
    'error: entry 9: "rootfs/g": is a symbolic link to nothing' \
    'error: entry 11: "rootfs/h/x": stands below "rootfs/h", which is no directory' \
    'error: entry 12: "rootfs/b/x/y": stands below "rootfs/b", which is no directory'
}

@test "how the archive ends" {
  archive_finds 'b"".join(good)' 'error: archive: the two blocks of zeros that end an archive are missing'
  archive_finds 'b"".join(good) + ZEROS' 'error: archive: one block of zeros ends the archive, where there must be two'
  archive_finds 'b"".join(good) + MARKER + ZEROS * 16'
  archive_finds 'b"".join(good) + MARKER + b"rubbish"' \
    'warning: archive: something follows the end; it is part of the image ID, and not read' \
    'error: archive: 2567 bytes are no whole number of blocks of 512'
  archive_finds '(b"".join(good) + entry("rootfs/a", "x"))[:-500]' \
    'error: archive: the two blocks of zeros that end an archive are missing' \
    'error: archive: 2060 bytes are no whole number of blocks of 512'
}

@test "damage ends the reading, and what came before is told" {
  archive_finds 'b"".join(good) + entry("etc/x") + header("rootfs/a", checksum=b"0") + MARKER' \
    'error: entry 3: "etc/x": stands outside of rootfs' \
    'error: archive: entry 4 at byte 2048: header checksum is 0, computed 4474'
  good_image web.aci --compress gzip --size 100000
  truncate -s 50000 web.aci
  run_acistore validate web.aci
  assert_status 5
  assert_stdout_line 'web\.aci: error: archive: gzip: truncated at byte 50000 of the compressed data'
  printf 'no archive\n' >text.aci
  run_acistore validate text.aci
  assert_status 5
  assert_stdout_line 'text\.aci: error: archive: .*'
  : >empty.aci
  run_acistore validate empty.aci
  assert_status 5
  assert_stdout_line 'empty\.aci: error: archive: there is no entry for manifest'
}

@test "many findings of a kind are counted" {
  archive_finds 'b"".join(good) + b"".join(header("rootfs/%d" % i, type="6", mode=0o4644) for i in range(25)) + MARKER' \
    "$(for i in {0..19}; do
      printf 'warning: entry %d: "rootfs/%d": runs with the rights of its owner (set-user-ID)\n' $((i + 3)) "$i"
    done)" \
    'warning: archive: 5 more of this: runs with the rights of its owner (set-user-ID)'
}

@test "the name of the file, and zstd, which the specification does not name" {
  good_image web.aci
  cp web.aci web.aci.gz
  run_acistore validate web.aci.gz
  assert_status 5
  assert_stdout 'web.aci.gz: error: file name: "web.aci.gz": must end in .aci, however it is compressed'
  zstd -q web.aci -o zstd.aci
  run_acistore validate zstd.aci
  assert_status 5
  assert_stdout 'zstd.aci: error: compression: "zstd": must be gzip, bzip2 or xz, or none at all'
  run_acistore validate - <web.aci
  assert_status 0
  assert_stdout ''
}

@test "several files, each under its name; one that cannot be read is status 1 and keeps no other from its turn" {
  good_image web.aci
  cp web.aci $'new\nline'
  run_acistore validate none.aci $'new\nline' web.aci
  assert_status 1
  assert_stdout 'new\x0aline: error: file name: "new\x0aline": must end in .aci, however it is compressed'
  [[ ${stderr_lines[0]} == 'acistore: validate: none.aci: open: No such file or directory' ]]
  [[ ${stderr_lines[1]} == 'acistore: validate: 1 error, 0 warnings' ]]
}

@test "--image looks at an image in the store" {
  good_image web.aci
  make_image db.aci --name example.com/db
  acistore import web.aci db.aci >/dev/null
  run_acistore validate --image example.com/app
  assert_status 0
  assert_stdout ''
  run_acistore validate --image example.com/app --image example.com/db
  assert_status 0
  assert_stdout_line 'example\.com/db: warning: labels: there is no "version", .*'
  run_acistore validate -q --image example.com/none web.aci
  assert_failure 3 'example\.com/none'
  run_acistore --store none validate -q --image example.com/db
  assert_failure 3 none
  rm "$(blob_of "$(key_of db.aci)")"
  run_acistore validate -q --image example.com/db
  assert_failure 6 'sha512-'
}

@test "without FILE and --image, or with a malformed image, the command line is wrong" {
  run_acistore validate
  assert_failure 2 'FILE or --image'
  run_acistore validate --image sha512-XYZ
  assert_failure 2 'sha512-XYZ'
}

@test "--json gives the findings in one object" {
  jq -c '.name = "Web" | .labels += [{"name": "x"}]' <<<"$GOOD_JSON" >manifest.json
  make_image web.aci --manifest manifest.json
  run_acistore --json validate web.aci
  assert_status 5
  assert_json '.findings[]' '{"source":"web.aci","severity":"error","field":"name","value":"Web","message":"upper-case letters are not allowed"}
{"source":"web.aci","severity":"error","field":"labels[3].value","value":null,"message":"is missing"}'
  good_image web.aci
  run_acistore --json validate web.aci
  assert_status 0
  assert_stdout '{"findings":[]}'
}

@test "whatever import refuses has an error" {
  "$IMAGES/bad-images" bad
  cd bad
  run_acistore --json import *
  jq -r '.error | select(.status == 5).message' <<<"$stderr" | sed 's/: not an image: .*//' | sort -u >../refused
  [[ $(wc -l <../refused) -gt 100 ]]
  run_acistore -q --json validate *
  jq -r '.findings[] | select(.severity == "error").source' <<<"$output" | sort -u >../found
  missed=$(comm -23 ../refused ../found)
  [[ -z $missed ]] || fail "import refuses these, and validate finds nothing: $missed"
}
