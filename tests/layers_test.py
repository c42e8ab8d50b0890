#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the include lines of src/ to the layers, and third-party headers to their folders.

Usage: layers_test.py SOURCE_ROOT
"""

import pathlib
import re
import sys

# A folder may include itself and what is listed.
LAYERS = {
    "base": [],
    "model": ["base"],
    "codec": ["model", "base"],
    "aci": ["model", "base"],
    "blob": ["model", "base"],
    "db": ["model", "base"],
    "bundle": ["model", "base"],
    "tree": ["aci", "base"],
    "store": ["tree", "codec", "aci", "blob", "db", "bundle", "model", "base"],
    "cli": ["store", "tree", "codec", "aci", "blob", "db", "bundle", "model", "base"],
    ".": ["cli"],
}

# Where a third-party header may be included: a folder, or the beginning of a file's path.
FENCES = {
    r"zlib\.h|isa-l.*|bzlib\.h|lzma\.h|zstd.*": ["codec/"],
    r"sqlite3\.h": ["db/"],
    r"rapidjson/.*": ["aci/json_", "cli/json.cpp"],
    r"CLI/.*": ["cli/"],
    r"toml\+\+/.*": ["store/seed_toml.cpp"],
    r"openssl/.*": ["base/sha512_libcrypto.cpp"],
    r"sodium.*": ["base/sha512_libsodium.cpp"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)


def findings(root):
    for path in sorted(root.rglob("*.[ch]pp")):
        name = path.relative_to(root).as_posix()
        folder = path.parent.relative_to(root).as_posix()
        if folder not in LAYERS:
            yield f"{name}: in a folder that is no layer"
            continue
        for quote, header in INCLUDE.findall(path.read_text()):
            if quote == '"':
                target = header.split("/")[0]
                if "/" not in header or not (root / header).is_file():
                    yield f'{name}: "{header}" is not written from src/'
                elif target != folder and target not in LAYERS[folder]:
                    yield f'{name}: includes "{header}", which is not below {folder}/'
            for pattern, places in FENCES.items():
                if re.fullmatch(pattern, header) and not name.startswith(tuple(places)):
                    yield f"{name}: includes <{header}>, which belongs in {' or '.join(places)}"


def main():
    root = pathlib.Path(sys.argv[1]) / "src"
    found = list(findings(root))
    files = len(list(root.rglob("*.[ch]pp")))
    print("\n".join(found) or f"{files} files keep to the layers")
    return 1 if found or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
