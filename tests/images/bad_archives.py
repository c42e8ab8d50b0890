# SPDX-License-Identifier: Apache-2.0
"""Archives that are no image for one reason each: (name of the defect, what the message must match,
the uncompressed bytes, or chunks of them where there are many).

Layout is the appc specification's (spec/aci.md); the formats are POSIX ustar and pax and GNU tar's.
"""

import io
import zipfile

import aci
from aci import (GNU, MARKER, ZEROS, base256, directory, entry, file, gnu_long, hard_link, header,
                 image, pax, pax_record, symlink)

MANIFEST = entry("manifest", aci.manifest())
ROOTFS = directory("rootfs")
NO_MANIFEST = 'no "manifest"'
NO_ROOTFS = 'no "rootfs"'


def layout_cases():
    yield "empty-file", "empty|" + NO_MANIFEST, b""
    yield "marker-only", NO_MANIFEST, MARKER
    yield "no-manifest", NO_MANIFEST, ROOTFS + entry("rootfs/a", "x") + MARKER
    yield "no-rootfs", NO_ROOTFS, MANIFEST + MARKER
    yield "no-entry-for-rootfs", NO_ROOTFS, MANIFEST + entry("rootfs/a", "x") + MARKER
    yield "manifest-below-rootfs", NO_MANIFEST, ROOTFS + entry("rootfs/manifest", aci.manifest()) + MARKER
    yield "manifest-upper-case", "Manifest|" + NO_MANIFEST, entry("Manifest", aci.manifest()) + ROOTFS + MARKER
    yield "two-manifests", '"manifest"', MANIFEST + ROOTFS + MANIFEST + MARKER
    yield "two-manifests-by-dot", "manifest", MANIFEST + ROOTFS + entry("./manifest", aci.manifest()) + MARKER
    yield "manifest-directory", "manifest.*(directory|regular)", directory("manifest") + ROOTFS + MARKER
    yield "manifest-symlink", "manifest.*(link|regular)", image_with(symlink("manifest", "rootfs/m"))
    yield "manifest-hard-link", "manifest.*(link|regular)", image_with(hard_link("manifest", "rootfs/m"))
    yield "manifest-fifo", "manifest.*(fifo|FIFO|regular)", image_with(header("manifest", type="6"))
    yield "manifest-character-device", "manifest.*(device|regular)", image_with(header("manifest", type="3"))
    yield "manifest-block-device", "manifest.*(device|regular)", image_with(header("manifest", type="4"))
    yield "manifest-with-slash", "manifest", image_with(entry("manifest/", aci.manifest()))
    yield "manifest-with-slash-and-dot", "manifest", image_with(entry("manifest/.", aci.manifest()))
    yield "manifest-by-dot-dot", r"\.\.", image_with(entry("rootfs/../manifest", aci.manifest()))
    yield "manifest-absolute", '"/manifest"', image_with(entry("/manifest", aci.manifest()))
    yield "file-below-manifest", "manifest/x", MANIFEST + ROOTFS + entry("manifest/x", "x") + MARKER
    yield "rootfs-regular-file", "rootfs.*directory", MANIFEST + entry("rootfs", "x") + MARKER
    yield "rootfs-symlink", "rootfs.*directory", MANIFEST + symlink("rootfs", "/") + MARKER
    yield "rootfs-hard-link", "rootfs.*directory", MANIFEST + hard_link("rootfs", "manifest") + MARKER
    yield "rootfs-fifo", "rootfs.*directory", MANIFEST + header("rootfs", type="6") + MARKER
    yield "two-rootfs", "rootfs", MANIFEST + ROOTFS + ROOTFS + MARKER
    yield "file-beside-rootfs", "README", image(entry("README", "x"))
    yield "directory-beside-rootfs", "etc", image(directory("etc"))
    yield "link-beside-rootfs", "bin", image(symlink("bin", "rootfs/bin"))
    yield "file-in-directory-beside-rootfs", "etc/passwd", image(entry("etc/passwd", "x"))
    yield "rootfs-as-prefix-only", "rootfs2", image(entry("rootfs2", "x"))
    yield "rootfs-as-prefix-of-directory", "rootfs-old/a", image(entry("rootfs-old/a", "x"))
    yield "file-twice", "rootfs/a", image(entry("rootfs/a", "x"), entry("rootfs/a", "y"))
    yield "file-twice-by-slashes", "rootfs", image(entry("rootfs/a", "x"), entry("rootfs//a", "y"))
    yield "file-twice-by-dot", "rootfs", image(entry("rootfs/a", "x"), entry("./rootfs/./a", "y"))
    yield "file-and-directory", "rootfs/a", image(entry("rootfs/a", "x"), directory("rootfs/a/"))
    yield "directory-twice", "rootfs/a", image(directory("rootfs/a"), directory("rootfs/a/"))
    yield "file-twice-far-apart", "rootfs/f7", image(
        *(entry(f"rootfs/f{i}", "x") for i in range(3000)), entry("rootfs/f7", "y"))
    yield "file-twice-by-pax", "rootfs/a", image(
        entry("rootfs/a", "x"), pax({"path": "rootfs/a"}), entry("rootfs/b", "y"))
    yield "path-dot-dot", r"\.\.", image(entry("rootfs/../a", "x"))
    yield "path-dot-dot-inside-rootfs", r"\.\.", image(entry("rootfs/a/../b", "x"))
    yield "path-begins-with-dot-dot", r"\.\.", image(entry("../rootfs/a", "x"))
    yield "path-only-dot-dot", r"\.\.", image(directory(".."))
    yield "path-ends-with-dot-dot", r"\.\.", image(directory("rootfs/.."))
    yield "path-dot-dot-in-ustar-prefix", r"\.\.", image(entry("a", "x", prefix="rootfs/.."))
    yield "path-dot-dot-in-pax", r"\.\.", image(pax({"path": "rootfs/../../etc/passwd"}), entry("rootfs/a"))
    yield "path-dot-dot-in-gnu-name", r"\.\.", image(gnu_long("L", "rootfs/../../x"), entry("rootfs/a"))
    yield "path-absolute", '"/rootfs/a"', image(entry("/rootfs/a", "x"))
    yield "path-absolute-outside", '"/etc/passwd"', image(entry("/etc/passwd", "x"))
    yield "path-only-a-slash", '"/"', image(directory("/"))
    yield "path-absolute-in-pax", '"/etc/passwd"', image(pax({"path": "/etc/passwd"}), entry("rootfs/a"))
    yield "path-absolute-in-gnu-name", '"/rootfs/x"', image(gnu_long("L", "/rootfs/x"), entry("rootfs/a"))
    yield "path-absolute-in-sparse-name", '"/etc/x"', image(
        pax(sparse_name("/etc/x")) + entry("rootfs/a", b"0\n".ljust(512, b"\0")))
    yield "path-dot-dot-in-sparse-name", r"\.\.", image(
        pax(sparse_name("rootfs/../x")) + entry("rootfs/a", b"0\n".ljust(512, b"\0")))
    yield "path-dot-dot-across-prefix-and-name", r"\.\.", image(entry("..", "x", prefix="rootfs/a"))
    yield "path-of-link-dot-dot", r"\.\.", image(symlink("rootfs/../s", "a"))
    yield "path-of-device-absolute", '"/dev/null"', image(header("/dev/null", type="3"))
    yield "path-empty-for-a-file", "directory|regular", image(entry("", "x"))
    yield "path-dot-for-a-link", "directory|link", image(symlink(".", "/"))
    yield "path-only-dots-and-slashes", "directory|regular", image(entry("././/.", "x"))
    yield "path-back-slashes", "rootfs", image(entry("rootfs\\a", "x"))
    yield "path-upper-case-rootfs", "Rootfs", image(entry("Rootfs/a", "x"))
    yield "path-with-space-before", "rootfs", image(entry(" rootfs/a", "x"))
    yield "manifest-with-newline", "manifest", image(entry("manifest\n", "x"))
    yield "manifest-of-type-dumpdir", "manifest", image_with(
        header("manifest", len(aci.manifest()), type="D", magic=GNU) + aci.padded(aci.manifest()))
    yield "manifest-in-pax-path-of-a-link", "manifest.*(link|regular)", image_with(
        pax({"path": "manifest"}) + symlink("x", "rootfs/m"))
    yield "manifest-twice-by-pax", "manifest", image(pax({"path": "manifest"}) + entry("rootfs/a", "{}"))
    yield "manifest-twice-by-gnu-name", "manifest", image(gnu_long("L", "manifest") + entry("rootfs/a", "{}"))
    yield "manifest-twice-by-sparse-name", "manifest", image(
        pax(sparse_name("manifest")) + entry("rootfs/a", b"0\n".ljust(512, b"\0")))
    yield "manifest-twice-by-prefix", "manifest", image(entry("", "{}", prefix="manifest"))
    yield "manifest-last-and-bad", "manifest", ROOTFS + entry("rootfs/a", "x") + entry("manifest", "{}") + MARKER
    yield "manifest-after-marker", NO_MANIFEST, ROOTFS + MARKER + MANIFEST
    yield "rootfs-after-marker", NO_ROOTFS, MANIFEST + MARKER + ROOTFS
    yield "manifest-empty", "manifest", image(json=b"")
    yield "manifest-only-a-hole", "manifest", image_with(
        pax({**sparse_name("manifest"), "GNU.sparse.realsize": "100"}) + entry(
            "x", b"0\n".ljust(512, b"\0")))
    yield "rootfs-character-device", "rootfs.*directory", MANIFEST + header("rootfs", type="3") + MARKER
    yield "rootfs-twice-by-dot", "rootfs", image(directory("./rootfs/."))
    yield "rootfs-twice-by-pax", "rootfs", image(pax({"path": "rootfs"}) + directory("rootfs/d"))
    yield "rootfs-of-unknown-type", "rootfs.*directory", MANIFEST + header("rootfs", type="Z") + MARKER
    yield "link-twice", "rootfs/s", image(symlink("rootfs/s", "a"), symlink("rootfs/s", "b"))
    yield "hard-link-over-file", "rootfs/a", image(entry("rootfs/a", "x"), hard_link("rootfs/a", "manifest"))
    yield "top-directory-twice", "twice", image(directory("."), directory("./"))
    yield "path-absolute-two-slashes", '"//rootfs/a"', image(entry("//rootfs/a", "x"))


