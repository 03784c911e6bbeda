#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A row is changed with SQL while somebody moves, deletes or saves its file: both count, and nothing is lost."""

import json
import os
import random
import subprocess
import sys
import time

import live
import sql as by_sql

ROUNDS = int(os.environ.get("NEXUS_ROUNDS", "60"))   # saves beside our own writes; 300 by hand


class Meanwhile(by_sql.RowTest):
    def test_a_row_whose_file_is_being_moved_is_written_where_the_file_is(self):
        """Of the move nobody has heard yet: the edit follows the file, and nothing is made in its old place."""
        self.notes(3, folder="d/")
        self.start()
        ids = self.ids()
        numbers = [number for (number,) in self.query("SELECT id FROM data_objects ORDER BY file_path")]
        update = "UPDATE object_content SET content_json = json_set(content_json, '$.mood', 'wild') WHERE object_id = "
        self.move("d/n0.md", "d/moved.md")
        self.sql(update + str(numbers[0]))
        self.assert_written("d/moved.md", "wild")
        self.move("d", "e")
        self.sql(update + str(numbers[1]))
        self.assert_written("e/n1.md", "wild")
        self.move("e/n2.md", "n2.md")
        self.sql(f"DELETE FROM data_objects WHERE id = {numbers[2]}")
        self.wait_until(lambda: not (self.root / "n2.md").exists())
        self.sync()
        self.assertEqual(sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*.md")
                                if ".nexus" not in path.parts), ["e/moved.md", "e/n1.md"])
        self.assertEqual(self.ids(), {"e/moved.md": ids["d/n0.md"], "e/n1.md": ids["d/n1.md"]})

    def test_a_move_is_known_before_a_row_is_written_again_however_long_a_file_has_to_be_quiet(self):
        self.notes(2)
        self.nexus("init")
        self.write(".nexus/config.json", json.dumps({"debounce_ms": 4000, "max_wait_ms": 60000}))
        self.start()
        self.move("n0.md", "moved.md")
        self.sql("DELETE FROM data_objects WHERE file_path = 'n0.md'")
        self.move("n1.md", "other.md")
        self.set("n1.md", "wild")
        self.assert_written("other.md", "wild")
        self.wait_until(lambda: not (self.root / "moved.md").exists())
        self.sync()
        self.assertEqual([*self.ids()], ["other.md"])

    def test_a_deleted_file_is_written_again(self):
        self.notes()
        self.start()
        (self.root / "n0.md").unlink()
        self.set("n0.md", "wild")
        self.wait_until(lambda: b"mood: wild" in self.read("n0.md") or not self.query("SELECT 1 FROM nx_outbox"))
        self.sync()
        kept = self.read("n0.md") + "".join(map(str, self.query("SELECT refused FROM history"))).encode()
        self.assertIn(b"wild", kept, "the edit is in the file or told")
        self.assertEqual(self.query("SELECT count(*) FROM nx_outbox"), [(0,)])

    def test_a_file_that_is_being_written_waits_for_its_writer(self):
        self.notes()
        self.start()
        with open(self.root / "n0.md", "r+") as writer:
            self.set("n0.md", "wild")
            self.wait_until(lambda: self.query("SELECT 1 FROM nx_outbox WHERE tries > 0"))
            self.assertIn(b"mood: calm", self.read("n0.md"))
            before = self.switches()
            time.sleep(2)  # what is measured is how often it looks meanwhile
            self.assertLess(self.switches() - before, 40, "it does not look all the time")
            del writer
        self.assert_written("n0.md", "wild")

    def save(self, path, text, by_rename):
        target = self.root / path
        if by_rename:
            beside = target.with_name(".save.tmp")
            beside.write_text(text)
            os.rename(beside, target)
        else:
            target.write_text(text)

    def race(self, by_rename):
        """Somebody saves 0 to 5 ms after each commit. Their version is in the file, in history or a conflict; so is
        ours, or it was in the file before they saved over it."""
        self.notes(ROUNDS)
        self.start()
        chance = random.Random(1)
        shell = subprocess.Popen(by_sql.SHELL, cwd=self.root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        shell.stdin.write(".timeout 30000\n")
        for number in range(ROUNDS):
            shell.stdin.write("UPDATE object_content SET content_json = json_set(content_json, '$.mood', "
                              f"'ours{number:04}') WHERE object_id = (SELECT id FROM data_objects WHERE file_path ="
                              f" 'n{number}.md');\n.print done\n")
            shell.stdin.flush()
            self.assertEqual(shell.stdout.readline(), "done\n")
            time.sleep(chance.random() * 0.005)  # the race
            self.save(f"n{number}.md", f"---\nmood: theirs{number:04}\n---\nBody.\n", by_rename)
        shell.stdin.close()
        self.assertEqual(shell.wait(live.LIMIT), 0)
        shell.stdout.close()
        self.sync()
        self.wait_until(lambda: not self.query("SELECT 1 FROM nx_outbox"))
        lost = []
        for number in range(ROUNDS):
            path = f"n{number}.md"
            kept = self.read(path) + self.versions(path)
            if f"theirs{number:04}".encode() not in kept:
                lost.append(f"theirs{number}")
            was_written = self.query("SELECT 1 FROM history WHERE path = ? AND op = 'update'", path)
            if f"ours{number:04}".encode() not in kept and not was_written:
                lost.append(f"ours{number}")
        conflicts = self.query("SELECT count(*) FROM conflicts")[0][0]
        print(f"{ROUNDS} saves: {conflicts} conflicts, {len(lost)} lost", file=sys.stderr)
        self.assertEqual(lost, [])
        self.sql("DELETE FROM conflicts")
        self.assert_exact()

    def versions(self, path):
        found = b""
        for sql in ("SELECT file_version FROM conflicts WHERE path = ?", "SELECT database_version FROM conflicts WHERE path = ?",
                    "SELECT before FROM history WHERE path = ?", "SELECT refused FROM history WHERE path = ?"):
            found += b"".join(value if isinstance(value, bytes) else value.encode()
                              for (value,) in self.query(sql, path) if value)
        return found

    def test_nothing_is_lost_beside_an_editor_that_renames(self):
        self.race(True)

    def test_nothing_is_lost_beside_an_editor_that_writes_in_place(self):
        self.race(False)


if __name__ == "__main__":
    live.main()
