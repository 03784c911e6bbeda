#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What SQL must not be able to do: each attack comes from the stock shell, while `nexus watch` follows the vault."""

import contextlib
import os
import sqlite3
import subprocess

import live
import sql as by_sql

CANARY = "nobody may touch me\n"

# Paths that SQL gives to a new note and to a known one.
PATHS = {
    "above": "'../x.md'",
    "absolute": "'/etc/x.md'",
    "above_in_the_middle": "'a/../../x.md'",
    "dot_in_the_middle": "'a/./x.md'",
    "empty_in_the_middle": "'a//x.md'",
    "empty": "''",
    "nul": "'../x' || char(0) || '.md'",
    "too_long": "replace(hex(zeroblob(2100)), '00', 'd/') || 'x.md'",
    "git_hooks": "'.git/hooks/x.md'",
    "obsidian_plugins": "'.obsidian/plugins/x.md'",
    "wrong_ending": "'.obsidian/plugins/x.js'",
    "own_folder": "'.nexus/trash/x.md'",
    "own_settings": "'.nexus/config.json'",
    "slash_at_the_end": "'folder/'",
    "folder": "'folder'",
    "name_of_256_bytes": "replace(hex(zeroblob(253)), '00', 'n') || '.md'",
    "through_a_link": "'link/x.md'",
    "through_a_link_to_a_file": "'file-link.md'",
    "through_a_file": "'b.md/x.md'",
    "another_note": "'b.md'",
    "newline": "'new' || char(10) || 'line.md'",
    "escape": "'new' || char(27) || '[31m.md'",
    "no_utf8": "CAST(X'636166e92e6d64' AS TEXT)",
}

# Names that are odd, and nobody's business to refuse.
NAMES = {
    "name_of_255_bytes": "n" * 252 + ".md",
    "dash": "-rf.md",
    "percent": "%s%n.md",
    "quotes": "it's \"quoted\".md",
    "emoji": "\N{PARTY POPPER}.md",
}