def sparse_name(path):
    return {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": path,
            "GNU.sparse.realsize": "0"}


def image_with(manifest):
    return manifest + ROOTFS + MARKER


def format_cases():
    body = MANIFEST + ROOTFS
    bad = header("rootfs/a", checksum=b"000001\0 ")
    yield "header-checksum-wrong", "checksum", body + bad + MARKER
    yield "header-checksum-of-first-wrong", "checksum|tar", image_with(
        header("manifest", 3, checksum=b"000001\0 ") + b"{}\n".ljust(512, b"\0"))
    yield "header-checksum-no-number", "checksum", body + header("rootfs/a", checksum=b"12x456\0 ") + MARKER
    yield "header-byte-flipped", "checksum", flip_first_header()
    yield "garbage-after-entries", "checksum", body + b"\xa5" * 512 + MARKER
    yield "zero-block-between-entries", "of zeros", body + ZEROS + entry("rootfs/a", "x") + MARKER
    yield "zero-block-between-manifest-and-rootfs", "of zeros", MANIFEST + ZEROS + ROOTFS + MARKER
    yield "zero-block-first", "of zeros", ZEROS + image()
    yield "zero-block-then-garbage", "of zeros", body + ZEROS + b"garbage".ljust(512, b"!")
    whole = body + entry("rootfs/a", "y" * 2000)
    yield "cut-in-header", "truncated|ends", whole[:len(body) + 100]
    yield "cut-in-first-header", "truncated|ends|tar", whole[:300]
    yield "cut-in-content", "truncated|ends", whole[:len(body) + 512 + 1999]
    yield "cut-before-content", "truncated|ends", whole[:len(body) + 512]
    yield "cut-in-manifest", "truncated|ends", whole[:512 + 20]
    yield "content-shorter-than-its-size", "truncated|ends", body + header("rootfs/a", 1 << 33) + MARKER
    yield "size-negative", "size", body + header("rootfs/a", size=base256(-1, 12)) + MARKER
    yield "size-minus-sign", "size", body + header("rootfs/a", size=b"-0000000001\0") + MARKER
    yield "size-no-number", "size", body + header("rootfs/a", size=b"0000x000000\0") + MARKER
    yield "size-digit-eight", "size", body + header("rootfs/a", size=b"00000000008\0") + MARKER
    yield "size-over-64-bits", "size", body + header("rootfs/a", size=b"\x80\x01" + bytes(10)) + MARKER
    yield "size-of-manifest-negative", "size", image_with(header("manifest", size=base256(-512, 12)))
    yield "size-largest-63-bits", "truncated|ends|limit|size", body + header(
        "rootfs/a", size=base256((1 << 63) - 1, 12)) + MARKER
    yield "size-padding-overflows", "truncated|ends|limit|size", body + header(
        "rootfs/a", size=base256((1 << 63) - 100, 12)) + MARKER
    yield "size-of-64-bits", "size", body + header("rootfs/a", size=base256(1 << 63, 12)) + MARKER
    yield "size-smallest", "size", body + header("rootfs/a", size=base256(-1 << 63, 12)) + MARKER
    yield "size-base-256-padding-set", "size", body + header(
        "rootfs/a", size=b"\x80" + b"\x7f" * 11) + MARKER
    yield "size-with-text-after", "size", body + header("rootfs/a", size=b"0000000001 x") + MARKER
    yield "size-plus-sign", "size", body + header("rootfs/a", size=b"+0000000001\0") + MARKER
    yield "size-in-hexadecimal", "size", body + header("rootfs/a", size=b"0x000000001\0") + MARKER
    yield "size-of-special-header-negative", "size|pax|header", body + header(
        "PaxHeaders/x", size=base256(-1, 12), type="x") + entry("rootfs/a", "x") + MARKER
    for field, wrong in {"mode": b"rwxr-xr\0", "uid": b"root\0\0\0\0", "gid": b"0000-01\0",
                         "mtime": b"yesterday\0\0\0", "devmajor": b"9999999\0",
                         "devminor": b"x000000\0"}.items():
        word = {"devmajor": "device", "devminor": "device"}.get(field, field)
        yield f"{field}-no-number", word, body + header("rootfs/a", **{field: wrong}) + MARKER
    yield "uid-of-nines", "uid", body + header("rootfs/a", uid=b"9" * 7) + MARKER
    yield "mtime-over-63-bits", "mtime", body + header("rootfs/a", mtime=b"\x80" + b"\xff" * 11) + MARKER
    yield "checksum-empty", "checksum", body + header("rootfs/a", checksum=bytes(8)) + MARKER
    yield "checksum-spaces", "checksum", body + header("rootfs/a", checksum=b" " * 8) + MARKER
    yield "checksum-negative", "checksum", body + header("rootfs/a", checksum=b"-00001\0 ") + MARKER
    yield "checksum-off-by-one", "checksum", body + header(
        "rootfs/a", checksum=b"%06o\0 " % (sum(header("rootfs/a", checksum=b" " * 8)) + 1)) + MARKER
    yield "checksum-base-256", "checksum", body + header(
        "rootfs/a", checksum=base256(sum(header("rootfs/a", checksum=b" " * 8)), 8)) + MARKER
    yield "header-only-magic", "checksum", body + (bytes(257) + GNU).ljust(512, b"\0") + MARKER
    yield "header-of-spaces", "checksum", body + b" " * 512 + MARKER
    yield "entry-one-byte-late", "checksum", body + b"\0" + entry("rootfs/a", "x") + MARKER
    yield "content-one-block-short", "checksum|truncated|ends", body + header("rootfs/a", 1024) + bytes(
        512) + entry("rootfs/b", "x" * 600)[:-512]
    yield "marker-cut-then-text", "zeros|truncated|ends", body + ZEROS + b"x"
    yield "marker-half-a-block-then-text", "checksum|truncated|ends", body + bytes(256) + b"x" * 256

    after = entry("rootfs/a", "x") + MARKER
    for name, pattern, records in pax_records():
        yield name, pattern, body + pax(records) + after
    yield "pax-header-last", "pax|header", body + pax({"comment": "x"}) + MARKER
    yield "pax-header-last-no-marker", "pax|header", body + pax({"comment": "x"})
    yield "pax-global-last", "pax|header", body + pax({"comment": "x"}, type="g") + MARKER
    yield "pax-global-bad-number", "uid|pax", body + pax({"uid": "root"}, type="g") + after
    yield "pax-solaris-header-bad", "pax", body + pax(b"6 a=\n", type="X") + after
    yield "pax-and-gnu-name-differ", "name|path", body + pax({"path": "rootfs/a"}) + gnu_long(
        "L", "rootfs/b") + after
    yield "pax-and-gnu-link-differ", "link", body + pax({"linkpath": "a"}) + gnu_long("K", "b") + symlink(
        "rootfs/s", "c") + MARKER
    yield "pax-header-at-end-of-file", "pax|header|truncated|ends", body + pax({"comment": "x"})[:512]
    yield "pax-record-after-nul", "pax", body + pax(pax_record("comment", "x") + b"\0junk") + after
    yield "gnu-name-size-no-number", "size", body + header(
        "././@LongLink", size=b"xxxxxxxxxxx\0", type="L", magic=GNU) + after
    yield "pax-header-cut", "truncated|ends", body + pax({"comment": "x" * 2000})[:1200]
    yield "gnu-name-last", "long name|header", body + gnu_long("L", "rootfs/a") + MARKER
    yield "gnu-link-last", "long link|long name|header", body + gnu_long("K", "rootfs/a") + MARKER
    yield "gnu-name-cut", "truncated|ends", body + gnu_long("L", "rootfs/" + "a/" * 500)[:700]
    yield from sparse_cases(body)
    yield from foreign_cases()


