# SPDX-License-Identifier: Apache-2.0
"""File systems on files, for the rigs that cut the power."""

import contextlib
import os
import pathlib
import subprocess
import sys
import threading
import time

import rig

sys.path.insert(0, str(rig.HERE.parent / "images"))
import aci
import verbs

MIB = 1 << 20

# Size, mkfs, options of mount. Small logs, and no work put off to a thread of the kernel.
FILE_SYSTEMS = {
    "ext4": (48 * MIB, ["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,nodiscard"], []),
    "xfs": (300 * MIB, ["mkfs.xfs", "-q", "-f", "-K"], ["nouuid"]),
    "btrfs": (128 * MIB, ["mkfs.btrfs", "-q", "-f", "-K", "-m", "single"], []),
}


def missing(kind):
    """Why a file system cannot be had here, or nothing."""
    import shutil
    program = FILE_SYSTEMS[kind][1][0]
    if shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin") is None:
        return f"{program} is not installed"
    if os.geteuid() != 0:
        return "only root can mount"
    if not os.path.exists("/dev/loop-control"):
        return "there are no loop devices"
    known = pathlib.Path("/proc/filesystems").read_text().split()
    if kind not in known and subprocess.run(["modprobe", "-q", kind], check=False).returncode != 0:
        return f"this kernel has no {kind}"
    return ""


def system(*command):
    """Runs a program of the system; raises with what it said."""
    env = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, close_fds=False)
    if done.returncode != 0:
        raise OSError(f"{' '.join(command)}: {done.stdout.strip()}")


def make_file_system(kind, path):
    system(*FILE_SYSTEMS[kind][1], path)


@contextlib.contextmanager
def mounted(kind, image, directory, options=()):
    os.makedirs(directory, exist_ok=True)
    chosen = ",".join(["loop", "noatime", *FILE_SYSTEMS[kind][2], *options])
    for attempt in range(20):
        try:
            system("mount", "-t", kind, "-o", chosen, image, directory)
            break
        except OSError as error:
            # Somebody else was quicker to take the free loop device.
            if "loop" not in str(error) or attempt == 19:
                raise
            time.sleep(0.2)
    try:
        yield
    finally:
        unmount(directory)


def unmount(directory):
    for attempt in range(50):
        try:
            system("umount", directory)
            return
        except OSError:
            if attempt == 49:
                system("umount", "-l", directory)
                raise
            time.sleep(0.1)


# ---- A workload whose acknowledgements are written down

class Images:
    """Small images, each of another key, in a directory."""

    def __init__(self, directory, count, seed=0):
        os.makedirs(directory, exist_ok=True)
        self.blobs = []
        self.files = []
        for index in range(count):
            manifest = aci.manifest("example.com/app", [("version", f"{seed}.{index}")])
            data = b"".join(aci.random_chunks(300 + 2711 * (index % 7), seed=index + 1000 * seed))
            self.blobs.append(verbs.Blob.of(
                aci.image(aci.entry("rootfs/data", data), json=manifest), manifest))
            path = os.path.join(directory, f"{index}.aci")
            pathlib.Path(path).write_bytes(self.blobs[-1].data)
            self.files.append(path)
        self.by_key = {blob.key: blob for blob in self.blobs}


class History:
    """What was done to each key, and when: (begin, end, whether it is stored then); the end is
    None while nobody has said that it is done. `position` tells the time."""

    def __init__(self, position):
        self.position = position
        self.of = {}
        self.lock = threading.Lock()

    def begin(self, key, stored):
        with self.lock:
            self.of.setdefault(key, []).append([self.position(), None, stored])

    def end(self, key):
        with self.lock:
            self.of[key][-1][1] = self.position()

    def violations(self, keys, at=None):
        """What a store with these keys contradicts, if the world ended at that position."""
        wrong = []
        for key, events in self.of.items():
            certain = None
            for begin, end, stored in events:
                if end is not None and (at is None or end <= at):
                    certain = stored
                elif at is None or begin <= at:
                    certain = None
                    break
            if certain is True and key not in keys:
                wrong.append(f"acknowledged and lost: {key}")
            if certain is False and key in keys:
                wrong.append(f"acknowledged as removed, and back: {key}")
        return wrong

    def acknowledged(self, at=None):
        return sum(end is not None and (at is None or end <= at)
                   for events in self.of.values() for _, end, _ in events)


def write(store, images, history, turns, fault, program, stop=None):
    """One writer: imports its images, some again, and removes every third. Ends early when a
    command fails once `stop` is set."""
    for turn in turns:
        blob, file = images.blobs[turn], images.files[turn]
        if not step(["import", "-j1", file], store, blob.key, True, history, fault, program, stop):
            return
        if turn % 3 == 1 and not step(["rm", blob.key], store, blob.key, False, history, fault,
                                      program, stop):
            return
        if turn % 9 == 4 and not step(["import", "-j1", "--latest", file], store, blob.key, True,
                                      history, fault, program, stop):
            return


def step(command, store, key, stored, history, fault, program, stop):
    history.begin(key, stored)
    process = rig.start(command, store, fault, program=program)
    line = process.stdout.readline()
    if line.strip().decode() == key:
        history.end(key)
    result = rig.finish(process)
    if stop is not None and (stop.is_set() or result.status != 0):
        # The world may end while we look: only what was acknowledged before counts.
        return result.status == 0 and not stop.is_set()
    assert result.status == 0, result.describe()
    return True


def binary_mutant(program, to, before, after):
    """A copy of the program with one text in it replaced by another, not longer one."""
    data = pathlib.Path(program).read_bytes()
    assert data.count(before) == 1, f"{before!r} is {data.count(before)} times in the program"
    pathlib.Path(to).write_bytes(data.replace(before, after.ljust(len(before))))
    os.chmod(to, 0o755)
    return to
