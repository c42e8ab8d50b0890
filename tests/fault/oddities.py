#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A reader whose image is removed, and a clock that goes back: oddities.py"""

import json
import os
import sys

import check
import rig
from rig import Fault

DAY = 86_400


def reader_reads_on(world):
    """cat has printed some of a big image and waits: the image is removed and swept meanwhile."""
    wrong = []
    store = world.copy_of("images", "reader")
    big = world.blobs["big"]
    rig.run(["import", "big.aci"], store)
    for path in ([], ["rootfs/data"]):
        reader = rig.start(["cat", big.key, *path], store, bufsize=0)
        begin = reader.stdout.read(1)
        removed = rig.run(["rm", big.key], store)
        if removed.status != 0:
            wrong.append(f"rm: {removed.describe()}")
        if world.can_sweep:
            rig.run(["gc", "--grace-period", "1000d"], store)
        if rig.run(["exists", big.key], store).status != 3:
            wrong.append("it is still there")
        # The same image comes back while the old file is being read.
        imported = rig.run(["import", "big.aci"], store)
        if imported.status != 0:
            wrong.append(f"import: {imported.describe()}")
        result = rig.finish(reader)
        data = begin + result.out.encode("latin-1")
        if result.status != 0 or (data != big.data if not path else data not in big.data):
            wrong.append(f"cat {path}: status {result.status}, {len(data)} bytes, {result.err}")
    found = world.examine(store, NoVerb)
    return wrong + found.violations


class NoVerb:
    start = "images"
    damaged = ()


def clock_goes_back(world):
    """What was imported last is what sequence says, and the files' times tell the same."""
    wrong = []
    store = world.copy_of("nothing", "clock")
    order = []
    for name, days in (("one", 0), ("two", 30), ("three", -400), ("four", -20000), ("one", -399)):
        result = rig.run(["import", "-j1", f"{name}.aci"], store, Fault(clock=days * DAY))
        if result.status != 0:
            wrong.append(f"import on day {days}: {result.describe()}")
        key = world.blobs[name].key
        order = [k for k in order if k != key] + [key]
        got = rig.run(["get", "example.com/app"], store, Fault(clock=-9 * DAY)).out.strip()
        if got != key:
            wrong.append(f"get gives {got}, not the one imported last")
    listed = json.loads(rig.run(["--json", "list", "--sort", "importtime", "--order", "asc"],
                                store).out)
    if [image["key"] for image in listed["images"]] != order:
        wrong.append(f"list sorts {[i['key'] for i in listed['images']]}, not {order}")
    files = {key: os.stat(world.starts.blob_path(store, name)).st_mtime_ns
             for name in ("one", "two", "three", "four") for key in [world.blobs[name].key]}
    if sorted(files, key=files.get) != order:
        wrong.append(f"the times of the blobs tell another order: {files}")
    for days in (-20000, 20000):
        for command in ("verify", "list", f"cat {world.blobs['two'].key}", "import two.aci"):
            result = rig.run(command.split(), store, Fault(clock=days * DAY))
            if result.status != 0:
                wrong.append(f"{command} on day {days}: {result.describe()}")
    if world.can_sweep:
        # Before any of them was used: what is still to come is not long ago.
        result = rig.run(["gc"], store, Fault(clock=-20500 * DAY))
        if result.status != 0 or "sha512-" in result.out:
            wrong.append(f"gc before all uses: {result.describe()}")
    return wrong + world.examine(store, NoVerb).violations


def main():
    rig.arguments(__doc__)
    tap = rig.Tap()
    with rig.scratch() as directory:
        world = check.World(directory)
        for name, test in (("a reader reads on when its image is removed", reader_reads_on),
                           ("the clock goes back", clock_goes_back)):
            wrong = test(world)
            tap.report(not wrong, f"oddities: {name}", wrong)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