def flip_first_header():
    data = bytearray(image())
    data[0] ^= 0x01
    return bytes(data)


def pax_records():
    def record(key, value):
        return pax_record(key, value)
    yield "pax-record-length-too-big", "pax", b"99 comment=x\n"
    yield "pax-record-length-too-small", "pax", b"9 comment=x\n" + record("comment", "y")
    yield "pax-record-length-zero", "pax", b"0 comment=x\n"
    yield "pax-record-length-negative", "pax", b"-13 comment=x\n"
    yield "pax-record-length-no-number", "pax", b"xx comment=x\n"
    yield "pax-record-length-overflows", "pax", b"99999999999999999999999 comment=x\n"
    yield "pax-record-without-space", "pax", b"13comment=xy\n"
    yield "pax-record-without-equals", "pax", b"12 commentx\n"
    yield "pax-record-without-newline", "pax", b"12 comment=xy"[:12]
    yield "pax-record-without-key", "pax", b"6 =ab\n"
    yield "pax-path-with-nul", "NUL|pax", record("path", b"rootfs/a\0b")
    yield "pax-size-negative", "size", record("size", "-1")
    yield "pax-size-no-number", "size", record("size", "abc")
    yield "pax-size-fraction", "size", record("size", "1.5")
    yield "pax-size-over-64-bits", "size", record("size", "18446744073709551617")
    yield "pax-size-in-octal-notation", "size", record("size", "0o17")
    yield "pax-size-plus-sign", "size", record("size", "+1")
    yield "pax-size-with-space", "size", record("size", " 1")
    yield "pax-size-hexadecimal", "size", record("size", "0x1")
    yield "pax-size-largest", "truncated|ends|limit|size", record("size", "9223372036854775807")
    yield "pax-size-of-64-bits", "size", record("size", "9223372036854775808")
    yield "pax-uid-no-number", "uid", record("uid", "root")
    yield "pax-gid-over-64-bits", "gid", record("gid", "99999999999999999999")
    yield "pax-mtime-no-number", "mtime", record("mtime", "now")
    yield "pax-mtime-two-dots", "mtime", record("mtime", "1.2.3")
    yield "pax-mtime-over-64-bits", "mtime", record("mtime", "99999999999999999999.5")
    yield "pax-link-with-nul", "NUL|pax", record("linkpath", b"a\0b")
    yield "pax-path-dot-dot-only", r"\.\.", record("path", "..")
    yield "pax-record-length-leading-zeros-wrong", "pax", b"0099 comment=x\n"
    yield "pax-record-length-alone", "pax", b"3\n"
    yield "pax-size-beyond-the-end", "truncated|ends", record("size", "99999")


