# SPDX-License-Identifier: MIT
"""The library exports what the public headers declare: no symbol more, none less.

usage: symbols.py ROOT ARCHIVE
"""

import re
import subprocess
import sys

import tree

DECLARED = re.compile(r"NEXUS_API\b[^;({]*?\b(\w+)\s*\(")


def declared(root):
    names = set()
    for _, path in tree.files(root, "include"):
        text = "\n".join(line for _, line in tree.lines(path) if not line.startswith("#"))
        names.update(DECLARED.findall(text))
    return names


def exported(archive):
    """Defined global symbols of default visibility; sanitizers' own begin with two underscores."""
    listing = subprocess.run(["readelf", "--symbols", "--wide", archive], check=True,
                             capture_output=True, text=True).stdout
    names = set()
    for line in listing.splitlines():
        fields = line.split()
        if len(fields) >= 8 and fields[4] in ("GLOBAL", "WEAK") and fields[5] == "DEFAULT" and fields[6] != "UND":
            names.add(fields[7])
    return {name for name in names if not name.startswith("__")}


def check(root, archive):
    ours, theirs = declared(root), exported(archive)
    for name in sorted(ours - theirs):
        yield f"include/nexus:1: {name} is declared and not in the library"
    for name in sorted(theirs - ours):
        yield f"{archive}:1: {name} is exported and no header declares it"


if __name__ == "__main__":
    tree.main(lambda root: check(root, sys.argv[2]))
