# SPDX-License-Identifier: Apache-2.0
"""Images that look wrong and are right: (name of the oddity, the uncompressed archive, how it is
compressed, contents). Contents are pairs of a path and the bytes of the regular file there.

Each stands for a corner where tools that write images, or readers of them, do not agree.
"""

import aci
from aci import (GNU, MARKER, V7, ZEROS, base256, directory, entry, file, gnu_long, hard_link, header,
                 image, padded, pax, symlink)

JSON = aci.manifest()
MANIFEST = entry("manifest", JSON)
ROOTFS = directory("rootfs")
HELLO = b"hello\n"
A = ("rootfs/a", HELLO)


def archive_cases():
    hello = entry("rootfs/a", HELLO)
    yield "minimal", MANIFEST + ROOTFS + MARKER, [("manifest", JSON)]
    yield "rootfs-first", ROOTFS + MANIFEST + MARKER, [("manifest", JSON)]
    yield "manifest-last", ROOTFS + hello + MANIFEST + MARKER, [("manifest", JSON), A]
    yield "file-before-rootfs", hello + MANIFEST + ROOTFS + MARKER, [A]
    yield "paths-with-dot", directory("./") + entry("./manifest", JSON) + directory("./rootfs/") + entry(
        "./rootfs/a", HELLO) + MARKER, [("manifest", JSON), A]
    yield "top-directory-dot", image(directory("."), hello), [A]
    yield "top-directory-empty-name", image(directory(""), hello), [A]
    yield "rootfs-with-slash", MANIFEST + directory("rootfs/") + hello + MARKER, [A]
    yield "path-two-slashes", image(entry("rootfs//b///c", HELLO)), [("rootfs/b/c", HELLO)]
    yield "path-dot-inside", image(entry("rootfs/./b/./c", HELLO)), [("rootfs/b/c", HELLO)]
    yield "path-dots-that-are-names", image(
        entry("rootfs/..a", HELLO), entry("rootfs/b..", HELLO), entry("rootfs/...", HELLO)), [
        ("rootfs/..a", HELLO), ("rootfs/b..", HELLO), ("rootfs/...", HELLO)]
    yield "path-not-utf-8", image(entry(b"rootfs/caf\xe9", HELLO)), []
    yield "path-with-newline-and-escape", image(entry("rootfs/a\n\x1b[31m", HELLO)), []
    yield "path-without-nul", image(entry("rootfs/" + "n" * 93, HELLO)), [("rootfs/" + "n" * 93, HELLO)]
    yield "directory-without-parents", image(entry("rootfs/x/y/z", HELLO)), [("rootfs/x/y/z", HELLO)]
    yield "parents-after-child", image(entry("rootfs/x/y", HELLO), directory("rootfs/x")), [
        ("rootfs/x/y", HELLO)]
    yield "whiteouts", image(entry("rootfs/.wh.a"), entry("rootfs/.wh..wh..opq")), [("rootfs/.wh.a", b"")]
    yield "links-that-point-anywhere", image(
        symlink("rootfs/s", "../../../etc/shadow"), symlink("rootfs/t", "/etc/shadow"),
        hard_link("rootfs/h", "/etc/shadow"), hard_link("rootfs/i", "rootfs/missing"), hello), [A]
    yield "empty-link-target", image(symlink("rootfs/s", ""), hello), [A]
    yield "devices-and-fifo", image(
        header("rootfs/null", type="3", devmajor=1, devminor=3), header("rootfs/sda", type="4", devmajor=8),
        header("rootfs/fifo", type="6"), hello), [A]

    yield "no-marker", MANIFEST + ROOTFS + hello, [A]
    yield "one-zero-block-last", MANIFEST + ROOTFS + hello + ZEROS, [A]
    yield "last-padding-missing", MANIFEST + ROOTFS + header("rootfs/a", len(HELLO)) + HELLO, [A]
    yield "padded-to-10240", image(hello).ljust(10240, b"\0"), [A]
    yield "rubbish-after-marker", image(hello) + b"old tape\n" * 100, [A]
    yield "entries-after-marker", image(hello) + entry("rootfs/a", "other") + entry("x") + MARKER, [A]
    yield "byte-after-marker", image(hello) + b"x", [A]

    yield "links-with-content-after-marker", image(symlink("rootfs/s", "a", size=3), hello) + b"abc", [A]
    yield "manifest-and-rootfs-below-rootfs", image(
        entry("rootfs/manifest", "x"), directory("rootfs/rootfs"), hello), [A, ("rootfs/manifest", b"x")]
    yield "v7-headers", entry("manifest", JSON, magic=V7) + header("rootfs/", type="5", magic=V7) + entry(
        "rootfs/a", HELLO, magic=V7, type=b"\0") + MARKER, [A]
    yield "v7-directory-by-slash", MANIFEST + header("rootfs/", type=b"\0", magic=V7) + hello + MARKER, [A]
    yield "gnu-headers", entry("manifest", JSON, magic=GNU) + directory("rootfs", magic=GNU) + entry(
        "rootfs/a", HELLO, magic=GNU) + MARKER, [A]
    yield "type-nul", image(entry("rootfs/a", HELLO, type=b"\0")), [A]
    yield "type-contiguous", image(entry("rootfs/a", HELLO, type="7")), [A]
    yield "type-unknown", image(entry("rootfs/a", HELLO, type="Z"), entry("rootfs/b", "b")), [
        A, ("rootfs/b", b"b")]
    yield "checksum-signed", image(signed("rootfs/caf\xc3\xa9", HELLO)), []
    yield "checksum-with-spaces", image(header(
        "rootfs/a", len(HELLO), checksum=b"%6o\0 " % sum_of(header("rootfs/a", len(HELLO)))) + padded(HELLO)), [A]
    yield "checksum-seven-digits", image(header(
        "rootfs/a", len(HELLO), checksum=b"%07o\0" % sum_of(header("rootfs/a", len(HELLO)))) + padded(HELLO)), [A]
    yield "numbers-with-spaces", image(entry(
        "rootfs/a", HELLO, size=b"          6 ", mode=b"   644 \0", mtime=b"          0 ")), [A]
    yield "numbers-empty", image(entry("rootfs/a", HELLO, uid=b"", gid=b"", mtime=b"", devmajor=b"")), [A]
    yield "numbers-base-256", image(entry("rootfs/a", HELLO, size=base256(len(HELLO), 12), uid=base256(
        70000000, 8), gid=base256(70000000, 8), mtime=base256(1 << 40, 12))), [A]
    yield "time-negative", image(entry("rootfs/a", HELLO, mtime=base256(-86400, 12))), [A]
    sizes = [directory("rootfs/d", size=5000), symlink("rootfs/s", "a", size=5000),
             hard_link("rootfs/h", "rootfs/a", size=5000), header("rootfs/c", 5000, type="3"),
             header("rootfs/b", 5000, type="4"), header("rootfs/f", 5000, type="6")]
    yield "size-where-no-content-is", image(hello, *sizes, entry("rootfs/z", "z")), [A, ("rootfs/z", b"z")]


