# SPDX-License-Identifier: Apache-2.0
"""App Container Images from nothing, byte by byte the same on every machine.

Tests need archives that no tar program would write, so headers are put together here, one field at
a time: whatever a caller passes as bytes is taken as it is, however wrong. Every function returns
bytes; an archive is their concatenation.
"""

import json

BLOCK = 512
ZEROS = bytes(BLOCK)
MARKER = ZEROS * 2  # the end of an archive

# Where a ustar header keeps its fields: name -> (offset, length).
FIELDS = {
    "path": (0, 100), "mode": (100, 8), "uid": (108, 8), "gid": (116, 8), "size": (124, 12),
    "mtime": (136, 12), "checksum": (148, 8), "type": (156, 1), "link": (157, 100),
    "magic": (257, 8), "uname": (265, 32), "gname": (297, 32), "devmajor": (329, 8),
    "devminor": (337, 8), "prefix": (345, 155),
}
USTAR = b"ustar\x0000"
GNU = b"ustar  \x00"
V7 = bytes(8)


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


def number(value, width):
    """A numeric field: octal where it fits, else base-256 as GNU tar and star write it."""
    if isinstance(value, bytes):
        return value.ljust(width, b"\0")
    octal = b"%0*o" % (width - 1, value) if value >= 0 else b""
    if value >= 0 and len(octal) < width:
        return octal + b"\0"
    return base256(value, width)


def base256(value, width):
    sign = 0x80 if value >= 0 else 0xFF
    return bytes([sign]) + (value % 256 ** (width - 1)).to_bytes(width - 1, "big")


def header(path, size=0, type="0", checksum=None, patches=(), **fields):
    """One header block. `checksum` replaces the right one; `patches` are (offset, bytes) pairs laid
    over the fields before the checksum is computed. Text too long for its field is cut."""
    block = bytearray(BLOCK)
    mode = 0o755 if as_bytes(type) == b"5" else 0o644
    values = {"path": path, "mode": mode, "uid": 0, "gid": 0, "size": size, "mtime": 0,
              "type": type, "magic": USTAR, "devmajor": 0, "devminor": 0, **fields}
    for name, value in values.items():
        offset, width = FIELDS[name]
        data = number(value, width) if isinstance(value, int) else as_bytes(value)[:width]
        block[offset:offset + len(data)] = data
    for offset, data in patches:
        block[offset:offset + len(data)] = data
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block) if checksum is None else as_bytes(checksum)
    return bytes(block)


def padded(data):
    return data + bytes(-len(data) % BLOCK)


def entry(path, data=b"", **fields):
    """A header and its content; without `type` a regular file."""
    data = as_bytes(data)
    return header(path, **{"size": len(data), **fields}) + padded(data)


def directory(path, **fields):
    return header(path, **{"type": "5", **fields})


def hard_link(path, target, **fields):
    return header(path, **{"type": "1", "link": target, **fields})


def symlink(path, target, **fields):
    return header(path, **{"type": "2", "link": target, **fields})


def pax_record(key, value):
    body = b" " + as_bytes(key) + b"=" + as_bytes(value) + b"\n"
    length = len(body)
    while length != len(body) + len(str(length)):
        length = len(body) + len(str(length))
    return b"%d" % length + body


def pax(records, type="x", **fields):
    """A pax header: of the entry that follows, or with type "g" of all that follow. `records` are
    pairs of key and value, or bytes that stand as they are."""
    if not isinstance(records, bytes):
        pairs = records.items() if isinstance(records, dict) else records
        records = b"".join(pax_record(key, value) for key, value in pairs)
    return entry("PaxHeaders/x", records, type=type, **fields)


def gnu_long(kind, text, **fields):
    """A GNU long name (kind "L") or long link target ("K") of the entry that follows."""
    return entry("././@LongLink", as_bytes(text) + b"\0", **{"type": kind, "magic": GNU, **fields})


def file(path, data=b"", format="ustar", size=None):
    """A regular file as that format writes it, whatever the length of its path. With `size` it is
    the headers alone, and the caller sends content and padding itself."""
    data = as_bytes(data)
    name = as_bytes(path)
    length = len(data) if size is None else size
    magic = GNU if format == "gnu" else USTAR
    before, prefix = b"", b""
    if len(name) > 100 and format == "gnu":
        before = gnu_long("L", name)
    elif len(name) > 100:
        prefix, name = split_path(name)
        if format == "pax" and prefix == b"":
            before = pax({"path": path})
        elif prefix == b"":
            raise ValueError(f"path of {len(name)} bytes does not fit into a ustar header")
    if format == "pax" and length >= 8 ** 11:
        before += pax({"size": str(length)})
    return before + header(name, length, magic=magic, prefix=prefix) + padded(data)


def split_path(name):
    """(prefix, name) as ustar splits a long path; an empty prefix where it cannot."""
    for at in range(min(len(name) - 1, 155), 0, -1):
        if name[at:at + 1] == b"/" and len(name) - at - 1 <= 100:
            return name[:at], name[at + 1:]
    return b"", name


def manifest(name="example.com/app", labels=(), **members):
    """An image manifest; `labels` are pairs. A member given as None is left out."""
    value = {"acKind": "ImageManifest", "acVersion": "0.8.11", "name": name}
    if labels:
        value["labels"] = [{"name": key, "value": text} for key, text in labels]
    value.update(members)
    value = {key: member for key, member in value.items() if member is not None}
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def image(*entries, json=None, marker=MARKER):
    """A whole image: manifest, rootfs, then `entries`."""
    start = entry("manifest", manifest() if json is None else json) + directory("rootfs")
    return start + b"".join(entries) + marker


def random_chunks(size, seed, chunk=1 << 20):
    """`size` bytes that do not compress, the same for the same seed."""
    import random  # like the compressors, here: most images need none, and it takes long

    generator = random.Random(seed)
    while size > 0:
        count = min(size, chunk)
        yield generator.randbytes(count)
        size -= count


def compressed_chunks(chunks, kind):
    """The chunks through a compressor that puts neither time nor name into its header."""
    if kind == "none":
        yield from chunks
        return
    import bz2
    import lzma
    import zlib

    compressor = {
        "gzip": lambda: zlib.compressobj(6, zlib.DEFLATED, 31),
        "bzip2": lambda: bz2.BZ2Compressor(9),
        "xz": lambda: lzma.LZMACompressor(preset=1, check=lzma.CHECK_CRC64),
    }[kind]()
    for chunk in chunks:
        yield compressor.compress(chunk)
    yield compressor.flush()


def compress(data, kind):
    return b"".join(compressed_chunks([data], kind))
