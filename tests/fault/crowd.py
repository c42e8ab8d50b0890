#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Many processes, all verbs, random kills, and a model of what must be there: crowd.py [--all]

Each of 32 workers runs one command after the other on one store. It has images of its own, of which
it knows at any time whether they are stored, marked and have a remote; and there are images that all
of them share, of which nobody knows. Some of the commands are killed at a random moment: what they
would have done may then have been done or not, until the worker looks. No command fails but as the
model expects it.
"""

import hashlib
import os
import random
import sys
import threading
import time

import disks
import invariants
import rig

OWN = 4  # images of each worker
SHARED = 6


class Worker(threading.Thread):
    def __init__(self, number, crowd):
        super().__init__()
        self.number = number
        self.crowd = crowd
        self.chance = random.Random(f"{crowd.seed} {number}")
        self.wrong = []
        self.commands = 0
        self.killed = 0
        first = SHARED + number * OWN
        self.own = list(range(first, first + OWN))
        self.stored = {index: False for index in self.own}  # None: unknown

    def run(self):
        try:
            while time.monotonic() < self.crowd.deadline and not self.wrong:
                self.one_command()
        except Exception as error:  # a thread's exceptions are seen by nobody
            self.wrong.append(f"the rig failed: {error!r}")

    def one_command(self):
        images, chance = self.crowd.images, self.chance
        kind = chance.choices(("own", "shared", "whole"), (6, 3, 1))[0]
        if kind == "own":
            index = chance.choice(self.own)
            self.on_own(index, images.blobs[index].key)
        elif kind == "shared":
            index = chance.randrange(SHARED)
            key, file = images.blobs[index].key, images.files[index]
            self.do(chance.choice((
                *self.crowd.imports(index), ["import", "-j2", file, images.files[0]], ["rm", key],
                ["rm", "--force", key], ["put", file], ["cat", key], ["mark", key, "--latest"],
                ["exists", key], ["manifest", key], ["verify", key],
                ["remote", "add", f"https://e.org/{index}", key],
                ["remote", "rm", f"https://e.org/{index}"], *self.crowd.more(key))),
                statuses=(0, 3, 10))
        else:
            self.do(chance.choice((["list"], ["verify"], ["dump"], ["remote", "list"],
                                   ["get", "example.com/app"], *self.crowd.more_whole())),
                    statuses=(0, 3))

    def on_own(self, index, key):
        stored = self.stored[index]
        # Where nobody knows, whatever the command says is so.
        there = (0,) if stored else (3,) if stored is False else (0, 3)
        verb = self.chance.choice(("import", "import", "rm", "cat", "exists", "verify", "mark"))
        if verb == "import":
            self.do(self.chance.choice(self.crowd.imports(index)), (0,), index, True, key)
        elif verb == "rm":
            self.do(["rm", key], there, index, False, key)
        elif verb == "cat":
            result = self.do(["cat", key], there)
            if result.status == 0 and result.out.encode("latin-1") != self.crowd.data[key]:
                self.wrong.append(f"cat {key} gives other bytes")
            self.learn(index, result)
        elif verb == "mark":
            self.learn(index, self.do(["mark", key, "--latest"], there))
        else:
            self.learn(index, self.do([verb, key], there))

    def learn(self, index, result):
        if result.status in (0, 3):
            self.stored[index] = result.status == 0

    def do(self, command, statuses, index=None, stores=None, key=None):
        """Runs a command, perhaps kills it, and holds it to what it may say."""
        kill = self.chance.random() < 0.2
        self.commands += 1
        process = rig.start(command, self.crowd.store)
        if kill:
            time.sleep(self.chance.random() ** 2 * 0.2)
            process.kill()
        result = rig.finish(process)
        if index is not None and result.status != 0:
            self.stored[index] = None
            if result.status == 3 and 3 in statuses:
                self.stored[index] = False
        if result.status < 0:
            self.killed += 1
        elif result.status not in statuses:
            self.wrong.append(f"{' '.join(command)}: {result.describe()}")
        # A key that was printed counts, whatever became of the process.
        if index is not None and (result.status == 0 or result.out == key + "\n"):
            self.stored[index] = stores
        return result


class Crowd:
    def __init__(self, directory, workers, seconds, seed):
        self.store = os.path.join(directory, "store")
        self.seed = seed
        self.images = disks.Images(os.path.join(directory, "images"), SHARED + workers * OWN, seed)
        self.data = {blob.key: blob.data for blob in self.images.blobs}
        rig.Rig.inputs = directory
        help_text = rig.run(["--help"], "none").out
        self.source = os.path.join(directory, "source")
        self.verbs = {line.split()[0] for line in help_text.splitlines() if line.startswith("  ")
                      and line.split()}
        self.deadline = 0
        self.seconds = seconds
        self.workers = [Worker(number, self) for number in range(workers)]

    def imports(self, index):
        """Commands that store an image."""
        return [["import", "-j1", self.images.files[index]], ["seed", "-j1", f"{index}.lock"],
                ["sync", "-j1", self.source, self.images.blobs[index].key],
                ["bundle", "import", f"{index}.bundle"]]

    def make_sources(self):
        """What they take it from: a store, and for each image a lock file and a bundle."""
        self.must(["--no-sync", "import", *self.images.files], self.source)
        for index, blob in enumerate(self.images.blobs):
            path = os.path.join(rig.Rig.inputs, str(index))
            self.must(["bundle", "create", path + ".bundle", blob.key], self.source)
            with open(path + ".lock", "w", encoding="ascii") as lock:
                digest = hashlib.sha512(blob.data).hexdigest()
                file = os.path.abspath(self.images.files[index])
                lock.write(f'version = 1\n[[image]]\nid = "sha512-{digest}"\nfrom = "{file}"\n'
                           "pin = false\n")

    @staticmethod
    def must(command, store):
        result = rig.run(command, store)
        assert result.status == 0, result.describe()

    def more(self, key):
        """Commands on an image that this program has."""
        reads = [["bundle", "create", "-", key]]
        return reads + ([["pin", key, "--for", "1s"], ["unpin", key]] if "pin" in self.verbs else [])

    def more_whole(self):
        # Not so old that it takes what a worker knows to be there.
        return [["gc", "--grace-period", "1d"]] if "gc" in self.verbs else []

    def run(self):
        """A Tally; what verify says at the end is part of it."""
        tally = rig.Tally()
        self.make_sources()
        self.must(["import", "-j1", self.images.files[0]], self.store)
        self.deadline = time.monotonic() + self.seconds
        for worker in self.workers:
            worker.start()
        for worker in self.workers:
            worker.join()
            tally.points += worker.commands
            tally.outcomes["killed"] += worker.killed
            tally.violations += worker.wrong
        result = rig.run(["verify"], self.store)
        bad = [l for l in result.out.splitlines() if "  ok" not in l and "  orphan: " not in l]
        if result.status != 0 or bad:
            tally.violations.append(f"verify: {bad} {result.err}")
        if "gc" in self.verbs:
            rig.run(["gc", "--grace-period", "1d"], self.store)
        found = invariants.examine(self.store, self.images.by_key)
        tally.violations += found.violations
        if "gc" in self.verbs and (found.rubbish or found.orphans):
            tally.violations.append(f"gc leaves {found.rubbish + found.orphans}")
        for worker in self.workers:
            for index, stored in worker.stored.items():
                key = self.images.blobs[index].key
                if stored is not None and (key in found.keys) != stored:
                    tally.violations.append(
                        f"{'lost' if stored else 'removed, and back'}: {key}")
        return tally


def main():
    options = rig.arguments(__doc__, seconds={"type": float}, workers={"type": int, "default": 32},
                            seed={"type": int, "default": 1})
    seconds = options.seconds or (60 if options.all else 5)
    tap = rig.Tap()
    with rig.scratch() as directory:
        tally = Crowd(directory, options.workers, seconds, options.seed).run()
    tap.tally(f"crowd: {options.workers} processes, {seconds:g} s", tally, least=options.workers)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
