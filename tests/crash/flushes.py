#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a power cut would lose cannot be seen by killing a program. So the order of `nexus sync`'s calls is looked at:

  a new version is on the disk (fsync or syncfs behind its last write) before it takes its place;
  with durability full, so is the folder's new entry (fsync) before the database says that the file was written.

usage: flushes.py --program NEXUS --shim LIBRARY
"""

import argparse
import json
import pathlib
import sys
import tempfile

import crash
import points

FLUSHES = {"fsync", "syncfs"}  # what SQLite flushes, it flushes by fdatasync
# What is waiting, and the call that puts it into its place.
PLACING = [(crash.an_edit, "exchange"), (crash.a_row_that_wins, "exchange"), (crash.items, "exchange"),
           (crash.a_new_note, "renameat2"), (crash.items_of_a_new_list, "exchange")]


def between(calls, first, last):
    return set(calls[first + 1:last])


def findings(calls, placing, is_full):
    places = [at for at, name in enumerate(calls) if name == placing]
    if not places:
        return [f"nothing is put into its place by {placing}"]
    found, last = [], places[-1]
    written = max((at for at in range(last) if calls[at] == "write"), default=-1)
    if written < 0 or not between(calls, written, last) & FLUSHES:
        found.append("a new version takes its place before it is on the disk")
    told = next((at for at in range(last, len(calls)) if calls[at] == "pwrite64"), len(calls))
    if is_full and not between(calls, last, told) & FLUSHES:
        found.append("a rename is believed before its folder is on the disk")
    return found


def calls_of(harness, scenario, durability):
    with tempfile.TemporaryDirectory(prefix="nexus-flushes-") as scratch:
        vault = harness.prepare(scenario, scratch)
        (vault.root / ".nexus/config.json").write_text(json.dumps({"durability": durability}))
        harness.killed_sync(vault, 0, "before")
        return points.calls(vault.scratch / "count")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--shim", required=True, type=pathlib.Path)
    wanted = parser.parse_args()
    harness = crash.Harness(str(wanted.program.resolve(strict=True)), str(wanted.shim.resolve(strict=True)))
    failed = 0
    for durability in ("normal", "full"):
        for scenario, placing in PLACING:
            calls = calls_of(harness, scenario, durability)
            for finding in findings(calls, placing, durability == "full"):
                failed += 1
                print(f"{scenario.__name__}, durability {durability}: {finding}:\n  {' '.join(calls)}")
    print(f"{2 * len(PLACING)} orders of calls: {failed} findings")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
