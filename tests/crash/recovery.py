#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A backup, a restore, a rebuild, and what brings a damaged database back are killed at calls that change the disk; the
next `nexus sync` must bring all to where it would have been.

usage: recovery.py --program NEXUS --shim LIBRARY [--points N] [--second N] [--seed N] [--only SCENARIO,...]
                   [--jobs N]

--points: how many in all ($NEXUS_RECOVERY_POINTS, else 12; 0: each). --second: of how many of them the recovery is killed,
too. --jobs: how many at a time (NEXUS_CRASH_JOBS is the same). What must hold: what tests/crash/damage.py holds a vault to, and every backup is whole.
"""

import argparse
import multiprocessing.util
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time

import damage
import points


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
    """Each process has a vault of its own: a vault is at home in one folder."""

    def __init__(self, program, shim):
        self.program, self.shim, self.findings = program, shim, 0
        self.owner, self.vault, self.ready = None, None, {}

    def at_home(self):
        if self.owner == os.getpid():
            return
        scratch = tempfile.mkdtemp(prefix="nexus-recovery-")
        multiprocessing.util.Finalize(None, shutil.rmtree, args=(scratch, True), exitpriority=1)
        self.owner, self.ready = os.getpid(), {}
        self.vault = damage.Vault(self.program, scratch)
        self.vault.nexus("backup")
        self.vault.save("backed")

    def prepare(self, scenario):
        """What waits to be killed is made once, and put back for each point."""
        self.at_home()
        if scenario not in self.ready:
            self.vault.load("backed")
            arguments = scenario(self.vault)
            before = damage.Before(self.vault)
            spoil(self.vault, scenario)
            self.vault.save(scenario.__name__)
            self.ready[scenario] = arguments, before
        self.vault.put_back(scenario.__name__)
        return self.ready[scenario]

    def killed(self, arguments, at, how):
        return self.vault.nexus(*arguments, codes=(0, 1, -signal.SIGKILL), LD_PRELOAD=self.shim, CRASH_AT=str(at), CRASH_HOW=how,
                                CRASH_COUNT=str(self.vault.scratch / "count"))

    def calls(self, scenario):
        arguments, before = self.prepare(scenario)
        self.killed(arguments, 0, "before")
        names = points.calls(self.vault.scratch / "count")
        self.vault.nexus("sync")
        found = list(before.findings(self.vault, keeps_ids=True))
        if found:
            raise AssertionError(f"{scenario.__name__}: " + "\n".join(found))
        return names

    def measure(self, scenario):
        names = self.calls(scenario)
        return scenario, points.of(names, names == self.calls(scenario)), len(names)

    def broken_backups(self):
        for backup in (self.vault.root / ".nexus/backups").glob("vault-*.sqlite"):
            database = sqlite3.connect(backup)
            if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                yield f"{backup.name} is not whole"
            database.close()

    def try_point(self, point):
        """Whether it was killed, and what was found."""
        scenario, at, how, second = point
        try:
            arguments, before = self.prepare(scenario)
            was_killed = self.killed(arguments, at, how).returncode == -signal.SIGKILL
            if second:
                self.killed(["sync"], second, "before")
            self.vault.nexus("sync")
            found = [*before.findings(self.vault, keeps_ids=True), *self.broken_backups()]
        except (damage.Failure, sqlite3.Error) as error:
            was_killed, found = True, [f"{type(error).__name__}: {error}"]
        where = f"{scenario.__name__}, killed {how} call {at}{f', and then at call {second}' if second else ''}"
        return was_killed, f"{where}:\n  " + "\n  ".join(found) if found else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--shim", required=True, type=pathlib.Path)
    parser.add_argument("--points", type=int, default=int(os.environ.get("NEXUS_RECOVERY_POINTS", "12")))
    parser.add_argument("--second", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=points.jobs_by_default())
    wanted = parser.parse_args()
    chance, begin, places = random.Random(wanted.seed), time.monotonic(), []
    harness = Harness(str(wanted.program.resolve(strict=True)), str(wanted.shim.resolve(strict=True)))
    only = wanted.only.split(",") if wanted.only else [scenario.__name__ for scenario in SCENARIOS]
    scenarios = [scenario for scenario in SCENARIOS if scenario.__name__ in only]
    for scenario, there, count in points.each(harness.measure, scenarios, wanted.jobs):
        print(f"{scenario.__name__}: {count} calls, {len(there)} points", flush=True)
        places += [(scenario, *place) for place in there]
    places.sort(key=lambda place: (SCENARIOS.index(place[0]), *place[1:]))
    total = len(places)
    if wanted.points and wanted.points < total:
        places = chance.sample(places, wanted.points)
    second = set(chance.sample(range(len(places)), min(wanted.second, len(places))))
    places = [(*place, chance.randint(1, 60) if number in second else 0) for number, place in enumerate(places)]
    killed = 0
    for number, (was_killed, finding) in enumerate(points.each(harness.try_point, places, wanted.jobs), 1):
        killed += was_killed
        if finding:
            harness.findings += 1
            print(finding, flush=True)
        if number % 100 == 0:
            print(f"{number} of {len(places)}: {harness.findings} findings, {time.monotonic() - begin:.0f} s", flush=True)
    print(f"{len(places)} of {total} points, {killed} killed, {len(second)} of them again: {harness.findings} findings,"
          f" {time.monotonic() - begin:.0f} s; seed {wanted.seed}")
    sys.exit(1 if harness.findings or killed < len(places) * 0.9 else 0)


if __name__ == "__main__":
    main()
