#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two processes on one store, each stopped at any call while the other runs: turns.py [--all]

A first command is stopped before its call N (SIGSTOP). A second one runs, to its end or to its own
call M, where it is stopped too. Then the first goes on to its end, and then the second. The store
is afterwards as if one had run after the other, and both say so; who finds the lock held says that
(status 7), and has done nothing. Each pair is run both ways round.
"""

import dataclasses
import os
import signal
import sys
import time

import check
import rig
import verbs
from rig import Fault

STOP = f"signal={int(signal.SIGSTOP)}"


@dataclasses.dataclass(frozen=True)
class Pair:
    name: str
    start: str
    first: str
    second: str
    statuses: tuple = (0,)  # of either, when the other has come before


PAIRS = [
    Pair("import, import of the same", "images", "import -j1 three.aci", "import -j1 three.aci.gz"),
    Pair("import, import of another", "images", "import -j1 three.aci", "import -j1 four.aci"),
    Pair("import, import into nothing", "nothing", "import -j1 one.aci", "import -j1 two.aci"),
    Pair("import, put of the same", "images", "import -j1 three.aci", "put three.aci"),
    Pair("import again, rm", "images", "import -j1 one.aci", "rm {one}"),
    Pair("import over an orphan, verify", "orphan", "import -j1 three.aci", "verify"),
    Pair("rm, rm of the same", "images", "rm {one}", "rm {one}", (0, 3)),
    Pair("rm, verify", "images", "rm {one}", "verify"),
    Pair("rm, cat", "images", "rm {two}", "cat {two}", (0, 3)),
    Pair("rm, mark", "images", "rm {two}", "mark {two} --latest", (0, 3)),
    Pair("rm, remote add", "images", "rm {two}", "remote add https://e.org/two.aci {two}", (0, 3)),
]

# With the sweep of the same leftovers, once there is one.
SWEPT = [
    Pair("import, gc", "images", "import -j1 three.aci", "gc --grace-period 1000d"),
    Pair("import over an orphan, gc", "orphan", "import -j1 three.aci", "gc --grace-period 1000d"),
    Pair("import again, gc", "old", "import -j1 one.aci", "gc --grace-period 5d"),
    Pair("gc, gc", "old", "gc --grace-period 5d", "gc --grace-period 5d"),
    Pair("put, gc", "orphan", "put other", "gc --grace-period 1000d"),
]


def until_stopped(process):
    """Waits until a process is stopped; False if it has ended instead."""
    while True:
        pid, status = os.waitpid(process.pid, os.WUNTRACED | os.WNOHANG)
        if pid == 0:
            time.sleep(0.001)
            continue
        if os.WIFSTOPPED(status):
            return True
        process.returncode = os.waitstatus_to_exitcode(status)
        return False


def go_on(process):
    if process.returncode is None:
        process.send_signal(signal.SIGCONT)


class Turns:
    def __init__(self, world, ignore=""):
        self.world = world
        self.ignore = ignore
        self.serial = {}

    def serial_states(self, pair):
        """The states that the commands give one after the other, and each alone."""
        if pair not in self.serial:
            states = set()
            for order in ((pair.first, pair.second), (pair.second, pair.first)):
                store = self.world.copy_of(pair.start, "serial")
                for command in order:
                    rig.run(self.world.arguments(command), store)
                    states.add((command, self.examine(pair, store).state))
            both = {self.both(pair, a, b) for a, b in ((pair.first, pair.second),
                                                       (pair.second, pair.first))}
            self.serial[pair] = ({state for _, state in states}, both)
        return self.serial[pair]

    def both(self, pair, a, b):
        store = self.world.copy_of(pair.start, "serial")
        for command in (a, b):
            rig.run(self.world.arguments(command), store)
        return self.examine(pair, store).state

    def examine(self, pair, store):
        verb = verbs.Verb(pair.name, pair.start, pair.first)
        return self.world.examine(store, verb)

    def __call__(self, point):
        pair, first_at, second_at = point
        world, tally = self.world, rig.Tally()
        any_state, both = self.serial_states(pair)
        store = world.copy_of(pair.start, "turns")
        first = rig.start(world.arguments(pair.first), store,
                          Fault(first_at, action=STOP, ignore=self.ignore))
        until_stopped(first)
        # Nobody waits for one who is stopped.
        second = rig.start(world.arguments(pair.second), store,
                           Fault(second_at, action=STOP, ignore=self.ignore), lock_timeout="0s")
        until_stopped(second)
        go_on(first)
        # The second may hold what the first needs, and is let go a little later.
        if second.returncode is None:
            time.sleep(0.01)
            go_on(second)
        results = [rig.finish(first), rig.finish(second)]
        found = self.examine(pair, store)
        wrong = list(found.violations)
        was_busy = False
        for result, command in zip(results, (pair.first, pair.second)):
            if result.status == 7 and command == pair.second:
                was_busy = True
            elif result.status not in pair.statuses:
                wrong.append(f"{command}: {result.describe()}")
        if found.state not in (any_state if was_busy else both):
            wrong.append(f"as if neither had run after the other: {found.state}")
        if found.rubbish and pair.start != "orphan":
            wrong.append(f"left behind: {found.rubbish}")
        if not wrong:
            wrong = check.follow_up(world, store, verbs.Verb(pair.name, pair.start, pair.first),
                                    found)
        tally.add(f"{pair.name}: {first_at}, {second_at}",
                  [w + " / " + results[0].describe() + " / " + results[1].describe()
                   for w in wrong], "second was busy" if was_busy else "both ran")
        return tally


def points_of(world, pair, stride, offset):
    """Every call of the first with the second run to its end, and both stopped at a stride."""
    counts = []
    for command in (pair.first, pair.second):
        calls, _ = rig.calls_of(world.arguments(command), world.copy_of(pair.start, "counted"))
        counts.append(len(calls))
    alone = [(pair, at, 0) for at in range(1, counts[0] + 1)]
    step = 7
    both = [(pair, a, b) for a in range(1, counts[0] + 1, step)
            for b in range(1 + a % step, counts[1] + 1, step)]
    return rig.sample(alone, stride, offset) + rig.sample(both, stride * 4, offset)


def main():
    options = rig.arguments(__doc__, stride={"type": int},
                            mutant={"action": "store_true", "help": "without the locks of keys"})
    tap = rig.Tap()
    with rig.scratch() as directory:
        world = check.World(directory)
        pairs = PAIRS + (SWEPT if world.can_sweep else [])
        turned = [dataclasses.replace(p, first=p.second, second=p.first,
                                      name=p.name + ", turned round") for p in pairs]
        stride = options.stride or (1 if options.all else 260)
        total = rig.Tally()
        for index, pair in enumerate(p for both in zip(pairs, turned) for p in both):
            if options.only not in pair.name:
                continue
            turns = Turns(world, "lock" if options.mutant else "")
            turns.serial_states(pair)
            tally = rig.spread(turns, points_of(world, pair, stride, index * 7), options.jobs)
            total.merge(tally)
            if not options.mutant:
                tap.tally(f"turns: {pair.name}", tally)
        if options.mutant:
            tap.report(bool(total.violations), f"turns: mutant killed: no locks of keys: "
                       f"{len(total.violations)} violations in {total.points} points")
            print("\n".join(f"# {v[:300]}" for v in total.violations[:4]))
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