def sum_of(block):
    return sum(block[:148]) + sum(block[156:]) + 8 * 32


def signed(path, data):
    """A header as tars wrote it whose char is signed."""
    block = header(path, len(data))
    total = sum(byte - 256 if byte > 127 else byte for byte in block[:148] + block[156:]) + 8 * 32
    return header(path, len(data), checksum=b"%06o\0 " % total) + padded(data)


def extension_cases():
    long = "rootfs/" + "/".join(["d" * 200] * 21)
    yield "gnu-long-name", image(file("rootfs/" + "n" * 200, HELLO, "gnu")), [("rootfs/" + "n" * 200, HELLO)]
    yield "gnu-long-link", image(gnu_long("K", "t" * 300) + symlink("rootfs/s", "t" * 100),
                                 entry("rootfs/a", HELLO)), [A]
    yield "gnu-name-and-link", image(gnu_long("K", "t" * 300) + gnu_long("L", "rootfs/" + "n" * 200) + symlink(
        "rootfs/n", "t"), entry("rootfs/a", HELLO)), [A]
    yield "gnu-name-without-nul", image(entry("././@LongLink", "rootfs/a", type="L", magic=GNU) + entry(
        "rootfs/b", HELLO)), [A]
    yield "ustar-prefix", image(entry("c", HELLO, prefix="rootfs/a/b")), [("rootfs/a/b/c", HELLO)]
    yield "pax-path", image(pax({"path": "rootfs/a"}) + entry("x", HELLO)), [A]
    yield "pax-path-wins-over-prefix", image(pax({"path": "rootfs/a"}) + entry("x", HELLO, prefix="y")), [A]
    yield "pax-path-with-newline", image(pax({"path": "rootfs/a\nb"}) + entry("x", HELLO)), []
    yield "pax-size-wins", image(pax({"size": "6"}) + header("rootfs/a", 0) + padded(HELLO),
                                 entry("rootfs/b", "b")), [A, ("rootfs/b", b"b")]
    yield "pax-size-wins-over-bigger", image(pax({"size": "6"}) + header("rootfs/a", 99999) + padded(HELLO),
                                             entry("rootfs/b", "b")), [A, ("rootfs/b", b"b")]
    yield "pax-last-record-wins", image(pax([("path", "rootfs/x"), ("path", "rootfs/a")]) + entry("y", HELLO)), [A]
    yield "pax-empty-value", image(pax({"path": "", "size": ""}) + entry("rootfs/a", HELLO)), [A]
    yield "pax-unknown-records", image(pax({"comment": "x", "VENDOR.key": "a=b=c", "hdrcharset": "BINARY"}) +
                                       entry("rootfs/a", HELLO)), [A]
    yield "pax-times", image(pax({"mtime": "-1.5", "atime": "1700000000.123456789", "ctime": "1"}) +
                             entry("rootfs/a", HELLO)), [A]
    yield "pax-big-ids", image(pax({"uid": "3000000000", "gid": "3000000000", "uname": "é", "gname": "é"}) +
                               entry("rootfs/a", HELLO)), [A]
    yield "pax-xattrs", image(pax([("SCHILY.xattr.user.x", b"a\0b\n=\xff"), (
        "LIBARCHIVE.xattr.user.x", "YQBi"), ("SCHILY.acl.access", "user::rw-")]) + entry("rootfs/a", HELLO)), [A]
    yield "pax-xattr-without-name", image(pax({"SCHILY.xattr.": "x"}) + entry("rootfs/a", HELLO)), [A]
    yield "pax-of-solaris", image(pax({"path": "rootfs/a"}, type="X") + entry("x", HELLO)), [A]
    yield "pax-and-gnu-name-agree", image(
        pax({"path": "rootfs/a"}) + gnu_long("L", "rootfs/a") + entry("x", HELLO)), [A]
    yield "pax-no-records", image(pax(b"") + entry("rootfs/a", HELLO)), [A]
    yield "pax-global-path-ignored", MANIFEST + ROOTFS + pax({"path": "rootfs/g"}, type="g") + entry(
        "rootfs/a", HELLO) + entry("rootfs/b", "b") + MARKER, [A, ("rootfs/b", b"b")]
    yield "pax-global-comment-first", pax({"comment": "0123456789abcdef"}, type="g") + image(
        entry("rootfs/a", HELLO)), [A]
    yield "pax-of-manifest", ROOTFS + pax({"path": "manifest"}) + entry("x", JSON) + MARKER, [("manifest", JSON)]
    yield "path-of-4095-bytes", image(file(long[:4095], HELLO, "gnu")), [(long[:4095], HELLO)]
    yield "component-of-255-bytes", image(file("rootfs/" + "c" * 255, HELLO, "pax")), [
        ("rootfs/" + "c" * 255, HELLO)]
    yield "special-headers-16-in-row", image(pax({"comment": "x"}) * 16 + entry("rootfs/a", HELLO)), [A]
    yield "xattr-of-64-kib", image(pax({"SCHILY.xattr.user.x": "x" * 65536}) + entry("rootfs/a", HELLO)), [A]
    yield "pax-header-of-nearly-1-mib", image(pax({"comment": "x" * 1048500}) + entry("rootfs/a", HELLO)), [A]
    yield from sparse_cases()


