#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Disturbs every verb at each of its calls into the C library: calls.py kill|errors [--all]

kill     the process dies of SIGKILL before the call (and, where it writes, in the middle of it);
         every third time of SIGTERM or SIGINT, which must leave no more than that
errors   the call fails, once or from there on, with each of ENOSPC EIO EINTR EMFILE EACCES EDQUOT;
         it reads or writes less than it was asked to

After each the store is looked at from outside and by the program: see check.py.
"""

import errno
import os
import signal
import sys

import check
import rig
import verbs
from rig import Fault

ERRORS = (errno.ENOSPC, errno.EIO, errno.EINTR, errno.EMFILE, errno.EACCES, errno.EDQUOT)

# A call that is interrupted is made again, and one that always is would be made for ever.
LONGEST_INTERRUPTION = 8


def function_of(call):
    return call.split(" ")[0]


def kill_faults(verb, calls):
    for number, call in enumerate(calls, 1):
        yield Fault(number, action=f"signal={int(signal.SIGKILL)}")
        if "write" in function_of(call):
            yield Fault(number, action=f"tear={int(signal.SIGKILL)}")
        if number % 3 == 0:
            polite = signal.SIGTERM if number % 2 else signal.SIGINT
            yield Fault(number, action=f"signal={int(polite)}")


def error_faults(verb, calls):
    for number, call in enumerate(calls, 1):
        for error in ERRORS:
            yield Fault(number, action=f"errno={error}")
            until = number + LONGEST_INTERRUPTION if error == errno.EINTR else rig.FOREVER
            yield Fault(number, until, action=f"errno={error}")
        if "write" in function_of(call) or "read" in function_of(call):
            yield Fault(number, action="short")
            yield Fault(number, rig.FOREVER, action="short")


def with_base(fault, base):
    """The fault on top of what holds throughout a verb."""
    return Fault(fault.at, fault.until, fault.action, fault.ignore or base.ignore,
                 base.no_tmpfile, base.clock)


def where(verb, fault, call):
    until = "" if fault.until == 0 else " and on"
    return f"{verb.name}: call {fault.at} ({call}){until}: {fault.action}"


class Kill:
    def __init__(self, world, ignore=""):
        self.world = world
        self.ignore = ignore

    def __call__(self, point):
        verb, fault, call = point
        world, tally = self.world, rig.Tally()
        store = world.copy_of(verb.start, "store")
        result = rig.run(world.arguments(verb.command), store, with_base(fault, verb.fault))
        died = result.status < 0
        wrong, found = check.check(world, store, verb, result)
        if not died and result.status != verb.status:
            wrong.append("it neither died nor went well")
        if not wrong:
            wrong = check.follow_up(world, store, verb, found)
        tally.add(where(verb, fault, call), [f"{w} ({result.describe()})" for w in wrong],
                  "died" if died else "had ended")
        return tally


class Errors(Kill):
    def __call__(self, point):
        verb, fault, call = point
        world, tally = self.world, rig.Tally()
        store = world.copy_of(verb.start, "store")
        number = int(fault.action[6:]) if fault.action.startswith("errno=") else 0
        result = rig.run(world.arguments(verb.command), store, with_base(fault, verb.fault),
                         lock_timeout="0s")
        wrong, found = check.after_failure(world, store, verb, result, number, fault.until == 0,
                                           call)
        if not wrong:
            wrong = check.follow_up(world, store, verb, found)
        tally.add(where(verb, fault, call), [f"{w} ({result.describe()})" for w in wrong],
                  "succeeded" if result.status == verb.status else f"status {result.status}")
        return tally


def points_of(world, verb, faults):
    calls, result = rig.calls_of(world.arguments(verb.command),
                                 world.copy_of(verb.start, "counted"), verb.fault)
    assert result.status == verb.status, result.describe()
    if verb.threads:
        calls += [calls[-1]] * 5  # there may be some more another time
    return [(verb, fault, calls[fault.at - 1]) for fault in faults(verb, calls)]


# The last is the stride of a sample; neither divides the number of faults of a call.
RIGS = {"kill": (Kill, kill_faults, 127), "errors": (Errors, error_faults, 1999)}


def main():
    options = rig.arguments(__doc__, rig={"default": "kill", "choices": RIGS},
                            stride={"type": int, "help": "every so many points"},
                            list={"action": "store_true", "help": "print outcomes"})
    make, faults, stride = RIGS[options.rig]
    stride = 1 if options.all else options.stride or stride
    tap = rig.Tap()
    with rig.scratch() as directory:
        world = check.World(directory)
        total = 0
        for index, verb in enumerate(verbs.verbs_with(options.only)):
            world.outcome(verb)
            points = rig.sample(points_of(world, verb, faults), stride, offset=index * 5)
            tally = rig.spread(make(world), points, options.jobs)
            total += tally.points
            tap.tally(f"{options.rig}: {verb.name}", tally)
        print(f"# {total} points")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
