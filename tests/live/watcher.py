# SPDX-License-Identifier: MIT
"""A watcher that fails without a word is found out, told of and replaced; one that does its work is left alone."""

import fcntl
import json
import os
import pathlib
import random
import re
import signal
import subprocess

import live
import sql as by_sql
from live import LiveTest

LOCK_ENDS = "stopped before it had begun"


class Watcher(LiveTest):
    sql = by_sql.sql

    def setUp(self):
        super().setUp()
        self.fault = self.scratch / "fault"

    def start_with(self, **settings):
        """The daemon with these settings, and ready for a fault."""
        self.write(".nexus/config.json", json.dumps(settings))
        self.start()

    def start_faulty(self, **settings):
        shim = os.environ.get("FAULTY_WATCH")
        if not shim or os.environ.get("SANITIZED"):
            self.skipTest("no library to make the watch thread fail")
        self.environment |= {"FAULT_AT": str(self.fault)}
        self.nexus("init")
        daemon = dict(self.environment, LD_PRELOAD=shim)
        self.environment, plain = daemon, self.environment
        self.start_with(**settings)
        self.environment = plain

    def log(self):
        return (self.root / ".nexus/logs/nexus.log").read_text()

    def wait_for_log(self, words):
        self.wait_until(lambda: words in self.log())

    def plant(self, fault):
        """The next thing that the thread is woken for is its last."""
        (self.scratch / "half").write_text(fault)
        os.rename(self.scratch / "half", self.fault)
        self.write("wakes.md")
        self.wait_until(lambda: not self.fault.exists())

    def wait_for_walks(self, count):
        for _ in range(count):
            before = self.daemon()["walked_at_ms"]
            self.wait_until(lambda: self.daemon()["walked_at_ms"] > before)

    def assert_it_follows(self):
        """By events, and nobody complains any more."""
        restarts = self.daemon()["restarts"]
        self.assertTrue(self.daemon()["is_watching"])
        for number in range(3):
            self.write("later.md", f"{number}\n")
            self.wait_until(lambda: self.content("later.md") == f"{number}\n")
        self.wait_for_walks(2)
        self.assertEqual(self.daemon()["restarts"], restarts)
        self.assert_exact()

    def test_one_that_hears_nothing_is_found_by_the_walk(self):
        self.start_faulty(walk_seconds=1)
        self.plant("deaf")
        self.write("d/a.md", "unheard\n")
        self.wait_for_log("watching begins afresh: no event told of a change of ")
        self.wait_until(lambda: self.content("d/a.md") == "unheard\n")
        self.assertGreaterEqual(self.daemon()["restarts"], 1)
        self.assertIn(b"watching was begun afresh", self.nexus("status").stdout)
        self.assert_it_follows()

    def test_one_that_has_ended_is_found(self):
        self.start_faulty(walk_seconds=1)
        self.plant("ended")
        self.write("a.md", "unheard\n")
        self.wait_for_log("watching begins afresh: the thread that watches the vault had ended")
        self.wait_until(lambda: self.content("a.md") == "unheard\n")
        self.assertEqual(self.daemon()["restarts"], 1)
        self.assert_it_follows()

    def test_one_whose_events_end_says_so_itself(self):
        self.start_faulty()
        self.plant("closed")
        self.wait_for_log("watching begins afresh: the events of the vault's folders came to an end")
        self.write("a.md", "heard\n")
        self.wait_until(lambda: self.content("a.md") == "heard\n")
        self.assertEqual(self.daemon()["restarts"], 1)

    def test_one_that_hangs_is_left_behind(self):
        """A thread cannot be ended from outside: the program starts anew, as the same process."""
        self.start_faulty(walk_seconds=1)
        pid = self.daemon()["pid"]
        self.plant("stuck")
        self.write("a.md", "unheard\n")
        self.wait_for_log("the thread that watches the vault does not answer")
        self.wait_until(lambda: self.content("a.md") == "unheard\n")
        self.wait_until(lambda: (self.daemon() or {}).get("is_watching"))
        self.assertEqual(self.daemon()["pid"], pid)
        self.assertEqual(self.log().count(" follows "), 2)
        self.assert_it_follows()

    def test_status_tells_of_one_that_hangs(self):
        self.start_faulty()
        self.assertTrue(self.daemon()["is_watching"])
        self.plant("stuck")
        self.assertFalse(self.daemon()["is_watching"])
        self.assertIn(b"its watcher does not answer", self.nexus("status").stdout)
        self.stop(signal.SIGKILL)

    def test_one_that_does_its_work_is_left_alone(self):
        """Saves in the middle of walks are no changes that nobody told of."""
        self.nexus("init")
        self.start_with(walk_seconds=1)
        chance, begun = random.Random(3), self.daemon()["walked_at_ms"]
        number = 0
        while self.daemon()["walked_at_ms"] - begun < 4000:
            number += 1
            for _ in range(20):
                self.write(f"n{chance.randrange(200)}.md", f"{number}\n")
            self.move(f"n{number % 200}.md", "moved.md") if (self.root / f"n{number % 200}.md").exists() else None
        self.assertEqual(self.daemon()["restarts"], 0)
        self.assertNotIn("afresh", self.log())
        self.assert_exact()

    def test_a_file_that_an_editor_has_set_aside_is_no_reason(self):
        """While vim writes to a slow disk the note is gone, and its backup is there: that is told of later."""
        self.write("a.md", "before\n")
        self.nexus("init")
        self.start_with(walk_seconds=1)
        ids = self.ids()
        self.move("a.md", "a.md~")
        self.wait_for_walks(3)
        self.write("a.md", "after\n")
        self.wait_until(lambda: self.content("a.md") == "after\n")
        self.wait_for_walks(1)
        self.assertEqual(self.ids(), ids)
        self.assertEqual(self.daemon()["restarts"], 0)

    # --- what the log and the status tell

    def test_a_long_pass_answers_how_it_is(self):
        self.nexus("init")
        self.start()
        self.process.send_signal(signal.SIGSTOP)
        for i in range(6000):
            self.write(f"d{i % 20}/n{i}.md", f"# {i}\n\nWords.\n")
        self.process.send_signal(signal.SIGCONT)
        seen = self.wait_until(lambda: self.daemon()["pass_files"])
        self.assertGreaterEqual(seen, 256)
        self.sync()
        self.assertEqual(self.daemon()["pass_files"], 0)
        self.assertEqual(len(self.ids()), 6000)
        log = (self.root / ".nexus/vault.sqlite-wal").stat().st_size
        self.assertLess(log, 64 << 20, "the database's log does not grow with the pass")

    def test_the_end_of_a_long_pass_need_not_be_waited_for(self):
        self.nexus("init")
        self.start()
        self.process.send_signal(signal.SIGSTOP)
        for i in range(6000):
            self.write(f"d{i % 20}/n{i}.md", f"# {i}\n\nWords.\n")
        self.process.send_signal(signal.SIGCONT)
        self.wait_until(lambda: self.daemon()["pass_files"])
        self.stop()
        self.assertNotIn(" error ", self.log())
        self.start()
        self.assert_exact()

    def test_a_command_of_another_version_leaves_the_followed_database_alone(self):
        self.write("a.md", "a\n")
        self.start()
        marks = "SELECT key, value FROM nx_meta WHERE key IN ('derived', 'triggers')"
        for key in ("derived", "triggers"):
            with self.subTest(key):
                self.sql(f"UPDATE nx_meta SET value = 'of another' WHERE key = '{key}'")
                before = self.query(marks)
                for command in (["set", "a.md", "mood=calm"], ["apply"], ["doctor"]):
                    done = self.nexus(*command, check=False)
                    self.assertIn("another version of Nexus follows this vault", (done.stdout + done.stderr).decode(), command)
                    self.assertEqual(self.query(marks), before, command)
        self.assertEqual(self.query("SELECT count(*) FROM files WHERE indexed_at IS NULL"), [(0,)])

    def test_who_waits_for_the_lock_can_be_told_to_end(self):
        self.nexus("init")
        folder = os.open(self.root / ".nexus", os.O_RDONLY)
        self.addCleanup(os.close, folder)
        fcntl.flock(folder, fcntl.LOCK_EX)
        process = subprocess.Popen([live.PROGRAM, "-C", str(self.root), "watch"], env=self.environment,
                                        stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        status = pathlib.Path(f"/proc/{process.pid}/status")
        blocked = lambda: int(re.search(r"SigBlk:\s*(\w+)", status.read_text()).group(1), 16)
        self.wait_until(lambda: blocked() >> (signal.SIGTERM - 1) & 1)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(live.LIMIT), 0)  # or a service manager would call it failed
        self.assertEqual(process.stderr.read(), "")
        self.assertIn(LOCK_ENDS, self.log())

    def test_the_log_tells_what_became_of_rows(self):
        self.write("a.md", "---\nmood: calm\n---\nWords.\n")
        self.write("todos.json", '{"schema": "core.todo", "version": 1, "data": [{"id": 1, "text": "a"}]}')
        for i in range(20):
            self.write(f"many/n{i}.md", "Words.\n")
        self.nexus("init")
        self.start_with(brake_files=10)
        self.sql("UPDATE core_note SET content = 'Other words.' WHERE _path = 'a.md'")
        self.wait_for_log(" info written: 1 files")
        self.sql("UPDATE object_content SET content_json = json_set(content_json, '$.text', 7)"
                 " WHERE object_id IN (SELECT id FROM data_objects WHERE file_path LIKE 'todos%')")
        self.wait_for_log(" warning refused: 1 changed rows were taken back")
        self.freeze()
        self.sql("UPDATE core_note SET content = 'From the shell.' WHERE _path = 'a.md'")
        self.write("a.md", "---\nmood: calm\n---\nFrom an editor.\n")
        self.process.send_signal(signal.SIGCONT)
        self.wait_for_log(" warning conflicts: 1 objects were changed on both sides")
        self.sql("UPDATE core_note SET content = 'Held.' WHERE _path LIKE 'many/%'")
        self.wait_for_log(" warning held: the changes of 20 files wait for 'nexus apply' or 'nexus discard'")
        for line in self.log().splitlines():
            self.assertRegex(line, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warning|error) \S")

    def test_the_log_tells_what_waits(self):
        self.need("chattr")
        self.write("d/a.md", "Words.\n")
        self.nexus("init")
        self.start()
        if subprocess.run(["chattr", "+i", str(self.root / "d/a.md")], capture_output=True, check=False).returncode:
            self.skipTest("no file can be made immutable here")
        self.addCleanup(subprocess.run, ["chattr", "-i", str(self.root / "d/a.md")], check=False, capture_output=True)
        self.sql("UPDATE core_note SET content = 'Other words.' WHERE _path = 'd/a.md'")
        self.wait_for_log(" warning waiting: 1 files cannot be written now, and are tried again")
        subprocess.run(["chattr", "-i", str(self.root / "d/a.md")], check=True)
        self.wait_until(lambda: (self.root / "d/a.md").read_text() == "Other words.")


if __name__ == "__main__":
    live.main()
