#!/usr/bin/env python3
"""Compares two builds of one tree: binaries, tarballs and image archives.

usage: compare.py [--ignore FILE] EXPECTED ACTUAL

EXPECTED and ACTUAL are output directories (`_output`, or a copy that holds dockerized/bin, release-tars and
release-images). Binaries must be equal to the byte. Tarballs must hold the same paths with the same type, mode, owner,
size, link target and content; the order of entries, times and the compression do not count. A tarball inside a tarball is
compared in the same way, an image archive by its names, its configuration and its flattened root file system.

A test binary, wherever it lies, holds the random name of go's temporary directory and a build id that depends on it. Where
these two alone differ it is called alike, and listed as that.

--ignore names a file with lines that a comparison printed before (what differs between two runs of upstream's own
scripts): these lines are listed, not counted.
"""

import argparse
import hashlib
import io
import json
import os
import re
import sys
import tarfile

# `go test -c` writes the name of go's temporary directory into a test binary, because the tree's own -trimpath takes the
# place of go's; the build ids of linker and go are hashes over it.
# The name has nine or ten digits; what follows is moved by that, up to the zeros behind it.
TEMPORARY = re.compile(rb"/tmp/go-build[0-9]+([^\0]{0,80}\0*)")
BUILD_ID = re.compile(rb"(\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0).{20}", re.DOTALL)

GO_BUILD_ID = re.compile(rb"(?<=Go build ID: \")[^\"]*")

BLOCK = 1 << 16

CONFIG_FIELDS = ("Env", "Entrypoint", "Cmd", "User", "WorkingDir", "Labels")


def sha256(stream):
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


def without_temporary_names(data):
    """A binary with the temporary directory's name and the build ids blanked; its length stays."""
    data = TEMPORARY.sub(lambda found: (b"/tmp/go-build#" + found[1]).ljust(len(found[0]), b"\0"), data)
    data = GO_BUILD_ID.sub(lambda found: b"#" * len(found.group()), data)
    return BUILD_ID.sub(lambda found: found.group(1) + b"#" * 20, data)


def differ_by_rounding(left, right):
    """Whether all that differs is the length of the table that holds the temporary name: go rounds it up to eight bytes, and notes
    it twice in a row."""
    if len(left) != len(right):
        return False
    words = [at for block in range(0, len(left), BLOCK) if left[block:block + BLOCK] != right[block:block + BLOCK]
             for at in range(block, min(block + BLOCK, len(left)), 8) if left[at:at + 8] != right[at:at + 8]]
    steps = {abs(int.from_bytes(left[at:at + 8], "little") - int.from_bytes(right[at:at + 8], "little")) for at in words}
    return len(words) == 2 and words[1] - words[0] == 8 and steps == {8}


class Content:
    """What a file holds: a hash, and of a test binary everything but the random name."""

    def __init__(self, name, stream):
        self.settled = None
        if name.endswith((".test", ".test.exe")):
            data = stream.read()
            self.exact = hashlib.sha256(data).hexdigest()
            self.settled = without_temporary_names(data)
        else:
            self.exact = sha256(stream)

    def __eq__(self, other):
        if not isinstance(other, Content):
            return False
        if self.exact == other.exact or self.settled is None or other.settled is None:
            return self.exact == other.exact
        return self.settled == other.settled or differ_by_rounding(self.settled, other.settled)

    __hash__ = None

    def __repr__(self):
        return self.exact[:12]


def entry_type(member):
    if member.isdir():
        return "directory"
    if member.issym():
        return "symlink"
    if member.islnk():
        return "hard link"
    return "file" if member.isfile() else f"type {member.type!r}"


def clean(name):
    while name.startswith("./"):
        name = name[2:]
    return name.rstrip("/") or "."


