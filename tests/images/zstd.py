# SPDX-License-Identifier: Apache-2.0
"""zstd frames (RFC 8878) of blocks that are not compressed, since Python has no encoder of it."""

import struct

MASK = (1 << 64) - 1
PRIMES = (11400714785074694791, 14029467366897019727, 1609587929392839161, 9650029242287828579,
          2870177450012600261)
MAGIC = b"\x28\xb5\x2f\xfd"
RAW, RLE, COMPRESSED, RESERVED = range(4)
LARGEST_BLOCK = 128 << 10


def rotated(value, count):
    return (value << count | value >> (64 - count)) & MASK


def mixed(lane, value):
    return rotated((lane + value * PRIMES[1]) & MASK, 31) * PRIMES[0] & MASK


def xxh64(data):
    """The hash of which a frame has the lower half (seed 0)."""
    at = 0
    if len(data) >= 32:
        lanes = [(PRIMES[0] + PRIMES[1]) & MASK, PRIMES[1], 0, -PRIMES[0] & MASK]
        while at + 32 <= len(data):
            lanes = [mixed(lane, value) for lane, value in zip(
                lanes, struct.unpack_from("<4Q", data, at))]
            at += 32
        total = sum(rotated(lane, count) for lane, count in zip(lanes, (1, 7, 12, 18))) & MASK
        for lane in lanes:
            total = ((total ^ mixed(0, lane)) * PRIMES[0] + PRIMES[3]) & MASK
    else:
        total = PRIMES[4]
    total = total + len(data) & MASK
    while at + 8 <= len(data):
        total = rotated(total ^ mixed(0, struct.unpack_from("<Q", data, at)[0]), 27)
        total = (total * PRIMES[0] + PRIMES[3]) & MASK
        at += 8
    if at + 4 <= len(data):
        total = rotated(total ^ struct.unpack_from("<I", data, at)[0] * PRIMES[0] & MASK, 23)
        total = (total * PRIMES[1] + PRIMES[2]) & MASK
        at += 4
    for byte in data[at:]:
        total = rotated(total ^ byte * PRIMES[4] & MASK, 11) * PRIMES[0] & MASK
    total = (total ^ total >> 33) * PRIMES[1] & MASK
    total = (total ^ total >> 29) * PRIMES[2] & MASK
    return total ^ total >> 32


def block(kind, size, content, last):
    return struct.pack("<I", size << 3 | kind << 1 | last)[:3] + content


def raw_blocks(data, largest=LARGEST_BLOCK):
    pieces = [data[at:at + largest] for at in range(0, len(data), largest)] or [b""]
    return b"".join(block(RAW, len(piece), piece, number == len(pieces) - 1)
                    for number, piece in enumerate(pieces))


def frame(data, blocks=None, descriptor=0x04, window=0x58):
    """One frame with a checksum; 0x58 is a window of 2 MiB."""
    blocks = raw_blocks(data) if blocks is None else blocks
    checksum = struct.pack("<Q", xxh64(data))[:4] if descriptor & 0x04 else b""
    return MAGIC + bytes([descriptor, window]) + blocks + checksum


def skippable(content, kind=0):
    return bytes([0x50 + kind]) + b"\x2a\x4d\x18" + struct.pack("<I", len(content)) + content
