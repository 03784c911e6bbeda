#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`nexus sync` under clocks that are wrong, jump and go back, with files whose times are anything: nothing is lost, both sides
agree, and what has expired stays so.

usage: wrong.py --program NEXUS --shim LIBRARY [--rounds N] [--seed N]

A round is a small vault; in each of its four steps files and rows, or both of one, are edited under another clock each. What must
hold after each is what tests/walk/oracle.py knows.
"""

import argparse
import os
import pathlib
import random
import sqlite3
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "crash"))
import crash  # noqa: E402

STEPS = 4
DAY, YEAR = 86400, 31557600
# By how much the clock is wrong; a string is the year that it shows.
CLOCKS = [0, 0, 1, -1, 2, -2, 3600, -3600, DAY, -DAY, YEAR, -YEAR, "1970", "2037", "2038", "2100"]
# A file's time: as it is, as before, so many seconds from now, or at a moment.
SECONDS = [1, -1, 60, -60, DAY, -DAY, 10 * YEAR]
MOMENTS = [0, 1, -1, -YEAR, 1000000000, 2**31 - 1, 2**31, 2**32]


class Round:
    def __init__(self, program, shim, seed, scratch):
        self.chance, self.numbers, self.log = random.Random(seed), 100, []
        self.vault = crash.Vault(program, scratch)
        self.vault.environment["LD_PRELOAD"] = shim

    def token(self):
        self.numbers += 1
        return f"T{self.numbers:06}Z"

    def turn(self):
        """The clock, and what it shows."""
        clock = self.chance.choice(CLOCKS)
        by = clock if isinstance(clock, int) else int((int(clock) - 1970 + 0.1) * YEAR - time.time())
        self.vault.environment["WRONG_CLOCK"] = str(by)
        self.log.append(f"clock {clock}")

    def edit_file(self, name):
        token, file = self.token(), self.vault.root / name
        before = file.stat()
        file.write_text(f"---\nwho: W00000{name[1]}Q # stays\nmood: {token}\n---\nBody {self.token()}.\n")
        kind = self.chance.choice(["now", "before", "seconds", "moment"])
        if kind != "now":
            at = (before.st_mtime_ns if kind == "before" else
                  int((time.time() + self.chance.choice(SECONDS)) * 10**9) if kind == "seconds" else
                  self.chance.choice(MOMENTS) * 10**9)
            os.utime(file, ns=(at, at))
        self.log.append(f"{name} says {token}, time {kind} {file.stat().st_mtime_ns}")
        return token

    def edit_row(self, name):
        token = self.token()
        self.vault.sql(f"UPDATE core_note SET content = 'Row {token}.' WHERE _path = '{name}'")
        self.log.append(f"the row of {name} says {token}")
        return token

    def share(self, name):
        at = self.chance.choice(["2001-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2038-01-19T03:14:08Z", "2199-01-01T00:00:00Z"])
        self.vault.sql("UPDATE object_permissions SET share_with_ai = 1, expires_at ="
                       f" '{at}' WHERE object_id = (SELECT id FROM data_objects WHERE file_path = '{name}')")
        ((uid,),) = self.vault.oracle.query("SELECT uid FROM data_objects WHERE file_path = ?", name)
        self.vault.oracle.shared[uid] = (1, 0)
        self.log.append(f"{name} is shared until {at}")

    def revived(self):
        """What was closed because its time was over is open again."""
        shared = {uid for (uid,) in self.vault.oracle.query(
            "SELECT o.uid FROM data_objects o JOIN object_permissions p ON p.object_id = o.id WHERE p.share_with_ai")}
        for uid, (said, _) in list(self.vault.oracle.shared.items()):
            if said and uid not in shared:
                self.vault.oracle.shared[uid] = (0, 0)

    def step(self):
        """What was found after it."""
        wanted = set()
        name = f"n{self.chance.randint(1, 4)}.md"
        doing = self.chance.choice(["file", "row", "both", "both", "share"])
        self.turn()
        if doing in ("row", "both"):
            wanted.add(self.edit_row(name))
        if doing in ("file", "both"):
            wanted.add(self.edit_file(name))
        if doing == "share":
            self.share(name)
        if self.chance.random() < 0.5:
            self.turn()
        for _ in range(2):
            self.vault.nexus("sync")
        findings = self.vault.oracle.check(lambda: self.vault.nexus("sync"), wanted)
        self.revived()
        return findings


def try_round(program, shim, seed):
    with tempfile.TemporaryDirectory(prefix="nexus-clocks-") as scratch:
        one = Round(program, shim, seed, scratch)
        for _ in range(STEPS):
            try:
                findings = one.step()
            except (AssertionError, sqlite3.Error) as error:
                findings = [str(error)]
            if findings:
                return "\n  ".join([f"seed {seed}:", *findings[:10], "after:", *one.log])
    return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--shim", required=True, type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    program, shim = (str(path.resolve(strict=True)) for path in (wanted.program, wanted.shim))
    failed = 0
    for number in range(wanted.rounds):
        finding = try_round(program, shim, wanted.seed * 1000 + number)
        failed += bool(finding)
        if finding:
            print(finding, flush=True)
    print(f"{wanted.rounds} rounds of {STEPS} steps under wrong clocks: {failed} findings; seed {wanted.seed}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
