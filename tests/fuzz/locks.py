# SPDX-License-Identifier: Apache-2.0
"""Lock files of seed, good and bad."""

ID = "sha512-" + "0123456789abcdef" * 8
OTHER = "sha512-" + "fedcba9876543210" * 8
HEAD = "version = 1\n"
IMAGE = f'[[image]]\nid = "{ID}"\n'

CASES = {
    "whole": HEAD + f"""owner = "web-fleet"  # who pins
from = ["../mirror", '/srv/aci']

[[image]]
name = "example.com/app:1.0.0,os=linux,arch=amd64"
id = "{ID}"
from = ["images/app.aci"]
latest = true
pin = "other"

[[image]]
id = "{OTHER}"
from = "b.aci"
latest = false
pin = ["a", "b"]
""",
    "empty": "",
    "version-only": HEAD,
    "inline": HEAD + f"image = [{{id = '{ID}', pin = false}}, {{id = \"{OTHER}\"}}]",
    "strings": HEAD + 'owner = """\na\\\n  b\\u00e4\\U0001F600\\"""""\nfrom = \'\'\'\nc\'\'d\'\'\'\n',
    "crlf": (HEAD + IMAGE).replace("\n", "\r\n"),
    "byte-order-mark": "\ufeff" + HEAD,
    "version-2": "version = 2",
    "not-ascii-outside-of-strings": "\ufeff\ufebfversion = 1\n",
    "table-name-of-no-key": HEAD + "[%image]]",
    "unknown-key": HEAD + IMAGE + "frm = 'x'",
    "id-twice": HEAD + IMAGE + IMAGE,
    "id-short": HEAD + '[[image]]\nid = "sha512-ab"',
    "name-bad": HEAD + IMAGE + "name = 'A:b:c'",
    "url": HEAD + "from = 'https://example.com/x'",
    "nul": HEAD + 'owner = "\\u0000"',
    "dotted": HEAD + "a.b.c = 1\n[x.y]\n",
    "dotted-deep": HEAD + "a" + ".a" * 20000 + " = 1",
    "nested-arrays": "version = " + "[" * 5000,
    "nested-tables": "version = " + "{a=" * 5000,
    "types": HEAD + "owner = 1979-05-27T07:32:00Z\nfrom = 0x1f\nimage = inf\n",
    "unterminated": HEAD + 'owner = "a',
    "unterminated-long": HEAD + "owner = '''a\n\n",
    "key-twice": HEAD + "owner = 'a'\nowner = 'b'",
    "table-twice": HEAD + "[image]\n[[image]]\n",
    "surrogate": HEAD + 'owner = "\\ud800"',
    "integer-overflow": "version = 99999999999999999999",
}


def cases():
    for name, text in CASES.items():
        yield name, text.encode()
    yield "not-utf-8", HEAD.encode() + b"owner = '\xff'"
