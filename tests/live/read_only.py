# SPDX-License-Identifier: MIT
"""Read-only objects and their files: the write bits, the editors that warn, and those that are forced."""

import json
import os
import sqlite3
import stat
import subprocess

import live
from live import LiveTest

TODOS = json.dumps({"schema": "core.todo", "version": 1, "data": [{"id": 1, "text": "One"}, {"id": 2, "text": "Two"}]})


class ReadOnly(LiveTest):
    def mode(self, path):
        return stat.S_IMODE((self.root / path).stat().st_mode)

    def lock(self, *paths, to="on"):
        self.nexus("permit", *paths, "--read-only", to)

    def flagged(self):
        return [path for (path,) in self.query("SELECT path FROM problems WHERE keyword = 'read-only'"
                                               " AND severity = 'warning'")]

    def recorded(self):
        log = self.root / ".nexus/logs/audit.jsonl"
        return [line["action"] for line in map(json.loads, log.read_text().splitlines()) if line["origin"] == "file"]

    def write_with_sql(self, sql):
        database = sqlite3.connect(self.root / ".nexus/vault.sqlite", timeout=30)
        database.execute(sql)
        database.commit()
        database.close()

    def test_the_write_bits_go_and_come_back_as_they_were(self):
        for path, mode in (("a.md", 0o664), ("b.md", 0o640), ("c.md", 0o444), ("d.md", 0o755)):
            self.write(path)
            os.chmod(self.root / path, mode)
        self.nexus("init")
        self.assertEqual([self.mode(path) for path in ("a.md", "b.md", "c.md", "d.md")], [0o664, 0o640, 0o444, 0o755])
        self.lock("a.md", "b.md", "c.md", "d.md")
        self.assertEqual([self.mode(path) for path in ("a.md", "b.md", "c.md", "d.md")], [0o444, 0o440, 0o444, 0o555])
        self.sync()
        self.lock("a.md", "b.md", "c.md", "d.md", to="off")
        self.assertEqual([self.mode(path) for path in ("a.md", "b.md", "c.md", "d.md")], [0o664, 0o640, 0o444, 0o755])

    def test_a_file_of_several_objects_is_locked_while_any_of_them_is(self):
        self.write("todos.json", TODOS)
        self.nexus("init")
        self.lock("todos.json#1", "todos.json#2")
        self.lock("todos.json#1", to="off")
        self.assertEqual(self.mode("todos.json") & 0o222, 0)
        self.lock("todos.json#2", to="off")
        self.assertNotEqual(self.mode("todos.json") & 0o222, 0)

    def test_what_sql_locks_and_lifts_reaches_the_file(self):
        self.write("a.md")
        self.start()
        self.write_with_sql("UPDATE object_permissions SET read_only = 1")
        self.wait_until(lambda: self.mode("a.md") & 0o222 == 0)
        self.write_with_sql("UPDATE object_permissions SET read_only = 0")
        self.wait_until(lambda: self.mode("a.md") & 0o222)

    def test_bits_that_a_person_set_meanwhile_stay(self):
        self.write("a.md")
        os.chmod(self.root / "a.md", 0o666)
        self.nexus("init")
        self.lock("a.md")
        os.chmod(self.root / "a.md", 0o600)
        self.lock("a.md", to="off")
        self.assertEqual(self.mode("a.md"), 0o600)

    def test_a_save_by_another_name_is_taken_in_flagged_and_locked_again(self):
        self.write("a.md", "# Old\n")
        self.start()
        self.lock("a.md")
        self.write("new", "# New\n")
        self.move("new", "a.md")
        self.wait_until(lambda: self.content("a.md") == "# New\n")
        self.wait_until(lambda: self.mode("a.md") & 0o222 == 0)
        self.assertEqual((self.flagged(), self.recorded()), (["a.md"], ["read-only-edit"]))
        self.assertIn(b"read-only and was changed all the same", self.nexus("check").stdout)
        self.sync()
        self.assertEqual(self.sync()["read"], 0)
        self.lock("a.md", to="off")
        self.assertEqual(self.flagged(), [])
        self.assertNotEqual(self.mode("a.md") & 0o222, 0)

    def test_vim_warns_and_when_forced_is_taken_in(self):
        self.need("vim")
        self.write("a.md", "# Old\n")
        self.start()
        self.lock("a.md")
        vim = ["vim", "-u", "NONE", "-es", "a.md", "-c"]
        subprocess.run([*vim, "normal GoNew", "-c", "silent! write", "-c",
                                  "call writefile([&readonly], '../readonly')", "-c", "qa!"], cwd=self.root,
                                 stdin=subprocess.DEVNULL, capture_output=True, timeout=live.LIMIT, check=False)
        self.assertEqual((self.root / "a.md").read_text(), "# Old\n")
        self.assertEqual((self.scratch / "readonly").read_text(), "1\n")
        subprocess.run([*vim, "normal GoNew", "-c", "write!", "-c", "qa!"], cwd=self.root, stdin=subprocess.DEVNULL,
                       capture_output=True, timeout=live.LIMIT, check=False)
        self.assertIn("New", (self.root / "a.md").read_text())
        self.wait_until(lambda: "New" in self.content("a.md"))
        self.wait_until(lambda: self.mode("a.md") & 0o222 == 0 and self.flagged() == ["a.md"])

    def test_another_object_of_the_file_is_written_and_the_lock_stays(self):
        self.write("todos.json", TODOS)
        os.chmod(self.root / "todos.json", 0o664)
        self.start()
        self.lock("todos.json#1")
        self.write_with_sql("UPDATE core_todo SET text = 'Changed' WHERE id = 2")
        self.wait_until(lambda: "Changed" in (self.root / "todos.json").read_text())
        self.sync()
        self.assertEqual((self.mode("todos.json"), self.flagged()), (0o444, []))
        self.lock("todos.json#1", to="off")
        self.assertEqual(self.mode("todos.json"), 0o664)

    def test_commands_that_write_are_refused_with_a_sentence(self):
        self.write("a.md", "---\ntitle: A\n---\n")
        self.nexus("init")
        self.nexus("set", "a.md", "title=B")
        self.lock("a.md")
        before = (self.root / "a.md").read_bytes()
        for words in (["set", "a.md", "title=C"], ["rm", "a.md"], ["undo"]):
            done = self.nexus(*words)
            self.assertEqual(done.returncode, 1, words)
            self.assertIn(b"read-only", done.stdout + done.stderr, words)
        self.assertEqual((self.root / "a.md").read_bytes(), before)
        self.assertEqual(self.flagged(), [])

    def test_a_conflict_is_not_resolved_against_it(self):
        self.write("a.md", "---\ntitle: A\n---\n")
        self.nexus("init")
        self.write_with_sql("UPDATE core_note SET title = 'database'")
        self.write("a.md", "---\ntitle: file\n---\n")
        os.utime(self.root / "a.md", (2 ** 31, 2 ** 31))
        self.sync()
        ((conflict,),) = self.query("SELECT id FROM conflicts")
        self.lock("a.md")
        done = self.nexus("resolve", str(conflict), "database")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"read-only", done.stdout + done.stderr)
        self.assertIn("title: file", (self.root / "a.md").read_text())

    def test_it_stays_locked_through_a_rename_and_a_restart(self):
        self.write("a.md", "# A\n")
        self.start()
        self.lock("a.md")
        self.move("a.md", "b.md")
        self.wait_until(lambda: "b.md" in self.ids())
        self.stop()
        self.start()
        self.assertEqual(self.mode("b.md") & 0o222, 0)
        self.lock("b.md", to="off")
        self.assertNotEqual(self.mode("b.md") & 0o222, 0)

    def test_a_mode_that_cannot_be_changed_is_told(self):
        self.write("mine.md")
        self.write("theirs.md")
        if os.geteuid() != 0:
            self.skipTest("only root can give a file to somebody else")
        self.wrapper = self.as_nobody()
        self.give_away()
        os.chown(self.root / "theirs.md", 0, 0)
        os.chmod(self.root / "theirs.md", 0o666)
        self.nexus("init")
        self.lock("mine.md", "theirs.md")
        self.assertEqual((self.mode("mine.md") & 0o222, self.mode("theirs.md")), (0, 0o666))
        self.assertEqual(self.flagged(), ["theirs.md"])
        self.assertIn(b"cannot be taken away", self.nexus("check").stdout)
        self.lock("theirs.md", to="off")
        self.assertEqual(self.flagged(), [])


if __name__ == "__main__":
    live.main()
