# SPDX-License-Identifier: Apache-2.0
"""What is measured against what: a function a row, or two where one run gives two figures."""

import os
import shutil
import subprocess
from dataclasses import dataclass, field

from measure import Failed, alternate, instructions, median, peak_memory, run, run_all

MIB = 1 << 20
STARTS = 40  # of a command that takes a few milliseconds, for one figure


class Skipped(Exception):
    """The row cannot be measured here: a tool or an option is missing."""


@dataclass
class Figure:
    """A line of the table; `ours` and `theirs` are texts, `ratios` one for each pair."""
    work: str
    yardstick: str
    target: str
    ours: str
    theirs: str = ""
    ratios: list = field(default_factory=list)


def seconds(value):
    return f"{value * 1000:.2f} ms" if value < 0.1 else f"{value:.3f} s"


class Bench:
    """The program, its inputs, and a store and a copy that are made anew for every run."""

    def __init__(self, program, inputs, pairs, baseline):
        self.program = program
        self.inputs = inputs
        self.pairs = pairs
        self.baseline = baseline
        self.store = inputs.path("store")
        self.copy = inputs.path("copy")
        self.kept = {}

    def needs(self, *tools):
        missing = [tool for tool in tools if shutil.which(tool) is None]
        if missing:
            raise Skipped(f"{' and '.join(missing)} not installed")

    def needs_option(self, verb, option):
        text = subprocess.run([self.program, verb, "--help"], capture_output=True, text=True).stdout
        if option not in text.replace(",", " ").split():
            raise Skipped(f"this acistore has no {verb} {option}")

    def command(self, *arguments, store=None, sync=False):
        options = [] if sync else ["--no-sync"]
        return [self.program, "--store", store or self.store, "--quiet", *options, *arguments]

    def clear(self):
        """Nothing of the last run is there, and nothing of it is still on its way to the disk."""
        shutil.rmtree(self.store, ignore_errors=True)
        if os.path.exists(self.copy):
            os.unlink(self.copy)
        os.sync()

    def kept_store(self, name, images):
        """A store that is only read, with those images in it; made once in each run, since another
        program may have made one that is left from before."""
        if name not in self.kept:
            store = self.inputs.path(name)
            shutil.rmtree(store, ignore_errors=True)
            for first in range(0, len(images), 2000):  # a command line has room for so many
                run(self.command("import", *images[first:first + 2000], store=store))
            self.kept[name] = store
        return self.kept[name]

    def remove_stores(self):
        self.clear()
        for store in self.kept.values():
            shutil.rmtree(store, ignore_errors=True)

    def keys(self, store):
        text = subprocess.run(self.command("list", "--full", "--no-legend", "--fields", "id", store=store),
                              capture_output=True, text=True, check=True).stdout
        return text.split()

    def anew(self, commands, **options):
        """Commands that start from nothing."""
        def measured():
            self.clear()
            return run_all(commands, **options)
        return measured

    def compare(self, work, yardstick, target, ours, theirs, what="wall"):
        return self.compare_both(work, yardstick, ours, theirs, [(what, "", target)])[0]

    def compare_both(self, work, yardstick, ours, theirs, wanted):
        """`wanted`: for each figure the name of the usage, what is added to `work`, the target."""
        measured = alternate(ours, theirs, self.pairs)
        figures = []
        for what, note, target in wanted:
            pairs = [(getattr(one, what), getattr(other, what)) for one, other in measured]
            figures.append(Figure(work + note, yardstick, target,
                                  seconds(median(one for one, _ in pairs)),
                                  seconds(median(other for _, other in pairs)),
                                  [one / other for one, other in pairs]))
        return figures


# ---- Imports

def hash_and_copy(bench):
    image = bench.inputs.image()
    return [["openssl", "dgst", "-sha512", image], ["cp", image, bench.copy]]


def plain(bench):
    bench.needs("openssl")
    image = bench.inputs.image()
    return [bench.compare("import plain", "openssl dgst -sha512 + cp", "0.85",
                          bench.anew([bench.command("import", image)]),
                          bench.anew(hash_and_copy(bench)))]


def gzip_commands(bench):
    bench.needs("igzip", "openssl")
    return [["igzip", "-dc", bench.inputs.gzip()], *hash_and_copy(bench)]


def gzip(bench):
    theirs = gzip_commands(bench)
    return bench.compare_both("import gzip", "igzip -dc + openssl dgst + cp",
                              bench.anew([bench.command("import", bench.inputs.gzip())]),
                              bench.anew(theirs),
                              [("wall", "", "0.8"), ("cpu", ", CPU time", "1.15")])


