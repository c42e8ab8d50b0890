#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes bundles, right ones and wrong ones, as acistore-bundle(5) says they are.

    bundle.py CASE FILE     one of cases(), by its name
    bundle.py --list        their names
"""

import hashlib
import sys

sys.dont_write_bytecode = True
import aci

MAGIC = b"acistore bundle 1\n"


def number(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7f | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def text(value):
    data = value.encode() if isinstance(value, str) else value
    return number(len(data)) + data


def digest(data):
    return hashlib.sha512(data).digest()


def sealed(data):
    return data + digest(data)


def data(value):
    return number(2 * len(value)) + value


def copy(length, back, offset):
    return number(2 * length + 1) + number(back) + number(offset)


def remote(url, sig_url="", etag="", max_age=0, time=0):
    return text(url) + text(sig_url) + text(etag) + number(max_age) + number(time)


def listed(image, name="example.com/app", labels=(), marks=0, remotes=(), of=None, size=None):
    return (of or digest(image)) + number(len(image) if size is None else size) + number(marks) + \
        text(name) + number(len(labels)) + b"".join(text(n) + text(v) for n, v in labels) + \
        number(len(remotes)) + b"".join(remotes)


def bundle(images, parts):
    """Of the list entries of images, and of their pieces."""
    return sealed(sealed(MAGIC + number(len(images)) + b"".join(images)) + b"".join(parts))


def length_of_list(data):
    """Of a bundle, in bytes without the digest that follows; 0 if there is none that is right."""
    digest_so_far = hashlib.sha512(MAGIC)
    for end in range(len(MAGIC), len(data) - 64):
        if digest_so_far.digest() == data[end:end + 64]:
            return end - len(MAGIC)
        digest_so_far.update(data[end:end + 1])
    return 0


def image(version, size=3000):
    """An image and its labels."""
    labels = [("version", version)]
    content = b"".join(aci.random_chunks(size, seed=len(version)))
    return aci.image(aci.entry("rootfs/data", content),
                     json=aci.manifest("example.com/app", labels)), labels


def cases():
    """Yields name, exit status of an import, bytes. Where it is 0 the images are stored."""
    one, one_labels = image("1")
    two, two_labels = image("22")
    first, second = listed(one, labels=one_labels), listed(two, labels=two_labels)
    good = bundle([first, second], [data(one), data(two)])
    yield "good", 0, good
    yield "good-empty", 0, bundle([], [])
    yield "good-in-pieces", 0, bundle(
        [first, second], [data(one[:700]) + b"".join(data(one[i:i + 1]) for i in range(700, 800)) +
                          data(one[800:]), data(two)])
    # What the images have in common: the zeros at the end, and of the first within itself.
    zeros = one.rindex(one.rstrip(b"\0")[-1:]) + 1
    half = (len(one) - zeros) // 3
    yield "good-copied", 0, bundle(
        [first, second],
        [data(one[:zeros + half]) + copy(half, 0, zeros) + data(one[zeros + 2 * half:]),
         data(two[:-half]) + copy(half, 1, zeros)])

    yield "empty", 5, b""
    yield "image-and-no-bundle", 5, one
    yield "magic-of-another-version", 5, good.replace(b"bundle 1", b"bundle 2", 1)
    yield "truncated-in-list", 5, good[:100]
    yield "truncated-after-list", 5, good[:len(MAGIC) + 1 + len(first) + len(second) + 64]
    yield "truncated-in-first-image", 5, good[:1500]
    yield "truncated-in-last-image", 5, good[:-1000]
    yield "truncated-in-digest", 5, good[:-1]
    yield "more-after-its-end", 5, good + b"\0"
    yield "list-changed", 5, good.replace(b"example.com", b"example.net", 1)
    yield "digest-changed", 5, good[:-1] + bytes([good[-1] ^ 1])
    middle = len(good) - len(two) - 64 - len(one) // 2
    yield "image-changed", 5, good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1:]

    yield "image-of-another-id", 5, bundle([listed(one, labels=one_labels, of=b"x" * 64)], [data(one)])
    yield "image-of-another-name", 5, bundle([listed(one, "example.com/web", one_labels)], [data(one)])
    yield "image-of-other-labels", 5, bundle([listed(one, labels=[("version", "7")])], [data(one)])
    yield "image-of-another-size", 5, bundle([listed(one, labels=one_labels, size=len(one) - 1)], [data(one)])
    note = b"no archive at all\n" * 100
    yield "note-and-no-image", 5, bundle([listed(note)], [data(note)])
    yield "same-image-twice", 5, bundle([first, first], [data(one), data(one)])

    def listing(body):
        return sealed(MAGIC + body)

    yield "list-of-too-many-images", 5, listing(number(100_001))
    yield "number-too-large", 5, listing(b"\xff" * 9 + b"\x01")
    yield "number-in-too-many-bytes", 5, listing(b"\x80\0")
    yield "image-too-large", 5, listing(number(1) + listed(one, size=(64 << 30) + 1))
    yield "marks-unknown", 5, listing(number(1) + listed(one, marks=2))
    yield "name-not-utf8", 5, listing(number(1) + listed(one, name=b"\xff"))
    yield "name-too-long", 5, listing(number(1) + digest(one) + number(1) + number(0) + number((4 << 20) + 1))
    yield "labels-too-many", 5, listing(number(1) + digest(one) + number(1) + number(0) + text("a") +
                                        number(1_000_001))
    yield "remotes-too-many", 5, listing(number(1) + digest(one) + number(1) + number(0) + text("a") +
                                         number(0) + number(1001))
    yield "remote-without-url", 5, listing(number(1) + listed(one, remotes=[remote("")]))

    def pieces(*parts):
        return bundle([first, second], parts)

    yield "piece-empty", 5, pieces(number(0))
    yield "copy-empty", 5, pieces(number(1) + number(0) + number(0))
    yield "piece-too-long", 5, pieces(data(one + b"x"))
    yield "copy-of-nothing", 5, pieces(copy(10, 0, 0))
    yield "copy-of-itself", 5, pieces(data(one[:512]) + copy(512, 0, 1))
    yield "copy-of-later-bytes", 5, pieces(data(one[:512]) + copy(10, 0, 600))
    yield "copy-of-image-before-first", 5, pieces(copy(10, 1, 0))
    yield "copy-beyond-image", 5, pieces(data(one), copy(10, 1, len(one) - 9))
    yield "copy-from-far-away", 5, pieces(data(one), copy(10, 1, (1 << 63) - 1))


def main():
    if sys.argv[1:] == ["--list"]:
        for name, status, _ in cases():
            print(name, status)
        return
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    wanted, path = sys.argv[1:]
    [found] = [content for name, _, content in cases() if name == wanted]
    with open(path, "wb") as out:
        out.write(found)


if __name__ == "__main__":
    main()
