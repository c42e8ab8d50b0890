# SPDX-License-Identifier: Apache-2.0
"""Compressed streams that a careless decoder stops in or refuses, and that are whole: (name of the
oddity, the uncompressed image, the stream)."""

import bz2
import lzma
import struct
import zlib

import aci
import bad_streams
import zstd

IMAGE = bad_streams.IMAGE
HALVES = IMAGE[:1000], IMAGE[1000:]


def parts(kind):
    return [aci.compress(half, kind) for half in HALVES]


def cases():
    for name, stream in gzip_cases():
        yield "gzip-" + name, IMAGE, stream
    for name, stream in bzip2_cases():
        yield "bzip2-" + name, IMAGE, stream
    for name, stream in xz_cases():
        yield "xz-" + name, IMAGE, stream
    for name, stream in zstd_cases():
        yield "zstd-" + name, IMAGE, stream


def gzip_header(flags, fields):
    return b"\x1f\x8b\x08" + bytes([flags]) + b"\x12\x34\x56\x78\x02\x03" + fields


def gzip_cases():
    first, second = parts("gzip")
    empty = aci.compress(b"", "gzip")
    data = bad_streams.GZIP[10:]
    yield "plain", bad_streams.GZIP
    yield "two-members", first + second
    yield "many-members", b"".join(
        aci.compress(IMAGE[at:at + 100], "gzip") for at in range(0, len(IMAGE), 100))
    yield "empty-members-between", empty + first + empty + empty + second + empty
    yield "zeros-after", bad_streams.GZIP + bytes(1)
    yield "many-zeros-after", bad_streams.GZIP + bytes(100000)
    yield "name-and-comment", gzip_header(0x18, b"app.aci\0a comment\0") + data
    yield "extra-field", gzip_header(0x04, struct.pack("<H", 5) + b"extra") + data
    yield "text-flag", gzip_header(0x01, b"") + data
    head = gzip_header(0x1E, struct.pack("<H", 3) + b"abcname\0comment\0")
    yield "all-fields-and-header-crc", head + struct.pack("<H", zlib.crc32(head) & 0xFFFF) + data
    yield "stored-blocks", gzip_of(0)
    yield "best", gzip_of(9)


def gzip_of(level):
    compressor = zlib.compressobj(level, zlib.DEFLATED, 31)
    return compressor.compress(IMAGE) + compressor.flush()


def bzip2_cases():
    first, second = parts("bzip2")
    empty = bz2.compress(b"")
    yield "plain", bad_streams.BZIP2
    yield "block-of-100-k", bz2.compress(IMAGE, 1)
    yield "two-streams", first + second
    yield "empty-streams-between", empty + first + empty + empty + second + empty


def xz_cases():
    first, second = parts("xz")
    empty = lzma.compress(b"")
    yield "plain", bad_streams.XZ
    yield "two-streams", first + second
    yield "empty-streams-between", empty + first + empty + second + empty
    yield "padding", first + bytes(4) + second + bytes(4096)
    for name, check in {"none": lzma.CHECK_NONE, "crc32": lzma.CHECK_CRC32,
                        "sha256": lzma.CHECK_SHA256}.items():
        yield "check-" + name, lzma.compress(IMAGE, check=check)
    for name, filters in {"x86": lzma.FILTER_X86, "arm": lzma.FILTER_ARM}.items():
        yield "filter-" + name, lzma.compress(
            IMAGE, filters=[{"id": filters}, {"id": lzma.FILTER_LZMA2, "preset": 0}])
    yield "filter-delta", lzma.compress(
        IMAGE, filters=[{"id": lzma.FILTER_DELTA, "dist": 4}, {"id": lzma.FILTER_LZMA2, "preset": 0}])
    yield "dictionary-of-192-mib", bad_streams.with_dictionary(0x1F)


def zstd_cases():
    first, second = (zstd.frame(half) for half in HALVES)
    empty, skipped = zstd.frame(b""), zstd.skippable(b"anything", 7)
    yield "plain", bad_streams.ZSTD
    yield "two-frames", first + second
    yield "empty-frames-between", empty + first + empty + empty + second + empty
    yield "skippable-frames-between", skipped + first + skipped + skipped + second + skipped
    yield "no-checksum", zstd.frame(IMAGE, descriptor=0)
    yield "many-blocks", zstd.frame(IMAGE, zstd.raw_blocks(IMAGE, 100))
    yield "empty-block-last", zstd.frame(
        IMAGE, zstd.block(zstd.RAW, len(IMAGE), IMAGE, 0) + zstd.block(zstd.RAW, 0, b"", 1))
    yield "size-of-content", zstd.MAGIC + b"\xa0" + struct.pack("<I", len(IMAGE)) + zstd.raw_blocks(IMAGE)
    yield "window-of-128-mib", zstd.frame(IMAGE, window=0x88)
