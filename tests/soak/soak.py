#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`nexus watch` follows a vault in which editors, programs and SQL are at work for long: it must not grow.

usage: soak.py --program NEXUS [--events N] [--seed N]

--events: of the watcher, in all (NEXUS_SOAK_EVENTS is the same). At every tenth all is brought to rest, and a line tells of
memory, descriptors, threads, watches, and the sizes of log and database. What the vault holds stays as much as it was, so from
the middle on none of them may grow but the database, and that only by its feed. Its write-ahead log stays as long as the
longest step ever was, up to a limit.
"""

import argparse
import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "walk"))
import oracle  # noqa: E402

NOTES, FOLDERS = 400, 20
LIMIT_S = 300
SLICES = 10
BURST = 200  # what is done between two looks at how far it is
# How much the last rest may be above the middle one. Memory: what the allocator keeps is never quite the same.
MEMORY_FACTOR, FEED_BYTES = 1.25, 400
WRITE_AHEAD_LIMIT_BYTES = 16 << 20


class Soak:
    def __init__(self, program, scratch, seed):
        self.program, self.root, self.chance = program, pathlib.Path(scratch) / "vault", random.Random(seed)
        self.environment = dict(os.environ, XDG_RUNTIME_DIR=str(pathlib.Path(scratch) / "run"), NO_COLOR="1")
        (pathlib.Path(scratch) / "run").mkdir(mode=0o700)
        for number in range(NOTES):
            self.write(self.path(number), number)
        self.nexus("init")
        self.oracle = oracle.Oracle(program, self.root, pathlib.Path(scratch), self.environment)
        self.daemon = subprocess.Popen([program, "-C", str(self.root), "watch"], env=self.environment,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def nexus(self, *arguments):
        done = subprocess.run([self.program, "-C", str(self.root), *arguments], env=self.environment, capture_output=True,
                              timeout=LIMIT_S, stdin=subprocess.DEVNULL)
        if done.returncode not in (0, 1):
            raise AssertionError(f"nexus {' '.join(arguments)} exits {done.returncode}: {done.stderr.decode()}")
        return done.stdout

    def status(self):
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end:
            daemon = json.loads(self.nexus("status", "--json"))["daemon"]
            if daemon:
                return daemon
            time.sleep(0.01)  # it is on its way
        raise AssertionError("nexus watch does not answer")

    # --- what is at work

    @staticmethod
    def path(number):
        return f"d{number % FOLDERS}/n{number}.md"

    def write(self, path, value):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\ntitle: N{value}\nmood: {value}\n---\nA body with [[n{value % NOTES}]] and #t{value % 7}.\n")

    def save_in_place(self, path):
        self.write(path, self.chance.randrange(10**6))

    def save_by_rename(self, path):
        self.write("tmp~", self.chance.randrange(10**6))
        os.rename(self.root / "tmp~", self.root / path)

    def rename_there_and_back(self, path):
        os.rename(self.root / path, self.root / f"{path}.moved.md")
        os.rename(self.root / f"{path}.moved.md", self.root / path)

    def delete_and_make_again(self, path):
        (self.root / path).unlink()
        self.write(path, self.chance.randrange(10**6))

    def move_the_folder(self, path):
        folder = (self.root / path).parent
        os.rename(folder, self.root / "elsewhere")
        os.rename(self.root / "elsewhere", folder)

    def come_and_go(self, _path):
        for number in range(4):
            self.write(f"passing/p{number}.md", number)
        for number in range(4):
            (self.root / f"passing/p{number}.md").unlink()
        (self.root / "passing").rmdir()

    def update(self, path):
        database = sqlite3.connect(self.root / ".nexus/vault.sqlite", timeout=60)
        with database:
            database.execute("UPDATE core_note SET content = ? WHERE _path = ?", (f"By SQL {self.chance.random()}.\n", path))
        database.close()

    def work(self, count):
        deeds = [self.save_in_place, self.save_by_rename, self.rename_there_and_back, self.delete_and_make_again,
                 self.come_and_go]
        for _ in range(count):
            chance, path = self.chance.random(), self.path(self.chance.randrange(NOTES))
            deed = self.move_the_folder if chance < 0.01 else self.update if chance < 0.03 else self.chance.choice(deeds)
            deed(path)

    # --- what must stay as it is

    def descriptors(self):
        """How many, and how many watches hang on them, when nobody is connected any more."""
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end:
            try:
                infos = [info.read_text() for info in pathlib.Path(f"/proc/{self.daemon.pid}/fdinfo").iterdir()]
                sockets = pathlib.Path(f"/proc/{self.daemon.pid}/fd")
                if sum(os.readlink(fd).startswith("socket:") for fd in sockets.iterdir()) <= 1:
                    return len(infos), sum(info.count("inotify wd:") for info in infos)
            except FileNotFoundError:
                pass  # it was closed meanwhile
            time.sleep(0.01)  # between two looks
        raise AssertionError("a connection stays open")

    def look(self):
        """At rest."""
        self.nexus("sync")
        events = self.status()["events"]
        fields = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{self.daemon.pid}/status").read_text().splitlines())
        descriptors, watches = self.descriptors()
        state = self.root / ".nexus"
        return {
            "events": events,
            "memory_kib": int(fields["VmRSS"].split()[0]),
            "threads": int(fields["Threads"]),
            "descriptors": descriptors,
            "watches": watches,
            "log_bytes": sum(file.stat().st_size for file in (state / "logs").glob("nexus.log*")),
            "database_bytes": (state / "vault.sqlite").stat().st_size,
            "write_ahead_bytes": (state / "vault.sqlite-wal").stat().st_size,
            "kept_bytes": sum(file.stat().st_size for name in ("displaced", "trash") for file in (state / name).rglob("*")
                              if file.is_file()),
            "feed": self.oracle.query("SELECT count(*) FROM changes")[0][0]
                    + self.oracle.query("SELECT count(*) FROM history")[0][0],
        }

    def run(self, events):
        looks = []
        for number in range(1, SLICES + 1):
            while self.status()["events"] < events * number // SLICES:
                self.work(min(BURST, events // 100))
                self.nexus("sync")  # what nobody had time to hear of is no event
            looks.append(self.look())
            print("  ".join(f"{name} {value}" for name, value in looks[-1].items()), flush=True)
        return looks

    def findings(self, looks):
        first, last = looks[SLICES // 2 - 1], looks[-1]
        findings = [f"{name} were {first[name]}, and are {last[name]}" for name in ("threads", "descriptors", "watches")
                    if last[name] > first[name]]
        if last["memory_kib"] > first["memory_kib"] * MEMORY_FACTOR:
            findings.append(f"memory was {first['memory_kib']} KiB, and is {last['memory_kib']}")
        growth = last["database_bytes"] - first["database_bytes"]
        feed = last["feed"] - first["feed"]
        if growth > max(feed, 1000) * FEED_BYTES:
            findings.append(f"the database has grown by {growth} bytes, for {feed} entries of feed and history")
        if last["write_ahead_bytes"] > WRITE_AHEAD_LIMIT_BYTES:
            findings.append(f"the write-ahead log has {last['write_ahead_bytes']} bytes")
        return findings + self.oracle.check(lambda: self.nexus("sync"))

    def end(self):
        self.daemon.send_signal(signal.SIGTERM)
        return [] if self.daemon.wait(LIMIT_S) == 0 else ["nexus watch does not end well"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--events", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    events = int(os.environ.get("NEXUS_SOAK_EVENTS", wanted.events))
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nexus-soak-") as scratch:
        soak = Soak(str(wanted.program.resolve(strict=True)), scratch, wanted.seed)
        try:
            looks = soak.run(events)
        finally:
            findings = soak.end()
        findings += soak.findings(looks)
    print("\n".join(findings), end="\n" if findings else "")
    print(f"{events} events: {len(findings)} findings, {time.monotonic() - begin:.0f} s; seed {wanted.seed}")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
