#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`nexus sync` is killed at each call that changes the disk; the next one must bring all to where it would have been.

usage: crash.py --program NEXUS --shim LIBRARY [--daemon] [--meanwhile] [--points N] [--second N] [--seed N]
                [--only SCENARIO,...] [--jobs N] [--first]

--daemon: it is `nexus watch` that is killed, from its start to its end. --points: how many in all, spread evenly over all
there are (0: each; NEXUS_CRASH_POINTS is the same). --second: of how many of them the recovery is killed, too, at a place by
chance. --jobs: how many at a time (NEXUS_CRASH_JOBS is the same). --first: it ends with the first finding. What must hold:
what tests/walk/oracle.py knows, and files, rows, feed, history and conflicts as if nobody had been killed.

What the oracle has found good once need not be asked again: where files, tables and what lies beside them are the same but for
times and names by chance, so is its answer. SQLite's own look at the file is taken each time.

--meanwhile: somebody saves, removes, moves or replaces the file before the next start. Then no version may be lost that
they did not see.
"""

import argparse
import collections
import hashlib
import json
import os
import pathlib
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "walk"))
import oracle  # noqa: E402
import points  # noqa: E402
from oracle import index  # noqa: E402

LIMIT_S = 120
# Of a moment, or by chance.
FLEETING = {"mtime_ns", "ctime_ns", "birth_ns", "inode", "racy", "hash", "previous_hash"}
BY_CHANCE = re.compile(rb"\d{4}-\d\d-\d\d[T ][\d:]{6,8}(\.\d+Z?)?|\b\d{18,19}\b|'host_id' \| '[0-9a-f]{64}'|\bby \d+ ms\b")
UID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
LIST = ('{"schema": "core.todo", "version": 1, "data": [\n  {"id": 1, "text": "T000011Z", "notes": "W000011Q"},\n'
        '  {"id": 2, "text": "T000012Z", "notes": "W000012Q"},\n  {"id": 3, "text": "T000013Z", "notes": "W000013Q"}\n]}\n')


def timeless(value):
    """Without the moment in a conflict copy's name."""
    return re.sub(r"conflict \d{4}-\d\d-\d\d \d{6}", "conflict (then)", value) if isinstance(value, str) else value


def look(path):
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