class Image:
    """A docker-archive, reduced to what makes two images equal."""

    def __init__(self, data):
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            manifest = json.load(archive.extractfile("manifest.json"))
            self.facts = {}
            self.files = {}
            for number, image in enumerate(manifest):
                config = json.load(archive.extractfile(image["Config"]))
                facts = {"RepoTags": sorted(image["RepoTags"] or []), "os": config.get("os"),
                         "architecture": config.get("architecture")}
                for field in CONFIG_FIELDS:
                    facts[field] = (config.get("config") or {}).get(field) or None
                self.facts[number] = facts
                for layer in image["Layers"]:
                    self.flatten(archive, layer)

    def flatten(self, archive, name):
        with tarfile.open(fileobj=archive.extractfile(name)) as layer:
            for member in layer:
                path = clean(member.name)
                directory, base = os.path.split(path)
                if base == ".wh..wh..opq":
                    self.drop_below(directory)
                elif base.startswith(".wh."):
                    gone = os.path.join(directory, base[4:])
                    self.files.pop(gone, None)
                    self.drop_below(gone)
                else:
                    self.files[path] = self.describe(layer, member)

    def drop_below(self, directory):
        for path in [path for path in self.files if path.startswith(directory + "/")]:
            del self.files[path]

    @staticmethod
    def describe(layer, member):
        xattrs = {key: value for key, value in member.pax_headers.items() if key.startswith("SCHILY.xattr.")}
        content = Content(member.name, layer.extractfile(member)) if member.isfile() else ""
        return (entry_type(member), oct(member.mode & 0o7777), member.uid, member.gid, member.linkname, sorted(xattrs.items()), content)


class Comparison:
    def __init__(self, known):
        # What differs between two runs of upstream's own scripts: the place, not the values.
        self.known = known
        self.differences = []
        self.listed = []
        self.alike = []

    def counts(self):
        return len(self.differences), len(self.listed) + len(self.alike)

    def differ(self, place, what):
        (self.listed if place in self.known else self.differences).append(f"{place} | {what}")

    def may_be_alike(self, place, expected, actual):
        if isinstance(expected, Content) and expected.exact != actual.exact:
            self.alike.append(f"{place} | equal but for the name of go's temporary directory")

    def maps(self, where, expected, actual, describe=str):
        for key in sorted(set(expected) | set(actual), key=str):
            if key not in actual:
                self.differ(f"{where}: {key}", "is missing")
            elif key not in expected:
                self.differ(f"{where}: {key}", "is too much")
            elif expected[key] != actual[key]:
                self.differ(f"{where}: {key}", f"expected {describe(expected[key])}, is {describe(actual[key])}")
            elif isinstance(expected[key], tuple):
                self.may_be_alike(f"{where}: {key}", expected[key][-1], actual[key][-1])

    def images(self, where, expected, actual):
        expected, actual = Image(expected), Image(actual)
        for number in sorted(set(expected.facts) | set(actual.facts)):
            self.maps(f"{where} (image)", expected.facts.get(number, {}), actual.facts.get(number, {}))
        self.maps(f"{where} (root file system)", expected.files, actual.files)
        return len(expected.files)

    def tarballs(self, where, expected, actual):
        """Compares two open tarballs; returns the number of entries."""
        left, left_nested = self.read(expected)
        right, right_nested = self.read(actual)
        self.maps(where, left, right)
        for path in sorted(set(left_nested) & set(right_nested)):
            self.nested(f"{where}!{path}", left_nested[path], right_nested[path])
        return len(left)

    @staticmethod
    def read(stream):
        """Entries of a tarball, and the archives inside it as bytes."""
        entries, nested = {}, {}
        with tarfile.open(fileobj=stream) as archive:
            for member in archive:
                path = clean(member.name)
                kind = entry_type(member)
                facts = [kind, oct(member.mode & 0o7777), member.uid, member.gid, member.uname, member.gname, member.linkname]
                if member.isfile():
                    if path.endswith((".tar.gz", ".tar")):
                        nested[path] = archive.extractfile(member).read()
                    else:
                        facts += [member.size, Content(path, archive.extractfile(member))]
                entries[path] = tuple(facts)
        return entries, nested

    def nested(self, where, expected, actual):
        if where.endswith(".tar.gz"):
            self.tarballs(where, io.BytesIO(expected), io.BytesIO(actual))
        else:
            self.images(where, expected, actual)

    def files(self, where, expected, actual):
        """Compares two files of the same name."""
        if where.endswith(".tar.gz"):
            with open(expected, "rb") as left, open(actual, "rb") as right:
                return f"{self.tarballs(where, left, right)} entries"
        if where.endswith(".tar"):
            with open(expected, "rb") as left, open(actual, "rb") as right:
                return f"image, {self.images(where, left.read(), right.read())} files"
        with open(expected, "rb") as left, open(actual, "rb") as right:
            contents = Content(where, left), Content(where, right)
        if contents[0] != contents[1]:
            self.differ(f"{where}: content", f"expected {contents[0]}, is {contents[1]}")
        else:
            self.may_be_alike(f"{where}: content", *contents)
        modes = oct(os.stat(expected).st_mode & 0o7777), oct(os.stat(actual).st_mode & 0o7777)
        if modes[0] != modes[1]:
            self.differ(f"{where}: mode", f"expected {modes[0]}, is {modes[1]}")
        return f"{os.path.getsize(expected)} bytes, {contents[0]}"


