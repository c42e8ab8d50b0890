# SPDX-License-Identifier: Apache-2.0
"""What the rigs share: running acistore with a fault, stores to begin with, counting, TAP."""

import argparse
import collections
import contextlib
import dataclasses
import itertools
import multiprocessing
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback

sys.dont_write_bytecode = True

HERE = pathlib.Path(__file__).resolve().parent
FOREVER = 1 << 40


@dataclasses.dataclass(frozen=True)
class Fault:
    """What shim.c does, and where; without `at` it does what holds throughout."""
    at: int = 0
    until: int = 0
    action: str = ""
    ignore: str = ""
    no_tmpfile: bool = False
    clock: int = 0
    log: str = ""

    def environment(self):
        env = {"LD_PRELOAD": Rig.shim, "LD_BIND_NOW": "1"}
        if self.at:
            env.update(FAULT_AT=str(self.at), FAULT_ACTION=self.action)
        if self.until:
            env["FAULT_UNTIL"] = str(self.until)
        for name in ("ignore", "log", "clock"):
            if getattr(self, name):
                env["FAULT_" + name.upper()] = str(getattr(self, name))
        if self.no_tmpfile:
            env["FAULT_NO_TMPFILE"] = "1"
        return env


class Rig:
    """Where things are; set once by main()."""
    program = ""
    shim = ""
    inputs = ""  # the current directory of every command: its files are named by their names


@dataclasses.dataclass
class Result:
    status: int  # negative: the signal it died of
    out: str
    err: str

    def describe(self):
        return f"status {self.status}, stdout {self.out[:160]!r}, stderr {self.err[:400]!r}"


def environment(fault=None, program_env=()):
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/nonexistent"}
    env.update(program_env)
    if fault is not None:
        env.update(fault.environment())
    return env


def command_of(arguments, store, program=None, lock_timeout=None):
    command = [program or Rig.program, "--store", str(store)]
    if lock_timeout is not None:
        command += ["--lock-timeout", lock_timeout]
    return command + list(arguments)


def start(arguments, store, fault=None, program=None, lock_timeout=None, **options):
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
               "close_fds": False, "cwd": Rig.inputs, **options}
    return subprocess.Popen(command_of(arguments, store, program, lock_timeout),
                            env=environment(fault), **options)


def finish(process, timeout=120):
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        err += b"(killed: it hung)\n"
    return Result(process.returncode, out.decode("latin-1"), err.decode("latin-1"))


def run(arguments, store, fault=None, **options):
    return finish(start(arguments, store, fault, **options))


def calls_of(arguments, store, fault=Fault()):
    """The calls that a command makes, the first being call 1: "function of-what", and its result."""
    with tempfile.NamedTemporaryFile(dir=Rig.inputs + "/..", prefix="calls-") as log:
        result = run(arguments, store, dataclasses.replace(fault, log=log.name))
        lines = pathlib.Path(log.name).read_text().splitlines()
    numbered = sorted((int(line.split(" ", 1)[0]), line.split(" ", 1)[1]) for line in lines)
    return [text.strip().replace("  ", " ") for _, text in numbered], result


def copy_store(source, to, but=""):
    """A copy as the original stands, times and all, but for files of that name; a source that is
    not there gives none."""
    shutil.rmtree(to, ignore_errors=True)
    if os.path.isdir(source):
        shutil.copytree(source, to, symlinks=True, ignore=shutil.ignore_patterns(but))


def sample(points, stride, offset=0):
    """Every stride-th of the points, always the same ones."""
    return list(itertools.islice(points, offset % stride, None, stride))


# ---- Results

class Tally:
    """Counts points, and keeps the first words of what went wrong."""

    def __init__(self):
        self.points = 0
        self.violations = []
        self.outcomes = collections.Counter()

    def add(self, where, violations, outcome=""):
        self.points += 1
        if outcome != "":
            self.outcomes[outcome] += 1
        self.violations += [f"{where}: {violation}" for violation in violations]

    def merge(self, other):
        self.points += other.points
        self.violations += other.violations
        self.outcomes += other.outcomes

    def summary(self):
        text = f"{self.points} points, {len(self.violations)} violations"
        if self.outcomes:
            text += " (" + ", ".join(f"{count} {what}" for what, count in
                                     sorted(self.outcomes.items(), key=str)) + ")"
        return text


