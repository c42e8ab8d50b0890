# SPDX-License-Identifier: Apache-2.0
"""Manifests that break one rule each: (name of the defect, what the message must match, JSON).

The rules are those of the appc specification, schema and types, as its reference validator applies
them. Where the message must name a field, it names it with its value.
"""

import aci

SYNTAX = r"line [0-9]+, column [0-9]+"


def cases():
    for name, pattern, members in members_cases():
        yield name, pattern, aci.manifest(**members)
    yield from text_cases()


def labels(*pairs):
    return {"labels": pairs}


def app(**members):
    return {"app": {"user": "0", "group": "0", **members}}


def port(**members):
    return app(ports=[{"name": "http", "protocol": "tcp", **members}])


def dependency(**members):
    return {"dependencies": [members]}


def annotation(name, value):
    return {"annotations": [{"name": name, "value": value}]}


def isolator(name, value):
    return app(isolators=[{"name": name, "value": value}])


def members_cases():
    yield "ackind-missing", "acKind", {"acKind": None}
    yield "ackind-empty", "acKind", {"acKind": ""}
    yield "ackind-pod-manifest", 'acKind: "PodManifest"', {"acKind": "PodManifest"}
    yield "ackind-lower-case", 'acKind: "imagemanifest"', {"acKind": "imagemanifest"}
    yield "ackind-number", "acKind", {"acKind": 1}

    yield "acversion-missing", "acVersion", {"acVersion": None}
    yield "acversion-empty", 'acVersion: ""', {"acVersion": ""}
    yield "acversion-two-numbers", r'acVersion: "0\.8"', {"acVersion": "0.8"}
    yield "acversion-four-numbers", r'acVersion: "0\.8\.11\.1"', {"acVersion": "0.8.11.1"}
    yield "acversion-with-v", r'acVersion: "v0\.8\.11"', {"acVersion": "v0.8.11"}
    yield "acversion-not-numbers", r'acVersion: "a\.b\.c"', {"acVersion": "a.b.c"}
    yield "acversion-empty-number", r'acVersion: "0\.\.11"', {"acVersion": "0..11"}
    yield "acversion-space", r'acVersion: " 0\.8\.11"', {"acVersion": " 0.8.11"}
    yield "acversion-all-zero", r'acVersion: "0\.0\.0"', {"acVersion": "0.0.0"}
    yield ("acversion-number-overflows", r'acVersion: "0\.8\.9223372036854775808"',
           {"acVersion": "0.8.9223372036854775808"})
    yield "acversion-number", "acVersion", {"acVersion": 0.8}

    yield "name-missing", "name", {"name": None}
    yield "name-empty", "name", {"name": ""}
    yield "name-upper-case", 'name: "Example.com/app"', {"name": "Example.com/app"}
    yield "name-space", 'name: "example app"', {"name": "example app"}
    yield "name-colon", 'name: "example.com:app"', {"name": "example.com:app"}
    yield "name-plus", r'name: "example\+app"', {"name": "example+app"}
    yield "name-begins-with-slash", 'name: "/app"', {"name": "/app"}
    yield "name-ends-with-slash", 'name: "app/"', {"name": "app/"}
    yield "name-begins-with-dash", 'name: "-app"', {"name": "-app"}
    yield "name-ends-with-tilde", 'name: "app~"', {"name": "app~"}
    yield "name-only-a-dot", r'name: "\."', {"name": "."}
    yield "name-not-ascii", 'name: "café"', {"name": "café"}
    yield "name-with-newline", r'name: "app\\x0aevil"', {"name": "app\nevil"}
    yield "name-with-escape", r'name: "app\\x1b\[31m"', {"name": "app\x1b[31m"}
    yield "name-with-nul", r'name: "app\\x00"', {"name": "app\0"}
    yield "name-array", "name", {"name": ["example.com/app"]}
    yield "name-over-4096-bytes", "name.*4,?096", {"name": "a" * 4097}

    yield "label-name-upper-case", r'labels\[0\]\.name: "Version"', labels(("Version", "1"))
    yield "label-name-empty", r"labels\[1\]\.name", labels(("version", "1"), ("", "1"))
    yield "label-name-edge", r'labels\[0\]\.name: "_version"', labels(("_version", "1"))
    yield "label-name-is-name", r'labels\[0\]\.name: "name"', labels(("name", "app"))
    yield "label-name-number", r"labels\[0\]\.name", labels((1, "1"))
    yield ("label-twice", r'labels\[2\].*"version"',
           labels(("version", "1"), ("os", "linux"), ("version", "2")))
    yield "label-value-number", r"labels\[0\]\.value", labels(("version", 1))
    yield "label-value-boolean", r"labels\[0\]\.value", labels(("version", True))
    yield "label-os-unknown", r'labels.*"plan9"', labels(("os", "plan9"))
    yield "label-os-empty", r'labels\[0\]\.value: ""', labels(("os", ""))
    yield "label-os-upper-case", r'labels.*"Linux"', labels(("os", "Linux"))
    yield "label-arch-of-go", r'labels.*"arm64"', labels(("os", "linux"), ("arch", "arm64"))
    yield "label-arch-before-os", r'labels.*"x86"', labels(("arch", "x86"), ("os", "linux"))
    yield "label-arch-linux-x86-64", 'labels.*"x86_64"', labels(("os", "linux"), ("arch", "x86_64"))
    yield "label-arch-freebsd-s390x", 'labels.*"s390x"', labels(("os", "freebsd"), ("arch", "s390x"))
    yield "label-arch-darwin-amd64", 'labels.*"amd64"', labels(("os", "darwin"), ("arch", "amd64"))
    yield "label-arch-empty", r'labels\[1\]\.value: ""', labels(("os", "linux"), ("arch", ""))
    yield ("labels-over-10000", "label.*10,?000",
           labels(*((f"label{i}", "x") for i in range(10001))))

    yield "app-string", "app", {"app": "app"}
    yield "app-array", "app", {"app": []}
    yield "app-user-missing", r"app\.user", {"app": {"group": "0"}}
    yield "app-user-empty", r"app\.user", {"app": {"user": "", "group": "0"}}
    yield "app-user-number", r"app\.user", {"app": {"user": 0, "group": "0"}}
    yield "app-group-missing", r"app\.group", {"app": {"user": "0"}}
    yield "app-group-empty", r"app\.group", {"app": {"user": "0", "group": ""}}
    yield "app-exec-string", r"app\.exec", app(exec="/bin/sh")
    yield "app-exec-number-inside", r"app\.exec\[1\]", app(exec=["/bin/sh", 1])
    yield "app-working-directory-relative", r'app\.workingDirectory: "tmp"', app(workingDirectory="tmp")
    yield "app-working-directory-number", r"app\.workingDirectory", app(workingDirectory=1)
    yield ("app-event-handler-unknown", r'app\.eventHandlers\[0\]\.name: "pre-stop"',
           app(eventHandlers=[{"name": "pre-stop", "exec": ["/x"]}]))
    yield ("app-event-handler-without-name", r"app\.eventHandlers\[0\]\.name",
           app(eventHandlers=[{"exec": ["/x"]}]))
    yield ("app-event-handler-twice", r'app\.eventHandlers\[1\].*"pre-start"',
           app(eventHandlers=[{"name": "pre-start", "exec": ["/x"]}] * 2))
    yield ("app-event-handler-exec-string", r"app\.eventHandlers\[0\]\.exec",
           app(eventHandlers=[{"name": "pre-start", "exec": "/x"}]))
    yield "app-environment-object", r"app\.environment", app(environment={"A": "1"})
    yield ("app-environment-name-empty", r"app\.environment\[0\]\.name",
           app(environment=[{"name": "", "value": "1"}]))
    yield ("app-environment-name-missing", r"app\.environment\[0\]\.name",
           app(environment=[{"value": "1"}]))
    yield ("app-environment-name-digit", r'app\.environment\[0\]\.name: "1A"',
           app(environment=[{"name": "1A", "value": "1"}]))
    yield ("app-environment-name-equals", r'app\.environment\[0\]\.name: "A=B"',
           app(environment=[{"name": "A=B", "value": "1"}]))
    yield ("app-environment-twice", r'app\.environment\[1\].*"A"',
           app(environment=[{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]))
    yield ("app-environment-value-number", r"app\.environment\[0\]\.value",
           app(environment=[{"name": "A", "value": 1}]))
    yield "app-gids-string", r"app\.supplementaryGIDs\[0\]", app(supplementaryGIDs=["0"])
    yield "app-gids-fraction", r"app\.supplementaryGIDs\[1\]", app(supplementaryGIDs=[1, 1.5])
    yield "app-gids-overflow", r"app\.supplementaryGIDs\[0\]", app(supplementaryGIDs=[2 ** 63])
    yield ("app-mount-point-name-upper-case", r'app\.mountPoints\[0\]\.name: "Data"',
           app(mountPoints=[{"name": "Data", "path": "/data"}]))
    yield ("app-mount-point-name-dot", r'app\.mountPoints\[0\]\.name: "my\.data"',
           app(mountPoints=[{"name": "my.data", "path": "/data"}]))
    yield ("app-mount-point-name-empty", r"app\.mountPoints\[0\]\.name",
           app(mountPoints=[{"name": "", "path": "/data"}]))
    yield ("app-mount-point-path-number", r"app\.mountPoints\[0\]\.path",
           app(mountPoints=[{"name": "data", "path": 1}]))
    yield ("app-mount-point-read-only-string", r"app\.mountPoints\[0\]\.readOnly",
           app(mountPoints=[{"name": "data", "path": "/data", "readOnly": "true"}]))
    yield "app-port-missing", r"app\.ports\[0\]\.port", port()
    yield "app-port-zero", r"app\.ports\[0\]\.port: 0", port(port=0)
    yield "app-port-negative", r"app\.ports\[0\]\.port: -1", port(port=-1)
    yield "app-port-over-65535", r"app\.ports\[0\]\.port: 65536", port(port=65536)
    yield "app-port-string", r"app\.ports\[0\]\.port", port(port="80")
    yield "app-port-fraction", r"app\.ports\[0\]\.port", port(port=80.5)
    yield "app-port-range-over-65535", r"app\.ports\[0\].*(65535|65536|count)", port(port=65535, count=2)
    yield "app-port-count-negative", r"app\.ports\[0\]\.count", port(port=80, count=-1)
    yield "app-port-count-wraps", r"app\.ports\[0\]", port(port=80, count=2 ** 64 - 1)
    yield "app-port-name-underscore", r'app\.ports\[0\]\.name: "a_b"', port(name="a_b", port=80)
    yield "app-port-protocol-number", r"app\.ports\[0\]\.protocol", port(protocol=6, port=80)
    yield "app-port-socket-string", r"app\.ports\[0\]\.socketActivated", port(port=80, socketActivated="no")
    yield "app-isolators-object", r"app\.isolators", app(isolators={})
    yield "app-isolator-name-upper-case", r'app\.isolators\[0\]\.name: "CPU"', isolator("CPU", {})
    yield "app-isolator-unknown", r'app\.isolators\[0\].*"example\.com/x"', isolator("example.com/x", {})
    yield ("app-isolator-cpu-default", r"app\.isolators\[0\].*default",
           isolator("resource/cpu", {"default": True, "limit": "1"}))
    yield ("app-isolator-memory-quantity", r'app\.isolators\[0\].*"much"',
           isolator("resource/memory", {"limit": "much"}))
    yield ("app-isolator-capabilities-empty", r"app\.isolators\[0\].*set",
           isolator("os/linux/capabilities-retain-set", {"set": []}))
    yield "app-isolator-cpu-shares-one", r"app\.isolators\[0\].*1", isolator("os/linux/cpu-shares", 1)
    yield "app-user-annotations-number", r"app\.userAnnotations", app(userAnnotations={"a": 1})
    yield "app-user-annotations-array", r"app\.userAnnotations", app(userAnnotations=[])
    yield "app-user-labels-string", r"app\.userLabels", app(userLabels="x")
    yield "app-user-labels-array-inside", r"app\.userLabels", app(userLabels={"a": []})

    yield "dependencies-object", "dependencies", {"dependencies": {"imageName": "a"}}
    yield "dependency-without-name", r"dependencies\[0\]\.imageName", dependency()
    yield "dependency-name-upper-case", r'dependencies\[0\]\.imageName: "A"', dependency(imageName="A")
    yield ("dependency-id-of-sha256", r'dependencies\[0\]\.imageID: "sha256-abc"',
           dependency(imageName="a", imageID="sha256-abc"))
    yield ("dependency-id-without-digits", r'dependencies\[0\]\.imageID: "sha512-"',
           dependency(imageName="a", imageID="sha512-"))
    yield ("dependency-id-two-dashes", r'dependencies\[0\]\.imageID: "sha512-ab-cd"',
           dependency(imageName="a", imageID="sha512-ab-cd"))
    yield ("dependency-id-empty", r"dependencies\[0\]\.imageID", dependency(imageName="a", imageID=""))
    yield "dependency-size-negative", r"dependencies\[0\]\.size", dependency(imageName="a", size=-1)
    yield "dependency-size-fraction", r"dependencies\[0\]\.size", dependency(imageName="a", size=1.5)
    yield "dependency-size-string", r"dependencies\[0\]\.size", dependency(imageName="a", size="1")
    yield ("dependency-label-upper-case", r'dependencies\[0\]\.labels\[0\]\.name: "Os"',
           dependency(imageName="a", labels=[{"name": "Os", "value": "linux"}]))
    yield ("dependency-label-os-unknown", r'dependencies\[0\]\.labels.*"beos"',
           dependency(imageName="a", labels=[{"name": "os", "value": "beos"}]))
    yield ("dependency-second-bad", r"dependencies\[1\]\.imageName",
           {"dependencies": [{"imageName": "a"}, {"imageName": ""}]})

    yield "whitelist-string", "pathWhitelist", {"pathWhitelist": "/bin"}
    yield "whitelist-number-inside", r"pathWhitelist\[1\]", {"pathWhitelist": ["/bin", 1]}

    yield "annotations-object", "annotations", {"annotations": {"created": "2024-01-01T00:00:00Z"}}
    yield "annotation-name-upper-case", r'annotations\[0\]\.name: "A"', annotation("A", "x")
    yield ("annotation-twice", r'annotations\[1\].*"authors"',
           {"annotations": [{"name": "authors", "value": "x"}] * 2})
    yield "annotation-value-number", r"annotations\[0\]\.value", annotation("authors", 1)
    for what, value in {"date-only": "2024-01-01", "with-space": "2024-01-01 00:00:00Z",
                        "without-zone": "2024-01-01T00:00:00", "day-30-february": "2024-02-30T00:00:00Z",
                        "month-13": "2024-13-01T00:00:00Z", "hour-24": "2024-01-01T24:00:00Z",
                        "seconds-since-1970": "1700000000", "empty": ""}.items():
        yield f"annotation-created-{what}", f'annotations.*(created|"{value}")', annotation("created", value)
    for what, value in {"without-scheme": "example.com", "ftp": "ftp://example.com",
                        "empty": "", "bad-escape": "http://example.com/%zz"}.items():
        yield f"annotation-homepage-{what}", f'annotations.*(homepage|"{value}")', annotation("homepage", value)
    yield ("annotation-documentation-file", 'annotations.*"file:///doc"',
           annotation("documentation", "file:///doc"))


def text_cases():
    good = aci.manifest()
    inside = good[:-1]
    yield "labels-object", "labels", inside + b',"labels":{"version":"1"}}'
    yield "labels-string", "labels", inside + b',"labels":"version"}'
    yield "label-string", r"labels\[0\]", inside + b',"labels":["version"]}'
    yield "json-empty", SYNTAX + "|empty", b""
    yield "json-white-space-only", SYNTAX + "|empty", b" \n\t\r\n"
    yield "json-null", "object|acKind", b"null"
    yield "json-array", "object", b"[" + good + b"]"
    yield "json-string", "object", b'"ImageManifest"'
    yield "json-number", "object", b"42"
    yield "json-plain-text", SYNTAX, b"this is no manifest\n"
    yield "json-yaml", SYNTAX, b"acKind: ImageManifest\nacVersion: 0.8.11\n"
    yield "json-truncated", SYNTAX, good[:40]
    yield "json-brace-missing", SYNTAX, inside
    yield "json-text-after", SYNTAX, good + b" x"
    yield "json-second-object", SYNTAX, good + good
    yield "json-nul-after", SYNTAX, good + b"\0"
    yield "json-comma-at-end", SYNTAX, inside + b",}"
    yield "json-comma-in-array", SYNTAX, inside + b',"x":[1,]}'
    yield "json-comma-missing", SYNTAX, inside + b' "x":1}'
    yield "json-colon-missing", SYNTAX, inside + b',"x" 1}'
    yield "json-comment", SYNTAX, b"// a comment\n" + good
    yield "json-single-quotes", SYNTAX, inside + b",'x':1}"
    yield "json-bare-name", SYNTAX, inside + b",x:1}"
    yield "json-byte-order-mark", SYNTAX + "|byte order mark", b"\xef\xbb\xbf" + good
    yield "json-utf-16", SYNTAX + "|UTF-8", good.decode().encode("utf-16")
    yield "json-newline-in-string", SYNTAX, inside + b',"x":"a\nb"}'
    yield "json-tab-in-string", SYNTAX, inside + b',"x":"a\tb"}'
    yield "json-escape-unknown", SYNTAX, inside + b',"x":"\\x41"}'
    yield "json-escape-short", SYNTAX, inside + b',"x":"\\u12"}'
    yield "json-string-open", SYNTAX, inside + b',"x":"abc'
    yield "json-number-leading-zero", SYNTAX, inside + b',"x":01}'
    yield "json-number-plus", SYNTAX, inside + b',"x":+1}'
    yield "json-number-hexadecimal", SYNTAX, inside + b',"x":0x1}'
    yield "json-number-dot-at-end", SYNTAX, inside + b',"x":1.}'
    yield "json-number-no-exponent", SYNTAX, inside + b',"x":1e}'
    yield "json-nan", SYNTAX, inside + b',"x":NaN}'
    yield "json-literal-upper-case", SYNTAX, inside + b',"x":True}'
    yield "json-literal-cut", SYNTAX, inside + b',"x":tru}'
    yield "json-utf-8-lone-byte", "UTF-8|" + SYNTAX, inside + b',"x":"\xff"}'
    yield "json-utf-8-cut", "UTF-8|" + SYNTAX, inside + b',"x":"\xe2\x82"}'
    yield "json-utf-8-overlong", "UTF-8|" + SYNTAX, inside + b',"x":"\xc0\xaf"}'
    yield "json-utf-8-surrogate", "UTF-8|" + SYNTAX, inside + b',"x":"\xed\xa0\x80"}'
    yield "json-utf-8-latin-1-name", "UTF-8|" + SYNTAX, inside + b',"caf\xe9":1}'
    yield "json-error-on-line-3", "line 3, column 7", b'{\n"x":1,\n"y":12x}'
    yield ("json-deeper-than-10000", "(deep|depth|nest).*10,?000|10,?000.*(deep|depth|nest)",
           inside + b',"x":' + b"[" * 10000 + b"]" * 10000 + b"}")
    yield ("json-deep-and-open", "deep|depth|nest|" + SYNTAX, inside + b',"x":' + b'{"y":' * 200000)
    yield "manifest-over-4-mib", "manifest.*(4 ?MiB|4,?194,?304)", good + b" " * (4 << 20)
