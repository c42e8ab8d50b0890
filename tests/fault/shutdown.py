#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cuts the power of a file system in use: shutdown.py [--all] [--mutant NAME]

Four writers and two readers work on a store on a loop-mounted ext4 or xfs. At a random moment the
ioctl GOINGDOWN stops that file system: nothing reaches the disk any more, not even its own log. It
is mounted again and looked at. The same image goes through several cuts.
"""

import fcntl
import os
import random
import struct
import sys
import threading
import time

import disks
import invariants
import power
import rig

# _IOR('X', 125, __u32), of both file systems, and "do not flush the log".
GOINGDOWN = 0x8004587D
NO_LOG_FLUSH = 2
WRITERS = 4
READERS = 2
TURNS = 60  # more than any writer gets done before the cut


def cut(kind, directory, number, seed, mutant):
    """One cut; a Tally."""
    tally = rig.Tally()
    chance = random.Random(f"{seed} {kind} {number}")
    image = os.path.join(directory, "disk")
    place = os.path.join(directory, "mounted")
    store = os.path.join(place, "store")
    images = disks.Images(os.path.join(directory, f"images-{number}"), WRITERS * TURNS,
                          seed=1000 * seed + number)
    history = disks.History(time.monotonic_ns)
    before = frozenset()
    program = rig.Rig.program
    if mutant.text is not None:
        program = disks.binary_mutant(program, os.path.join(directory, "mutant"), *mutant.text)
    fault = rig.Fault(ignore=mutant.ignore) if mutant.ignore else None
    with disks.mounted(kind, image, place):
        known = dict(images.by_key)
        stop = threading.Event()
        threads = [threading.Thread(target=disks.write, args=(
            store, images, history, range(w, len(images.blobs), WRITERS), fault, program, stop))
            for w in range(WRITERS)]
        threads += [threading.Thread(target=read, args=(store, stop)) for _ in range(READERS)]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 60
        wanted = chance.randrange(1, 16)
        while history.acknowledged() < wanted and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(chance.random() * 0.05)
        stop.set()
        shut_down(place)
        for thread in threads:
            thread.join()
    with disks.mounted(kind, image, place):
        result = rig.run(["list"], store)
        wrong = [] if result.status in (0, 3) else [f"list: {result.describe()}"]
        found = invariants.examine(store, known, bad_orphans=True)
        wrong += found.violations + history.violations(found.keys)
        file = images.files[-1]
        result = rig.run(["import", "-j1", file], store)
        if result.out != images.blobs[-1].key + "\n":
            wrong.append(f"afterwards import: {result.describe()}")
        for key in found.keys:
            rig.run(["rm", key], store)
    tally.add(f"{kind}: cut {number}", wrong, "cuts")
    tally.outcomes["acknowledgements"] = history.acknowledged()
    return tally


def shut_down(place):
    directory = os.open(place, os.O_RDONLY)
    try:
        fcntl.ioctl(directory, GOINGDOWN, struct.pack("I", NO_LOG_FLUSH))
    finally:
        os.close(directory)


def read(store, stop):
    while not stop.is_set():
        for command in (["list"], ["verify"], ["cat", "example.com/app"]):
            rig.run(command, store)


def cuts(kind, count, seed, mutant):
    tally = rig.Tally()
    # Not in memory: a loop device on a disk takes as long to flush as a disk does.
    with rig.scratch(memory=False) as directory:
        rig.Rig.inputs = directory
        image = os.path.join(directory, "disk")
        with open(image, "wb") as file:
            file.truncate(disks.FILE_SYSTEMS[kind][0])
        disks.make_file_system(kind, image)
        for number in range(count):
            tally.merge(cut(kind, directory, number, seed, mutant))
    return tally


def main():
    options = rig.arguments(__doc__, cuts={"type": int, "help": "on each file system"},
                            seed={"type": int, "default": 1},
                            mutant={"action": "append", "choices": [*power.MUTANTS]})
    tap = rig.Tap()
    count = options.cuts or (50 if options.all else 3)
    for kind in ("ext4", "xfs"):
        if options.only not in kind:
            continue
        why = disks.missing(kind)
        if why:
            tap.skip(f"shutdown: {kind}", why)
            continue
        if not options.mutant:
            tap.tally(f"shutdown: {kind}", rig.guarded(
                lambda _: cuts(kind, count, options.seed, power.Mutant()), kind), least=count)
        for name in options.mutant or []:
            tally = rig.guarded(lambda _: cuts(kind, count, options.seed, power.MUTANTS[name]), kind)
            tap.report(bool(tally.violations), f"shutdown: {kind}: mutant killed: {name}: "
                       f"{len(tally.violations)} violations in {count} cuts", [])
            print("\n".join(f"# {v[:200]}" for v in tally.violations[:3]))
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