def sparse_cases():
    real = b"01234" + bytes(45) + b"56789" + bytes(45)
    data = b"0123456789"
    content = [("rootfs/a", real), ("rootfs/b", b"b")]
    cells = b"".join(aci.number(n, 12) for n in (0, 5, 50, 5))
    yield "sparse-old-gnu", image(header("rootfs/a", 10, type="S", magic=GNU, patches=[
        (386, cells), (483, aci.number(100, 12))]) + padded(data), entry("rootfs/b", "b")), content
    regions = [(4 * i, 2) for i in range(30)]
    cells = [b"".join(aci.number(n, 12) for pair in part for n in pair)
             for part in (regions[:4], regions[4:25], regions[25:])]
    first = header("rootfs/a", 60, type="S", magic=GNU, patches=[
        (386, cells[0]), (482, b"\1"), (483, aci.number(120, 12))])
    blocks = cells[1].ljust(504, b"\0") + b"\1".ljust(8, b"\0") + cells[2].ljust(512, b"\0")
    yield "sparse-old-gnu-extended", image(first + blocks + padded(b"xy" * 30), entry("rootfs/b", "b")), [
        ("rootfs/a", b"xy\0\0" * 30), ("rootfs/b", b"b")]
    yield "sparse-pax-0-0", image(pax([
        ("GNU.sparse.size", "100"), ("GNU.sparse.numblocks", "2"), ("GNU.sparse.offset", "0"),
        ("GNU.sparse.numbytes", "5"), ("GNU.sparse.offset", "50"), ("GNU.sparse.numbytes", "5")]) + entry(
        "rootfs/a", data), entry("rootfs/b", "b")), content
    yield "sparse-pax-0-1", image(pax({
        "GNU.sparse.size": "100", "GNU.sparse.numblocks": "2", "GNU.sparse.map": "0,5,50,5",
        "GNU.sparse.name": "rootfs/a"}) + entry("rootfs/GNUSparseFile.1/a", data), entry("rootfs/b", "b")), content
    one = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "rootfs/a"}
    yield "sparse-pax-1-0", image(pax({**one, "GNU.sparse.realsize": "100"}) + entry(
        "rootfs/GNUSparseFile.1/a", padded(b"2\n0\n5\n50\n5\n") + data), entry("rootfs/b", "b")), content
    yield "sparse-pax-1-0-only-a-hole", image(pax({**one, "GNU.sparse.realsize": "100"}) + entry(
        "rootfs/x", padded(b"0\n")), entry("rootfs/b", "b")), [("rootfs/a", bytes(100)), ("rootfs/b", b"b")]
    lines = b"".join(b"%d\n1\n" % (2 * i) for i in range(65536))
    yield "sparse-map-of-65536-regions", image(pax({**one, "GNU.sparse.realsize": "131072"}) + entry(
        "rootfs/x", padded(b"65536\n" + lines) + b"x" * 65536)), [("rootfs/a", b"x\0" * 65536)]
