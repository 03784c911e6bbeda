#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the stock shell changes is in the files a moment later: each way to write, many at once, and what is in the way."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import live
import sql as by_sql

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "vault-example"
MANY = int(os.environ.get("NEXUS_MANY", "600"))      # rows; 10000 by hand


class Writing(by_sql.RowTest):
    def hash(self):
        files = sorted(path for path in self.root.rglob("*") if path.is_file() and ".nexus" not in path.parts)
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    # --- the four statements

    def test_the_four_statements_change_the_files(self):
        self.root.rmdir()
        shutil.copytree(EXAMPLE, self.root)
        self.nexus("init")
        self.start()
        self.sql("UPDATE core_todo SET completed = 1 WHERE text LIKE '%report%'")
        self.wait_until(lambda: b'harbour office", "completed": true' in self.read("todos.json"))
        self.sql("INSERT INTO plugin_journal_entry(title, content, mood) VALUES ('Monday', 'A fine day.', 'happy')")
        found = self.wait_until(lambda: list((self.root / "journal").glob("*monday.md")))
        self.assertIn(b"A fine day.", found[0].read_bytes())
        self.sql("DELETE FROM core_todo WHERE completed")
        self.wait_until(lambda: b"report" not in self.read("todos.json"))
        self.assertEqual([item["id"] for item in json.loads(self.read("todos.json"))["data"]], [2, 4, 5])
        self.sql("UPDATE tasks SET done = 1 WHERE path = 'projects/garden.md' AND text LIKE 'Bring the lawn mower%'")
        self.wait_until(lambda: b"- [x] Bring the lawn mower" in self.read("projects/garden.md"))
        self.sync()
        self.assertEqual(self.query("SELECT count(*) FROM nx_outbox"), [(0,)])
        self.assertEqual(self.nexus("check").returncode, 0)

    def test_the_shell_commits_in_full_and_in_normal(self):
        self.notes()
        self.start()
        for number, level in enumerate(("FULL", "NORMAL", "OFF", "EXTRA")):
            self.sql(f"PRAGMA synchronous = {level}; UPDATE core_note SET content = '{level}' WHERE _path = 'n0.md'")
            self.wait_until(lambda: self.read("n0.md").endswith(level.encode()))
        self.assert_exact()

    def test_a_slow_commit_is_noticed_without_another(self):
        self.notes()
        self.start()
        shim = os.environ.get("SLOW_FSYNC")
        if not shim or os.environ.get("SANITIZED"):
            self.skipTest("the shim is not there")
        shell = subprocess.Popen([*by_sql.SHELL], cwd=self.root, stdin=subprocess.PIPE, text=True,
                                 env={**os.environ, "LD_PRELOAD": shim})
        try:
            shell.stdin.write("PRAGMA synchronous = FULL; UPDATE core_note SET content = 'slow' WHERE _path = 'n0.md';\n")
            shell.stdin.flush()
            self.wait_until(lambda: self.read("n0.md").endswith(b"slow"))
        finally:
            shell.stdin.close()
            shell.wait(live.LIMIT)

    def test_what_changes_nothing_writes_nothing(self):
        self.notes(3)
        self.start()
        before, history = self.hash(), self.query("SELECT count(*) FROM history")
        self.sql("BEGIN; UPDATE core_note SET content = 'x'; ROLLBACK; PRAGMA wal_checkpoint; VACUUM;"
                 "UPDATE object_content SET content_json = content_json; ANALYZE")
        self.sync()
        self.assertEqual((self.hash(), self.query("SELECT count(*) FROM history")), (before, history))
        self.assert_exact()

    def test_our_own_writes_do_not_come_back(self):
        self.notes(50)
        self.start()
        for number in range(4):
            self.sql(f"UPDATE core_note SET content = 'round {number}'")
            self.sync()
        self.assertEqual(self.query("SELECT count(*) FROM history"), [(200,)])
        self.assertEqual(self.query("SELECT op, origin, count(*) FROM changes WHERE origin <> 'api' GROUP BY 1, 2"),
                         [("create", "file", 50), ("update", "sql", 200)])
        self.assertEqual(self.query("SELECT count(*) FROM conflicts"), [(0,)])
        self.assert_exact()

    # --- many at once

    def test_many_rows_are_held_applied_and_undone(self):
        self.notes(MANY)
        self.start()
        before = self.hash()
        self.sql("UPDATE object_content SET content_json = json_set(content_json, '$.mood', 'happy: very')")
        self.sync()
        self.assertEqual(self.hash(), before, "the brake holds them")
        self.assertEqual(self.query("SELECT state, count(*) FROM nx_outbox GROUP BY 1"), [("held", MANY)])
        self.sql("INSERT INTO nx_request(at, kind) VALUES(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'apply')")
        started = time.monotonic()
        self.sync()
        applied = time.monotonic() - started
        self.assertEqual(self.query("SELECT count(*) FROM nx_outbox"), [(0,)])
        for path, found in self.hash().items():
            self.assertNotEqual(found, before[path])
        self.assertIn(b'mood: "happy: very" # 7\nn: 1.10\n', self.read("n7.md"))
        self.sql("INSERT INTO nx_request(at, kind, argument) SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'undo', seq"
                 " FROM history WHERE batch = (SELECT max(batch) FROM history)")
        started = time.monotonic()
        self.sync()
        undone = time.monotonic() - started
        self.assertEqual(self.query("SELECT count(*), max(answer) FROM nx_request WHERE kind = 'undo'"), [(MANY, "")])
        self.assertEqual(self.hash(), before)
        print(f"{MANY} files: {MANY / applied:.0f} files/s applied, {MANY / undone:.0f} undone", file=sys.stderr)
        log = (self.root / ".nexus/vault.sqlite-wal").stat().st_size
        self.assertLess(log, 64 * 1024 * 1024, "the log does not grow with the burst")
        self.assert_exact()

    # --- what is in the way

    def test_a_read_only_file_is_written_once_it_may_be(self):
        self.notes()
        self.start()
        (self.root / "n0.md").chmod(0o444)
        self.set("n0.md", "wild")
        self.wait_until(lambda: "read-only" in self.problem("n0.md"))
        self.assertIn(b"mood: calm", self.read("n0.md"))
        self.sql("UPDATE nx_outbox SET retry_at_ns = retry_at_ns + 100000000000000")  # of itself it tries a day later
        (self.root / "n0.md").chmod(0o644)
        self.assert_written("n0.md", "wild")

    def test_an_immutable_file_is_written_once_it_may_be(self):
        self.notes()
        self.start()
        if os.geteuid() or subprocess.run(["chattr", "+i", self.root / "n0.md"], capture_output=True).returncode:
            self.skipTest("no file can be made immutable here")
        self.addCleanup(subprocess.run, ["chattr", "-i", self.root / "n0.md"], capture_output=True)
        self.set("n0.md", "wild")
        self.wait_until(lambda: "waits" in self.problem("n0.md"))
        self.assertIn(b"mood: calm", self.read("n0.md"))
        subprocess.run(["chattr", "-i", self.root / "n0.md"], check=True)
        self.assert_written("n0.md", "wild")

    def test_a_folder_that_takes_no_file_makes_the_row_wait(self):
        """A new file cannot be; one that is there is written in place."""
        self.wrapper = self.as_nobody()
        self.notes(folder="d/")
        self.give_away()
        self.start()
        (self.root / "d").chmod(0o555)
        self.addCleanup((self.root / "d").chmod, 0o755)
        inode = (self.root / "d/n0.md").stat().st_ino
        self.set("d/n0.md", "wild")
        self.assert_written("d/n0.md", "wild")
        self.assertEqual((self.root / "d/n0.md").stat().st_ino, inode)
        self.sql("INSERT INTO core_note(_path, content) VALUES('d/new.md', 'new')")
        self.wait_until(lambda: "waits to be written" in self.problem("d/new.md"))
        self.assertIn("ermission denied", self.problem("d/new.md"))
        self.wait_until(lambda: self.query("SELECT 1 FROM nx_outbox WHERE tries > 1"))
        self.assertEqual(os.listdir(self.root / "d"), ["n0.md"])
        (self.root / "d").chmod(0o755)
        self.assert_written("d/new.md", None)

    def test_an_outcome_that_could_not_be_recorded_is_recorded_later(self):
        """A shell takes the database's lock for longer than the daemon waits, just when a file is replaced."""
        shim = os.environ.get("AT_SYNC_SHIM")
        if not shim or os.environ.get("SANITIZED"):
            self.skipTest("the shim is not there")
        self.notes(1)
        hold = self.scratch / "hold.py"
        hold.write_text("import pathlib, sqlite3, sys, time\n"
                        "database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)\n"
                        "database.execute('BEGIN IMMEDIATE')\n"
                        "pathlib.Path(sys.argv[2] + '/held').touch()\n"
                        "while not pathlib.Path(sys.argv[2] + '/let-go').exists():\n"
                        "    time.sleep(0.01)\n")
        self.environment |= {"LD_PRELOAD": shim, "AT_EXCHANGE": f"'{sys.executable}' '{hold}' '{self.root}/.nexus/vault.sqlite' "
                             f"'{self.scratch}' & while ! [ -e '{self.scratch}/held' ]; do sleep 0.01; done"}
        self.start()
        del self.environment["LD_PRELOAD"], self.environment["AT_EXCHANGE"]
        before = self.read("n0.md")
        self.set("n0.md", "wild")
        self.wait_until(lambda: "locked" in (self.root / ".nexus/logs/nexus.log").read_text())
        self.assertNotEqual(self.read("n0.md"), before, "it was replaced")
        under_way = "SELECT count(*) FROM history WHERE temporary IS NOT NULL"
        self.assertEqual(self.query(under_way), [(1,)])
        (self.scratch / "let-go").touch()
        self.wait_until(lambda: self.query(under_way) == [(0,)])
        self.assert_written("n0.md", "wild")
        self.nexus("undo")
        self.wait_until(lambda: self.read("n0.md") == before)
        self.assert_exact()

    def test_a_link_between_plan_and_write_leads_nowhere(self):
        """A folder, and a file, at the last moment before the exchange."""
        shim = os.environ.get("AT_SYNC_SHIM")
        if not shim or os.environ.get("SANITIZED"):
            self.skipTest("the shim is not there")
        outside = self.scratch / "outside"
        outside.mkdir()
        for swap, path in (("mv d was && ln -s ../outside d", "d/n0.md"), ("mv n0.md was.md && ln -s ../outside/n0.md n0.md", "n0.md")):
            with self.subTest(path):
                self.notes()
                self.notes(folder="d/")
                shutil.copy(self.root / "n0.md", outside)
                self.nexus("init") if not (self.root / ".nexus").exists() else self.sync()
                before = self.read(path)
                self.set(path, "wild")
                done = subprocess.run([live.PROGRAM, "-C", self.root, "sync"], capture_output=True, text=True, timeout=live.LIMIT,
                                      env={**self.environment, "LD_PRELOAD": shim, "AT_SYNC": f"cd '{self.root}' && {swap}"})
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue((self.root / path).parent.is_symlink() or (self.root / path).is_symlink(), "it was swapped")
                self.assertEqual(os.listdir(outside), ["n0.md"])
                self.assertEqual((outside / "n0.md").read_bytes(), before)
                self.assertNotIn(b"wild", b"".join(file.read_bytes() for file in (self.root).glob("was*/*.md")))
                self.sync()
                self.assertEqual(self.query("SELECT count(*) FROM nx_outbox"), [(0,)])
                told = "".join(map(str, self.query("SELECT refused FROM history WHERE op = 'refused'")))
                self.assertIn("wild", told, "what was refused is kept")
                self.assertIn("taken back", done.stdout + done.stderr)

    def test_a_folder_on_a_filesystem_of_its_own_is_written_into(self):
        other = self.root / "other"
        other.mkdir()
        if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "tmpfs", other], capture_output=True).returncode:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", other], capture_output=True)
        self.notes(2, folder="other/")
        self.notes(2)
        self.start()
        for path in ("other/n0.md", "n0.md", "other/n1.md", "n1.md"):
            self.set(path, "wild")
            self.assert_written(path, "wild")
        self.wait_until(lambda: not [*self.root.rglob(".nexus-*")])
        self.assert_exact()

    def test_a_full_disk_keeps_the_row_waiting(self):
        if os.geteuid():
            self.skipTest("a small disk needs root")
        disk = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", self.root]
        if subprocess.run(disk, capture_output=True).returncode:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.root], capture_output=True)
        self.notes()
        self.start()
        self.sync()
        ballast = self.root / "ballast.bin"
        with open(ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                pass
            room = file.tell() - 2_000_000
        os.truncate(ballast, room)  # enough for the shell's own log
        text = "some words " * 100_000
        self.assertTrue(self.try_sql(f"UPDATE core_note SET content = '{text}' WHERE _path = 'n0.md'"))
        self.wait_until(lambda: "space" in self.log() or "space" in self.problem("n0.md"))
        before = self.switches()
        time.sleep(2)  # what is measured is how often it tries meanwhile
        self.assertLess(self.switches() - before, 60, "it does not try all the time")
        self.assertIn(b"mood: calm", self.read("n0.md"))
        ballast.unlink()
        self.wait_until(lambda: len(self.read("n0.md")) > len(text))
        self.wait_until(lambda: not self.query("SELECT 1 FROM nx_outbox"))
        self.sync()
        self.assertEqual(self.problem("n0.md"), "")

    def log(self):
        return (self.root / ".nexus/logs/nexus.log").read_text()

    # --- killed at each step

    def test_killed_at_each_step_of_a_write(self):
        self.need("strace")
        if os.environ.get("SANITIZED"):
            self.skipTest("a sanitizer does not like to be traced")
        self.notes(2)
        self.write("todos.json", '{"schema": "core.todo", "version": 1, "data": [{"id": 1, "text": "one"}]}\n')
        self.nexus("init")
        kills, number = 0, 0
        for call in ("renameat2", "syncfs", "fdatasync", "unlinkat", "fchmod", "write"):
            for at in range(1, 40):
                number += 1
                for path in ("n0.md", "n1.md"):
                    self.set(path, f"v{number}")
                done = subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
                                       "-e", f"inject={call}:signal=SIGKILL:when={at}", live.PROGRAM, "-C", self.root, "sync"],
                                      env=self.environment, capture_output=True, timeout=live.LIMIT)
                kills += done.returncode != 0
                self.nexus("sync")
                for path in ("n0.md", "n1.md"):
                    self.assertIn(f"mood: v{number} #".encode(), self.read(path), f"{call} {at}")
                self.assertEqual([path for path in self.root.rglob(".nexus-*")], [])
                self.assertEqual(self.query("SELECT count(*) FROM nx_outbox"), [(0,)])
                self.assertEqual(self.query("SELECT count(*) FROM history WHERE temporary NOT NULL"), [(0,)])
                self.assertEqual(self.query("SELECT count(*) FROM conflicts"), [(0,)])
                if done.returncode == 0:
                    break
        self.assertGreater(kills, 10, "it was killed")
        self.assert_exact()


if __name__ == "__main__":
    live.main()
