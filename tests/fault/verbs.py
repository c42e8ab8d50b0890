# SPDX-License-Identifier: Apache-2.0
"""The verbs that the rigs run, what they are run on, and what may come of them.

A verb is one line in VERBS. Its command names files of the inputs by their names (one.aci, ...) and
keys as {one}. Whatever happens to it, the store is afterwards as if some of its steps had been done
and the others not; it has one step, the command itself, unless it says more.
"""

import dataclasses
import os
import pathlib
import shlex
import shutil
import sqlite3
import sys

import rig

sys.path.insert(0, str(rig.HERE.parent / "images"))
import aci

URL = "https://example.com/one.aci"


# ---- What is imported

def make_inputs(directory):
    """Writes the files and returns {name: Blob} for those that end up in a store."""
    os.makedirs(directory, exist_ok=True)

    def image(version, size):
        manifest = aci.manifest("example.com/app", [("version", version), ("os", "linux")])
        data = b"".join(aci.random_chunks(size, seed=size))
        return manifest, aci.image(aci.entry("rootfs/data", data), json=manifest)

    blobs = {}
    for name, version, size in (("one", "1", 700), ("two", "2", 9000), ("three", "3", 5000),
                                ("four", "4", 30000), ("big", "5", 1_500_000)):
        manifest, data = image(version, size)
        blobs[name] = Blob.of(data, manifest)
        pathlib.Path(directory, name + ".aci").write_bytes(data)
        if size < 100_000:
            pathlib.Path(directory, name + ".aci.gz").write_bytes(aci.compress(data, "gzip"))
    for name, data in (("note", b"a note\n"), ("other", b"another\n" * 600)):
        blobs[name] = Blob.of(data, None)
        pathlib.Path(directory, name).write_bytes(data)
    return blobs


@dataclasses.dataclass(frozen=True)
class Blob:
    key: str
    data: bytes
    manifest: bytes  # None: it is no image

    @staticmethod
    def of(data, manifest):
        import hashlib
        return Blob("sha512-" + hashlib.sha512(data).hexdigest()[:64], data, manifest)


LOCKS = {
    # What is there gets its mark and its pin, what is missing comes with them.
    "fleet.lock": (("two", "latest = true"), ("three", "from = 'three.aci'"),
                   ("four", "from = ['none', 'four.aci.gz']")),
    "few.lock": (("two", "pin = false"),),
}


def make_locks(directory, blobs):
    """Lock files of seed."""
    import hashlib
    for name, images in LOCKS.items():
        lines = ["version = 1"]
        for image, line in images:
            identity = hashlib.sha512(blobs[image].data).hexdigest()
            lines += ["[[image]]", f'id = "sha512-{identity}"', line]
        pathlib.Path(directory, name).write_text("\n".join(lines) + "\n")


# The store in inputs/ that sync copies from, as a bundle too.
SOURCE = ("import one.aci", "import --latest three.aci", "import four.aci",
          "remote add https://example.com/three.aci {three} --max-age 60", "bundle create fleet.bundle")
CARRIED = ("mark {one} --no-latest", "import --latest three.aci", "import four.aci",
           "remote add https://example.com/three.aci {three} --max-age 60")


# ---- What a store holds before

