#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A backup, a restore, a rebuild, and what brings a damaged database back are killed at calls that change the disk; the
next `nexus sync` must bring all to where it would have been.

usage: recovery.py --program NEXUS --shim LIBRARY [--points N] [--second N] [--seed N] [--only SCENARIO]

--points: how many in all ($NEXUS_RECOVERY_POINTS, else 12; 0: each). --second: of how many of them the recovery is killed,
too. What must hold: what tests/crash/damage.py holds a vault to, and every backup is whole.
"""

import argparse
import os
import pathlib
import random
import signal
import sqlite3
import sys
import tempfile
import time

import damage


def a_backup(vault):
    return ["backup"]


def a_restore(vault):
    vault.nexus("permit", "notes/n1.md", "--ai", "off", "--cloud", "off")
    vault.nexus("permit", "notes/n8.md", "--read-only", "on")
    vault.write("notes/later.md", "# Later\n")
    vault.nexus("sync")
    return ["restore"]


def a_rebuild(vault):
    return ["rebuild"]


def a_start_after_damage(vault):
    return ["sync"]


def a_start_without_a_database(vault):
    return ["sync"]


def a_start_with_damage_and_no_backup(vault):
    for backup in (vault.root / ".nexus/backups").iterdir():
        backup.unlink()
    return ["sync"]


def spoil(vault, scenario):
    if scenario is a_start_without_a_database:
        vault.database.unlink()
    elif scenario in (a_start_after_damage, a_start_with_damage_and_no_backup):
        table = vault.sql("SELECT rootpage FROM sqlite_schema WHERE name = 'problems'")[0][0]

        def edit(data):
            data[(table - 1) * damage.PAGE:table * damage.PAGE] = b"\x55" * damage.PAGE
        damage.change(vault, edit)


SCENARIOS = [a_backup, a_restore, a_rebuild, a_start_after_damage, a_start_without_a_database,
             a_start_with_damage_and_no_backup]


class Harness:
    def __init__(self, vault, shim):
        self.vault, self.shim, self.findings = vault, shim, 0

    def prepare(self, scenario):
        self.vault.load("backed")
        arguments = scenario(self.vault)
        before = damage.Before(self.vault)
        spoil(self.vault, scenario)
        return arguments, before

    def killed(self, arguments, at, how):
        return self.vault.nexus(*arguments, codes=(0, 1, -signal.SIGKILL), LD_PRELOAD=self.shim, CRASH_AT=str(at), CRASH_HOW=how,
                                CRASH_COUNT=str(self.vault.scratch / "count"))

    def count(self, scenario):
        arguments, before = self.prepare(scenario)
        self.killed(arguments, 0, "before")
        calls = int((self.vault.scratch / "count").read_text())
        self.vault.nexus("sync")
        found = list(before.findings(self.vault, keeps_ids=True))
        if found:
            raise AssertionError(f"{scenario.__name__}: " + "\n".join(found))
        return calls

    def broken_backups(self):
        for backup in (self.vault.root / ".nexus/backups").glob("vault-*.sqlite"):
            database = sqlite3.connect(backup)
            if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                yield f"{backup.name} is not whole"
            database.close()

    def try_point(self, scenario, at, how, second):
        try:
            arguments, before = self.prepare(scenario)
            was_killed = self.killed(arguments, at, how).returncode == -signal.SIGKILL
            if second:
                self.killed(["sync"], second, "before")
            self.vault.nexus("sync")
            found = [*before.findings(self.vault, keeps_ids=True), *self.broken_backups()]
        except (damage.Failure, sqlite3.Error) as error:
            was_killed, found = True, [f"{type(error).__name__}: {error}"]
        if found:
            self.findings += 1
            print(f"{scenario.__name__}, killed {how} call {at}{f', and then at call {second}' if second else ''}:\n  "
                  + "\n  ".join(found), flush=True)
        return was_killed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--shim", required=True, type=pathlib.Path)
    parser.add_argument("--points", type=int, default=int(os.environ.get("NEXUS_RECOVERY_POINTS", "12")))
    parser.add_argument("--second", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    wanted = parser.parse_args()
    chance, begin, points = random.Random(wanted.seed), time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="nexus-recovery-") as scratch:
        vault = damage.Vault(str(wanted.program.resolve(strict=True)), scratch)
        vault.nexus("backup")
        vault.save("backed")
        harness = Harness(vault, str(wanted.shim.resolve(strict=True)))
        for scenario in SCENARIOS:
            if wanted.only in scenario.__name__:
                count = harness.count(scenario)
                print(f"{scenario.__name__}: {count} calls", flush=True)
                points += [(scenario, at, how) for at in range(1, count + 1) for how in ("before", "torn")]
        total = len(points)
        if wanted.points and wanted.points < total:
            points = chance.sample(points, wanted.points)
        second = set(chance.sample(range(len(points)), min(wanted.second, len(points))))
        killed = sum(harness.try_point(*point, chance.randint(1, 60) if number in second else 0)
                     for number, point in enumerate(points))
    print(f"{len(points)} of {total} points, {killed} killed, {len(second)} of them again: {harness.findings} findings,"
          f" {time.monotonic() - begin:.0f} s; seed {wanted.seed}")
    sys.exit(1 if harness.findings or killed < len(points) * 0.9 else 0)


if __name__ == "__main__":
    main()
