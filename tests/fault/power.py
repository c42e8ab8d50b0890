#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Loses power, again and again: power.py [--all] [--mutant NAME]

Three writers import and remove images in a store on a file system on a loop device on blocklog's
disk, which logs every write and flush. Then for a point of that log a disk is made as it may be
after a cut there: what was written before the last flush is on it, and of the writes since each
with probability one half. It is mounted and looked at: every row has its blob, every key
acknowledged before that point is there, every removed one is gone, and the store takes images.
"""

import mmap
import os
import pathlib
import random
import struct
import subprocess
import sys
import threading
import time

import disks
import invariants
import rig

HEADER = struct.Struct("=qqq")
PAGE = 4096
ZEROS = bytes(PAGE)
WRITERS = 3


class Mutant:
    """A way to lose what was acknowledged. Each must be found on one file system at least."""

    def __init__(self, ignore="", text=None):
        self.ignore = ignore
        self.text = text  # replaced in the program


MUTANTS = {
    "no fsync of the blob": Mutant(ignore="fsync-file"),
    "no fsync of the directory": Mutant(ignore="fsync-directory"),
    "DELETE journal": Mutant(text=(b"PRAGMA journal_mode = PERSIST", b"PRAGMA journal_mode = DELETE")),
    "synchronous OFF": Mutant(text=(b"PRAGMA synchronous = FULL", b"PRAGMA synchronous = OFF")),
}


# ---- Recording

class Recording:
    """The log of one file system's disk and what was acknowledged meanwhile."""

    def __init__(self, kind, directory, blocklog, mutant, turns):
        self.kind = kind
        self.directory = directory
        self.log = os.path.join(directory, "log")
        self.images = disks.Images(os.path.join(directory, "images"), WRITERS * turns)
        self.history = disks.History(lambda: os.stat(self.log).st_size)
        rig.Rig.inputs = directory
        program = rig.Rig.program
        if mutant.text is not None:
            program = disks.binary_mutant(program, os.path.join(directory, "mutant"), *mutant.text)
        fault = rig.Fault(ignore=mutant.ignore) if mutant.ignore else None
        with served_disk(blocklog, disks.FILE_SYSTEMS[kind][0], self.log,
                         os.path.join(directory, "fuse")) as disk:
            disks.make_file_system(kind, disk)
            with disks.mounted(kind, disk, os.path.join(directory, "recorded")):
                self.begin = os.stat(self.log).st_size
                store = os.path.join(directory, "recorded", "store")
                self.run_writers(store, fault, program)
                self.end = os.stat(self.log).st_size
        self.records = read_log(self.log, self.end)

    def run_writers(self, store, fault, program):
        failures = []

        def writer(number):
            turns = range(number, len(self.images.blobs), WRITERS)
            try:
                disks.write(store, self.images, self.history, turns, fault, program)
            except AssertionError as error:
                failures.append(str(error))

        threads = [threading.Thread(target=writer, args=(n,)) for n in range(WRITERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures, failures


class served_disk:
    """A context: blocklog runs, and gives the path of its disk."""

    def __init__(self, blocklog, size, log, directory):
        self.command = [blocklog, str(size), log, directory]
        self.directory = directory

    def __enter__(self):
        os.makedirs(self.directory)
        self.process = subprocess.Popen(self.command)
        disk = os.path.join(self.directory, "disk")
        for _ in range(200):
            if os.path.exists(disk):
                return disk
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise OSError("blocklog does not run")

    def __exit__(self, *unused):
        disks.unmount(self.directory)
        self.process.wait(timeout=30)


def read_log(path, end):
    """[(position after it, offset or -1 for a flush, place of the bytes, length)]"""
    records = []
    with open(path, "rb") as log:
        data = mmap.mmap(log.fileno(), 0, prot=mmap.PROT_READ)
        at = 0
        while at < end:
            offset, length, _ = HEADER.unpack_from(data, at)
            at += HEADER.size + length
            records.append((at, offset, at - length, length))
        data.close()
    return records


# ---- Replaying

class Disk:
    """The disk at points of the log that only go forward."""

    def __init__(self, recording):
        self.recording = recording
        self.file = open(recording.log, "rb")
        self.log = mmap.mmap(self.file.fileno(), 0, prot=mmap.PROT_READ)
        self.flushed = mmap.mmap(-1, disks.FILE_SYSTEMS[recording.kind][0])
        self.used = set()  # pages with anything in them
        self.done = 0  # records that are in `flushed`
        self.next = 0

    def go_to(self, index):
        """The cut is after record number `index`."""
        records = self.recording.records
        while self.next <= index:
            if records[self.next][1] == -1:
                for record in records[self.done:self.next]:
                    self.apply(record)
                self.done = self.next + 1
            self.next += 1

    def apply(self, record):
        _, offset, at, length = record
        self.flushed[offset:offset + length] = self.log[at:at + length]
        for page in range(offset // PAGE, (offset + length - 1) // PAGE + 1):
            if self.flushed[page * PAGE:(page + 1) * PAGE] == ZEROS:
                self.used.discard(page)
            else:
                self.used.add(page)

    def write(self, path, index, chance):
        """Writes the disk as a cut after that record may leave it."""
        kept = 0
        with open(path, "wb") as out:
            out.truncate(len(self.flushed))
            for page in sorted(self.used):
                os.pwrite(out.fileno(), self.flushed[page * PAGE:(page + 1) * PAGE], page * PAGE)
            for _, offset, at, length in self.recording.records[self.done:index + 1]:
                if chance.random() < 0.5:
                    kept += 1
                    os.pwrite(out.fileno(), self.log[at:at + length], offset)
        return kept


def replay(recording, count, seed):
    """Looks at `count` points, spread evenly; a Tally."""
    tally = rig.Tally()
    first = next(i for i, r in enumerate(recording.records) if r[0] > recording.begin)
    candidates = len(recording.records) - first
    disk = Disk(recording)
    image = os.path.join(recording.directory, "disk")
    place = os.path.join(recording.directory, "replayed")
    for number in range(count):
        index = first + (number * candidates + candidates // 2) // count
        disk.go_to(index)
        disk.write(image, index, random.Random(f"{seed} {number}"))
        at = recording.records[index][0]
        name = f"{recording.kind}: record {index} of {len(recording.records)}, cut {number}"
        try:
            with disks.mounted(recording.kind, image, place):
                wrong = look(recording, os.path.join(place, "store"), at)
        except OSError as error:
            wrong = [f"the file system: {error}"]
        tally.add(name, wrong, "cuts")
    return tally


def look(recording, store, at):
    if os.path.isdir(store):
        result = rig.run(["list"], store)  # rolls back what a writer left behind
        if result.status not in (0, 3):
            return [f"list: {result.describe()}"]
    found = invariants.examine(store, recording.images.by_key, bad_orphans=True)
    wrong = found.violations + recording.history.violations(found.keys, at)
    if wrong:
        return wrong
    # The first is stored already in most of them, the last in few.
    for index in (0, -1):
        blob = recording.images.blobs[index]
        result = rig.run(["import", "-j1", recording.images.files[index]], store)
        if result.status != 0 or result.out != blob.key + "\n":
            wrong.append(f"afterwards import: {result.describe()}")
    after = invariants.examine(store, recording.images.by_key, bad_orphans=True)
    return wrong + after.violations


def run_one(kind, blocklog, mutant, turns, count, seed):
    """Records and replays on one file system; a Tally."""
    with rig.scratch() as directory:
        recording = Recording(kind, directory, blocklog, mutant, turns)
        tally = replay(recording, count, seed)
        tally.outcomes["records"] = len(recording.records)
        tally.outcomes["acknowledgements"] = recording.history.acknowledged()
        return tally


# ---- The tests

def main():
    options = rig.arguments(__doc__, blocklog={"default": os.environ.get("FAULT_BLOCKLOG")},
                            points={"type": int, "help": "cuts on each file system"},
                            turns={"type": int, "help": "images of each writer"},
                            seed={"type": int, "default": 1},
                            mutant={"action": "append", "choices": [*MUTANTS, "all"]})
    tap = rig.Tap()
    mutants = options.mutant or []
    if "all" in mutants:
        mutants = list(MUTANTS)
    points = options.points or (600 if options.all else 12)
    turns = options.turns or (40 if options.all else 6)
    if not options.blocklog or not os.path.exists("/dev/fuse"):
        tap.skip("power", "libfuse3 was not there when this was built" if not options.blocklog
                 else "there is no /dev/fuse")
        return tap.end()
    kinds = [kind for kind in disks.FILE_SYSTEMS if options.only in kind]
    available = []
    for kind in kinds:
        why = disks.missing(kind)
        if why:
            tap.skip(f"power: {kind}", why)
        else:
            available.append(kind)
    # By file systems: two with one identity cannot be mounted at once.
    if not mutants:
        for kind, tally in run_all([(kind, "") for kind in available], options, turns, points):
            tap.tally(f"power: {kind[0]}", tally, least=points)
    for name in mutants:
        results = run_all([(kind, name) for kind in available], options, turns, points)
        found = {kind[0]: len(tally.violations) for kind, tally in results}
        details = [v for _, tally in results for v in tally.violations[:2]]
        tap.report(any(found.values()) or not available, f"power: mutant killed: {name}: {found} of {points} each")
        for detail in details:
            print(f"# {detail[:200]}")
    return tap.end()


def run_all(tasks, options, turns, points):
    results = []
    run = Task(options.blocklog, turns, points, options.seed)
    for task in tasks:
        results.append((task, None))
    if not tasks:
        return []
    import multiprocessing
    with multiprocessing.get_context("fork").Pool(min(options.jobs, len(tasks)), rig.end_at_once) as pool:
        return list(zip(tasks, pool.map(run, tasks, chunksize=1)))


class Task:
    def __init__(self, blocklog, turns, points, seed):
        self.arguments = (blocklog, turns, points, seed)

    def __call__(self, task):
        kind, name = task
        blocklog, turns, points, seed = self.arguments
        mutant = MUTANTS[name] if name else Mutant()
        return rig.guarded(lambda _: run_one(kind, blocklog, mutant, turns, points, seed), kind)


if __name__ == "__main__":
    sys.exit(main())