def sparse_cases(body):
    def gnu_sparse(pairs, real, data=b"", extended=0, more=b""):
        cells = b"".join(aci.number(n, 12) for pair in pairs for n in pair)
        patches = [(386, cells), (482, bytes([extended])), (483, aci.number(real, 12))]
        return header("rootfs/a", len(data), type="S", magic=GNU, patches=patches) + more + aci.padded(data)

    def pax_sparse_1(text, real, data=b""):
        stored = text.ljust(512, b"\0") + data
        records = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "rootfs/a",
                   "GNU.sparse.realsize": str(real)}
        return pax(records) + entry("rootfs/GNUSparseFile.0/a", stored)

    def pax_sparse_0_1(numbers, blocks, real, data=b""):
        records = {"GNU.sparse.size": str(real), "GNU.sparse.numblocks": str(blocks),
                   "GNU.sparse.map": numbers, "GNU.sparse.name": "rootfs/a"}
        return pax(records) + entry("rootfs/GNUSparseFile.0/a", data)

    ten = b"0123456789"
    yield "sparse-gnu-overlap", "sparse", body + gnu_sparse([(0, 6), (4, 4)], 100, ten) + MARKER
    yield "sparse-gnu-disorder", "sparse", body + gnu_sparse([(50, 5), (0, 5)], 100, ten) + MARKER
    yield "sparse-gnu-beyond-real-size", "sparse", body + gnu_sparse([(95, 10)], 100, ten) + MARKER
    yield "sparse-gnu-more-than-stored", "sparse", body + gnu_sparse([(0, 50)], 100, ten) + MARKER
    yield "sparse-gnu-map-cut", "truncated|ends", body + gnu_sparse([(0, 5)] * 4, 100, b"", 1)
    yield "sparse-gnu-no-number", "sparse", body + header(
        "rootfs/a", type="S", magic=GNU, patches=[(386, b"xyz"), (483, b"00000000144")]) + MARKER
    yield "sparse-0-1-odd-numbers", "sparse", body + pax_sparse_0_1("0,5,50", 1, 100, ten) + MARKER
    yield "sparse-0-1-no-number", "sparse", body + pax_sparse_0_1("0,5,x,5", 2, 100, ten) + MARKER
    yield "sparse-0-1-other-count", "sparse", body + pax_sparse_0_1("0,5,50,5", 3, 100, ten) + MARKER
    yield "sparse-0-1-overlap", "sparse", body + pax_sparse_0_1("0,6,4,4", 2, 100, ten) + MARKER
    yield "sparse-1-0-no-number", "sparse", body + pax_sparse_1(b"x\n0\n10\n", 100, ten) + MARKER
    yield "sparse-1-0-map-cut", "sparse|truncated|ends", body + pax_sparse_1(b"9\n0\n1\n", 100) + MARKER
    yield "sparse-1-0-beyond-real-size", "sparse", body + pax_sparse_1(b"1\n95\n10\n", 100, ten) + MARKER
    yield "sparse-1-0-offset-overflows", "sparse", body + pax_sparse_1(
        b"1\n9223372036854775807\n10\n", 100, ten) + MARKER
    yield "sparse-1-0-number-negative", "sparse", body + pax_sparse_1(b"1\n-5\n10\n", 100, ten) + MARKER
    yield "sparse-1-0-more-than-stored", "sparse", body + pax_sparse_1(b"1\n0\n50\n", 100, ten) + MARKER
    yield "sparse-1-0-less-than-stored", "sparse", body + pax_sparse_1(b"1\n0\n5\n", 100, ten) + MARKER
    yield "sparse-1-0-disorder", "sparse", body + pax_sparse_1(b"2\n50\n5\n0\n5\n", 100, ten) + MARKER
    yield "sparse-1-0-lengths-overflow", "sparse", body + pax_sparse_1(
        b"2\n0\n9223372036854775807\n9223372036854775807\n9\n", 100, ten) + MARKER
    yield "sparse-1-0-number-without-end", "sparse|truncated|ends", body + pax_sparse_1(
        b"1" * 2000, 100, ten) + MARKER
    yield "sparse-1-0-real-size-no-number", "sparse|realsize|size", body + pax(
        {**sparse_name("rootfs/a"), "GNU.sparse.realsize": "x"}) + entry("x", b"0\n".ljust(512, b"\0")) + MARKER
    yield "sparse-1-0-real-size-negative", "sparse|realsize|size", body + pax(
        {**sparse_name("rootfs/a"), "GNU.sparse.realsize": "-1"}) + entry("x", b"0\n".ljust(512, b"\0")) + MARKER
    yield "sparse-version-unknown", "sparse", body + pax(
        {**sparse_name("rootfs/a"), "GNU.sparse.major": "2"}) + entry("x", b"0\n".ljust(512, b"\0")) + MARKER
    yield "sparse-0-1-negative", "sparse", body + pax_sparse_0_1("-5,10", 1, 100, ten) + MARKER
    yield "sparse-0-1-empty-number", "sparse", body + pax_sparse_0_1("0,,10", 1, 100, ten) + MARKER
    yield "sparse-0-1-beyond-real-size", "sparse", body + pax_sparse_0_1("95,10", 1, 100, ten) + MARKER
    for name, records in {"offset-missing": [("numbytes", "5"), ("numbytes", "5")],
                          "length-missing": [("offset", "0"), ("offset", "5")],
                          "count-wrong": [("numblocks", "3"), ("offset", "0"), ("numbytes", "10")],
                          "overlap": [("numblocks", "2"), ("offset", "0"), ("numbytes", "6"),
                                      ("offset", "4"), ("numbytes", "4")]}.items():
        yield f"sparse-0-0-{name}", "sparse", body + pax([("GNU.sparse.size", "100"), *(
            ("GNU.sparse." + key, value) for key, value in records)]) + entry("rootfs/a", ten) + MARKER
    yield "sparse-gnu-offset-negative", "sparse", body + gnu_sparse([(0, 5), (-1, 5)], 100, ten) + MARKER
    yield "sparse-gnu-real-size-negative", "sparse|size", body + gnu_sparse([(0, 10)], -1, ten) + MARKER
    yield "sparse-gnu-extension-missing", "truncated|ends", body + gnu_sparse([(0, 1)] * 4, 100, ten, 1)[:512]
    yield "sparse-1-0-count-overflows", "sparse", body + pax_sparse_1(
        b"99999999999999999999\n0\n1\n", 100, ten) + MARKER