class Vault:
    """A small vault in which something waits to be carried out."""

    def __init__(self, program, scratch):
        self.program, self.scratch = program, pathlib.Path(scratch)
        self.root = self.scratch / "vault"
        self.root.mkdir()
        (self.scratch / "run").mkdir(mode=0o700)
        self.environment = dict(os.environ, XDG_RUNTIME_DIR=str(self.scratch / "run"), NO_COLOR="1", TZ="UTC")
        for number in range(1, 5):
            self.write(f"n{number}.md", f"---\nwho: W00000{number}Q # stays\nmood: T00000{number}Z\n---\nBody T00003{number}Z.\n")
        self.write("sub/todos.json", LIST)
        self.nexus("init")
        self.oracle = oracle.Oracle(program, self.root, self.scratch, self.environment)
        self.oracle.identity()

    def write(self, path, text, when=None):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        if when is not None:
            os.utime(file, (when, when))

    def sql(self, *statements):
        database = sqlite3.connect(self.root / ".nexus/vault.sqlite", timeout=30)
        with database:
            for statement in statements:
                database.execute(statement)
        database.close()

    def ask(self, kind, argument="NULL", choice="NULL"):
        self.sql("INSERT INTO nx_request(at, kind, argument, choice) VALUES"
                 f" ('2026-01-15T10:30:00.000Z', '{kind}', {argument}, {choice})")

    def nexus(self, *arguments, **more):
        done = subprocess.run([self.program, "-C", str(self.root), *arguments], timeout=LIMIT_S, stdin=subprocess.DEVNULL,
                              capture_output=True, env=dict(self.environment, **more))
        if done.returncode not in (0, 1, -signal.SIGKILL):  # 1: something is held
            raise AssertionError(f"nexus {' '.join(arguments)} exits {done.returncode}: {done.stderr.decode()}")
        return done

    def outcome(self):
        """All that must not depend on whether somebody was killed."""
        def rows(sql):
            return collections.Counter(tuple(timeless(value) for value in row) for row in self.oracle.query(sql))
        contents = self.oracle.contents().items()
        return {
            "files": collections.Counter((timeless(path), content) for path, content in self.oracle.files().items()),
            "rows": collections.Counter((timeless(path), schema, content) for path, (schema, content, _, _) in contents),
            "feed": rows("SELECT op, origin, object_id, path, old_path FROM changes"),
            "history": rows("SELECT op, origin, path, moved_from, before, before_hash, after_hash, refused, undoes FROM history"),
            "conflicts": rows("SELECT path, object_id, state, winner, resolution, file_version, database_version FROM conflicts"),
            "problems": rows("SELECT path, keyword, message FROM problems"),
            "trash": collections.Counter(path.read_bytes() for path in (self.root / ".nexus/trash").rglob("*") if path.is_file()),
        }

    def state(self):
        """All that the oracle's answer depends on, in one digest."""
        marks, strangers = {uid.encode(): mark.encode() for uid, mark in self.oracle.marks.items()}, {}

        def named(uid):
            return marks.get(uid.group()) or strangers.setdefault(uid.group(), b"stranger %d" % len(strangers))
        database = index.connect(self.root)
        try:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
            rows = index.dump(database, tables.__contains__, lambda table, name: name in FLEETING and table != "history")
            looks = database.execute("SELECT path, hash, size, mtime_ns, ctime_ns, inode FROM files ORDER BY path").fetchall()
        finally:
            database.close()
        known = [(path, hash_, look(self.root / path) == stamp) for path, hash_, *stamp in looks]
        beside = sorted((str(path.relative_to(self.root)), path.read_bytes()) for folder in ("conflicts", "trash", "displaced")
                        for path in (self.root / ".nexus" / folder).rglob("*") if path.is_file())
        text = b"\0".join([rows, repr(known).encode(), repr([sorted(self.oracle.files().items()), beside]).encode()])
        return hashlib.sha256(timeless(BY_CHANCE.sub(b"(then)", UID.sub(named, text)).decode()).encode()).digest()


# --- what waits when the program is killed -------------------------------------------------------

def an_edit(vault):
    vault.sql("UPDATE core_note SET content = 'New T000021Z.' WHERE _path = 'n1.md'")


def a_new_note(vault):
    vault.sql("INSERT INTO core_note(_path, title, content) VALUES ('new/deep/n9.md', 'W000009Q', 'T000021Z')")


def a_delete(vault):
    vault.sql("DELETE FROM core_note WHERE _path = 'n1.md'")


def a_move_and_an_edit(vault):
    vault.sql("UPDATE data_objects SET file_path = 'other/n1.md' WHERE file_path = 'n1.md'",
              "UPDATE core_note SET content = 'New T000021Z.' WHERE _path = 'other/n1.md'")


def items(vault):
    vault.sql("UPDATE core_todo SET text = 'T000021Z' WHERE _path = 'sub/todos.json#1'",
              "DELETE FROM core_todo WHERE _path = 'sub/todos.json#2'",
              "INSERT INTO core_todo(_path, id, text, notes) VALUES ('sub/todos.json#9', 9, 'T000022Z', 'W000019Q')")


def a_file_that_wins(vault):
    vault.sql("UPDATE core_note SET content = 'T000021Z' WHERE _path = 'n1.md'")
    vault.write("n1.md", "---\nwho: W000001Q\nmood: T000022Z\n---\nBody.\n", time.time() + 1000)


def a_row_that_wins(vault):
    vault.write("n1.md", "---\nwho: W000001Q\nmood: T000022Z\n---\nBody.\n", 1000000000)
    vault.sql("UPDATE core_note SET content = 'T000021Z' WHERE _path = 'n1.md'")


