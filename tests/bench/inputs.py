# SPDX-License-Identifier: Apache-2.0
"""The files that are measured on, made when they are first asked for. Why they are what they are:

image.aci     200 MB of this machine's own programs, libraries and documents, in the proportions of a
              root file system: what compresses like an image takes as long to decompress as one, and
              thousands of small files are there to be scanned. Random or repeated bytes would flatter
              one decoder or the other. So large that starting and ending a process is lost in it, so
              small that it stays in the page cache: what is measured is the program and not the disk.
image.aci.gz  by gzip -6, as images are published.
image.aci.xz  in blocks of 8 MiB, since only a file of several blocks can be decoded by several threads.
image.aci.bz2 by bzip2 -9, its default: blocks of 900 kB.
N.aci.gz      eight images of 25 MB of different files, so that none is there already when it is
              imported, and that eight of them are as much work as the large one.
blobs         eight images of 100 MB for verify: enough for eight hashes side by side. SHA-512 takes
              the same time whatever the bytes, so these are random.
many          3,000 images of a few kB with one name and a version each: the store of a busy build
              machine. A lookup in it is a search in the database and nothing else.
fifty         fifty images of 20 MB of random bytes: what a job is seeded with.
versions      image.aci five times, with another version and each time some bytes of eight files changed:
              what a bundle carries.
fleet         100,000 images like these, with 10,000 names of ten versions each, and the first 100 of
              them: what a name finds is the same in a store of either, whatever else is there.
"""

import os
import shutil
import subprocess
import sys
import tarfile

MB = 1_000_000
HERE = os.path.dirname(os.path.abspath(__file__))
MAKE_IMAGE = os.path.join(HERE, "..", "images", "make-image")
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "..", "images"))
import aci  # noqa: E402


def tree(directory):
    """The directories, links and readable regular files of a directory with their sizes, by name,
    directories before what is in them. Lazily: /usr is large."""
    try:
        entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_symlink():
            yield entry.path, 0
        elif entry.is_dir():
            yield entry.path, 0
            yield from tree(entry.path)
        elif entry.is_file() and os.access(entry.path, os.R_OK):
            yield entry.path, entry.stat().st_size


def take(files, size):
    """The next files that together have that size."""
    left = size
    while left > 0:
        path, length = next(files, (None, 0))
        if path is None:
            return
        yield path
        left -= length


class Inputs:
    def __init__(self, directory, quick):
        self.directory = directory
        self.scale = 5 if quick else 1

    def path(self, name):
        return os.path.join(self.directory, name)

    def make(self, name, make):
        """The path of a file or directory that make(path) makes, whole or not at all."""
        path = self.path(name)
        if not os.path.lexists(path):
            print(f"making {name} ...", file=sys.stderr)
            unfinished = path + ".unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            make(unfinished)
            os.rename(unfinished, path)
        return path

    def write_image(self, path, name, files, version="1.0.0"):
        base = path + ".d"
        shutil.rmtree(base, ignore_errors=True)
        os.makedirs(os.path.join(base, "rootfs"))
        with open(os.path.join(base, "manifest"), "wb") as out:
            out.write(aci.manifest(name, [("version", version), ("os", "linux")]))
        subprocess.run(["tar", "-C", base, "-cf", path, "manifest", "rootfs"], check=True)
        subprocess.run(["tar", "-C", "/", "-rf", path, "--no-recursion", "--absolute-names",
                        "--transform", "s,^/*,rootfs/,S", "--null", "--files-from=-"],
                       input=b"\0".join(map(os.fsencode, files)), check=True)
        shutil.rmtree(base)

    def write_root(self, path, version="1.0.0"):
        files = []
        for source, megabytes in (("/usr/bin", 50), ("/usr/lib", 110), ("/usr/share", 40)):
            files += take(tree(source), megabytes * MB // self.scale)
        self.write_image(path, "example.com/bench", files, version)

    def image(self):
        return self.make("image.aci", self.write_root)

    def versions(self):
        def make(number, path):
            self.write_root(path, f"1.0.{number}")
            with tarfile.open(path) as archive:
                large = [member for member in archive if member.isfile() and member.size > 100_000]
            with open(path, "r+b") as out:
                for member in large[number::max(1, len(large) // 8)]:
                    out.seek(member.offset_data + 20_000)
                    out.write(b"".join(aci.random_chunks(20_000, seed=number)))
        return [self.make(f"version-{number}.aci", lambda path, number=number: make(number, path))
                for number in range(5)]

    def fifty(self):
        size = 20 * MB // self.scale
        return [self.make(f"fifty-{index}.aci", lambda path: subprocess.run(
            [sys.executable, MAKE_IMAGE, path, "--name", f"example.com/fifty-{index}",
             "--size", str(size), "--seed", str(index)], check=True)) for index in range(50)]

    def compressed(self, suffix, command, source=None):
        source = source or self.image()

        def make(path):
            with open(source, "rb") as data, open(path, "wb") as out:
                subprocess.run(command, stdin=data, stdout=out, check=True)
        return self.make(os.path.basename(source) + suffix, make)

    def gzip(self):
        return self.compressed(".gz", ["gzip", "-6", "-n"])

    def xz(self):
        return self.compressed(".xz", ["xz", "-T0", "--block-size=8MiB"])

    def bzip2(self):
        return self.compressed(".bz2", ["bzip2", "-9"])

    def eight_gzips(self):
        files = tree("/usr/lib")
        paths = []
        for index in range(8):
            chosen = list(take(files, 25 * MB // self.scale))
            source = self.make(
                f"{index}.aci",
                lambda path: self.write_image(path, f"example.com/bench-{index}", chosen))
            paths.append(self.compressed(".gz", ["gzip", "-6", "-n"], source))
        return paths

    def eight_large(self):
        size = 100 * MB // self.scale
        return [self.make(f"random-{index}.aci", lambda path: subprocess.run(
            [sys.executable, MAKE_IMAGE, path, "--name", f"example.com/random-{index}",
             "--size", str(size), "--seed", str(index)], check=True)) for index in range(8)]

    def many(self):
        """A directory of images and, for each, its key."""
        count = 3000 // self.scale
        directory = self.make("many", lambda path: subprocess.run(
            [sys.executable, MAKE_IMAGE, path, "--many", str(count), "--label", "os=linux",
             "--label", "arch=amd64"], check=True))
        return [os.path.join(directory, name) for name in sorted(os.listdir(directory))]

    def fleet(self):
        def make(directory):
            os.makedirs(directory)
            for index in range(100_000 // self.scale):
                labels = [("version", f"1.0.{index % 10}"), ("os", "linux"), ("arch", "amd64")]
                manifest = aci.manifest(f"example.com/app-{index // 10:05}", labels)
                with open(os.path.join(directory, f"{index:06}.aci"), "wb") as out:
                    out.write(aci.image(json=manifest))
        directory = self.make("fleet", make)
        return [os.path.join(directory, name) for name in sorted(os.listdir(directory))]
