# SPDX-License-Identifier: Apache-2.0
"""Good images in bad compressed streams: (name of the defect, what the message must match, bytes).

gzip is RFC 1952; xz is the .xz file format; bzip2 has no specification but its decoder.
"""

import bz2
import lzma
import struct
import zlib

import aci

IMAGE = aci.image(aci.entry("rootfs/a", "hello\n" * 300))
GZIP = aci.compress(IMAGE, "gzip")
BZIP2 = aci.compress(IMAGE, "bzip2")
XZ = aci.compress(IMAGE, "xz")
CUT = "truncated|ends"


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
    yield "gzip-then-xz", "gzip", GZIP + XZ
    yield "xz-then-gzip", "xz", XZ + GZIP
    yield "bzip2-then-gzip", "bzip2", BZIP2 + GZIP
    yield "gzip-in-gzip", "tar|checksum|truncated|ends", aci.compress(GZIP, "gzip")
    yield "xz-in-gzip", "tar|checksum|truncated|ends", aci.compress(XZ, "gzip")
    yield "gzip-of-text", "tar|checksum|truncated|ends", aci.compress(b"text\n" * 400, "gzip")
    yield "xz-of-truncated-image", "truncated|ends", aci.compress(IMAGE[:-1500], "xz")
    yield "lzma-alone", "tar|checksum|truncated|ends", lzma.compress(IMAGE, lzma.FORMAT_ALONE)
    yield "zlib-stream", "tar|checksum|truncated|ends", zlib.compress(IMAGE)
    yield "raw-deflate", "tar|checksum|truncated|ends", zlib.compress(IMAGE)[2:-4]


def gzip_cases():
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
    yield "xz-filter-unknown", "xz", with_block_header(bytes([0x02, 0x00, 0x7F, 0x00, 0, 0, 0, 0]))


def block_header_size(data):
    return (data[12] + 1) * 4


def index_size(data):
    return (struct.unpack("<I", data[-8:-4])[0] + 1) * 4


def with_stream_flags(flags):
    head = b"\xfd7zXZ\0" + flags + struct.pack("<I", zlib.crc32(flags))
    foot = XZ[-8:-4] + flags
    return head + XZ[12:-12] + struct.pack("<I", zlib.crc32(foot)) + foot + b"YZ"


def with_block_header(fields):
    """XZ with another block header; `fields` is all but its CRC, its first byte the size."""
    return XZ[:12] + fields + struct.pack("<I", zlib.crc32(fields)) + XZ[12 + block_header_size(XZ):]


def with_dictionary(size_code):
    """XZ that asks its decoder for a bigger dictionary: 0x1E is 128 MiB, 0x20 256 MiB, 0x28 4 GiB."""
    fields = bytearray(XZ[12:12 + block_header_size(XZ) - 4])
    at = fields.index(b"\x21\x01") + 2
    fields[at] = size_code
    return with_block_header(bytes(fields))
