#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that the rigs can fail: mutants.py --build BUILD [--all]

Each mutant is the program with one rule broken: one source file is changed, compiled as the build
directory does, and linked before the libraries, whose own version of it is then not taken. The rig
that is meant to find it must. The mutants of a cut of the power are in power.py, since no compiler
is needed for them.
"""

import dataclasses
import json
import os
import pathlib
import shlex
import subprocess
import sys

import calls
import check
import full
import rig
import turns
import verbs


@dataclasses.dataclass(frozen=True)
class Mutant:
    name: str
    file: str
    edits: tuple  # (before, after); each text stands once in the file
    rig: str
    verb: str
    is_late: bool = False  # what it breaks happens near the end


PUBLISH = "store.blobs().publish(*pending[i].file, keys[i]);"

MUTANTS = [
    Mutant("row before blob", "store/publish.cpp",
           ((PUBLISH, ""),
            ("  transaction.commit();\n",
             "  transaction.commit();\n  for (std::size_t i = 0; i < pending.size(); ++i) {\n"
             "    if (is_new[i]) " + PUBLISH + "\n  }\n")), "kill", "import", is_late=True),
    Mutant("blob removed before its row", "store/remove.cpp",
           (("  transaction.commit();\n", ""),
            ("  return removed;\n}\n", "  transaction.commit();\n  return removed;\n}\n")),
           "kill", "rm", is_late=True),
    Mutant("errors of write ignored", "base/io.cpp", (('throw_errno("write");', "return;"),),
           "errors", "import"),
    Mutant("errors of fsync ignored", "blob/blob_writer.cpp", (('throw_errno("flush");', "return;"),),
           "errors", "import"),
    Mutant("errors of a directory's fsync ignored", "blob/directory.cpp",
           (('throw_errno("flush directory");', "return;"),), "errors", "import", is_late=True),
    Mutant("a full disk ignored", "base/io.cpp", (('throw_errno("write");', "return;"),),
           "full", "import"),
]


def build_mutant(build, mutant, directory):
    """Compiles and links; gives the path of the program."""
    commands = json.loads(pathlib.Path(build, "compile_commands.json").read_text())
    [entry] = [c for c in commands if c["file"].endswith("src/" + mutant.file)]
    source = pathlib.Path(build, entry["file"]).read_text()
    for before, after in mutant.edits:
        assert source.count(before) == 1, f"{mutant.file}: {before!r} is there {source.count(before)} times"
        source = source.replace(before, after)
    changed = os.path.join(directory, "mutant.cpp")
    pathlib.Path(changed).write_text(source)
    object_file = os.path.join(directory, "mutant.o")
    command = shlex.split(entry["command"])
    command[command.index("-o") + 1] = object_file
    command[command.index("-c") + 1] = changed
    # What a mutant leaves unused is no reason for it not to be built.
    run([word for word in command if word != "-Werror"] + ["-O0"], build)
    listed = subprocess.run(["ninja", "-C", build, "-t", "commands", "src/acistore"],
                            stdout=subprocess.PIPE, text=True, check=True).stdout
    command = shlex.split(listed.strip().splitlines()[-1])
    program = os.path.join(directory, "acistore")
    command[command.index("-o") + 1] = program
    main = next(i for i, word in enumerate(command) if word.endswith("main.cpp.o"))
    command.insert(main + 1, object_file)
    run(command, build)
    return program


def run(command, directory):
    done = subprocess.run(command, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout


def hunt(world, mutant, jobs):
    """The Tally of the rig up to the first violation. The outcomes are those of the whole program."""
    [verb] = [v for v in verbs.VERBS if v.name == mutant.verb]
    if mutant.rig == "full":
        points = [(verb, "tmpfs", size) for size in full.KINDS["tmpfs"]]
        return rig.spread(full.Full(world), points, jobs, until_violation=True)
    make, faults, _ = calls.RIGS[mutant.rig]
    points = calls.points_of(world, verb, faults)
    if mutant.rig == "errors":
        # The errors that nobody makes up for.
        points = [p for p in points if p[1].until == 0 and p[1].action == "errno=5"]
    points = points[::-1] if mutant.is_late else points
    return rig.spread(make(world), points, jobs, until_violation=True)


def main():
    options = rig.arguments(__doc__, build={"required": True})
    build = os.path.abspath(options.build)
    tap = rig.Tap()
    whole = rig.Rig.program
    with rig.scratch() as directory:
        for mutant in MUTANTS:
            if options.only not in mutant.name:
                continue
            if mutant.rig == "full" and os.geteuid() != 0:
                tap.skip(f"mutants: {mutant.name}", "only root can mount a small file system")
                continue
            rig.Rig.program = whole
            place = os.path.join(directory, mutant.name.replace(" ", "-").replace("'", ""))
            world = check.World(place)
            for verb in verbs.VERBS:
                if verb.name == mutant.verb:
                    world.outcome(verb)
            rig.Rig.program = build_mutant(build, mutant, place)
            report(tap, mutant.name, mutant.rig, hunt(world, mutant, options.jobs))
        rig.Rig.program = whole
        if options.only in "no locks of keys":
            world = check.World(os.path.join(directory, "locks"))
            tally = rig.Tally()
            for pair in turns.PAIRS[4:5] + turns.PAIRS[:1]:
                without = turns.Turns(world, "lock")
                without.serial_states(pair)
                tally.merge(rig.spread(without, turns.points_of(world, pair, 2, 0), options.jobs,
                                       until_violation=True))
            report(tap, "no locks of keys", "turns", tally)
    return tap.end()


def report(tap, name, rig_name, tally):
    real = [v for v in tally.violations if "the rig failed" not in v]
    tap.report(bool(real), f"mutants: {name}: killed by {rig_name} at point {tally.points}"
               if real else f"mutants: {name}: survived {tally.points} points of {rig_name}",
               [v[:400] for v in tally.violations[:2]])


if __name__ == "__main__":
    sys.exit(main())
