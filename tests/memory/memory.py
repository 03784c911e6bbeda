#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`nexus sync` is refused memory, once or from then on: nothing may be lost, torn or taken back, no run may hang or crash, and
when there is memory again the next pass brings all to where it would have been.

usage: memory.py --program NEXUS --shim LIBRARY [--points N] [--seed N] [--only SCENARIO]

--points: how many in all, by chance over every allocation of every scenario (0: each; NEXUS_MEMORY_POINTS is the same).
"""

import argparse
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "crash"))
import crash  # noqa: E402
import failing  # noqa: E402
import points  # noqa: E402


class Harness(failing.Harness):
    def shimmed(self, vault, at, how):
        return {"LD_PRELOAD": self.shim, "MEMORY_AT": str(at), "MEMORY_STICKS": str(int(how == "stick")),
                "MEMORY_COUNT": str(vault.scratch / "count")}

    def run_with(self, vault, at, how, error):
        """Neither ends by a signal nor goes on for ever. What it cannot do for want of memory it says."""
        try:
            done = subprocess.run([self.program, "-C", str(vault.root), "sync"], timeout=failing.LIMIT_S,
                                  stdin=subprocess.DEVNULL, capture_output=True, env=dict(vault.environment, **self.shimmed(vault, at, how)))
        except subprocess.TimeoutExpired:
            return ["it hangs"]
        said = done.stderr.decode(errors="replace")[-500:]
        if done.returncode not in (0, 1, 3, 127):  # 127: not even the loader had enough
            return [f"it exits {done.returncode}: {said}"]
        if done.returncode in (3, 127) and not said.strip():
            return ["it fails, and does not say why"]
        return []

    def calls_that_fail(self, scenario, how):
        """How many allocations there are."""
        with tempfile.TemporaryDirectory(prefix="nexus-memory-") as scratch:
            vault = self.prepare(scenario, scratch)
            self.run_with(vault, 0, how, 0)
            return int((vault.scratch / "count").read_text())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--shim", required=True, type=pathlib.Path)
    parser.add_argument("--points", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    wanted = parser.parse_args()
    chance = random.Random(wanted.seed)
    harness = Harness(str(wanted.program.resolve(strict=True)), str(wanted.shim.resolve(strict=True)))
    begin = time.monotonic()
    wanted.points = int(os.environ.get("NEXUS_MEMORY_POINTS", wanted.points))
    failures = []
    for scenario in crash.chosen(wanted, chance):
        _, harness.expected[scenario] = harness.calls(scenario)
        failures += [(scenario, at, how, 0) for at in range(1, harness.calls_that_fail(scenario, "fail") + 1)
                     for how in ("fail", "stick")]
    total = len(failures)
    if wanted.points and wanted.points < total:
        failures = chance.sample(failures, wanted.points)
    for number, finding in enumerate(points.each(harness.try_failure, failures, points.jobs_by_default()), 1):
        if finding:
            harness.findings += 1
            print(finding, flush=True)
        if number % 500 == 0:
            print(f"{number} of {len(failures)}: {harness.findings} findings, {time.monotonic() - begin:.0f} s", flush=True)
    print(f"{len(failures)} of {total} failures: {harness.findings} findings, {time.monotonic() - begin:.0f} s; seed {wanted.seed}")
    sys.exit(1 if harness.findings or not failures else 0)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    main()