def packed_programs(root):
    """Names of the files that the tarballs of a release hold."""
    names = set()
    for directory, _, files in os.walk(os.path.join(root, "release-tars")):
        for file in files:
            if not file.startswith("kubernetes-src"):
                with tarfile.open(os.path.join(directory, file)) as tarball:
                    names.update(os.path.basename(member.name) for member in tarball if member.isfile())
    return names


def listing(root):
    found = {}
    for part in ("dockerized/bin", "release-tars", "release-images"):
        for directory, _, names in os.walk(os.path.join(root, part)):
            for name in names:
                path = os.path.join(directory, name)
                found[os.path.relpath(path, root)] = path
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ignore", metavar="FILE")
    parser.add_argument("expected")
    parser.add_argument("actual")
    arguments = parser.parse_args()

    known = set()
    if arguments.ignore:
        with open(arguments.ignore, encoding="utf-8") as lines:
            known = {line.removeprefix("DIFFERS ").split(" | ")[0] for line in lines if line.startswith("DIFFERS ")}
    comparison = Comparison(known)
    expected, actual = listing(arguments.expected), listing(arguments.actual)
    if not expected:
        sys.exit(f"nothing to compare in {arguments.expected}")
    packed = packed_programs(arguments.expected)
    tally = dict.fromkeys(("equal", "alike", "UNEQUAL", "skipped"), 0)
    for path in sorted(set(expected) | set(actual)):
        if path.startswith("dockerized/bin/") and path not in actual and os.path.basename(path) not in packed:
            # Upstream leaves the generators that it builds for itself beside the programs.
            state, summary = "skipped", "a tool of the build, in no tarball"
        elif path not in actual or path not in expected:
            state, summary = "UNEQUAL", "is missing" if path not in actual else "is too much"
            comparison.differ(path, summary)
        else:
            differences, listed = comparison.counts()
            summary = comparison.files(path, expected[path], actual[path])
            state = "equal"
            if comparison.counts() != (differences, listed):
                state = "alike" if comparison.counts()[0] == differences else "UNEQUAL"
        tally[state] += 1
        print(f"{state:7} {path} ({summary})")
    for line in comparison.alike:
        print(f"ALIKE   {line}")
    for line in comparison.listed:
        print(f"LISTED  {line}")
    for line in comparison.differences:
        print(f"DIFFERS {line}")
    print(", ".join(f"{number} {state}" for state, number in tally.items())
          + f"; {len(comparison.differences)} differences, {len(comparison.alike)} alike, {len(comparison.listed)} listed")
    sys.exit(1 if comparison.differences else 0)


if __name__ == "__main__":
    main()
