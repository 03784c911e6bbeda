# SPDX-License-Identifier: MIT
"""What the contract tests share: walking the source tree and reporting.

A rule is a module with `check(root)`, which yields one line `path:line: what is wrong` a finding.
Run as a program with the tree's root as its argument it prints them and exits 1 if there is one.
"""

import os
import pathlib
import re
import sys

# Made by building and running, never part of the tree.
MADE = {"build", ".git", ".cache", "__pycache__", "compile_commands.json"}
# Vaults are data: their bytes are somebody's notes, no sources of ours.
DATA = re.compile(r"vault-example/|tests/cases/[^/]+/|tests/fuzz/corpus/")


def files(root, *tops):
    """Every file below root (or below its folders `tops`), as (relative path, Path), sorted."""
    root = pathlib.Path(root)
    found = []
    for top in tops or (".",):
        for folder, folders, names in os.walk(root / top):
            folders[:] = [name for name in folders if name not in MADE]
            for name in names:
                path = pathlib.Path(folder) / name
                if name not in MADE and path.is_file():
                    found.append((path.relative_to(root).as_posix(), path))
    return sorted(found)


def sources(root, *tops):
    """As files(), without the vaults."""
    return [(name, path) for name, path in files(root, *tops) if not DATA.match(name)]


def lines(path):
    """(number, line) of a text; bytes that are not UTF-8 are replaced."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return enumerate(text.splitlines(), start=1)


def main(check):
    findings = list(check(sys.argv[1]))
    for finding in findings:
        print(finding)
    sys.exit(1 if findings else 0)