class Tap:
    """Test results, a line each (TAP 13)."""
    shown = 40

    def __init__(self):
        self.count = 0
        self.failed = 0

    def report(self, good, name, details=()):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}", flush=True)
        for detail in list(details)[:self.shown]:
            print(f"# {detail}")
        if len(details) > self.shown:
            print(f"# and {len(details) - self.shown} more")

    def tally(self, name, tally, least=1):
        """A rig that ran over no point has shown nothing."""
        good = not tally.violations and tally.points >= least
        self.report(good, f"{name}: {tally.summary()}", tally.violations)

    def skip(self, name, why):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {why}", flush=True)

    def end(self):
        print(f"1..{self.count}", flush=True)
        return 1 if self.failed else 0


def needs_root(tap, name, what):
    """Whether to go on; a line that says why not."""
    if os.geteuid() == 0:
        return True
    tap.skip(name, f"only root can {what}")
    return False


def needs(tap, name, *programs):
    for program in programs:
        if shutil.which(program) is None:
            tap.skip(name, f"{program} is not installed")
            return False
    return True


# ---- Running

def spread(function, points, jobs, until_violation=False):
    """function(point) for each, by so many processes; a Tally of all. It returns a Tally."""
    total = Tally()
    if jobs == 1 or len(points) < 2:
        for point in points:
            total.merge(guarded(function, point))
            if until_violation and total.violations:
                break
        return total
    with multiprocessing.get_context("fork").Pool(jobs, initializer=end_at_once) as pool:
        for tally in pool.imap_unordered(Guarded(function), points, chunksize=4):
            total.merge(tally)
            if until_violation and total.violations:
                break
    return total


def guarded(function, point):
    try:
        return function(point)
    except Exception:
        tally = Tally()
        tally.add(point, ["the rig failed: " + traceback.format_exc().replace("\n", " | ")])
        return tally


class Guarded:
    def __init__(self, function):
        self.function = function

    def __call__(self, point):
        return guarded(self.function, point)


@contextlib.contextmanager
def scratch(prefix="acistore-fault-", memory=True):
    """A directory that is gone afterwards; in memory where there is such a place."""
    place = "/dev/shm" if memory and os.access("/dev/shm", os.W_OK) else None
    directory = tempfile.mkdtemp(prefix=prefix, dir=place)
    try:
        yield directory
    finally:
        unmount_below(directory)
        shutil.rmtree(directory, ignore_errors=True)


def unmount_below(directory):
    """What a rig that was ended half-way has left mounted; the innermost first."""
    mounts = pathlib.Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    places = [line.split(" ")[1] for line in mounts.splitlines()]
    for place in reversed([p for p in places if p.startswith(directory + "/")]):
        subprocess.run(["umount", "-l", place], check=False)


def leave(number, frame):
    """Ends a rig by way of all that cleans up."""
    sys.exit(128 + number)


def end_at_once():
    """For a process of a pool, which may hold one of its locks when it is told to end."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def arguments(description, **extra):
    parser = argparse.ArgumentParser(description=description,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--program", default=os.environ.get("ACISTORE"), help="acistore ($ACISTORE)")
    add("--shim", default=os.environ.get("FAULT_SHIM"), help="the built shim.c ($FAULT_SHIM)")
    add("--all", action="store_true", help="every point, not a sample")
    add("--jobs", type=int, default=os.cpu_count())
    add("--only", default="", metavar="TEXT", help="only what has this in its name")
    for name, options in extra.items():
        add("--" + name.replace("_", "-"), **options)
    parsed = parser.parse_args()
    if not parsed.program or not parsed.shim:
        parser.error("--program and --shim are needed")
    signal.signal(signal.SIGTERM, leave)
    Rig.program = os.path.abspath(parsed.program)
    Rig.shim = os.path.abspath(parsed.shim)
    return parsed
