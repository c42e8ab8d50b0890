#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Images that are right to the letter, and that want something written, linked or read elsewhere when
they are unpacked: cases() has (name, what extract says, archive).

    hostile_images.py PLACE UID

writes them to the current directory as 0.aci and so on, and to the file "hostile" a line for each:
the name of the image, what it wants, what extract says. PLACE is the directory that the links lead
to, in which there is a file "secret"."""

import sys

sys.dont_write_bytecode = True
from aci import directory, entry, hard_link, header, image, manifest, pax, symlink

IS_LINK = "which is a symbolic link"


def cases(place="/tmp", uid=0):
    own = {"uid": uid, "gid": uid}

    def file(path, data=b"hostile", **fields):
        return entry(path, data, **{**own, **fields})

    def case(name, message, *entries):
        return name, message, list(entries)

    secret = f"{place}/secret"
    yield case("below-absolute-link", f'entry 4 ("rootfs/a/secret"): lies below "rootfs/a", {IS_LINK}',
               symlink("rootfs/a", place), file("rootfs/a/secret"))
    yield case("below-link-up", f'lies below "rootfs/a", {IS_LINK}',
               symlink("rootfs/a", "../../.."), file("rootfs/a/secret"))
    yield case("directory-below-link-to-link", f'lies below "rootfs/b", {IS_LINK}',
               symlink("rootfs/a", place), symlink("rootfs/b", "a"), directory("rootfs/b/x", **own))
    yield case("below-link-that-stays-inside", f'lies below "rootfs/a", {IS_LINK}',
               directory("rootfs/d", **own), symlink("rootfs/a", "d"), file("rootfs/a/x"))
    yield case("below-hard-link-to-link", f'lies below "rootfs/b", {IS_LINK}',
               symlink("rootfs/a", place), hard_link("rootfs/b", "rootfs/a"), file("rootfs/b/secret"))
    yield case("below-file", 'lies below "rootfs/a", which is no directory',
               file("rootfs/a"), file("rootfs/a/b"))
    yield case("below-fifo", 'lies below "rootfs/a", which is no directory',
               header("rootfs/a", type="6", **own), file("rootfs/a/b"))
    yield case("file-over-directory", "something is there already", file("rootfs/a/b"), file("rootfs/a"))
    yield case("link-over-directory", "something is there already",
               file("rootfs/a/b"), symlink("rootfs/a", place), file("rootfs/a/secret"))
    yield case("absolute-hard-link", "hard link: path", hard_link("rootfs/a", secret))
    yield case("hard-link-up", 'has a ".." component', hard_link("rootfs/a", "../../secret"))
    yield case("hard-link-through-link", "which is no earlier entry",
               symlink("rootfs/a", place), hard_link("rootfs/b", "rootfs/a/secret"))
    yield case("hard-link-ahead", "which is no earlier entry",
               hard_link("rootfs/b", "rootfs/a"), file("rootfs/a"))
    yield case("hard-link-to-itself", "which it may not lead to", hard_link("rootfs/b", "rootfs/b"))
    yield case("hard-link-to-directory", "which is a directory", hard_link("rootfs/b", "rootfs"))
    yield case("owner-that-is-none", "user ID 4294967295 is none",
               entry("rootfs/a", "x", mode=0o4755, uid=b"\x80\0\0\0\xff\xff\xff\xff"))
    yield case("device-that-is-none", "there is no device 1048576,0",
               header("rootfs/a", type="3", devmajor=1 << 20))
    yield case("list-that-is-none", "access control list",
               pax({"SCHILY.acl.access": "x\n\x1b[31m"}), file("rootfs/a"))
    yield case("escapes-in-names", r'lies below "rootfs/\x1b[2J\x0a"',
               file("rootfs/\x1b[2J\n"), file("rootfs/\x1b[2J\n/x"))


def images(place="/tmp", uid=0):
    for number, (name, message, entries) in enumerate(cases(place, uid)):
        yield name, message, image(*entries, json=manifest(f"example.com/h{number}"))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open("hostile", "w") as names:
        for number, (name, message, data) in enumerate(images(sys.argv[1], int(sys.argv[2]))):
            with open(f"{number}.aci", "wb") as out:
                out.write(data)
            print(f"example.com/h{number}\t{name}\t{message}", file=names)


if __name__ == "__main__":
    main()
