# SPDX-License-Identifier: Apache-2.0
"""Manifests that the reference validator accepts, however odd: (name of the oddity, JSON)."""

import aci

ARCHITECTURES = {
    "linux": "amd64 i386 aarch64 aarch64_be armv6l armv7l armv7b ppc64 ppc64le s390x",
    "freebsd": "amd64 i386 arm",
    "darwin": "x86_64 i386",
}


def cases():
    for name, members in members_cases():
        yield name, aci.manifest(**members)
    yield from text_cases()


def app(**members):
    return {"app": {"user": "0", "group": "0", **members}}


def annotation(name, value):
    return {"annotations": [{"name": name, "value": value}]}


def members_cases():
    for version in ("0.1.0", "0.8.11-pre.1+build.5", "1.0.0", "0.0.0-x", "00.08.011"):
        yield f"acversion-{version}", {"acVersion": version}
    yield "name-one-letter", {"name": "a"}
    yield "name-of-4096-bytes", {"name": "a" * 4096}
    yield "name-all-marks", {"name": "a-._~/b"}
    yield "name-of-digits", {"name": "0123"}
    for os, architectures in ARCHITECTURES.items():
        for arch in architectures.split():
            yield f"labels-{os}-{arch}", {"labels": [("os", os), ("arch", arch)]}
        yield f"labels-{os}-alone", {"labels": [("arch2", "x"), ("os", os)]}
    yield "labels-arch-without-os", {"labels": [("arch", "pdp11")]}
    yield "label-value-empty", {"labels": [("version", "")]}
    yield "label-value-anything", {"labels": [("version", "1.0\n\x1b[31m\"é\u2028\U0001f600")]}
    yield "labels-10000", {"labels": [(f"label{i}", "x") for i in range(10000)]}
    yield "app-smallest", app()
    yield "app-full", app(
        exec=["/bin/sh", "-c", "true"], workingDirectory="/", supplementaryGIDs=[0, -1, 2 ** 31],
        eventHandlers=[{"name": "pre-start", "exec": []}, {"name": "post-stop", "exec": ["/x"]}],
        environment=[{"name": "_A.b-1", "value": ""}, {"name": "a", "value": "x=y"}],
        mountPoints=[{"name": "data-1", "path": "/data", "readOnly": True}],
        ports=[{"name": "http", "protocol": "tcp", "port": 1, "count": 65535, "socketActivated": True},
               {"name": "https", "protocol": "anything", "port": 65535, "count": 1}],
        isolators=[{"name": "resource/cpu", "value": {"request": "250m", "limit": "1.5"}},
                   {"name": "resource/memory", "value": {"limit": "1Gi"}},
                   {"name": "os/linux/no-new-privileges", "value": True}],
        userAnnotations={"Any Key": "x", "": ""}, userLabels={"a": "b"})
    yield "app-empty-lists", app(exec=[], eventHandlers=[], environment=[], mountPoints=[], ports=[],
                                 isolators=[], supplementaryGIDs=[], userAnnotations={}, userLabels={})
    yield "app-exec-relative", app(exec=["sh"])
    yield "app-working-directory-empty", app(workingDirectory="")
    yield "app-port-count-zero", app(ports=[{"name": "a", "port": 65535, "count": 0}])
    yield "app-mount-point-without-name", app(mountPoints=[{"path": "/data"}])
    yield "dependencies", {"dependencies": [
        {"imageName": "a"}, {"imageName": "a", "imageID": "sha512-zz", "size": 0},
        {"imageName": "b/c", "labels": [{"name": "os", "value": "linux"}], "size": 2 ** 64 - 1}]}
    yield "whitelist", {"pathWhitelist": ["", "/a", "relative", "../x"]}
    for value in ("2024-02-29T23:59:59Z", "2024-01-01T00:00:00.123456789+05:30", "0000-01-01T00:00:00-00:00"):
        yield f"annotation-created-{value}", annotation("created", value)
    for what, value in {"http": "http://example.com", "https-port-query": "https://e.com:8080/a?b=c#d",
                        "only-scheme": "http:", "upper-case-scheme": "HTTP://example.com"}.items():
        yield f"annotation-homepage-{what}", annotation("homepage", value)


def text_cases():
    good = aci.manifest()
    inside = good[:-1]
    absent = (b',"labels":null,"app":null,"annotations":null,"dependencies":null,"pathWhitelist":null}')
    yield "members-null", inside + absent
    yield "app-members-null", inside + (
        b',"app":{"user":"0","group":"0","exec":null,"environment":null,"ports":null,"isolators":null,'
        b'"mountPoints":null,"eventHandlers":null,"userLabels":null,"workingDirectory":null}}')
    yield "white-space-around", b" \t\r\n" + good.replace(b",", b" ,\r\n\t") + b"\n\n \t"
    yield "members-unknown", inside + b',"x":{"y":[1,2.5,-0,1e5,true,false,null,"\\u00e9\\n"]},"":""}'
    yield "number-huge", inside + b',"x":1e999999,"y":' + b"9" * 5000 + b"}"
    yield "escaped-member-name", good.replace(b'"acKind"', b'"\\u0061cKind"')
    yield "escaped-solidus", good.replace(b"example.com/app", b"example.com\\/app")
    yield "lone-surrogate", inside + b',"labels":[{"name":"version","value":"\\ud800"}]}'
    yield "member-names-in-other-case", good.replace(b"acKind", b"ACKIND").replace(b"name", b"Name")
    yield "member-twice", inside + b',"name":"example.com/other"}'
    yield "depth-of-10000", inside + b',"x":' + b"[" * 9999 + b"]" * 9999 + b"}"
    yield "manifest-of-4-mib", good + b" " * ((4 << 20) - len(good))