class Starts:
    """Stores to copy from. A new start is a method here; it gets a store with STORED in it."""
    STORED = ("one", "two", "note")

    def __init__(self, directory, blobs):
        self.directory = directory
        self.blobs = blobs

    def path(self, name):
        store = os.path.join(self.directory, name)
        if name != "nothing" and not os.path.exists(store):
            self.make_images(store)
            getattr(self, name)(store)
        return store

    def make_images(self, store):
        self.run_all(("import --latest one.aci", "import two.aci", "put note",
                      f"remote add {URL} {{one}} --etag tag"), store)

    def make_source(self):
        self.run_all(SOURCE, os.path.join(rig.Rig.inputs, "source"))

    def run_all(self, commands, store):
        for command in commands:
            result = rig.run(self.fill_in(command), store)
            assert result.status == 0, result.describe()

    def fill_in(self, command):
        keys = {name: blob.key for name, blob in self.blobs.items()}
        return shlex.split(command.format(**keys))

    def images(self, store):
        """Two images of one name, the first of them the latest, a blob that is none, a remote."""

    def orphan(self, store):
        """A file of three's name that nothing vouches for, and a temporary file left over."""
        key = self.blobs["three"].key
        shard = os.path.join(store, "blob/sha512", key[7:9])
        os.makedirs(shard, exist_ok=True)
        pathlib.Path(shard, key).write_bytes(b"half of it")
        pathlib.Path(store, "tmp", "left-over").write_bytes(b"x" * 5000)

    def damaged(self, store):
        """The blob of two has a flipped bit: nobody but its readers may notice."""
        path = self.blob_path(store, "two")
        data = bytearray(path.read_bytes())
        data[4000] ^= 1
        os.chmod(path, 0o644)
        path.write_bytes(data)
        os.chmod(path, 0o444)

    def no_database(self, store):
        """Blobs alone."""
        for name in os.listdir(store):
            if name.startswith("acistore.db"):
                os.unlink(os.path.join(store, name))

    def torn(self, store):
        """Of the database only the beginning is left."""
        path = os.path.join(store, "acistore.db")
        os.truncate(path, os.path.getsize(path) // 2 // 4096 * 4096)

    def pinned(self, store):
        """One is pinned for good, by hand."""
        connection = sqlite3.connect(os.path.join(store, "acistore.db"))
        connection.execute("INSERT INTO pin (blob_id, owner) SELECT id, 'manual' FROM blob "
                           "WHERE key = ?", [self.blobs["one"].key])
        connection.commit()
        connection.close()

    def seeded(self, store):
        """One is pinned by the owner of a lock file that no longer names it."""
        self.run_all(("pin {one} --owner seed",), store)

    def old(self, store):
        """All images were last used ten days ago."""
        connection = sqlite3.connect(os.path.join(store, "acistore.db"))
        connection.execute("UPDATE image SET last_used = last_used - 864000000000000")
        connection.commit()
        connection.close()

    def blob_path(self, store, name):
        key = self.blobs[name].key
        return pathlib.Path(store, "blob/sha512", key[7:9], key)


# ---- The verbs

@dataclasses.dataclass(frozen=True)
class Verb:
    name: str
    start: str
    command: str
    steps: tuple = ()  # what it does, in parts that may each be done or not; else `command`
    acknowledges: str = ""  # a key on standard output: "stored" or "removed"
    damaged: tuple = ()  # blobs that are bad to begin with
    mend: str = ""  # run before the store is looked at: it need not be readable before
    status: int = 0  # when nothing fails
    threads: bool = False  # its calls come in another order each time
    fault: rig.Fault = rig.Fault()  # what holds throughout


STORED = {"acknowledges": "stored"}
REMOVED = {"acknowledges": "removed"}

VERBS = [
    Verb("import into nothing", "nothing", "import -j1 one.aci", **STORED),
    Verb("import", "images", "import -j1 --latest three.aci.gz", **STORED),
    Verb("import several", "images", "import -j1 three.aci four.aci",
         ("import three.aci", "import four.aci"), **STORED),
    Verb("import on threads", "images", "import -j2 three.aci.gz four.aci.gz",
         ("import three.aci", "import four.aci"), threads=True, **STORED),
    Verb("import again", "images", "import -j1 --latest two.aci", **STORED),
    Verb("import over an orphan", "orphan", "import -j1 three.aci", **STORED),
    Verb("import of one that is not there", "images", "import -j1 three.aci none.aci", ("import three.aci",),
         status=1, **STORED),
    Verb("import without O_TMPFILE", "images", "import -j1 four.aci",
         fault=rig.Fault(no_tmpfile=True), **STORED),
    Verb("put", "images", "put other", **STORED),
    Verb("put again", "images", "put note", **STORED),
    Verb("rm", "images", "rm example.com/app:1", **REMOVED),
    Verb("rm several", "images", "rm {two} {note}", ("rm {two}", "rm {note}"), **REMOVED),
    Verb("rm pinned", "pinned", "rm --force {one}", **REMOVED),
    Verb("mark", "images", "mark {two} --latest"),
    Verb("remote add", "images", "remote add https://example.com/two.aci {two} --max-age 60"),
    Verb("remote rm", "images", f"remote rm {URL}"),
    Verb("pin", "images", "pin {one} --owner me"),
    Verb("pin for a while", "pinned", "pin {two} --for 1h"),
    Verb("unpin", "pinned", "unpin {one}"),
    Verb("gc", "old", "gc --grace-period 5d", ("rm {one}", "rm {two}"), **REMOVED),
    Verb("gc of a pinned one", "pinned", "gc --grace-period 0s", ("rm {two}",), **REMOVED),
    Verb("gc of rubbish", "orphan", "gc"),
    Verb("recover", "no_database", "recover -j1", mend="recover"),
    Verb("recover a torn database", "torn", "recover -j1", mend="recover"),
    Verb("recover what is in order", "images", "recover -j1"),
    Verb("seed", "images", "seed -j1 fleet.lock",
         ("mark {two} --latest", "pin {two} --owner seed", "import --pin=seed three.aci",
          "import --pin=seed four.aci"), **STORED),
    Verb("seed --prune", "seeded", "seed --prune few.lock", ("rm --force {one}",), **REMOVED),
    Verb("sync", "images", "sync -j1 source", CARRIED, **STORED),
    Verb("bundle import", "images", "bundle import fleet.bundle", CARRIED, **STORED),
    Verb("verify", "images", "verify"),
    Verb("verify damaged", "damaged", "verify", damaged=("two",), status=6),
    Verb("verify --repair", "damaged", "verify --repair", damaged=("two",), status=6),
    Verb("cat", "images", "cat {two}"),
    Verb("cat used long ago", "old", "cat {two} rootfs/data"),
    Verb("list", "images", "list --full"),
]


def verbs_with(text):
    return [verb for verb in VERBS if text in verb.name]