def an_edit_of_a_row_whose_file_is_gone(vault):
    vault.sql("UPDATE core_note SET content = 'T000021Z' WHERE _path = 'n1.md'")
    (vault.root / "n1.md").unlink()


def an_undo(vault):
    vault.sql("UPDATE core_note SET content = 'New T000021Z.' WHERE _path = 'n1.md'")
    vault.nexus("sync")
    vault.ask("undo", "(SELECT max(seq) FROM history)")


def an_undo_of_what_was_edited_since(vault):
    vault.sql("UPDATE core_note SET content = 'New T000021Z.' WHERE _path = 'n1.md'")
    vault.nexus("sync")
    vault.write("n1.md", "---\nwho: W000001Q\nmood: T000022Z\n---\nBody.\n")
    vault.nexus("sync")
    vault.ask("undo", "(SELECT max(seq) FROM history)")


def held_back(vault):
    (vault.root / ".nexus/config.json").write_text('{"brake_files": 2}')
    vault.sql("UPDATE core_note SET content = 'New T000021Z.'")
    vault.nexus("sync")
    vault.ask("apply")


def both_of_a_conflict(vault):
    a_file_that_wins(vault)
    vault.nexus("sync")
    vault.ask("resolve", "1", "'both'")


def the_other_of_a_conflict(vault):
    a_file_that_wins(vault)
    vault.nexus("sync")
    vault.ask("resolve", "1", "'database'")


def items_of_a_new_list(vault):
    vault.sql("INSERT INTO core_todo(id, text, notes) VALUES (7, 'T000021Z', 'W000017Q')",
              "INSERT INTO core_todo(id, text, notes) VALUES (8, 'T000022Z', 'W000018Q')",
              "INSERT INTO core_note(title, content) VALUES ('W000009Q', 'T000023Z')")


def an_item_that_wins(vault):
    vault.write("sub/todos.json", LIST.replace("T000011Z", "T000022Z"), 1000000000)
    vault.sql("UPDATE core_todo SET text = 'T000021Z' WHERE _path = 'sub/todos.json#1'")


def a_file_of_two_names(vault):
    os.link(vault.root / "n1.md", vault.root / ".n1")
    vault.nexus("sync")
    vault.sql("UPDATE core_note SET content = 'New T000021Z.' WHERE _path = 'n1.md'")


def all_at_once(vault):
    vault.sql("UPDATE core_note SET content = 'New T000021Z.' WHERE _path IN ('n1.md', 'n2.md')",
              "DELETE FROM core_note WHERE _path = 'n3.md'",
              "INSERT INTO core_note(_path, title, content) VALUES ('n9.md', 'W000009Q', 'T000022Z')")
    vault.write("n4.md", "---\nwho: W000004Q\nmood: T000023Z\n---\nBody.\n")
    vault.write("n5.md", "---\nwho: W000005Q\nmood: T000024Z\n---\nBody.\n")


SCENARIOS = [an_edit, a_new_note, a_delete, a_move_and_an_edit, items, a_file_that_wins, a_row_that_wins,
             an_edit_of_a_row_whose_file_is_gone, an_undo, an_undo_of_what_was_edited_since, held_back, both_of_a_conflict,
             the_other_of_a_conflict, items_of_a_new_list, an_item_that_wins, a_file_of_two_names, all_at_once]


# --- what somebody does before the next start; each returns the tokens that they wrote ------------

def saves(vault, file):
    text = file.read_text().replace("Body", "Their body T000041Z") + "\nT000042Z\n"
    file.write_text(text)
    return oracle.tokens(text)


def removes(vault, file):
    file.unlink()
    return set()


def moves(vault, file):
    file.rename(vault.root / "elsewhere.md")
    return oracle.tokens((vault.root / "elsewhere.md").read_bytes())


def puts_another_in_its_place(vault, file):
    beside = vault.root / "beside"
    beside.write_text("---\nwho: W000051Q\n---\nT000043Z\n")
    os.replace(beside, file)
    return {"T000043Z"}


MEANWHILE = [saves, removes, moves, puts_another_in_its_place]


