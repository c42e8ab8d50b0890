# SPDX-License-Identifier: Apache-2.0
"""Good images in bad compressed streams: (name of the defect, what the message must match, bytes).

gzip is RFC 1952; xz is the .xz file format; zstd is RFC 8878; bzip2 has no specification but its
decoder.
"""

import bz2
import lzma
import struct
import zlib

import aci
import zstd

IMAGE = aci.image(aci.entry("rootfs/a", "hello\n" * 300))
GZIP = aci.compress(IMAGE, "gzip")
BZIP2 = aci.compress(IMAGE, "bzip2")
XZ = aci.compress(IMAGE, "xz")
ZSTD = zstd.frame(IMAGE)
CUT = "truncated|ends"
NO_MANIFEST = 'no "manifest"'


def patched(data, offset, byte):
    offset %= len(data)
    return data[:offset] + bytes([byte]) + data[offset + 1:]


def flipped(data, offset):
    offset %= len(data)
    return patched(data, offset, data[offset] ^ 0x10)


def cases():
    yield from gzip_cases()
    yield from bzip2_cases()
    yield from xz_cases()
    yield from zstd_cases()
    yield "gzip-then-xz", "gzip", GZIP + XZ
    yield "xz-then-gzip", "xz", XZ + GZIP
    yield "bzip2-then-gzip", "bzip2", BZIP2 + GZIP
    yield "gzip-in-gzip", "tar|checksum|truncated|ends", aci.compress(GZIP, "gzip")
    yield "xz-in-gzip", "tar|checksum|truncated|ends", aci.compress(XZ, "gzip")
    yield "gzip-of-text", "tar|checksum|truncated|ends", aci.compress(b"text\n" * 400, "gzip")
    yield "xz-of-truncated-image", "truncated|ends", aci.compress(IMAGE[:-1500], "xz")
    yield "zstd-then-gzip", "zstd", ZSTD + GZIP
    yield "gzip-then-zstd", "gzip", GZIP + ZSTD
    yield "zstd-in-xz", "tar|checksum|truncated|ends", aci.compress(ZSTD, "xz")
    for kind in "gzip", "bzip2", "xz":
        yield f"{kind}-of-nothing", f"empty|{NO_MANIFEST}", aci.compress(b"", kind)
        yield f"{kind}-of-zeros", NO_MANIFEST, aci.compress(bytes(4 << 20), kind)
        yield f"{kind}-of-rubbish-after-zeros", "zeros", aci.compress(
            bytes(512) + b"x" * (1 << 20), kind)
        yield f"{kind}-of-manifest-over-its-limit", "manifest.*4 ?MiB|4,?194,?304", aci.compress(
            aci.image(json=bytes(5 << 20)), kind)
    yield "lzma-alone", "tar|checksum|truncated|ends", lzma.compress(IMAGE, lzma.FORMAT_ALONE)
    yield "zlib-stream", "tar|checksum|truncated|ends", zlib.compress(IMAGE)
    yield "raw-deflate", "tar|checksum|truncated|ends", zlib.compress(IMAGE)[2:-4]


