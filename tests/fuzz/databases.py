# SPDX-License-Identifier: Apache-2.0
"""Databases of a store that has the blob of aci.image(), good ones and hostile ones: (name, bytes).

They have pages of 512 bytes, so that there is little to mutate in vain.
"""

import hashlib
import os
import sqlite3
import struct
import tempfile

import aci

HERE = os.path.dirname(os.path.abspath(__file__))
APPLICATION_ID = 0x41434973
IMAGE = aci.image()
DIGEST = hashlib.sha512(IMAGE).digest()
KEY = "sha512-" + DIGEST.hex()[:64]
OTHER = hashlib.sha512(b"other").digest()
OTHER_KEY = "sha512-" + OTHER.hex()[:64]


def schema():
    with open(os.path.join(HERE, "../unit/db/schema.golden.sql")) as file:
        return file.read()


def rows(*more):
    return [
        ("INSERT INTO blob VALUES (1, ?, ?, ?, 5)", (KEY, DIGEST, len(IMAGE))),
        ("INSERT INTO blob VALUES (2, ?, ?, 7, NULL)", (OTHER_KEY, OTHER)),
        ("INSERT INTO image VALUES (1, 1, 'example.com/app', 1, 10, 20, ?)", (aci.manifest(),)),
        ("INSERT INTO image VALUES (2, 2, 'example.com/app', 0, 11, 21, ?)", (b"{}",)),
        ("INSERT INTO label VALUES (2, 'version', '1.0', 0, 'example.com/app', 0, 2)", ()),
        ("INSERT INTO pin VALUES (2, 'manual', NULL)", ()),
        ("INSERT INTO source VALUES (1, 2, 3, 4, 5, 1, 'gzip')", ()),
        ("INSERT INTO remote VALUES ('https://example.com/app.aci', '', 'etag', 1, 60, 70)", ()),
        ("INSERT INTO counter VALUES ('sequence', 2), ('blob_mtime', 9)", ()),
        *((sql, ()) for sql in more),
    ]


def database(statements, schema_text=None, version=None, application_id=APPLICATION_ID):
    """The file after these statements, pairs of SQL and values."""
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "db")
        connection = sqlite3.connect(path, isolation_level=None)
        connection.executescript("PRAGMA page_size = 512; PRAGMA synchronous = OFF; "
                                 "PRAGMA journal_mode = MEMORY; PRAGMA ignore_check_constraints = 1")
        connection.executescript(schema() if schema_text is None else schema_text)
        for sql, values in statements:
            connection.execute(sql, values)
        connection.execute(f"PRAGMA application_id = {application_id}")
        connection.execute(f"PRAGMA user_version = {NEWEST if version is None else version}")
        connection.close()
        with open(path, "rb") as file:
            return file.read()


def newest_version():
    """That of the program: one for each step of its migrations."""
    with open(os.path.join(HERE, "../../src/db/migrations.cpp")) as file:
        return file.read().count('R"sql(')


NEWEST = newest_version()


def patched(data, offset, field):
    return data[:offset] + field + data[offset + len(field):]


def cases():
    good = database(rows())
    yield "good", good
    yield "good-and-blank", database([], "CREATE TABLE x (y); DROP TABLE x", 0, 0)
    yield "good-without-rows", database(rows()[-1:])
    yield from torn(good)
    yield from schemas(good)
    yield from wrong_rows()


