# SPDX-License-Identifier: Apache-2.0
"""Runs commands and says what they took: wall time, CPU seconds, memory, instructions."""

import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time


class Failed(Exception):
    """A command did not do what it was started for."""


class Usage:
    """What one or several processes used."""

    def __init__(self, wall=0.0, cpu=0.0):
        self.wall = wall  # seconds
        self.cpu = cpu    # seconds, user and system

    def __add__(self, other):
        return Usage(self.wall + other.wall, self.cpu + other.cpu)


def start(command, stdin, stdout):
    """posix_spawn, since a fork of this process would cost more than the shortest of the commands."""
    path = command[0] if "/" in command[0] else shutil.which(command[0])
    if path is None:
        raise Failed(f"{command[0]}: not installed")
    actions = [(os.POSIX_SPAWN_DUP2, stdin, 0), (os.POSIX_SPAWN_DUP2, stdout, 1)]
    return os.posix_spawn(path, command, os.environ, file_actions=actions)


def wait(process, command):
    """Returns the process' CPU seconds."""
    _, status, usage = os.wait4(process, 0)
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        raise Failed(f"{' '.join(command[:4])} ...: exit status {code}")
    return usage.ru_utime + usage.ru_stime


def peak_memory(command):
    """In bytes, by time(1): the kernel counts from before the exec, so that a child of this process
    would have at least as much as this process."""
    with tempfile.NamedTemporaryFile("r") as peak:
        run(["time", "--quiet", "--format=%M", "--output=" + peak.name, *command])
        return int(peak.read()) * 1024


def run(command, reader=None):
    """Runs a command with its output to /dev/null, or to the standard input of `reader`."""
    null = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
    began = time.perf_counter()
    if reader is None:
        started = [(start(command, null, null), command)]
    else:
        source, sink = os.pipe()
        started = [(start(command, null, sink), command), (start(reader, source, null), reader)]
        os.close(source)
        os.close(sink)
    used = [wait(process, what) for process, what in started]
    wall = time.perf_counter() - began
    os.close(null)
    return Usage(wall, sum(used))


def median(values):
    return statistics.median(values)


def run_all(commands, reader=None, times=1):
    """The sum of the commands, one after another; of short ones the median of `times` such sums, so
    that one which the scheduler interrupted does not count."""
    sums = []
    for _ in range(times):
        total = Usage()
        for command in commands:
            total += run(command, reader)
        sums.append(total)
    return Usage(median(total.wall for total in sums), median(total.cpu for total in sums))


def alternate(ours, theirs, pairs):
    """Runs both in turn, so that both meet the same moods of the machine, and who is first changes
    with each pair. The first pair fills the page cache and does not count."""
    measured = []
    for index in range(pairs + 1):
        if index % 2 == 0:
            one = ours()
            other = theirs()
        else:
            other = theirs()
            one = ours()
        if index > 0:
            measured.append((one, other))
    return measured


def instructions(command):
    """Instructions of a whole run, those of the dynamic linker included, by callgrind."""
    result = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    found = re.search(r"Collected\s*:\s*(\d+)", result.stderr)
    if result.returncode != 0 or not found:
        raise Failed(f"valgrind {command[0]}: exit status {result.returncode}")
    return int(found.group(1))
