#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the manual pages to the program: man_test.py ACISTORE MAN_DIRECTORY, prints TAP.

Every command that `acistore --help` knows has a page with the same summary, every option of its
--help is in the page, the commands in the examples can be parsed, and mandoc(1) finds no fault.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

USAGE_STATUS = 2
OPTION = re.compile(r"(?<![\w-])--?[A-Za-z0][a-z-]*")
# A call of the program in a line of shell, up to what ends a simple command.
COMMAND = re.compile(r"(xargs (?:-r |-n 1 )*)?(?<![/\w-])acistore ([^|;&()<>]*)")
REDIRECTION = re.compile(r"\d?[<>]\s*\S+")
# A variable, or what find -exec puts in.
PLACEHOLDER = re.compile(r'"\$\w+"|\$\w+|\{\} \+|"\$')
SOME_KEY = "sha512-" + "0" * 64


class Help:
  """What `acistore [COMMAND] --help` says."""

  def __init__(self, acistore, *command):
    text = subprocess.run([acistore, *command, "--help"], check=True, capture_output=True,
                          encoding="utf-8").stdout
    self.summary = text.splitlines()[0]
    self.options = set()
    self.commands = {}
    section = ""
    for line in text.splitlines():
      if not line.startswith(" "):
        section = line.rstrip(":").lower()
      elif section == "options":
        names = line.split("  ")[1]
        self.options.update(OPTION.findall(names))
      elif section == "subcommands":
        name, _, summary = line.strip().partition(" ")
        self.commands[name] = summary.strip()


class Page:
  """A manual page, by its source."""

  def __init__(self, path):
    self.path = path
    self.source = path.read_text(encoding="utf-8")

  def summary(self):
    return re.search(r"^\.Nd (.*)$", self.source, re.M)[1]

  def options(self):
    """Every `.Fl` of the page: `Fl -json` is --json, and `Fl q` is -q."""
    options = set()
    for line in self.source.splitlines():
      if not line.startswith("."):
        continue
      for flag in re.finditer(r"(?:^\.|\s)Fl ((?:(?:-?[a-z][a-z-]*|[A-Z0]\b)(?: , | ?\| ?)?)+)", line):
        options.update("-" + name for name in re.findall(r"-?[a-z][a-z-]*|[A-Z0]\b", flag[1]))
    return options

  def example_lines(self):
    examples = self.source.partition("\n.Sh EXAMPLES\n")[2].partition("\n.Sh ")[0]
    return [line[2:].replace(r"\e", "\\") for line in examples.splitlines()
            if line.startswith("$ ")]


def commands_of(line):
  """The arguments of each call in an example, with a key in the place of what is not known."""
  for xargs, arguments in COMMAND.findall(REDIRECTION.sub("", line)):
    yield PLACEHOLDER.sub(SOME_KEY, arguments) + (f" {SOME_KEY}" if xargs else "")


def run_in_empty_directory(acistore, arguments):
  """Returns the exit status and what was said on standard error."""
  with tempfile.TemporaryDirectory() as directory:
    done = subprocess.run(["bash", "-c", f'exec "$0" {arguments}', acistore], cwd=directory,
                          stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
                          timeout=60, env={"ACISTORE_DIR": f"{directory}/store", "HOME": directory,
                                           "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
  return done.returncode, done.stderr


class Tap:
  def __init__(self):
    self.count = 0

  def check(self, name, faults):
    self.count += 1
    for fault in faults:
      print(f"# {fault}")
    print(f"{'not ' if faults else ''}ok {self.count} {name}")

  def skip(self, name, why):
    self.count += 1
    print(f"ok {self.count} {name} # SKIP {why}")


def missing(wanted, there, what):
  return [f"{what} {name}" for name in sorted(wanted - there)]


def check_command(tap, acistore, name, summary, pages):
  page = pages.get(f"acistore-{name}.1")
  if page is None:
    tap.check(f"{name} has a page", [f"no acistore-{name}.1"])
    return
  said = Help(acistore, name)
  faults = [f'"{text}" in {where}, "{summary}" in acistore --help'
            for where, text in ((page.path.name, page.summary()), (f"{name} --help", said.summary))
            if text != summary]
  tap.check(f"{name} says of itself what its page says", faults)
  overview = f".It Xr acistore-{name} 1\n{summary[0].upper()}{summary[1:]}."
  tap.check(f"acistore(1) says the same of {name}",
            [] if overview in pages["acistore.1"].source else [f"acistore.1 lacks {overview!r}"])
  options = said.options
  faults = []
  for child, child_summary in said.commands.items():
    options = options | Help(acistore, name, child).options
    item = f".It Ic {child}\n{child_summary[0].upper()}{child_summary[1:]}."
    if item not in page.source:
      faults.append(f"{page.path.name} lacks {item!r}")
  faults += missing(options - {"-h", "--help"}, page.options(), f"{page.path.name} lacks")
  tap.check(f"the page of {name} has all that its --help has", faults)
  allowed = options | Help(acistore).options
  tap.check(f"the page of {name} has no option that the program has not",
            missing(page.options(), allowed, f"{page.path.name} has"))


def check_examples(tap, acistore, page):
  faults = []
  commands = 0
  for line in page.example_lines():
    parsed = subprocess.run(["bash", "-n", "-c", line], capture_output=True, encoding="utf-8")
    if parsed.returncode != 0:
      faults.append(f"{line}: {parsed.stderr.strip()}")
    for arguments in commands_of(line):
      commands += 1
      status, error = run_in_empty_directory(acistore, arguments)
      if status == USAGE_STATUS:
        faults.append(f"{line}: {error.strip()}")
  if page.path.suffix == ".1" and commands == 0:
    faults.append("there is no example")
  tap.check(f"the examples of {page.path.name} can be parsed", faults)


def check_lint(tap, page):
  name = f"{page.path.name} is good mdoc"
  if shutil.which("mandoc") is None:
    tap.skip(name, "there is no mandoc")
    return
  done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page.path], capture_output=True,
                        encoding="utf-8")
  tap.check(name, (done.stdout + done.stderr).splitlines())


def main(acistore, directory):
  pages = {path.name: Page(path) for path in sorted(pathlib.Path(directory).glob("*.[1-9]"))}
  tap = Tap()
  top = Help(acistore)
  tap.check("acistore(1) has all global options",
            missing(top.options - {"-h"}, pages["acistore.1"].options(), "acistore.1 lacks"))
  tap.check("there are commands", [] if top.commands else ["none in acistore --help"])
  for name, summary in top.commands.items():
    check_command(tap, acistore, name, summary, pages)
  known = {f"acistore-{name}.1" for name in top.commands} | {"acistore.1"}
  tap.check("every page of section 1 has a command",
            missing({name for name in pages if name.endswith(".1")}, known, "no command for"))
  for page in pages.values():
    check_examples(tap, acistore, page)
    check_lint(tap, page)
  print(f"1..{tap.count}")


if __name__ == "__main__":
  main(*sys.argv[1:])