def torn(good):
    yield "empty", b""
    yield "one-byte", b"S"
    yield "zeros", bytes(8192)
    yield "text", b"this is no database\n" * 100
    yield "magic-only", good[:16]
    yield "header-cut", good[:99]
    yield "first-page-only", good[:512]
    yield "half", good[:len(good) // 2]
    yield "last-page-cut", good[:-100]
    yield "last-page-missing", good[:-512]
    yield "page-1-zeros-after-header", good[:100] + bytes(412) + good[512:]
    for page in range(1, len(good) // 512):
        yield f"page-{page + 1}-zeros", patched(good, page * 512, bytes(512))
    yield "magic-flipped", patched(good, 0, b"s")
    yield "page-size-zero", patched(good, 16, b"\0\0")
    yield "page-size-65536", patched(good, 16, b"\0\1")
    yield "write-version-wal", patched(good, 18, b"\2\2")
    yield "write-version-unknown", patched(good, 18, b"\5")
    yield "read-version-unknown", patched(good, 19, b"\5")
    yield "reserved-bytes-255", patched(good, 20, b"\xff")
    yield "pages-more-than-there-are", patched(good, 28, struct.pack(">I", 1 << 30))
    yield "free-list-beyond-the-end", patched(good, 32, struct.pack(">II", 1 << 20, 5))
    yield "free-list-cycle", patched(good, 32, struct.pack(">II", 2, 1000))
    yield "schema-format-unknown", patched(good, 44, struct.pack(">I", 9))
    yield "encoding-utf-16", patched(good, 56, struct.pack(">I", 2))
    yield "encoding-unknown", patched(good, 56, struct.pack(">I", 77))
    yield "auto-vacuum", patched(good, 52, struct.pack(">I", 3))
    for name, kind in {"index-page": 2, "table-page": 5, "no-page": 9}.items():
        yield f"root-is-{name}", patched(good, 100, bytes([kind]))
    yield "cells-more-than-fit", patched(good, 103, b"\xff\xff")
    yield "cell-points-into-header", patched(good, 108, b"\0\1")


def schemas(good):
    yield "application-id-other", database(rows(), application_id=1)
    yield "application-id-zero", database(rows(), application_id=0)
    yield "version-newer", database(rows(), version=NEWEST + 1)
    yield "version-negative", database(rows(), version=-1)
    yield "version-zero", database(rows(), version=0)
    yield "schema-missing", database([], "CREATE TABLE x (y)")
    for table in "blob", "image", "label", "pin", "source", "remote", "counter":
        yield f"table-{table}-missing", database(rows(f"DROP TABLE {table}"))
    yield "column-missing", database(rows("ALTER TABLE image DROP COLUMN manifest"))
    yield "column-renamed", database(rows("ALTER TABLE blob RENAME COLUMN size TO length"))
    yield "table-without-types", database(rows()[:2], "CREATE TABLE blob (id, key, digest, size, verified)")
    yield "view-for-a-table", database(rows("DROP TABLE remote", (
        "CREATE VIEW remote AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT i AS aci_url, '' AS sig_url, '' AS etag, 1 AS blob_id, i AS cache_max_age, "
        "i AS download_time FROM n")))
    yield "trigger-that-stops-inserts", database(rows(
        "CREATE TRIGGER stop BEFORE INSERT ON image BEGIN SELECT RAISE(IGNORE); END"))
    yield "trigger-that-never-ends", database(rows(
        "CREATE TRIGGER endless BEFORE UPDATE ON image BEGIN INSERT INTO counter WITH RECURSIVE "
        "n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, i FROM n WHERE i < 0; END"))
    yield "index-on-an-expression", database(rows(
        "CREATE INDEX heavy ON image (length(hex(zeroblob(latest * 1000))))"))
    yield "generated-column", database(rows(
        "ALTER TABLE remote ADD COLUMN bomb TEXT AS (hex(zeroblob(1000)))"))
    yield "schema-statement-damaged", good.replace(b"CREATE TABLE pin", b"CREATE TABLE ((n")
    yield "schema-with-root-zero", damage_schema("rootpage = 0 WHERE name = 'image'")
    yield "schema-with-root-beyond", damage_schema("rootpage = 9999 WHERE name = 'image'")
    yield "schema-two-tables-one-root", damage_schema(
        "rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'blob') WHERE name = 'image'")
    yield "schema-index-on-table-root", damage_schema(
        "rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'blob') WHERE name = 'image_by_name'")


def damage_schema(change):
    return database(rows("PRAGMA writable_schema = 1", f"UPDATE sqlite_schema SET {change}"))


def wrong_rows():
    long = "x" * 20000
    changes = {
        "key-no-key": "UPDATE blob SET key = 'sha512-xyz' WHERE id = 1",
        "key-empty": "UPDATE blob SET key = '' WHERE id = 1",
        "key-with-path": "UPDATE blob SET key = 'sha512-../../../../etc/passwd' WHERE id = 1",
        "key-upper-case": "UPDATE blob SET key = upper(key) WHERE id = 1",
        "key-of-another-digest": f"UPDATE blob SET digest = x'{'00' * 64}' WHERE id = 1",
        "digest-short": "UPDATE blob SET digest = x'00' WHERE id = 1",
        "digest-empty": "UPDATE blob SET digest = x'' WHERE id = 1",
        "digest-long": f"UPDATE blob SET digest = x'{'00' * 65}' WHERE id = 1",
        "size-negative": "UPDATE blob SET size = -1 WHERE id = 1",
        "size-huge": "UPDATE blob SET size = 9223372036854775807 WHERE id = 1",
        "verified-negative": "UPDATE blob SET verified = -9223372036854775808",
        "verified-far": "UPDATE blob SET verified = 9223372036854775807",
        "sequence-largest": "UPDATE image SET sequence = 9223372036854775807 WHERE blob_id = 1",
        "counter-largest": "UPDATE counter SET value = 9223372036854775807",
        "counter-negative": "UPDATE counter SET value = -5",
        "counter-missing": "DELETE FROM counter",
        "latest-two": "UPDATE image SET latest = 2",
        "times-extreme": "UPDATE image SET import_time = -9223372036854775808, "
                         "last_used = 9223372036854775807",
        "name-empty": "UPDATE image SET name = '' WHERE blob_id = 1",
        "name-not-utf-8": "UPDATE image SET name = CAST(x'ff00fe' AS TEXT) WHERE blob_id = 1",
        "name-with-escape": "UPDATE image SET name = char(27) || '[31m' WHERE blob_id = 1",
        "name-long": f"UPDATE image SET name = '{long}' WHERE blob_id = 1",
        "manifest-empty": "UPDATE image SET manifest = x''",
        "manifest-long": f"UPDATE image SET manifest = CAST('{long}' AS BLOB)",
        "label-not-utf-8": "UPDATE label SET value = CAST(x'ff' AS TEXT)",
        "label-of-no-image": "UPDATE label SET blob_id = 77",
        "label-of-another-image": "UPDATE label SET blob_id = 1",
        "image-of-no-blob": "DELETE FROM blob WHERE id = 1",
        "pin-of-no-blob": "UPDATE pin SET blob_id = 99",
        "remote-of-no-blob": "UPDATE remote SET blob_id = 99",
        "remote-not-utf-8": "UPDATE remote SET etag = CAST(x'ff' AS TEXT)",
        "remote-age-negative": "UPDATE remote SET cache_max_age = -1, download_time = -1",
        "source-compression-unknown": "UPDATE source SET compression = 'rar'",
        "id-negative": "UPDATE blob SET id = -1 WHERE id = 2",
        "id-largest": "UPDATE blob SET id = 9223372036854775807 WHERE id = 2",
    }
    for name, sql in changes.items():
        yield name, database(rows("PRAGMA foreign_keys = 0", sql))