def durable(bench):
    theirs = [*gzip_commands(bench), ["sync", bench.copy]]
    return [bench.compare("import gzip, durable", "the same + sync of the copy", "0.9",
                          bench.anew([bench.command("import", bench.inputs.gzip(), sync=True)]),
                          bench.anew(theirs))]


def xz(bench):
    bench.needs("xz")
    image = bench.inputs.xz()
    return [bench.compare("import xz, 8 MiB blocks", "xz -T2 -dc", "1.3",
                          bench.anew([bench.command("import", image)]),
                          bench.anew([["xz", "-T2", "-dc", image]]))]


def bzip2(bench):
    bench.needs("bzip2", "lbzip2")
    image = bench.inputs.bzip2()
    return [bench.compare("import bzip2", "lbzip2 -n2 -dc", "1.6",
                          bench.anew([bench.command("import", image)]),
                          bench.anew([["lbzip2", "-n2", "-dc", image]]))]


def jobs(bench):
    bench.needs_option("import", "-j")
    images = bench.inputs.eight_gzips()
    return [bench.compare("import of 8 gzip images, -j2", "an import of each", "0.85",
                          bench.anew([bench.command("import", "-j", "2", *images)]),
                          bench.anew([bench.command("import", image) for image in images]))]


def if_changed(bench):
    bench.needs_option("import", "--if-changed")
    image = bench.inputs.gzip()
    bench.clear()
    again = bench.command("import", "--if-changed", image)
    run(again)
    return [bench.compare("import again, --if-changed", "/bin/true", "5",
                          lambda: run_all([again], times=STARTS),
                          lambda: run_all([["/bin/true"]], times=STARTS))]


def memory(bench):
    peaks = []
    for image in [bench.inputs.gzip(), *bench.inputs.eight_gzips()[:1]]:
        for _ in range(3):
            bench.clear()
            peaks.append(peak_memory(bench.command("import", image)) / MIB)
    return [Figure("peak memory of a gzip import", "", "32 MiB", f"{max(peaks):.1f} MiB")]


# ---- Lookups

def store_of_many(bench):
    images = bench.inputs.many()
    store = bench.kept_store("store-of-many", images)
    keys = bench.keys(store)
    middle = len(keys) // 2
    resolve = bench.command("resolve", keys[middle][:len("sha512-") + 12], store=store)
    get = bench.command("get", f"example.com/app:1.0.{middle},os=linux", store=store)
    return len(keys), resolve, get


def start(bench, name, count, command):
    return bench.compare(f"{name} in a store of {count:,}", "/bin/true", "4",
                         lambda: run_all([command], times=STARTS),
                         lambda: run_all([["/bin/true"]], times=STARTS))


def resolve(bench):
    count, command, _ = store_of_many(bench)
    return [start(bench, "resolve", count, command)]


def get(bench):
    count, _, command = store_of_many(bench)
    return [start(bench, "get", count, command)]


def instruction_count(bench):
    bench.needs("valgrind")
    _, command, _ = store_of_many(bench)
    count = instructions(command)
    if bench.baseline is None:
        return [Figure("instructions of resolve", "no baseline given", "0.5", f"{count:,}")]
    return [Figure("instructions of resolve", "the baseline given", "0.5", f"{count:,}",
                   f"{bench.baseline:,}", [count / bench.baseline])]


# ---- The same in a large store and a small one

def scale(bench):
    images = bench.inputs.fleet()
    other = bench.inputs.many()[0]
    large = bench.kept_store("store-of-fleet", images)
    small = bench.kept_store("store-of-few", images[:100])
    key = bench.keys(small)[50]
    yardstick = "the same in a store of 100"

    def figure(work, arguments):
        commands = {store: bench.command(*arguments, store=store) for store in (large, small)}
        return bench.compare(f"{work} of {len(images):,}", yardstick, "1.2",
                             lambda: run_all([commands[large]], times=STARTS),
                             lambda: run_all([commands[small]], times=STARTS))

    def add_and_remove(store):
        return run_all([bench.command("import", other, store=store),
                        bench.command("rm", added, store=store)], times=STARTS)

    added = subprocess.run([bench.program, "hash", other], capture_output=True, text=True,
                           check=True).stdout.split()[0]
    return [figure("resolve, store", ["resolve", key[:len("sha512-") + 12]]),
            figure("get, store", ["get", "example.com/app-00004:1.0.7,os=linux"]),
            figure("list NAME, store", ["list", "example.com/app-00004"]),
            bench.compare(f"import + rm, store of {len(images):,}", yardstick, "1.2",
                          lambda: add_and_remove(large), lambda: add_and_remove(small))]


