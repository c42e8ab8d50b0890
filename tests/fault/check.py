# SPDX-License-Identifier: Apache-2.0
"""What may come of a verb that was disturbed, and whether it has."""

import errno
import functools
import itertools
import os
import re

import invariants
import rig
import verbs

# A key on a line of its own, or as gc prints it, with its bytes, or seed, with what was done.
KEY_LINE = re.compile(r"^(?:[a-z]+ +)?(sha512-[0-9a-f]{64})(?:  .*)?\n", re.M)

# The status that a failed call gives; whatever is not here gives 1.
STATUS_OF = {errno.ENOSPC: 8, errno.EDQUOT: 8}


class World:
    """The inputs, the stores to begin with, and what each verb makes of them undisturbed."""

    def __init__(self, directory):
        self.directory = directory
        rig.Rig.inputs = os.path.join(directory, "inputs")
        self.blobs = verbs.make_inputs(rig.Rig.inputs)
        self.by_key = {blob.key: blob for blob in self.blobs.values()}
        os.makedirs(os.path.join(directory, "starts"))
        self.starts = verbs.Starts(os.path.join(directory, "starts"), self.blobs)
        verbs.make_locks(rig.Rig.inputs, self.blobs)
        self.starts.make_source()
        self.can_sweep = "  gc " in rig.run(["--help"], "none").out

    def copy_of(self, start, name):
        """A fresh copy of a store, in a place of this process's own."""
        store = os.path.join(self.directory, f"{name}-{os.getpid()}")
        rig.copy_store(self.starts.path(start), store)
        return store

    def arguments(self, command):
        return self.starts.fill_in(command)

    def damaged_keys(self, verb):
        return {self.blobs[name].key for name in verb.damaged}

    def examine(self, store, verb):
        return invariants.examine(store, self.by_key, self.damaged_keys(verb),
                                  bad_orphans=verb.start == "orphan")

    @functools.lru_cache(maxsize=None)
    def outcome(self, verb):
        return Outcome(self, verb)


class Outcome:
    """What a verb gives undisturbed: its output, the state after it, and those it may leave when it
    is disturbed."""

    def __init__(self, world, verb):
        store = world.copy_of(verb.start, "outcome")
        self.before = world.examine(store, verb).state
        self.result = rig.run(world.arguments(verb.command), store, verb.fault)
        assert self.result.status == verb.status, f"{verb.name}: {self.result.describe()}"
        found = world.examine(store, verb)
        assert not found.violations, f"{verb.name}: {found.violations}"
        self.after = found.state
        steps = verb.steps or (verb.command,)
        self.allowed = set()
        for count in range(len(steps) + 1):
            for chosen in itertools.combinations(steps, count):
                store = world.copy_of(verb.start, "outcome")
                for step in chosen:
                    rig.run(world.arguments(step), store)
                self.allowed.add(world.examine(store, verb).state)
        assert self.after in self.allowed, f"{verb.name}: its steps make something else of the store"
        rig.copy_store("", store)


def acknowledged(verb, result, found):
    """Violations: a key that was printed before the end says what is so."""
    wrong = []
    for key in KEY_LINE.findall(result.out):
        if verb.acknowledges == "stored" and key not in found.keys:
            wrong.append(f"acknowledged and lost: {key}")
        if verb.acknowledges == "removed" and key in found.keys:
            wrong.append(f"acknowledged as removed, and there: {key}")
    return wrong


def message(verb, result):
    """Violations: a failure says on one line what, where and why."""
    lines = result.err.splitlines()
    word = verb.command.split()[0]
    wrong = []
    if not result.err.endswith("\n"):
        wrong.append("an error that is no whole line")
    # One for each argument and for standard output; some go on with the other parts of their work,
    # or end with a summary.
    if len(lines) > len(verb.command.split()) + {"gc": 4, "recover": 3, "verify": 3, "seed": 3,
                                          "sync": 3, "bundle": 3}.get(word, 1):
        wrong.append(f"{len(lines)} lines of error")
    for line in lines:
        if not line.startswith("acistore: ") or (word not in line and "standard" not in line):
            wrong.append("an error without what failed")
    return wrong


