# SPDX-License-Identifier: Apache-2.0
"""What always holds, looked at without any code of acistore's: by sqlite3 and hashlib."""

import dataclasses
import hashlib
import os
import re
import sqlite3
import stat

BLOB = re.compile(r"blob/sha512/([0-9a-f]{2})/(sha512-[0-9a-f]{64})")
# What a store consists of beside its blobs and tmp/.
PARTS = re.compile(r"acistore\.db(\.copy(\.new)?|\.damaged-\d+)?(-journal)?|lock|reserve|blob|"
                   r"blob/sha512|blob/sha512/[0-9a-f]{2}|tmp|quarantine(/.*)?")


@dataclasses.dataclass
class Findings:
    violations: list
    state: object = None  # what the database says, but for times; None if it cannot be read
    rubbish: list = dataclasses.field(default_factory=list)  # temporary files
    orphans: list = dataclasses.field(default_factory=list)  # blobs without a row
    keys: frozenset = frozenset()


def examine(store, blobs, damaged=(), bad_orphans=False):
    """Looks at a store that nobody uses now. `blobs`: all that may be in it, by key; `damaged`: keys
    that were bad before; `bad_orphans`: a file that nothing vouches for may hold anything, as after
    a loss of power."""
    found = Findings([])
    if not os.path.isdir(store):
        found.state = EMPTY
        return found
    digests = walk(store, found)
    database = os.path.join(store, "acistore.db")
    if not os.path.exists(database) or os.path.getsize(database) == 0:
        found.state = None if digests else EMPTY
        found.orphans = sorted(digests)
        return found
    try:
        read_database(database, found, blobs, digests, damaged)
    except sqlite3.DatabaseError as error:
        if "no such table" in str(error) and not digests:
            found.state = EMPTY  # made, but its tables not yet
        else:
            found.violations.append(f"the database cannot be read: {error}")
    for key in found.orphans:
        if "sha512-" + digests[key][1].hex()[:64] != key and not bad_orphans:
            found.violations.append(f"{key}: visible under its name with other bytes")
    return found


EMPTY = ((), (), (), ())


def walk(store, found):
    """The blobs of a store: {key: (size, digest, mode)}."""
    digests = {}
    for directory, directories, files in os.walk(store):
        for name in directories + files:
            path = os.path.join(directory, name)
            relative = os.path.relpath(path, store)
            status = os.lstat(path)
            match = BLOB.fullmatch(relative)
            if match:
                if not stat.S_ISREG(status.st_mode) or match[1] != match[2][7:9]:
                    found.violations.append(f"{relative} is no blob")
                    continue
                with open(path, "rb") as file:
                    data = file.read()
                digests[match[2]] = (len(data), hashlib.sha512(data).digest(), status.st_mode)
            elif relative.startswith("tmp/"):
                found.rubbish.append(relative)
            elif not PARTS.fullmatch(relative):
                found.violations.append(f"nobody knows {relative}")
    return digests


def read_database(path, found, blobs, digests, damaged):
    connection = sqlite3.connect(path, timeout=30)
    try:
        look = lambda sql: connection.execute(sql).fetchall()
        if look("SELECT count(*) FROM sqlite_schema") == [(0,)]:
            found.state = EMPTY if not digests else None
            return
        complain = found.violations.append
        for row in look("PRAGMA integrity_check") + look("PRAGMA foreign_key_check"):
            if row != ("ok",):
                complain(f"the database is damaged: {row}")
        rows = look("SELECT id, key, digest, size FROM blob ORDER BY key")
        key_of = {row[0]: row[1] for row in rows}
        for _, key, digest, size in rows:
            check_blob(found, key, digest, size, digests.get(key), key in damaged)
        found.keys = frozenset(key_of.values())
        found.orphans = sorted(set(digests) - found.keys)
        images = look("SELECT blob_id, sequence, name, latest, manifest FROM image "
                      "ORDER BY sequence")
        labels = look("SELECT blob_id, name, value, image_name, latest, sequence FROM label "
                      "ORDER BY blob_id, position")
        for blob_id, sequence, name, latest, manifest in images:
            known = blobs.get(key_of[blob_id])
            if known is not None and manifest != known.manifest:
                complain(f"{key_of[blob_id]}: another manifest than in its archive")
            for label in labels:
                if label[0] == blob_id and label[3:] != (name, latest, sequence):
                    complain(f"{key_of[blob_id]}: label {label[1]} repeats its image wrongly")
        counters = dict(look("SELECT name, value FROM counter"))
        if images and counters.get("sequence", 0) < images[-1][1]:
            complain(f"the counter of sequences is behind: {counters}")
        found.state = (
            tuple(sorted(key_of.values())),
            tuple((key_of[i[0]], i[2], i[3], tuple(l[1:3] for l in labels if l[0] == i[0]))
                  for i in images),
            tuple(sorted((r[0], r[1], r[2], key_of[r[3]], r[4]) for r in look(
                "SELECT aci_url, sig_url, etag, blob_id, cache_max_age FROM remote"))),
            tuple(sorted((key_of[p[0]], p[1], p[2] is None) for p in look(
                "SELECT blob_id, owner, expires FROM pin"))))
    finally:
        connection.close()


def check_blob(found, key, digest, size, file, is_damaged):
    """A row implies a complete file with the bytes of its key."""
    if "sha512-" + digest.hex()[:64] != key:
        found.violations.append(f"{key}: a row with another digest")
    if is_damaged:
        return
    if file is None:
        found.violations.append(f"{key}: a row without a blob")
    elif file[0] != size:
        found.violations.append(f"{key}: a blob of {file[0]} bytes, not {size}")
    elif file[1] != digest:
        found.violations.append(f"{key}: a blob of other bytes")
    elif file[2] & 0o222:
        found.violations.append(f"{key}: a blob that may be written")