def gzip_damaged_at(size):
    """A member of so many good bytes, an image and zeros, and then a copy of 258 bytes from a distance
    whose symbol means nothing."""
    bits = [1, 1, 0]  # the last block, of fixed codes

    def code(value, count):
        bits.extend(value >> at & 1 for at in reversed(range(count)))

    def copy(distance):
        code(0xc0 + 284 - 280, 8)
        bits.extend([1] * 5)
        code(distance, 5)

    zeros = size - len(IMAGE)
    for _ in range(zeros % 258 + 258):
        code(0x30, 8)
    for _ in range(zeros // 258 - 1):
        copy(0)
    copy(30)
    bits += [0] * (-len(bits) % 8 + 800)
    packed = bytes(sum(bit << at for at, bit in enumerate(bits[i:i + 8])) for i in range(0, len(bits), 8))
    stored = b"\0" + struct.pack("<HH", len(IMAGE), len(IMAGE) ^ 0xffff) + IMAGE
    return GZIP[:10] + stored + packed


def gzip_cases():
    for left in 200, 300, 400, 500:  # near the end of the 256 KiB that are decoded at once
        yield f"gzip-distance-of-no-meaning-{left}-before-256-KiB", "gzip.*damaged", gzip_damaged_at((1 << 18) - left)
    yield "gzip-header-only", f"gzip.*({CUT})", GZIP[:10]
    yield "gzip-header-cut", f"gzip.*({CUT})", GZIP[:5]
    yield "gzip-magic-only", f"gzip.*({CUT})|tar|truncated|ends", GZIP[:2]
    yield "gzip-cut-in-data", f"gzip.*({CUT})", GZIP[:len(GZIP) // 2]
    yield "gzip-cut-before-trailer", f"gzip.*({CUT})", GZIP[:-8]
    yield "gzip-cut-in-trailer", f"gzip.*({CUT})", GZIP[:-1]
    yield "gzip-crc-wrong", "gzip.*(checksum|CRC)", flipped(GZIP, -8)
    yield "gzip-length-wrong", "gzip.*(length|size)", flipped(GZIP, -4)
    yield "gzip-method-unknown", "gzip.*method", patched(GZIP, 2, 7)
    yield "gzip-reserved-flag", "gzip.*flag", patched(GZIP, 3, 0x80)
    yield "gzip-header-crc-wrong", "gzip.*header", b"\x1f\x8b\x08\x02" + GZIP[4:10] + b"\0\0" + GZIP[10:]
    yield "gzip-block-type-reserved", "gzip.*block", GZIP[:10] + b"\x07" + GZIP[11:]
    yield "gzip-stored-length-wrong", "gzip", GZIP[:10] + b"\x01\x05\x00\x00\x00hello" + GZIP[-8:]
    yield "gzip-name-open", f"gzip.*({CUT})", b"\x1f\x8b\x08\x08" + GZIP[4:10] + b"name without end"
    yield "gzip-text-after", "gzip.*(after|trailing|follows)", GZIP + b"text"
    yield "gzip-byte-after", "gzip.*(after|trailing|follows)", GZIP + b"\x01"
    yield "gzip-zeros-then-text", "gzip.*(after|trailing|follows)", GZIP + bytes(512) + b"text"
    yield "gzip-half-a-magic-after", f"gzip.*(after|trailing|follows|{CUT})", GZIP + b"\x1f"
    yield "gzip-second-member-cut", f"gzip.*({CUT})", GZIP + GZIP[:-20]
    yield "gzip-second-member-header-cut", f"gzip.*({CUT})", GZIP + GZIP[:6]
    second = aci.compress(bytes(1000), "gzip")
    yield "gzip-second-member-crc-wrong", "gzip.*(checksum|CRC)", GZIP + flipped(second, -8)
    first, rest = aci.compress(IMAGE[:700], "gzip"), aci.compress(IMAGE[700:], "gzip")
    yield "gzip-first-member-crc-wrong", "gzip.*(checksum|CRC)", flipped(first, -7) + rest
    fields = b"\x1f\x8b\x08\x1e" + GZIP[4:10] + b"\x05\0extra" + b"name\0" + b"comment\0"
    for name, end in {"before-extra-length": 10, "in-extra-length": 11, "before-extra-field": 12,
                      "in-extra-field": 14, "before-name": 17, "in-name": 19, "before-comment": 22,
                      "in-comment": 25, "before-header-crc": 30, "in-header-crc": 31}.items():
        yield f"gzip-cut-{name}", f"gzip.*({CUT})", (fields + b"\0\0")[:end]
    for length in range(2, 8):
        yield f"gzip-trailer-of-{length}-bytes", f"gzip.*({CUT})", GZIP[:length - 8]
    stored = b"\x00\x05\x00\xfa\xffhello"
    for name, end in {"in-block-header": 1, "in-stored-length": 3, "in-stored-complement": 4,
                      "before-stored-data": 5, "in-stored-data": 8, "between-blocks": 10}.items():
        yield f"gzip-cut-{name}", f"gzip.*({CUT})", GZIP[:10] + stored[:end]
    yield "gzip-first-member-empty-then-cut", f"gzip.*({CUT})", aci.compress(b"", "gzip") + GZIP[:-3]
    yield "gzip-length-of-an-empty-member", "gzip.*(length|size)", flipped(aci.compress(b"", "gzip"), -4) + GZIP
    # Ten bits: the last block, fixed codes, a match of three bytes at distance one; nothing before.
    yield "gzip-distance-before-the-start", "gzip", GZIP[:10] + b"\x03\x02\x00" + GZIP[-8:]
    yield "gzip-codes-all-unused", "gzip", GZIP[:10] + b"\x05\xe0\x81" + bytes(20) + GZIP[-8:]


def bzip2_cases():
    yield "bzip2-header-only", f"bzip2.*({CUT})|tar|truncated|ends", BZIP2[:4]
    yield "bzip2-block-header-only", f"bzip2.*({CUT})", BZIP2[:10]
    yield "bzip2-cut-in-data", f"bzip2.*({CUT})", BZIP2[:len(BZIP2) // 2]
    yield "bzip2-cut-in-trailer", f"bzip2.*({CUT})", BZIP2[:-1]
    yield "bzip2-block-crc-wrong", "bzip2", flipped(BZIP2, 10)
    # The decoder gives out a block before it has checked it, so the tar in it may be refused first.
    yield "bzip2-data-flipped", "bzip2|entry|manifest", flipped(BZIP2, len(BZIP2) // 2)
    yield "bzip2-stream-crc-wrong", "bzip2", flipped(BZIP2, -3)
    yield "bzip2-block-magic-wrong", "bzip2|tar|checksum|truncated|ends", patched(BZIP2, 4, 0x32)
    yield "bzip2-text-after", "bzip2.*(after|trailing|follows)", BZIP2 + b"text"
    yield "bzip2-zeros-after", "bzip2.*(after|trailing|follows)", BZIP2 + bytes(16)
    yield "bzip2-second-stream-cut", f"bzip2.*({CUT})", BZIP2 + BZIP2[:-20]
    yield "bzip2-second-stream-header-cut", f"bzip2.*(after|trailing|follows|{CUT})", BZIP2 + BZIP2[:3]
    yield "bzip2-second-stream-crc-wrong", "bzip2", BZIP2 + flipped(bz2.compress(bytes(1000)), 10)
    yield "bzip2-level-zero", "bzip2|tar|checksum|truncated|ends", patched(BZIP2, 3, 0x30)
    yield "bzip2-level-letter", "bzip2|tar|checksum|truncated|ends", patched(BZIP2, 3, 0x41)
    # After the magic of a block, 80 bits in: its CRC, a bit for a randomised block, 24 bits that point
    # to the original, 16 bits for the bytes that are in use.
    for name, end in {"in-block-magic": 7, "in-block-crc": 12, "in-original-pointer": 16,
                      "in-byte-map": 18}.items():
        yield f"bzip2-cut-{name}", f"bzip2.*({CUT})|tar|{CUT}", BZIP2[:end]
    yield "bzip2-original-pointer-too-big", "bzip2", patched(BZIP2, 14, 0x7f)
    yield "bzip2-no-bytes-in-use", "bzip2", BZIP2[:17] + bytes(20) + BZIP2[37:]
    for length in range(2, 8):
        yield f"bzip2-end-without-{length}-bytes", f"bzip2.*({CUT})", BZIP2[:-length]
    yield "bzip2-level-smaller-than-block", "bzip2", bz2.compress(random_image(), 9).replace(
        b"BZh9", b"BZh1", 1)
    yield "bzip2-empty-stream-crc-wrong", "bzip2", flipped(bz2.compress(b""), -1) + BZIP2
    yield "bzip2-empty-stream-then-cut", f"bzip2.*({CUT})", bz2.compress(b"") + BZIP2[:-5]


def random_image():
    return aci.image(aci.entry("rootfs/a", b"".join(aci.random_chunks(200000, 2))))


def xz_cases():
    yield "xz-magic-only", f"xz.*({CUT})", XZ[:6]
    yield "xz-stream-header-only", f"xz.*({CUT})", XZ[:12]
    yield "xz-cut-in-data", f"xz.*({CUT})", XZ[:len(XZ) // 2]
    yield "xz-cut-in-footer", f"xz.*({CUT})", XZ[:-1]
    yield "xz-cut-before-footer", f"xz.*({CUT})", XZ[:-12]
    yield "xz-header-crc-wrong", "xz", flipped(XZ, 8)
    yield "xz-header-reserved-flag", "xz", with_stream_flags(b"\x10\x04")
    yield "xz-block-header-crc-wrong", "xz", flipped(XZ, 12 + block_header_size(XZ) - 1)
    yield "xz-data-flipped", "xz|entry|manifest", flipped(XZ, len(XZ) // 2)
    yield "xz-check-wrong", "xz", flipped(XZ, -(12 + index_size(XZ) + 1))
    yield "xz-index-wrong", "xz", flipped(XZ, -14)
    yield "xz-footer-magic-wrong", "xz", flipped(XZ, -1)
    yield "xz-footer-crc-wrong", "xz", flipped(XZ, -12)
    # 5 is reserved; its values would be as long as those of 4, CRC-64.
    yield "xz-check-unknown", "xz.*check", with_stream_flags(b"\0\5")
    yield "xz-text-after", "xz", XZ + b"text"
    yield "xz-padding-of-three", "xz", XZ + bytes(3)
    yield "xz-padding-of-five-then-stream", "xz", XZ + bytes(5) + XZ
    yield "xz-padding-then-text", "xz", XZ + bytes(4) + b"text"
    yield "xz-second-stream-cut", f"xz.*({CUT})", XZ + XZ[:-16]
    yield "xz-second-stream-header-cut", f"xz.*({CUT})", XZ + XZ[:8]
    yield "xz-second-stream-wrong", "xz", XZ + flipped(lzma.compress(bytes(1000)), 40)
    yield "xz-dictionary-over-256-mib", "256 ?MiB|268,?435,?456", with_dictionary(0x22)
    block = 12 + block_header_size(XZ)
    index = len(XZ) - 12 - index_size(XZ)
    for name, end in {"in-block-header": 14, "before-block-data": block, "in-block-check": index - 3,
                      "before-index": index, "after-index-mark": index + 1, "in-index-record": index + 3,
                      "in-index-crc": index + index_size(XZ) - 2, "in-footer-crc": len(XZ) - 10,
                      "in-backward-size": len(XZ) - 6, "in-footer-flags": len(XZ) - 3}.items():
        yield f"xz-cut-{name}", f"xz.*({CUT})", XZ[:end]
    yield "xz-backward-size-wrong", "xz", with_footer(struct.pack("<I", 77) + XZ[-4:-2])
    yield "xz-footer-flags-of-another-check", "xz", with_footer(XZ[-8:-4] + b"\0\1")
    yield "xz-index-counts-more-blocks", "xz", patched(XZ, index + 1, 2)
    yield "xz-empty-stream-then-cut", f"xz.*({CUT})", lzma.compress(b"") + XZ[:-2]
    yield "xz-block-flags-reserved", "xz", with_block_header(bytes([0x02, 0x10, 0x21, 0x01, 0x16, 0, 0, 0]))
    yield "xz-dictionary-of-4-gib", "256 ?MiB|268,?435,?456", with_dictionary(0x28)
    yield "xz-dictionary-size-reserved", "xz", with_dictionary(0x29)
    yield "xz-filter-unknown", "xz", with_block_header(bytes([0x02, 0x00, 0x7F, 0x00, 0, 0, 0, 0]))


def zstd_cases():
    start, size = 4 + 2, 3
    yield "zstd-magic-only", f"zstd.*({CUT})", ZSTD[:4]
    yield "zstd-cut-before-window", f"zstd.*({CUT})", ZSTD[:5]
    yield "zstd-cut-before-block", f"zstd.*({CUT})", ZSTD[:start]
    yield "zstd-cut-in-block-header", f"zstd.*({CUT})", ZSTD[:start + 2]
    yield "zstd-cut-before-block-data", f"zstd.*({CUT})", ZSTD[:start + size]
    yield "zstd-cut-in-data", f"zstd.*({CUT})", ZSTD[:len(ZSTD) // 2]
    yield "zstd-cut-before-checksum", f"zstd.*({CUT})", ZSTD[:-4]
    yield "zstd-cut-in-checksum", f"zstd.*({CUT})", ZSTD[:-1]
    yield "zstd-checksum-wrong", "zstd.*checksum", flipped(ZSTD, -1)
    yield "zstd-data-flipped", "zstd|entry|manifest", flipped(ZSTD, 700)
    yield "zstd-block-type-reserved", "zstd", zstd.frame(
        IMAGE, zstd.block(zstd.RESERVED, 5, b"hello", 1))
    yield "zstd-block-over-its-limit", "zstd", zstd.frame(
        IMAGE, zstd.block(zstd.RAW, zstd.LARGEST_BLOCK + 1, bytes(zstd.LARGEST_BLOCK + 1), 1))
    yield "zstd-run-over-its-limit", "zstd", zstd.frame(IMAGE, zstd.block(zstd.RLE, (1 << 21) - 1, b"x", 1))
    yield "zstd-block-compressed-badly", "zstd", zstd.frame(
        IMAGE, zstd.block(zstd.COMPRESSED, 8, b"\xff" * 8, 1))
    yield "zstd-last-block-missing", f"zstd.*({CUT})", zstd.frame(
        IMAGE, zstd.block(zstd.RAW, len(IMAGE), IMAGE, 0), 0)
    yield "zstd-descriptor-reserved-bit", "zstd", patched(ZSTD, 4, 0x0C)
    yield "zstd-size-of-content-wrong", "zstd|tar|entry|no ", zstd.MAGIC + b"\xa0" + struct.pack(
        "<I", len(IMAGE) + 1) + zstd.raw_blocks(IMAGE)
    yield "zstd-dictionary-wanted", "zstd.*dictionary", zstd.MAGIC + b"\x01\x58\x07" + zstd.raw_blocks(IMAGE)
    yield "zstd-window-over-256-mib", "zstd.*limit.*MiB", zstd.frame(IMAGE, window=0x98)
    yield "zstd-window-of-3.75-tib", "zstd.*limit.*MiB", zstd.frame(IMAGE, window=0xFF)
    yield "zstd-text-after", "zstd.*(after|trailing|follows)", ZSTD + b"text"
    yield "zstd-zeros-after", "zstd.*(after|trailing|follows)", ZSTD + bytes(4)
    yield "zstd-byte-after", f"zstd.*(after|trailing|follows|{CUT})", ZSTD + b"\x28"
    yield "zstd-second-frame-cut", f"zstd.*({CUT})", ZSTD + ZSTD[:-20]
    yield "zstd-second-frame-checksum-wrong", "zstd.*checksum", ZSTD + flipped(zstd.frame(b"x"), -2)
    yield "zstd-skippable-only", f"empty|{NO_MANIFEST}", zstd.skippable(b"hello")
    yield "zstd-skippable-cut", f"zstd.*({CUT})", ZSTD + zstd.skippable(b"hello")[:-2]
    yield "zstd-skippable-size-cut", f"zstd.*({CUT})", ZSTD + zstd.skippable(b"")[:-1]
    yield "zstd-of-nothing", f"empty|{NO_MANIFEST}", zstd.frame(b"")
    yield "zstd-run-of-zeros", NO_MANIFEST, zstd.frame(bytes(1 << 20), b"".join(
        zstd.block(zstd.RLE, zstd.LARGEST_BLOCK, b"\0", last) for last in [0] * 7 + [1]))


def block_header_size(data):
    return (data[12] + 1) * 4


def index_size(data):
    return (struct.unpack("<I", data[-8:-4])[0] + 1) * 4


def with_stream_flags(flags):
    head = b"\xfd7zXZ\0" + flags + struct.pack("<I", zlib.crc32(flags))
    foot = XZ[-8:-4] + flags
    return head + XZ[12:-12] + struct.pack("<I", zlib.crc32(foot)) + foot + b"YZ"


def with_footer(fields):
    """XZ with another backward size and other flags in its footer."""
    return XZ[:-12] + struct.pack("<I", zlib.crc32(fields)) + fields + b"YZ"


def with_block_header(fields):
    """XZ with another block header; `fields` is all but its CRC, its first byte the size."""
    return XZ[:12] + fields + struct.pack("<I", zlib.crc32(fields)) + XZ[12 + block_header_size(XZ):]


def with_dictionary(size_code):
    """XZ that asks its decoder for a bigger dictionary: 0x1E is 128 MiB, 0x20 256 MiB, 0x28 4 GiB."""
    fields = bytearray(XZ[12:12 + block_header_size(XZ) - 4])
    at = fields.index(b"\x21\x01") + 2
    fields[at] = size_code
    return with_block_header(bytes(fields))