class Harness:
    def __init__(self, program, shim, is_daemon=False):
        self.program, self.shim, self.is_daemon = program, shim, is_daemon
        self.expected, self.findings, self.asked = {}, 0, 0
        self.good = set()  # (scenario, state)

    def prepare(self, scenario, scratch):
        vault = Vault(self.program, scratch)
        scenario(vault)
        return vault

    def shimmed(self, vault, at, how):
        return {"LD_PRELOAD": self.shim, "CRASH_AT": str(at), "CRASH_HOW": how, "CRASH_COUNT": str(vault.scratch / "count")}

    def killed_sync(self, vault, at, how):
        """Whether it was."""
        return vault.nexus("sync", **self.shimmed(vault, at, how)).returncode == -signal.SIGKILL

    def killed_daemon(self, vault, at, how):
        """It starts, comes to rest, and is told to end, as far as it gets."""
        daemon = subprocess.Popen([self.program, "-C", str(vault.root), "watch"], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=(vault.scratch / "told").open("wb"),
                                  env=dict(vault.environment, **self.shimmed(vault, at, how)))
        end = time.monotonic() + LIMIT_S
        while daemon.poll() is None and time.monotonic() < end:
            if json.loads(vault.nexus("status", "--json").stdout)["daemon"]:
                break
            time.sleep(0.005)  # between two looks
        try:
            if daemon.poll() is None:
                vault.nexus("sync")
        except AssertionError:
            if daemon.wait(LIMIT_S) != -signal.SIGKILL:  # else it was killed while it was asked
                raise
        if daemon.poll() is None:
            daemon.terminate()
        code = daemon.wait(LIMIT_S)
        if code not in (0, -signal.SIGKILL):
            raise AssertionError(f"nexus watch exits {code}: {(vault.scratch / 'told').read_text()}")
        return code == -signal.SIGKILL

    def killed(self, vault, at, how):
        return (self.killed_daemon if self.is_daemon else self.killed_sync)(vault, at, how)

    def calls(self, scenario):
        """What it does when nobody is killed."""
        with tempfile.TemporaryDirectory(prefix="nexus-crash-") as scratch:
            vault = self.prepare(scenario, scratch)
            self.killed(vault, 0, "before")
            names = points.calls(vault.scratch / "count")
            vault.nexus("sync")
            findings = vault.oracle.check(lambda: vault.nexus("sync"))
            if findings:
                raise AssertionError(f"{scenario.__name__}: " + "\n".join(findings))
            return names, (vault.outcome(), vault.oracle.kept())

    def measure(self, scenario):
        """The points there are, and what all leads to when nobody is killed."""
        names, outcome = self.calls(scenario)
        again, _ = self.calls(scenario)
        return scenario, points.of(names, names == again), len(names), outcome

    def measure_all(self, scenarios, jobs):
        """Each point of each."""
        found = []
        for scenario, places, count, self.expected[scenario] in points.each(self.measure, scenarios, jobs):
            print(f"{scenario.__name__}: {count} calls, {len(places)} points", flush=True)
            found += [(scenario, *place) for place in places]
        return sorted(found, key=lambda point: (SCENARIOS.index(point[0]), *point[1:]))

    def judge(self, scenario, vault):
        """As difference(), which is asked only of what was not found good before."""
        unsound = vault.oracle.sound()
        state = (scenario, vault.state())
        if state in self.good and not unsound:
            return []
        self.asked += 1
        findings = unsound or self.difference(scenario, vault)
        if not findings:
            self.good.add(state)
        return findings

    def difference(self, scenario, vault):
        wanted, tokens = self.expected[scenario]
        found = vault.outcome()
        findings = vault.oracle.check(lambda: vault.nexus("sync"), tokens)
        for what, value in wanted.items():
            if found[what] == value:
                continue
            findings.append(f"{what}: too much {dict(found[what] - value)}, missing {dict(value - found[what])}")
        return findings

    def lost(self, scenario, vault, meanwhile):
        """What is not as it must be: all is there that is when nobody is killed, but for what they overwrote."""
        kept = self.expected[scenario][1]
        file = next((path for path in (vault.root / "n1.md", vault.root / "other/n1.md") if path.exists()), None)
        if file:
            before = oracle.tokens(file.read_bytes())
            kept = kept - before | meanwhile(vault, file)
            vault.oracle.excuse(b"W000001Q W000051Q")
        for _ in range(2):  # what was held back for being much is not meant here
            vault.nexus("sync", "--forget")
        return vault.oracle.check(lambda: vault.nexus("sync"), kept)

    def try_point(self, point):
        """`meanwhile`: what somebody does then, or None. `second` is where the recovery is killed, or 0. Whether it was
        killed, whether the oracle had to be asked, and what was found."""
        scenario, at, how, meanwhile, second = point
        asked = self.asked
        with tempfile.TemporaryDirectory(prefix="nexus-crash-") as scratch:
            vault = self.prepare(scenario, scratch)
            was_killed = False
            try:
                was_killed = self.killed(vault, at, how)
                if second:
                    self.killed_sync(vault, second, "before")
                if meanwhile:
                    findings = self.lost(scenario, vault, meanwhile)
                else:
                    vault.nexus("sync")
                    findings = self.judge(scenario, vault)
            except (AssertionError, sqlite3.Error) as error:
                findings = [str(error)]
        where = (f"{scenario.__name__}, killed {how} call {at}{f', and then at call {second}' if second else ''}"
                 f"{f', and somebody {meanwhile.__name__}' if meanwhile else ''}")
        return was_killed, self.asked > asked, f"{where}:\n  " + "\n  ".join(findings) if findings else ""