class Attacks(live.LiveTest):
    def setUp(self):
        super().setUp()
        self.outside = self.scratch / "outside"
        self.outside.mkdir()
        (self.outside / "canary.md").write_text(CANARY)
        for path in ("a.md", "b.md", "folder/c.md", "plain.md"):
            self.write(path, f"---\nmood: calm\n---\n{path}\n")
        for folder in (".git/hooks", ".obsidian/plugins"):
            (self.root / folder).mkdir(parents=True)
        os.symlink(self.outside, self.root / "link")
        os.symlink(self.outside / "canary.md", self.root / "file-link.md")
        self.start()
        self.hidden = self.tree(self.root / ".git"), self.tree(self.root / ".obsidian")
        self.scratch_names = sorted(os.listdir(self.scratch))

    sql = by_sql.sql
    try_sql = by_sql.try_sql
    read = by_sql.read

    @staticmethod
    def tree(folder):
        return {str(path): (path.lstat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
                for path in [folder, *sorted(folder.rglob("*"))]}

    def assert_nothing_outside(self):
        self.assertEqual([*os.listdir(self.outside)], ["canary.md"])
        self.assertEqual((self.outside / "canary.md").read_text(), CANARY)
        self.assertEqual((self.tree(self.root / ".git"), self.tree(self.root / ".obsidian")), self.hidden)
        self.assertEqual(sorted({*os.listdir(self.scratch)} - {"fresh"}), self.scratch_names, "nothing lies beside the vault")

    def assert_all_is_well(self):
        """Both sides agree, writing works both ways, and the database is sound."""
        self.sync()
        self.assertEqual(self.query("SELECT count(*) FROM nx_outbox"), [(0,)])
        self.sql("UPDATE object_content SET content_json = json_set(content_json, '$.mood', 'after ' || (SELECT count(*)"
                 " FROM history)) WHERE object_id = (SELECT id FROM data_objects WHERE file_path = 'plain.md')")
        self.wait_until(lambda: b"mood: after" in self.read("plain.md"))
        self.sync()
        self.assertEqual(self.query("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual(self.query("PRAGMA foreign_key_check"), [])
        self.assertEqual(self.query("PRAGMA journal_mode"), [("wal",)])
        self.assert_nothing_outside()
        self.sql("DELETE FROM problems WHERE keyword = 'refused'")
        self.assert_exact()

    def log(self):
        return (self.root / ".nexus/logs/nexus.log").read_text()

    def history(self):
        return self.query("SELECT op, path FROM history WHERE op <> 'refused'")

    # --- paths

    def refuse_new(self, expression):
        before = self.query("SELECT count(*) FROM history WHERE op = 'refused'")[0][0]
        if not self.try_sql(f"INSERT INTO core_note(_path, content) VALUES({expression}, 'planted')"):
            return  # at once
        self.sync()
        self.assertEqual(self.query("SELECT count(*) FROM history WHERE op = 'refused'"), [(before + 1,)])
        self.assertEqual(self.query("SELECT count(*) FROM object_content WHERE content_json LIKE '%planted%'"), [(0,)])
        self.assertEqual(self.query("SELECT count(*) FROM problems WHERE keyword = 'refused'"
                                    " AND message LIKE 'the row was taken back: %'"), [(1,)])

    def refuse_move(self, expression):
        if not self.try_sql(f"UPDATE data_objects SET file_path = {expression} WHERE file_path = 'a.md'"):
            return
        self.sync()
        self.assertEqual(self.query("SELECT count(*) FROM data_objects WHERE file_path = 'a.md'"), [(1,)])
        self.assertTrue((self.root / "a.md").exists())
        self.assertNotEqual(self.query("SELECT count(*) FROM problems WHERE keyword = 'refused'"), [(0,)])

    def test_no_path_leads_out_of_the_vault(self):
        for name, expression in PATHS.items():
            with self.subTest(name):
                before = self.history()
                self.refuse_new(expression)
                self.refuse_move(expression)
                self.assertEqual(self.history(), before, "nothing was written")
                self.assert_nothing_outside()
                self.sql("DELETE FROM problems WHERE keyword = 'refused'")
        self.assert_all_is_well()

    def test_odd_names_are_names(self):
        for name, path in NAMES.items():
            with self.subTest(name):
                quoted = path.replace("'", "''")
                self.sql(f"INSERT INTO core_note(_path, content) VALUES('{quoted}', 'odd')")
                self.wait_until(lambda: (self.root / path).exists())
                self.sql(f"UPDATE core_note SET content = 'odder' WHERE _path = '{quoted}'")
                self.wait_until(lambda: b"odder" in self.read(path))
                self.sql(f"DELETE FROM core_note WHERE _path = '{quoted}'")
                self.wait_until(lambda: not (self.root / path).exists())
        self.assert_all_is_well()

    def test_a_folder_that_becomes_a_link_leads_nowhere(self):
        """Before the daemon looks, and while it is at work."""
        for round in range(30):
            folder = self.root / f"swap{round}"
            folder.mkdir()
            (folder / "canary.md").write_text("---\nmood: calm\n---\ninside\n")
            self.sync()
            self.sql("UPDATE object_content SET content_json = json_set(content_json, '$.mood', 'wild')"
                     f" WHERE object_id = (SELECT id FROM data_objects WHERE file_path = 'swap{round}/canary.md')")
            os.rename(folder, self.root / f"was{round}")
            os.symlink(self.outside, folder)
            self.sync()
            self.assert_nothing_outside()
            folder.unlink()
        self.assert_all_is_well()

    # --- the database itself

    def test_what_others_do_to_the_database_is_put_right(self):
        attacks = {
            "dropped_triggers": "".join(f'DROP TRIGGER "{name}";' for (name,) in self.query(
                "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('object_content', 'data_objects')")),
            "dropped_view": "DROP VIEW core_note; DROP VIEW objects",
            "writable_schema": "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = replace(sql, 'AFTER UPDATE',"
                               " 'AFTER  UPDATE') WHERE type = 'trigger' AND tbl_name = 'object_content'",
            "a_planted_trigger": "CREATE TRIGGER planted AFTER UPDATE ON object_content BEGIN"
                                 " UPDATE object_permissions SET share_with_ai = 1, share_with_cloud = 1; END",
            "a_trigger_on_the_outbox": "CREATE TRIGGER planted AFTER DELETE ON nx_outbox BEGIN"
                                       " UPDATE object_permissions SET share_with_ai = 1; END",
            "a_trigger_on_history": "CREATE TRIGGER planted AFTER INSERT ON history BEGIN SELECT RAISE(ABORT, 'no'); END",
            "another_journal": "PRAGMA journal_mode = DELETE",
            "a_dropped_index": "DROP INDEX data_objects_file",
            "a_dropped_table": "DROP TABLE tags",
        }
        for name, attack in attacks.items():
            with self.subTest(name):
                self.try_sql(attack)
                if "planted" in attack:  # it runs in the shell's own writes until it is gone
                    self.wait_until(lambda: not self.query("SELECT 1 FROM sqlite_schema WHERE name = 'planted'"))
                self.sql("UPDATE object_content SET content_json = json_set(content_json, '$.mood', 'by "
                         f"{name}') WHERE object_id = (SELECT id FROM data_objects WHERE file_path = 'plain.md')")
                self.wait_until(lambda: f"mood: by {name}".encode() in self.read("plain.md"))
                self.sync()
                self.assertEqual(self.query("SELECT name FROM sqlite_schema WHERE name = 'planted'"), [])
                self.assertEqual(self.shared(), set())
                self.assert_all_is_well()
        self.assertIn("planted", self.log())

    def test_a_planted_trigger_is_found_whenever_its_commit_ends(self):
        """The moment at which the daemon looks is another each time."""
        for number in range(60):
            self.sql("CREATE TRIGGER planted AFTER DELETE ON nx_outbox BEGIN SELECT 1; END")
            self.wait_until(lambda: not self.query("SELECT 1 FROM sqlite_schema WHERE name = 'planted'"))
        self.assert_all_is_well()

    def put_there_at(self, moment, leaves=()):
        """Something that is no database comes to where none is, at that moment of a pass: it is looked at, told and kept."""
        shim = os.environ.get("AT_SYNC_SHIM")
        if not shim or os.environ.get("SANITIZED"):
            self.skipTest("the shim is not there")
        self.stop()
        for end in ("", "-wal", "-shm"):
            (self.root / f".nexus/vault.sqlite{end}").unlink(missing_ok=True)
        for end in leaves:
            (self.root / f".nexus/vault.sqlite{end}").write_text(end and "left")
        garbage = "yes 'this is no database' | head -c 20000 > .nexus/vault.sqlite"
        done = subprocess.run([live.PROGRAM, "-C", self.root, "sync"], capture_output=True, text=True, timeout=live.LIMIT,
                              env={**self.environment, "LD_PRELOAD": shim, moment: f"cd '{self.root}' && {garbage}"})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("not a database", done.stdout + done.stderr)
        aside = [file.read_bytes() for file in (self.root / ".nexus/backups").glob("replaced-*.sqlite")]
        self.assertEqual([content[:19] for content in aside], [b"this is no database"], "what was put there is kept")
        self.start()
        self.assert_all_is_well()

    def test_a_database_put_there_while_a_backup_is_on_its_way_is_looked_at(self):
        self.nexus("backup")
        self.put_there_at("AT_RENAME")

    def test_a_database_put_there_while_a_left_log_is_set_aside_is_looked_at(self):
        self.put_there_at("AT_ASIDE", leaves=["-wal"])

    def test_an_empty_database_that_becomes_one_while_it_is_set_aside_is_looked_at(self):
        self.put_there_at("AT_ASIDE", leaves=["", "-wal"])

    def test_the_database_is_moved_away(self):
        database = self.root / ".nexus/vault.sqlite"
        for name in ("none", "another"):
            with self.subTest(name):
                away = self.scratch / f"away-{name}"
                away.mkdir()
                self.scratch_names = sorted([*self.scratch_names, away.name])
                if name == "another":
                    subprocess.run(["sqlite3", database, f"VACUUM INTO '{self.scratch}/copy'"], check=True)
                self.move_away(database, away)
                if name == "another":
                    os.rename(self.scratch / "copy", database)
                self.write(f"{name}.md", "new\n")
                self.wait_until(lambda: self.answers(f"{name}.md"))
                self.assert_all_is_well()
        self.nothing_of_use_at_its_place(database)
        self.assertIn("moved away or replaced", self.log())

    @staticmethod
    def move_away(database, folder):
        for end in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):  # the daemon is about to make another
                os.rename(f"{database}{end}", folder / f"vault.sqlite{end}")

    def nothing_of_use_at_its_place(self, database):
        """It says so, sets it aside and goes on."""
        away = self.scratch / "away-garbage"
        away.mkdir()
        self.scratch_names = sorted([*self.scratch_names, away.name])
        self.move_away(database, away)
        garbage = self.root / ".nexus/garbage"
        garbage.write_bytes(b"this is no database\n" * 1000)
        os.rename(garbage, database)
        self.write("garbage.md", "new\n")
        self.wait_until(lambda: self.answers("garbage.md"))
        self.wait_until(lambda: "not a database" in self.log())
        self.assert_all_is_well()

    def answers(self, path):
        try:
            return self.query("SELECT 1 FROM data_objects WHERE file_path = ?", path)
        except sqlite3.Error:
            return None

    def test_a_row_that_replaces_another_is_an_edit_or_a_new_one(self):
        number = self.query("SELECT id FROM data_objects WHERE file_path = 'a.md'")[0][0]
        self.sql(f"REPLACE INTO object_content VALUES({number}, '{{\"mood\":\"replaced\",\"content\":\"x\"}}')")
        self.wait_until(lambda: b"replaced" in self.read("a.md"))
        self.assertFalse(self.try_sql("REPLACE INTO data_objects(id, schema_id, file_path, updated_at, created_at) SELECT"
                                      " id, schema_id, file_path, updated_at, created_at FROM data_objects"
                                      f" WHERE id = {number}"), "it is an UPDATE that was meant")
        self.sync()
        self.assertEqual(self.read("a.md"), b"---\nmood: replaced\n---\nx")
        self.assert_all_is_well()

    def test_vacuum_and_restore_and_foreign_keys(self):
        self.sql("VACUUM")
        self.assert_all_is_well()
        copy = self.scratch / "run" / "copy.sqlite"
        self.sql(f".backup {copy}")
        self.sql("UPDATE core_note SET content = 'later' WHERE _path = 'a.md'")
        self.wait_until(lambda: b"later" in self.read("a.md"))
        self.sync()
        self.try_sql(f".restore {copy}")
        self.sync()
        self.assertIn(b"later", self.read("a.md"), "the files say what is true")
        self.assert_all_is_well()
        self.sql("PRAGMA foreign_keys = 1; DELETE FROM data_objects WHERE file_path = 'a.md'")
        self.wait_until(lambda: not (self.root / "a.md").exists())
        self.assert_all_is_well()

    # --- content

    def test_what_is_no_json_is_taken_back(self):
        unchecked = "PRAGMA ignore_check_constraints = 1;"
        broken = "UPDATE object_content SET content_json = '{\"mood\":'"
        self.assertFalse(self.try_sql(unchecked + broken), "at once, as long as the triggers are there")
        self.sql(unchecked + "BEGIN IMMEDIATE;" + "".join(f'DROP {kind} "{name}";' for kind, name in self.query(
            "SELECT type, name FROM sqlite_schema WHERE tbl_name = 'object_content' AND sql NOT NULL"
            " AND (type = 'trigger' OR type = 'index')")) + broken +
                 " WHERE object_id = (SELECT id FROM data_objects WHERE file_path = 'a.md'); COMMIT")
        self.wait_until(lambda: self.query("SELECT 1 FROM object_content c JOIN data_objects o ON o.id = c.object_id"
                                           " WHERE file_path = 'a.md' AND json_valid(content_json)"))
        self.assertIn("no JSON", self.log())
        self.assertEqual(self.read("a.md"), b"---\nmood: calm\n---\na.md\n")
        self.assertEqual(self.query("SELECT content_json ->> '$.mood' FROM object_content c"
                                    " JOIN data_objects o ON o.id = c.object_id WHERE file_path = 'a.md'"), [("calm",)])
        self.assert_all_is_well()

    def test_content_without_measure(self):
        """More than 256 MiB are refused at once, what no file may be as soon as it is to be written."""
        if os.environ.get("SANITIZED"):
            self.skipTest("memory is not what it is else")
        update = ("UPDATE object_content SET content_json = printf('{{\"content\":\"%.*c\"}}', {}, 'x')"
                  " WHERE object_id = (SELECT id FROM data_objects WHERE file_path = 'a.md')")
        self.assertFalse(self.try_sql(update.format(270_000_000)))
        self.assertEqual(self.query("SELECT count(*) FROM nx_outbox"), [(0,)])
        self.sql(update.format(70_000_000))
        self.wait_until(lambda: self.query("SELECT 1 FROM problems WHERE keyword = 'refused' AND path = 'a.md'"), 240)
        self.assertEqual(self.read("a.md"), b"---\nmood: calm\n---\na.md\n")
        self.assert_all_is_well()


if __name__ == "__main__":
    live.main()