# ---- Reading blobs

def has_avx512():
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as text:
            return " avx512f" in text.read()
    except OSError:
        return False


def blob_path(store, key):
    digits = key.removeprefix("sha512-")
    return os.path.join(store, "blob", "sha512", digits[:2], key)


def verify(bench):
    store = bench.kept_store("store-of-large", bench.inputs.eight_large())
    blobs = [blob_path(store, key) for key in bench.keys(store)]
    size = os.path.getsize(blobs[0]) // 1_000_000
    return [bench.compare(f"verify of {len(blobs)} images of {size} MB", "sha512sum of the blobs",
                          "0.25" if has_avx512() else "0.5",
                          lambda: run(bench.command("verify", store=store)),
                          lambda: run(["sha512sum", *blobs]))]


def cat(bench):
    """The reader is cat(1) on both sides, whose output goes to /dev/null."""
    store = bench.kept_store("store-of-one", [bench.inputs.image()])
    key = bench.keys(store)[0]
    ours = bench.command("cat", "--no-verify", key, store=store)
    theirs = ["cat", blob_path(store, key)]
    return [bench.compare("cat --no-verify to a pipe", "cat of the blob", "1.1",
                          lambda: run_all([ours], reader=["cat"], times=5),
                          lambda: run_all([theirs], reader=["cat"], times=5))]


# ---- Fleets

def seed(bench):
    images = bench.inputs.fifty()
    lock = bench.inputs.path("fifty.toml")
    run(bench.command("seed", "--write", "--overwrite", lock, *images))
    first = bench.compare("seed of 50 images, -j2", "import -j2 of them", "1.1",
                          bench.anew([bench.command("seed", "-j", "2", lock)]),
                          bench.anew([bench.command("import", "-j", "2", *images)]))
    bench.clear()
    run(bench.command("seed", lock))
    again = median(run(bench.command("seed", lock)).wall for _ in range(STARTS))
    return [first, Figure("seed again", "", "100 ms", seconds(again))]


def rate(amount, measured):
    return amount / median(measured().wall for _ in range(3))


def bundle(bench):
    images = bench.inputs.versions()
    store = bench.kept_store("store-of-versions", images)
    one, size = os.path.getsize(images[0]), sum(map(os.path.getsize, images)) / 1_000_000
    made = bench.inputs.path("versions.bundle")
    create = bench.command("bundle", "create", "--overwrite", made, store=store, sync=True)
    created = rate(size, lambda: run_all([create]))
    took = os.path.getsize(made)
    imported = rate(size, bench.anew([bench.command("bundle", "import", made, sync=True)]))
    if bench.keys(bench.store) != bench.keys(store):
        raise Failed("bundle import: other keys than were bundled")
    os.unlink(made)
    return [Figure("bundle of five versions", "the size of one", "1.3", f"{took / MIB:.0f} MiB",
                   f"{one / MIB:.0f} MiB", [took / one]),
            Figure("bundle create", "", "200 MB/s", f"{created:.0f} MB/s"),
            Figure("bundle import", "", "200 MB/s", f"{imported:.0f} MB/s")]


def batch(bench):
    count = 50_000
    keys, _, _ = store_of_many(bench)
    requests = bench.inputs.path("requests")
    with open(requests, "w", encoding="ascii") as out:
        for index in range(count):
            out.write('{"get":"example.com/app:1.0.%d,os=linux"}\n' % (index * 7 % keys))
    command = bench.command("batch", store=bench.kept["store-of-many"])
    answers = rate(count, lambda: run_all([["sh", "-c", 'exec "$@" <"$0"', requests, *command]]))
    return [Figure("get by batch", "", "20,000/s", f"{answers:,.0f}/s")]


ROWS = {
    "plain": plain, "gzip": gzip, "xz": xz, "bzip2": bzip2, "durable": durable, "jobs": jobs,
    "if-changed": if_changed, "resolve": resolve, "get": get, "scale": scale, "verify": verify, "cat": cat,
    "memory": memory, "instructions": instruction_count, "seed": seed, "bundle": bundle, "batch": batch,
}

__all__ = ["Bench", "Failed", "Figure", "ROWS", "Skipped"]