def foreign_cases():
    yield "text-file", "tar|checksum|truncated|ends", b"This is a text and no archive.\n" * 40
    yield "one-byte", "tar|truncated|ends", b"x"
    yield "511-bytes", "tar|truncated|ends", image()[:511]
    yield "random-bytes", "tar|checksum", b"".join(aci.random_chunks(20480, 1))
    yield "html-page", "tar|checksum|truncated|ends", b"<!DOCTYPE html><html><body>404</body></html>\n" * 20
    yield "bare-manifest", "tar|checksum|truncated|ends", aci.manifest() + b"\n" * 512
    yield "cpio-archive", "tar|checksum|truncated|ends", b"070701" + b"0" * 104 + b"TRAILER!!!\0" + bytes(403)
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(zipfile.ZipInfo("manifest"), aci.manifest())
            archive.writestr(zipfile.ZipInfo("rootfs/data"), bytes(2000))
        yield "zip-archive", "tar|checksum", out.getvalue()


def limit_cases():
    body = MANIFEST + ROOTFS
    after = entry("rootfs/a", "x") + MARKER
    mib = "1 ?MiB|1,?048,?576"
    yield "pax-header-over-1-mib", mib, body + pax({"comment": "x" * (1 << 20)}) + after
    yield "pax-global-over-1-mib", mib, body + pax({"comment": "x" * (1 << 20)}, type="g") + after
    yield "gnu-name-over-1-mib", mib, body + gnu_long("L", "x" * (1 << 20)) + after
    yield "pax-header-claims-an-exabyte", mib, body + header("PaxHeaders/x", 1 << 60, type="x") + after
    yield "special-headers-17-in-row", "(^|[^0-9])16([^0-9]|$)", body + pax({"comment": "x"}) * 17 + after
    long = "rootfs/" + "/".join(["d" * 200] * 21)
    yield "path-over-4095-bytes", "4,?095", body + file(long[:4096], "x", "gnu") + MARKER
    yield "path-over-4095-bytes-in-pax", "4,?095", body + file(long[:4096], "x", "pax") + MARKER
    yield "component-over-255-bytes", "255", body + file("rootfs/" + "c" * 256, "x", "gnu") + MARKER
    yield "component-over-255-bytes-directory", "255", body + gnu_long(
        "L", "rootfs/" + "c" * 256 + "/a") + entry("rootfs/c", "x") + MARKER
    yield "xattr-over-64-kib", "64 ?KiB|65,?536", body + pax({"SCHILY.xattr.user.x": "x" * 65537}) + after
    regions = ",".join(f"{2 * i},1" for i in range(65537))
    yield "sparse-map-over-65536-regions", "65,?536", body + pax(
        {"GNU.sparse.size": "200000", "GNU.sparse.numblocks": "65537", "GNU.sparse.map": regions,
         "GNU.sparse.name": "rootfs/a"}) + entry("rootfs/x", bytes(65537)) + MARKER
    lines = b"65537\n" + b"".join(b"%d\n1\n" % (2 * i) for i in range(65537))
    yield "sparse-map-1-0-over-65536-regions", "65,?536", body + pax(
        {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "rootfs/a",
         "GNU.sparse.realsize": "200000"}) + entry("rootfs/x", aci.padded(lines) + bytes(65537)) + MARKER
    yield "sparse-real-size-over-64-gib", "64 ?GiB|68,?719,?476,?736", body + pax(
        {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "rootfs/a",
         "GNU.sparse.realsize": str((64 << 30) + 1)}) + entry("rootfs/x", b"0\n".ljust(512, b"\0")) + MARKER
    yield "path-of-41-names-over-4095-bytes", "4,?095", body + file("rootfs/" + "n" * 99 + (
        "/" + "n" * 99) * 41, "x", "pax") + MARKER
    yield "path-all-slashes-over-4095-bytes", "4,?095|path", body + file("rootfs/a" + "/" * 5000 + ("b/" * 2500), "x", "gnu") + MARKER
    yield "special-headers-mixed-17-in-row", "(^|[^0-9])16([^0-9]|$)", body + (
        pax({"comment": "x"}) + pax({"comment": "x"}, type="g") + gnu_long("L", "rootfs/a") + gnu_long(
            "K", "b")) * 4 + pax({"comment": "x"}) + after
    yield "sparse-gnu-real-size-over-64-gib", "64 ?GiB|68,?719,?476,?736", body + header(
        "rootfs/a", 0, type="S", magic=GNU, patches=[(483, base256((64 << 30) + 1, 12))]) + MARKER
    yield "content-over-64-gib", "64 ?GiB|68,?719,?476,?736|truncated|ends", body + header(
        "rootfs/a", (64 << 30) + 1) + MARKER
    yield "manifest-claims-5-mib", "manifest.*(4 ?MiB|4,?194,?304)", header(
        "manifest", 5 << 20) + ROOTFS + MARKER
    yield "manifest-claims-an-exabyte", "manifest.*limit", header(
        "manifest", 1 << 60) + ROOTFS + MARKER


def million_entries(count):
    """An image of `count` entries, in chunks."""
    yield MANIFEST + ROOTFS
    block = bytearray(header("rootfs/0000000"))
    base = sum(block[:148]) + sum(block[156:]) + 8 * 32 - sum(b"0000000")
    for start in range(2, count, 1000):
        chunk = bytearray()
        for index in range(start, min(start + 1000, count)):
            digits = b"%07d" % index
            block[7:14] = digits
            block[148:156] = b"%06o\0 " % (base + sum(digits))
            chunk += block
        yield bytes(chunk)
    yield MARKER


def huge_cases():
    yield "entries-over-1000000", "1,?000,?000", million_entries(1000001)
