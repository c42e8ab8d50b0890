#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every verb on full disks: full.py [--all]

tmpfs    of every size from 8 to 440 KiB in steps of 4, the store copied into it
inodes   a tmpfs of every number of inodes from 4 to 60
filled   the store in a tmpfs that is then filled to the last byte
ext4     a small ext4 on a loop device, filled but for 0, 4, 8, ... KiB

Each run succeeds, or fails of want of space (status 8) and changes nothing. Where a disk is filled
to the last byte, what takes space away succeeds, if the store has a reserve.
"""

import contextlib
import os
import shutil
import sys

import check
import disks
import rig
import verbs

# What must work with no room at all. What makes room must, what only reads as well.
NEEDS_NO_ROOM = ("rm", "gc", "verify", "cat", "list")


@contextlib.contextmanager
def small(options, directory):
    os.makedirs(directory, exist_ok=True)
    disks.system("mount", "-t", "tmpfs", "-o", options, "none", directory)
    try:
        yield directory
    finally:
        disks.unmount(directory)


def fill(directory):
    """Writes until not a byte is left."""
    for size in (1 << 16, 4096, 512, 1):
        with contextlib.suppress(OSError), open(f"{directory}/ballast-{size}", "wb",
                                                buffering=0) as file:
            while True:
                file.write(bytes(size))


class Full:
    """Runs a verb in a place that has little room, given as (verb, kind, amount)."""

    def __init__(self, world):
        self.world = world

    def __call__(self, point):
        verb, kind, amount = point
        place = os.path.join(self.world.directory, f"small-{os.getpid()}")
        if kind == "ext4":
            with self.ext4(place) as directory:
                return self.run(point, directory, amount)
        options = {"tmpfs": f"size={amount}k", "inodes": f"nr_inodes={amount}",
                   "filled": "size=2m"}[kind]
        with small(options, place) as directory:
            return self.run(point, directory, None)

    @contextlib.contextmanager
    def ext4(self, place):
        image = place + ".disk"
        with open(image, "wb") as file:
            file.truncate(2 * disks.MIB)
        disks.system("mkfs.ext4", "-q", "-F", "-O", "^has_journal", "-m", "0", "-N", "200", image)
        try:
            with disks.mounted("ext4", image, place):
                yield place
        finally:
            os.unlink(image)

    def run(self, point, directory, room):
        verb, kind, amount = point
        world, tally = self.world, rig.Tally()
        store = os.path.join(directory, "store")
        try:
            # The reserve was made where there was room; one that fits here comes by itself.
            rig.copy_store(world.starts.path(verb.start), store, but="reserve")
        except (OSError, shutil.Error):
            tally.outcomes["too small to begin with"] += 1
            return tally
        if room is not None:
            with open(os.path.join(directory, "room"), "wb") as file:
                file.write(bytes(room * 1024))
            fill(directory)
            os.unlink(os.path.join(directory, "room"))
        elif kind == "filled":
            # Whatever writes makes the reserve, even if it then has nothing to do.
            rig.run(["remote", "rm", "https://example.com/none"], store)
            fill(directory)
        result = rig.run(world.arguments(verb.command), store, verb.fault if
                         verb.fault != rig.Fault() else None)
        outcome = world.outcome(verb)
        # The world is no longer small: it is looked at elsewhere.
        elsewhere = os.path.join(world.directory, f"elsewhere-{os.getpid()}")
        rig.copy_store(store, elsewhere)
        wrong, found = check.check(world, elsewhere, verb, result)
        if check.succeeded(verb, result, outcome):
            if found.state != outcome.after:
                wrong.append("success, but the store is not as it should be")
        else:
            wrong += check.message(verb, result)
            if result.status not in (8, verb.status or 8):
                wrong.append("the wrong status")
            if found.rubbish and verb.start != "orphan":
                wrong.append(f"a failure that leaves {found.rubbish}")
            no_room = kind == "filled" or (kind == "ext4" and room == 0)
            # Without the reserve that a store gets when it is made, removing may need a page.
            has_reserve = os.path.exists(os.path.join(store, "reserve"))
            if no_room and has_reserve and verb.command.split()[0] in NEEDS_NO_ROOM:
                wrong.append("it needs room")
        if not wrong:
            wrong = check.follow_up(world, elsewhere, verb, found)
        tally.add(f"{verb.name} on {kind} {amount}", [f"{w} ({result.describe()})" for w in wrong],
                  "succeeded" if check.succeeded(verb, result, outcome) else
                  f"status {result.status}")
        return tally


KINDS = {
    "tmpfs": range(8, 444, 4),
    "inodes": range(4, 61),
    "filled": (0,),
    "ext4": range(0, 164, 4),
}
STRIDES = {"tmpfs": 71, "inodes": 43, "filled": 1, "ext4": 41}


def main():
    options = rig.arguments(__doc__)
    tap = rig.Tap()
    if not rig.needs_root(tap, "full", "mount a small file system"):
        return tap.end()
    with rig.scratch() as directory:
        world = check.World(directory)
        chosen = verbs.verbs_with(options.only)
        for verb in chosen:
            world.outcome(verb)
        for kind, amounts in KINDS.items():
            if kind == "ext4" and disks.missing(kind):
                tap.skip(f"full: {kind}", disks.missing(kind))
                continue
            stride = 1 if options.all else STRIDES[kind]
            points = [(verb, kind, amount) for index, verb in enumerate(chosen)
                      for amount in rig.sample(amounts, stride, offset=index * 5)]
            tap.tally(f"full: {kind}", rig.spread(Full(world), points, options.jobs))
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