def follow_up(world, store, verb, found):
    """Violations: the store takes, keeps and gives back images as if nothing had been."""
    wrong = []
    keys = set(found.keys)
    one, three = world.blobs["one"].key, world.blobs["three"].key
    for command in ("import -j1 one.aci three.aci", f"rm --force {one}"):
        result = rig.run(world.arguments(command), store)
        if result.status != 0:
            wrong.append(f"afterwards {command}: {result.describe()}")
    keys = (keys | {three}) - {one}
    if world.can_sweep:
        result = rig.run(["gc", "--grace-period", "1000d"], store)
        if result.status != 0:
            wrong.append(f"afterwards gc: {result.describe()}")
    after = world.examine(store, verb)
    wrong += after.violations
    if after.keys != keys:
        wrong.append(f"afterwards the store holds {sorted(after.keys)}, not {sorted(keys)}")
    if world.can_sweep and (after.rubbish or after.orphans):
        wrong.append(f"gc leaves {after.rubbish + after.orphans}")
    return wrong


def verified(world, store, verb):
    """Violations: what verify says of the store."""
    wrong = []
    result = rig.run(["verify"], store)
    if result.status == 3 and not os.path.exists(os.path.join(store, "blob/sha512")):
        return wrong
    damaged = world.damaged_keys(verb)
    bad = [line for line in result.out.splitlines()
           if not line.endswith("  ok") and "  orphan: " not in line and line[:71] not in damaged]
    empty = invariants.examine(store, world.by_key).state == invariants.EMPTY
    if bad or result.status not in ((0, 6) if damaged else (0,)) + ((3,) if empty else ()):
        wrong.append(f"verify: {result.describe()}")
    return wrong


def check(world, store, verb, result):
    """(violations, Findings) of the store, and whether all that is asked of it then works."""
    wrong = []
    outcome = world.outcome(verb)
    if verb.mend and not succeeded(verb, result, outcome):
        mended = rig.run(world.arguments(verb.mend), store)
        if mended.status not in (0, 6):
            wrong.append(f"{verb.mend}: {mended.describe()}")
    wrong += verified(world, store, verb)
    found = world.examine(store, verb)
    wrong += found.violations + acknowledged(verb, result, found)
    if found.state not in outcome.allowed:
        wrong.append(f"the database holds neither what was before nor what was to be: {found.state}")
    return wrong, found


def succeeded(verb, result, outcome):
    """A verb that ends in an error undisturbed has succeeded if it prints what it then does."""
    return result.status == verb.status and (verb.status == 0 or result.out == outcome.result.out)


def after_failure(world, store, verb, result, number, once, call):
    """The violations after a command that met an error: number is the errno, or 0 for what is no
    error (a short read); call is the function that it happened in."""
    outcome = world.outcome(verb)
    wrong, found = check(world, store, verb, result)
    if succeeded(verb, result, outcome):
        if result.out != outcome.result.out:
            wrong.append("success with another output")
        if found.state != outcome.after and found.state is not None:
            wrong.append("success, but the store is not as it should be")
        if number in (errno.EIO, errno.ENOSPC, errno.EDQUOT) and must_not_fail(verb, call):
            wrong.append("success, though what was written may not be on the disk")
    elif number == 0:
        wrong.append("failed of what is no error")
    else:
        wrong += message(verb, result)
        if result.status not in allowed_statuses(verb, number, call, not once):
            wrong.append("the wrong status")
        if once and found.rubbish and verb.start != "orphan" and "unlink" not in call:
            wrong.append(f"a failure that leaves {found.rubbish}")
    return wrong, found


def must_not_fail(verb, call):
    """Whether a verb that writes must not go on when that call fails: what flushes a blob, a
    directory of blobs or the database. (SQLite leaves directories to luck: it flushes the journal.)"""
    if verb.command.split()[0] in READS:
        return False
    function, _, path = call.partition(" ")
    if path.endswith(("/reserve", ".copy", ".copy.new", ".copy.new-journal")):
        return False  # made as far as it can be
    if verb.command.startswith("gc") and function == "fsync":
        return False  # of the copy's directory; what goes from a directory of blobs need not last
    return function == "fsync" or (function == "fdatasync" and "acistore.db" in path)


# Whatever these write down is best effort.
READS = ("verify", "cat", "list")


def allowed_statuses(verb, number, call, lasts):
    statuses = {STATUS_OF.get(number, 1)}
    if number in STATUS_OF:
        statuses.add(1)  # where it was no want of space: standard output, an input
    if number in (errno.EACCES, errno.EINTR) and (call.startswith("fcntl") or lasts):
        statuses.add(7)  # how a lock that another holds is said
    if call.startswith("pread") or (number == errno.EIO and lasts):
        statuses.add(6)  # SQLite takes a page that cannot be read for damage
    if verb.status != 0:
        statuses.add(verb.status)
    if verb.command.startswith(("verify", "recover")) and ("blob" in call or lasts):
        statuses.add(6)  # a blob that cannot be read is called corrupt
    return statuses
