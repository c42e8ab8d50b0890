#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether the program was built as SECURITY.md says, prints TAP.

hardening_test.py ACISTORE LIBRARY EXPECTED...: LIBRARY is one of our own static libraries, since the
program also has the code of others; EXPECTED are those of pie, relro, canary and fortify that the
compiler of this build has.
"""

import re
import shutil
import subprocess
import sys


def run(*command):
  return subprocess.run(command, check=True, capture_output=True, encoding="utf-8",
                        errors="replace").stdout


def main(program, library, *expected):
  if shutil.which("readelf") is None:
    print("1..0 # SKIP there is no readelf")
    return
  header = run("readelf", "-W", "-h", program)
  segments = run("readelf", "-W", "-l", program)
  called = run("nm", "-u", library)
  stack = re.search(r"GNU_STACK(?:\s+0x\w+){5}\s+(\S+)", segments)
  found = {
      "pie": re.search(r"Type:\s+DYN", header),
      "relro": "GNU_RELRO" in segments,
      "canary": "__stack_chk_fail" in called,
      "fortify": re.search(r"__\w+_chk\b", called),
  }
  checks = [(name, found[name]) for name in expected]
  checks.append(("the stack is not executable", stack and "E" not in stack[1]))
  checks.append(("no code is writable", not re.search(r"LOAD.* RWE ", segments)))
  print(f"1..{len(checks)}")
  for number, (name, good) in enumerate(checks, 1):
    print(f"{'ok' if good else 'not ok'} {number} {name}")


if __name__ == "__main__":
  main(*sys.argv[1:])
