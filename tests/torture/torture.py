#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every harness that tries to break the program, for as long as one likes: what `./dev torture` runs.

usage: torture.py BUILD [HARNESS...] [--minutes N] [--seed N] [--list]

BUILD: where a build with its tests is. Each HARNESS (all of HARNESSES, else) gets an equal share of the minutes (60), and runs with one
seed after the other, from --seed on, until its share is over; so it runs once at least. What it found, how often it ran and
what it said of itself last is told at the end, and stands in BUILD/torture/report.json. After each violation stands the line
that does the same again. The exit status is 1 when there was one.
"""

import argparse
import json
import os
import pathlib
import sys
import time
from typing import NamedTuple

import harness


class Harness(NamedTuple):
    what: str
    test: str  # whose command it is
    more: tuple = ()  # {seed} is replaced
    environment: dict = {}


HARNESSES = {
    "walk": Harness("a random walk on both sides", "walk.alone",
                    ("--seed", "{seed}", "--operations", "1000", "--rest-every", "100")),
    "daemon": Harness("the same beside nexus watch, which is killed now and then", "walk.beside_the_daemon",
                      ("--seed", "{seed}", "--operations", "600", "--rest-every", "100")),
    "kill": Harness("nexus sync is killed at each step", "crash.sync",
                    ("--seed", "{seed}", "--points", "200", "--second", "40")),
    "kill-daemon": Harness("nexus watch is killed at each step", "crash.daemon",
                           ("--seed", "{seed}", "--points", "60", "--second", "15")),
    "kill-meanwhile": Harness("it is killed, and somebody saves before the next start", "crash.meanwhile",
                              ("--seed", "{seed}", "--points", "120")),
    "kill-recovery": Harness("a restore, a rebuild, a backup are killed at each step", "crash.recovery",
                             ("--seed", "{seed}", "--points", "60", "--second", "15")),
    "failing": Harness("a call fails, once or from then on", "crash.failing", ("--seed", "{seed}", "--points", "120")),
    "failing-recovery": Harness("a call or an allocation fails at each step of a recovery",
                                "crash.each_step_of_a_recovery_fails"),
    "memory": Harness("memory is refused, once or from then on", "memory.sync", ("--seed", "{seed}", "--points", "120")),
    "damage": Harness("the database is damaged, deleted, replaced", "crash.damage", ("--seed", "{seed}", "--places", "200")),
    "clocks": Harness("the clock of the program and the times of files are wrong", "clocks.wrong",
                      ("--seed", "{seed}", "--rounds", "40")),
    "editors": Harness("writers of all kinds save what SQL edits", "editors.nothing_is_lost",
                       ("--seed", "{seed}", "--seconds", "120")),
    "gate": Harness("hostile statements ask the gate for what is not shared", "gate.canaries", (),
                    {"NEXUS_SEED": "{seed}", "NEXUS_STATEMENTS": "3000"}),
    "permissions": Harness("nobody sees more than the owner last said", "gate.never_looser", (),
                           {"NEXUS_SEED": "{seed}", "NEXUS_STEPS": "200"}),
    "hostile-values": Harness("every value of real and made files becomes what is hard to write", "writeback.hostile",
                              ("--seed", "{seed}", "--made", "5000")),
    "hostile-files": Harness("hostile files among a thousand ordinary ones", "hostile.among_ordinary_files"),
    "storm": Harness("50,000 operations on files, with an overflow", "live.trouble.a_storm_ends_exact", (),
                     {"NEXUS_STORM": "50000", "NEXUS_SEED": "{seed}"}),
    "soak": Harness("many events, and nothing grows", "soak.nothing_grows", ("--seed", "{seed}", "--events", "100000")),
}


def command(build, which, seed):
    def named(word):
        return word.replace("{seed}", str(seed))
    environment = {"NEXUS_CRASH_JOBS": str(os.cpu_count())} | {name: named(value) for name, value in which.environment.items()}
    return harness.command(build, which.test, [named(word) for word in which.more], environment)


def last_line(said):
    return next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "")


def torment(build, name, seconds, seed):
    """What came of one harness."""
    begin, runs, violations, said = time.monotonic(), 0, [], ""
    while not runs or time.monotonic() - begin < seconds:
        what = command(build, HARNESSES[name], seed + runs)
        code, said = harness.run(what)
        runs += 1
        if code != 0:
            violations.append({"seed": seed + runs - 1, "exit": code, "again": what.replay(), "said": said[-4000:]})
            print(f"{name}, seed {seed + runs - 1}: exit {code}\n{said[-4000:]}\nagain: {what.replay()}\n", flush=True)
    done = {"harness": name, "is": HARNESSES[name].what, "runs": runs, "seeds": [seed, seed + runs - 1],
            "seconds": round(time.monotonic() - begin), "violations": violations, "last": last_line(said)}
    print(line_of(done), flush=True)
    return done


def line_of(done):
    first, last = done["seeds"]
    return (f"{done['harness']:15} {done['runs']:4} runs, seeds {first} to {last}, {done['seconds']:5} s,"
            f" {len(done['violations'])} violations; last: {done['last'][:160]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("harness", nargs="*")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true")
    wanted = parser.parse_args()
    unknown = [name for name in wanted.harness if name not in HARNESSES]
    if unknown:
        sys.exit(f"torture: there is no harness {', '.join(unknown)}; there is: {', '.join(HARNESSES)}")
    names = wanted.harness or list(HARNESSES)
    build = wanted.build.resolve(strict=True)
    if wanted.list:
        for name in names:
            print(f"{name:15} {HARNESSES[name].what}\n                {command(build, HARNESSES[name], wanted.seed).replay()}")
        return
    results = [torment(build, name, wanted.minutes * 60 / len(names), wanted.seed) for name in names]
    (build / "torture").mkdir(exist_ok=True)
    report = build / "torture" / "report.json"
    report.write_text(json.dumps(results, indent=1) + "\n")
    violations = sum(len(done["violations"]) for done in results)
    print("\n".join(["", *map(line_of, results), f"{violations} violations; {report}"]))
    sys.exit(1 if violations else 0)


if __name__ == "__main__":
    main()
