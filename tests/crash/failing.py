#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`nexus sync` meets a call that fails, once or from then on, or that writes half: nothing may be lost or torn, no run may
hang or crash, and when the fault is gone the next pass brings all in step.

usage: failing.py --program NEXUS --shim LIBRARY [--points N] [--seed N] [--only SCENARIO,...] [--call NAME] [--error NAME]
                  [--jobs N]

--points: how many in all, by chance over every call, error and way (0: each). NEXUS_FAILING_POINTS is the same. What must
hold: what tests/walk/oracle.py knows. Where nothing but time was lost (an interrupted call, a short write), the outcome is
the one of an undisturbed run.
"""

import argparse
import errno
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import crash
import points

ERRORS = [errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EMFILE]
WAYS = [("fail", error) for error in [*ERRORS, errno.EINTR]] + [("stick", error) for error in ERRORS] + [("short", 0)]
HARMLESS = {("fail", errno.EINTR), ("short", 0)}
LIMIT_S = 60
# In place, half a version may be there until the next pass mends it; and what takes two steps may stand between them.
IN_STEPS = [crash.a_file_of_two_names, crash.a_move_and_an_edit, crash.items_of_a_new_list, crash.items]


class Harness(crash.Harness):
    def run_with(self, vault, at, how, error):
        """Neither ends by a signal nor goes on for ever."""
        try:
            done = subprocess.run([self.program, "-C", str(vault.root), "sync"], timeout=LIMIT_S, stdin=subprocess.DEVNULL,
                                  capture_output=True, env=dict(vault.environment, LD_PRELOAD=self.shim, CRASH_AT=str(at),
                                                                CRASH_HOW=how, CRASH_ERRNO=str(error),
                                                                CRASH_COUNT=str(vault.scratch / "count")))
        except subprocess.TimeoutExpired:
            return ["it hangs"]
        if done.returncode not in (0, 1, 3):
            return [f"it exits {done.returncode}: {done.stderr.decode()[-500:]}"]
        if done.returncode == 3 and not done.stderr.strip():
            return ["it fails, and does not say why"]
        return []

    def calls_that_fail(self, scenario, how):
        """The calls that there are to fail, or to halve."""
        with tempfile.TemporaryDirectory(prefix="nexus-failing-") as scratch:
            vault = self.prepare(scenario, scratch)
            self.run_with(vault, 0, how, 0)
            return points.calls(vault.scratch / "count")

    def recover(self, vault, scenario, is_harmless):
        vault.nexus("sync")
        for _ in range(4):  # what was put off has its time now
            vault.sql("UPDATE nx_outbox SET retry_at_ns = 0")
            vault.nexus("sync")
        if is_harmless:
            return self.judge(scenario, vault)
        return vault.oracle.check(lambda: vault.nexus("sync"), self.expected[scenario][1])

    def versions(self, scenario, before):
        after = self.expected[scenario][0]["files"]
        versions = {path: {content} for path, content in before.items()}
        for path, content in after:
            versions.setdefault(path, set()).add(content)
        return versions

    def try_failure(self, failure):
        scenario, at, how, error = failure
        with tempfile.TemporaryDirectory(prefix="nexus-failing-") as scratch:
            vault = self.prepare(scenario, scratch)
            versions = self.versions(scenario, vault.oracle.files())
            findings = self.run_with(vault, at, how, error)
            if scenario not in IN_STEPS:
                findings += vault.oracle.whole(versions)
            try:
                findings += self.recover(vault, scenario, (how, error) in HARMLESS)
            except (AssertionError, sqlite3.Error, subprocess.TimeoutExpired) as finding:
                findings.append(str(finding))
        where = f"{scenario.__name__}, call {at}, {how} {errno.errorcode.get(error, '')}"
        return f"{where}:\n  " + "\n  ".join(findings) if findings else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--shim", required=True, type=pathlib.Path)
    parser.add_argument("--points", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--call", default="", help="only those of this name, such as write")
    parser.add_argument("--error", default="", help="only with this one, such as EIO")
    parser.add_argument("--jobs", type=int, default=points.jobs_by_default())
    wanted = parser.parse_args()
    chance = random.Random(wanted.seed)
    harness = Harness(str(wanted.program.resolve(strict=True)), str(wanted.shim.resolve(strict=True)))
    begin = time.monotonic()
    wanted.points = int(os.environ.get("NEXUS_FAILING_POINTS", wanted.points))
    scenarios = crash.chosen(wanted, chance)
    harness.measure_all(scenarios, wanted.jobs)
    failures = []
    for scenario in scenarios:
        calls = {how: harness.calls_that_fail(scenario, how) for how in ("fail", "short")}
        for how, error in [(how, error) for how, error in WAYS if wanted.error in ("", errno.errorcode.get(error))]:
            failures += [(scenario, at, how, error) for at, name in enumerate(calls["short" if how == "short" else "fail"], 1)
                         if wanted.call in ("", name)]
    total = len(failures)
    if wanted.points and wanted.points < total:
        failures = chance.sample(failures, wanted.points)
    for number, finding in enumerate(points.each(harness.try_failure, failures, wanted.jobs), 1):
        if finding:
            harness.findings += 1
            print(finding, flush=True)
        if number % 100 == 0:
            print(f"{number} of {len(failures)}: {harness.findings} findings, {time.monotonic() - begin:.0f} s", flush=True)
    print(f"{len(failures)} of {total} failures: {harness.findings} findings, {time.monotonic() - begin:.0f} s; seed {wanted.seed}")
    sys.exit(1 if harness.findings else 0)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    main()
