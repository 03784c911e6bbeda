#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Eight writers save the files of a vault in every way that editors know, three edit its rows with SQL, and the daemon between
them is killed now and then: what each wrote last must be in the file, the database or a preserved copy.

usage: nothing_is_lost.py --program NEXUS [--seconds N] [--files N] [--seed N] [--every-kill S]

A file has one writer, who overwrites what he wrote himself; what SQL wrote may be overwritten by a save that ended later. Which save
meets which write depends on the moment: a seed gives the same deeds, not the same race.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "walk"))
import walk  # noqa: E402
from authors import Finding  # noqa: E402

EDITORS, SHELLS, FOLDERS = 8, 3, 20
PACE_S = 0.2  # a file has to come to rest now and then, or SQL is never heard
SETTINGS = {"brake_files": 1000000}  # that many rows change at once is no mishap here


# --- the ways to save

def in_one_go(file, data):
    file.write_bytes(data)


def over_the_old_bytes(file, data):
    with open(file, "r+b") as out:
        out.write(data)
        out.truncate()


def in_two_halves(file, data):
    with open(file, "wb") as out:
        out.write(data[:len(data) // 2])
        out.flush()
        os.fsync(out.fileno())
        out.write(data[len(data) // 2:])


def emptied_first(file, data):
    os.truncate(file, 0)
    file.write_bytes(data)


def beside(file, data, name, flushed):
    other = file.with_name(name)
    with open(other, "wb") as out:
        out.write(data)
        if flushed:
            out.flush()
            os.fsync(out.fileno())
    os.replace(other, file)


def by_a_rename(file, data):
    beside(file, data, file.name + ".tmp", False)


def by_a_rename_flushed(file, data):
    beside(file, data, file.name + ".tmp", True)


def by_a_hidden_name(file, data):
    beside(file, data, f".{file.name}.{random.randrange(10**6)}", True)


def with_a_backup(file, data):
    backup = file.with_name(file.name + "~")
    os.rename(file, backup)
    file.write_bytes(data)
    backup.unlink()


def with_a_linked_backup(file, data):
    backup = file.with_name(file.name + "~")
    backup.unlink(missing_ok=True)
    os.link(file, backup)
    by_a_rename(file, data)
    backup.unlink()


def with_a_copied_backup(file, data):
    backup = file.with_name(file.name + "~")
    shutil.copy2(file, backup)
    in_one_go(file, data)
    backup.unlink()


def copied_back(file, data):
    other = file.with_name(file.name + ".tmp")
    other.write_bytes(data)
    shutil.copyfile(other, file)
    other.unlink()


def removed_and_made(file, data):
    file.unlink()
    file.write_bytes(data)


WAYS = [in_one_go, over_the_old_bytes, in_two_halves, emptied_first, by_a_rename, by_a_rename_flushed, by_a_hidden_name,
        with_a_backup, with_a_linked_backup, with_a_copied_backup, copied_back, removed_and_made]


class Torture(walk.Walk):
    def __init__(self, program, seed, scratch, files):
        super().__init__(program, seed, scratch, False)
        self.paths = [f"d{number % FOLDERS}/n{number}.md" for number in range(files)]
        self.lock, self.in_sql = threading.Lock(), threading.Lock()
        self.saved, self.updated = {}, {}  # path -> token, and when it was there, or was about to be
        self.broken, self.over_now = [], threading.Event()
        for number, path in enumerate(self.paths):
            (self.root / path).parent.mkdir(exist_ok=True)
            (self.root / path).write_bytes(self.text(number, self.next_token()))
        self.nexus("init")
        (self.root / ".nexus/config.json").write_text(json.dumps(SETTINGS))

    def next_token(self):
        with self.lock:
            return self.token()

    def text(self, number, token):
        return f"---\nwho: W{number:06}Q # stays\nmood: calm\n---\nBody {token}.\n".encode()

    def counted(self, what):
        with self.lock:
            self.counts[what] += 1

    def edit(self, number, until):
        chance = random.Random(self.seed * 100 + number)
        own = range(number, len(self.paths), EDITORS)
        while time.monotonic() < until:
            which, way, token = chance.choice(own), chance.choice(WAYS), self.next_token()
            path = self.paths[which]
            way(self.root / path, self.text(which, token))
            self.saved[path] = (token, time.monotonic())
            self.counted("saves")
            self.over_now.wait(chance.uniform(0, PACE_S))

    def update(self, number, until):
        chance = random.Random(self.seed * 100 + 50 + number)
        database = sqlite3.connect(self.root / ".nexus/vault.sqlite", timeout=60, isolation_level=None)
        while time.monotonic() < until:
            path, token = chance.choice(self.paths), self.next_token()
            with self.in_sql:
                begin = time.monotonic()
                done = database.execute(
                    "UPDATE object_content SET content_json = json_set(content_json, '$.content', ?) WHERE object_id ="
                    " (SELECT id FROM data_objects WHERE file_path = ?)", (f"Row {token}.\n", path))
                if done.rowcount == 1:
                    self.updated[path] = (token, begin)
                    self.counted("updates")
            self.over_now.wait(chance.uniform(0, PACE_S))
        database.close()

    def guarded(self, work, number, until):
        try:
            work(number, until)
        except Exception as error:  # the thread's, told by run()
            self.broken.append(f"{work.__name__} {number}: {error!r}")

    def kill_now_and_then(self, until, every_s):
        while time.monotonic() < until:
            self.start_daemon()
            try:
                self.daemon.wait(max(0.1, min(self.chance.uniform(0.5, 1.5) * every_s, until - time.monotonic())))
                raise Finding(f"nexus watch ended by itself: {(self.scratch / 'told').read_text()}")
            except subprocess.TimeoutExpired:
                self.end_daemon(signal.SIGKILL)
                self.counted("kills")

    def must_be_kept(self):
        kept = {token for token, _ in self.saved.values()}
        return kept | {token for path, (token, begin) in self.updated.items()
                       if path not in self.saved or self.saved[path][1] < begin}

    def torment(self, seconds, every_s):
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=self.guarded, args=(work, number, until))
                   for work, count in ((self.edit, EDITORS), (self.update, SHELLS)) for number in range(count)]
        for thread in threads:
            thread.start()
        try:
            self.kill_now_and_then(until, every_s)
        finally:
            self.over_now.set()
            for thread in threads:
                thread.join()
        if self.broken:
            raise Finding("\n".join(self.broken))
        self.wanted = self.must_be_kept()
        self.come_to_rest()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every-kill", type=float, default=3, help="seconds, about")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nexus-editors-") as scratch:
        one = Torture(str(wanted.program.resolve(strict=True)), wanted.seed, scratch, wanted.files)
        finding = ""
        try:
            one.torment(wanted.seconds, wanted.every_kill)
        except (Finding, sqlite3.Error, subprocess.TimeoutExpired) as error:
            finding = str(error)
            print(finding)
        finally:
            one.end_daemon(signal.SIGKILL)
        print(f"{one.numbers['token']} versions, {one.counts['saves']} of them saved and {one.counts['updates']} updated, {one.counts['kills']}"
              f" kills, {len(one.wanted)} versions that must be there: {'a finding' if finding else '0 findings'}; seed {wanted.seed}")
    sys.exit(1 if finding else 0)


if __name__ == "__main__":
    main()