def chosen(wanted, chance):
    """All scenarios; some of them where few points are wanted, since to measure one takes longer than a few points."""
    only = wanted.only.split(",") if wanted.only else [scenario.__name__ for scenario in SCENARIOS]
    scenarios = [scenario for scenario in SCENARIOS if scenario.__name__ in only]
    few = max(3, wanted.points // 6)
    return scenarios if not wanted.points or few >= len(scenarios) else chance.sample(scenarios, few)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--shim", required=True, type=pathlib.Path)
    parser.add_argument("--daemon", action="store_true")
    parser.add_argument("--meanwhile", action="store_true")
    parser.add_argument("--points", type=int, default=0)
    parser.add_argument("--second", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=points.jobs_by_default())
    parser.add_argument("--first", action="store_true")
    wanted = parser.parse_args()
    chance = random.Random(wanted.seed)
    harness = Harness(str(wanted.program.resolve(strict=True)), str(wanted.shim.resolve(strict=True)), wanted.daemon)
    begin = time.monotonic()
    wanted.points = int(os.environ.get("NEXUS_CRASH_POINTS", wanted.points))
    doings = MEANWHILE if wanted.meanwhile else [None]
    places = [(*place, doing) for place in harness.measure_all(chosen(wanted, chance), wanted.jobs) for doing in doings]
    total = len(places)
    if wanted.points and wanted.points < total:
        places = chance.sample(places, wanted.points)
    second = set(chance.sample(range(len(places)), min(wanted.second, len(places))))
    places = [(*place, chance.randint(1, 60) if number in second else 0) for number, place in enumerate(places)]
    killed = asked = 0
    for number, (was_killed, was_asked, finding) in enumerate(points.each(harness.try_point, places, wanted.jobs), 1):
        killed += was_killed
        asked += was_asked
        if finding and wanted.first:
            sys.exit(finding)
        if finding:
            harness.findings += 1
            print(finding, flush=True)
        if number % 100 == 0:
            print(f"{number} of {len(places)}: {harness.findings} findings, {time.monotonic() - begin:.0f} s", flush=True)
    print(f"{len(places)} of {total} points, {killed} killed, {len(second)} of them again: {harness.findings} findings,"
          f" {time.monotonic() - begin:.0f} s; the oracle was asked {asked} times; seed {wanted.seed}")
    sys.exit(1 if harness.findings or killed < len(places) * 0.8 else 0)


if __name__ == "__main__":
    main()
