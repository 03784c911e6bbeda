# SPDX-License-Identifier: MIT
"""`nexus backup`, `restore`, `rebuild`, and permissions.json as it is edited by hand: what users see of them."""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time

import program

FILES = {
    "a.md": "# Alpha\n",
    "b.md": "# Beta\n",
    "c.md": "# Gamma\n",
}
OBJECTS = "SELECT path, id, share_with_ai, share_with_cloud, read_only FROM objects ORDER BY path"


class Recovery(program.Test):
    def setUp(self):
        super().setUp()
        self.make_vault(FILES)

    def objects(self):
        return {row[0]: tuple(map(int, row[1:])) for row in
                (line.split("|") for line in self.ran(0, "query", OBJECTS).out.splitlines())}

    @property
    def permissions(self):
        return self.vault / ".nexus/permissions.json"

    def edit_permissions(self, edit):
        document = json.loads(self.permissions.read_text())
        edit(document["object_permissions"])
        self.permissions.write_text(json.dumps(document))

    def origins(self):
        return self.ran(0, "query", "SELECT origin FROM audit_log WHERE action = 'permission' ORDER BY id").out.split()

    def assert_recovery_told(self, actor):
        """Once, to those who follow the feed and in the audit."""
        self.assertEqual(self.ran(0, "query", "SELECT op, origin FROM changes WHERE op = 'recovery'").out, "recovery|nexus\n")
        self.assertEqual(self.ran(0, "query", "SELECT actor FROM audit_log WHERE action = 'recovery'").out, f"{actor}\n")

    def backups(self):
        return sorted(path.name for path in (self.vault / ".nexus/backups").glob("vault-*.sqlite"))

    def test_a_backup_is_a_whole_database_that_only_its_owner_reads(self):
        target = self.folder / "copy.sqlite"
        self.assertEqual(self.ran(0, "backup", "--to", str(target)).out, f"backed up as {target}\n")
        self.assertEqual(target.stat().st_mode & 0o777, 0o600)
        count = subprocess.run(["sqlite3", target, "SELECT count(*) FROM data_objects; PRAGMA integrity_check"], check=True,
                               capture_output=True, text=True, timeout=program.TIMEOUT_S).stdout
        self.assertEqual(count, "3\nok\n")
        self.assertIn("already", self.ran(3, "backup", "--to", str(target)).err)

    def test_a_backup_goes_to_a_path_from_where_one_stands(self):
        for path in ("../copy.sqlite", "copy.sqlite", f"{self.folder}/other.sqlite"):
            self.ran(0, "backup", "--to", path)
            self.assertTrue((self.vault / path).exists(), path)

    def test_a_backup_repeats_the_head_of_the_audit_log(self):
        self.ran(0, "permit", "a.md", "--ai", "on")
        path = self.ran(0, "backup", "--json").json()["path"]
        head = subprocess.run(["sqlite3", path, "SELECT value FROM nx_meta WHERE key = 'audit_head'"], check=True,
                              capture_output=True, text=True, timeout=program.TIMEOUT_S).stdout.strip()
        self.assertEqual(head, self.ran(0, "query", "SELECT id || ' ' || hash FROM audit_log").out.strip())

    def test_a_pass_makes_a_backup_when_one_is_due_and_keeps_as_many_as_it_is_told(self):
        self.assertEqual(self.backups(), [])
        self.ran(0, "sync")
        self.assertEqual(self.backups(), [])
        self.sqlite("UPDATE nx_meta SET value = '2020-01-01T00:00:00.000Z' WHERE key = 'created_at'")
        self.ran(0, "sync")
        self.ran(0, "sync")
        self.assertEqual(len(self.backups()), 1)
        (self.vault / ".nexus/config.json").write_text('{"backup_keep": 2}')
        for _ in range(3):
            self.ran(0, "backup")
        self.assertEqual(len(self.backups()), 2)

    def test_a_restore_is_never_looser_and_keeps_what_came_later(self):
        self.ran(0, "permit", "a.md", "b.md", "--ai", "on")
        self.ran(0, "backup")
        self.ran(0, "permit", "a.md", "--ai", "off", "--read-only", "on")
        self.ran(0, "permit", "c.md", "--ai", "on")
        self.ran(0, "set", "b.md", "title=B")
        self.write({"later.md": "# Later\n"})
        self.ran(0, "sync")
        before, history = self.objects(), self.ran(0, "history").out
        self.assertIn("is in place", self.ran(0, "restore").out)
        after = self.objects()
        self.assertEqual({path: row[0] for path, row in after.items()}, {path: row[0] for path, row in before.items()})
        self.assertEqual((after["a.md"][1:], after["b.md"][1:], after["c.md"][1:]), ((0, 0, 1), (1, 0, 0), (0, 0, 0)))
        self.assertEqual(self.ran(0, "history").out, history)
        self.assertIn("nothing changed", self.ran(0, "sync").out)
        self.assert_recovery_told("owner")

    def test_a_database_that_is_made_anew_knows_what_the_old_one_knew(self):
        self.ran(0, "set", "b.md", "title=B")
        self.write({"b.md": "# edited\n"})
        self.ran(1, "undo")
        self.write({"gone.md": "# Gone\n"})
        self.ran(0, "sync")
        (self.vault / "gone.md").unlink()
        self.ran(0, "permit", "a.md", "--ai", "on")
        self.ran(0, "sync")
        tables = {"history": "seq", "conflicts": "id", "changes": "seq", "audit_log": "id"}

        def rows(limits):
            return {table: self.ran(0, "query", f"SELECT * FROM {table} WHERE {key} <= {limits[table]} ORDER BY {key}").out
                    for table, key in tables.items()}
        limits = {table: self.ran(0, "query", f"SELECT max({key}) FROM {table}").out.strip()
                  for table, key in tables.items()}
        before, objects = rows(limits), self.objects()
        self.assertTrue(all(before.values()))
        self.ran(0, "rebuild")
        self.assertEqual(rows(limits), before)
        self.assertEqual(self.objects(), objects)
        self.write({"gone.md": "# Gone\n"})
        self.ran(0, "sync")
        self.assertNotIn(self.objects()["gone.md"][0], {row[0] for row in objects.values()})

    def test_a_restore_needs_a_backup_that_is_there_and_whole(self):
        self.assertIn("no sound backup", self.ran(3, "restore").err)
        self.assertIn("there is no backup 'x'", self.ran(3, "restore", "x").err)
        broken = self.folder / "broken"
        broken.write_text("no database " * 1000)
        self.ran(3, "restore", str(broken))
        self.assertEqual(len(self.objects()), 3)

    def test_a_restore_beside_a_daemon_says_what_to_do(self):
        self.ran(0, "backup")
        daemon = subprocess.Popen([self.program, "watch"], cwd=self.vault, env=program.environment(self.home),
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until = time.monotonic() + program.TIMEOUT_S
            while not self.ran(0, "status", "--json").json()["daemon"]:
                self.assertLess(time.monotonic(), until)
            self.assertIn("end it", self.ran(3, "restore").err)
        finally:
            daemon.send_signal(signal.SIGTERM)
            self.assertEqual(daemon.wait(program.TIMEOUT_S), 0)

    def test_a_database_that_is_gone_is_told_of(self):
        self.ran(0, "permit", "a.md", "--ai", "on")
        before = self.objects()
        (self.vault / ".nexus/vault.sqlite").unlink()
        self.assertIn("the database was gone", self.ran(0, "sync").err)
        after = self.objects()
        self.assertEqual(after["a.md"], before["a.md"])
        self.assertGreater(after["b.md"][0], max(row[0] for row in before.values()))
        self.assertIn("recovered", self.ran(0, "query", "SELECT keyword FROM problems").out)
        self.assert_recovery_told("nexus")

    def test_a_note_that_was_edited_meanwhile_is_in_doubt_and_not_shared(self):
        self.ran(0, "permit", "a.md", "--ai", "on", "--read-only", "on")
        (self.vault / ".nexus/vault.sqlite").unlink()
        self.write({"a.md": "# Another\n"})
        self.ran(0, "sync")
        self.assertEqual(self.objects()["a.md"][1:], (0, 0, 1))
        self.assertIn("cannot be told for certain", self.ran(1, "check").out)

    def test_what_a_killed_program_displaced_stays_while_somebody_writes_to_it(self):
        digits = self.ran(0, "query", "SELECT substr(hash, 1, 16) FROM files WHERE path = 'a.md'").out.strip()
        displaced = self.vault / f".nexus/displaced/.nexus-{digits}-{'0' * 16}-1"
        displaced.parent.mkdir(exist_ok=True)
        displaced.write_bytes((self.vault / "a.md").read_bytes())
        self.sqlite("REPLACE INTO nx_meta VALUES('writing', '1')")
        with displaced.open("ab") as editor:
            self.ran(0, "sync")
            editor.write(b"late words\n")
        self.ran(0, "sync")
        self.assertFalse(displaced.exists())
        self.assertIn("late words", self.ran(0, "query", "SELECT file_version FROM conflicts").out)

    def test_what_a_damaged_row_says_gets_into_no_file(self):
        database = self.vault / ".nexus/vault.sqlite"
        data = database.read_bytes()
        place = data.index(b'"content":"# Gamma')
        database.write_bytes(data[:place + 14] + b"L" + data[place + 15:])
        self.ran(0, "sync")
        self.assertEqual((self.vault / "c.md").read_text(), FILES["c.md"])
        self.assertIn("Gamma", self.ran(0, "query", "SELECT content FROM core_note WHERE _path = 'c.md'").out)

    def test_whoever_only_reads_a_damaged_database_is_told_what_to_do(self):
        database, before = self.vault / ".nexus/vault.sqlite", self.objects()
        for damage in (lambda data: b"x" * 100 + data[100:], lambda data: data[:8192] + b"\x55" * (len(data) - 8192)):
            database.write_bytes(damage(database.read_bytes()))
            for words in (["query", "SELECT * FROM objects"], ["status"], ["show", "a.md"], ["search", "Alpha"], ["backup"]):
                self.assertIn("run 'nexus sync'", self.ran(3, *words).err, words)
            self.assertIn("in its place" if self.backups() else "made anew", self.ran(0, "sync").err)
            self.assertEqual(self.objects().keys(), before.keys())

    def test_a_damaged_database_is_never_said_to_have_no_problems(self):
        self.write({f"n{number}.md": f"# {number}\n" + "text " * 200 for number in range(40)})
        self.ran(0, "sync")
        self.sqlite("PRAGMA wal_checkpoint(TRUNCATE)")
        self.assertEqual(self.ran(0, "check").err, "no problems\n")
        database = self.vault / ".nexus/vault.sqlite"
        sound = database.read_bytes()
        for page in range(1, len(sound) // 8192, 5):
            database.write_bytes(sound[:page * 8192] + b"\x55" * 8192 + sound[(page + 1) * 8192:])
            for words in (["check"], ["check", "a.md"], ["check", "--json"]):
                said = self.run_nexus(*words)
                self.assertNotEqual(said.code, 0, page)
                self.assertNotIn("no problems", said.err, page)

    def test_a_write_into_a_damaged_database_waits_for_the_pass_that_brings_it_back(self):
        database = self.vault / ".nexus/vault.sqlite"
        database.write_bytes(b"x" * 100 + database.read_bytes()[100:])
        self.assertIn("run 'nexus sync'", self.ran(3, "set", "a.md", "mood=calm").err)
        self.assertEqual((self.vault / "a.md").read_text(), FILES["a.md"])
        self.ran(0, "sync")
        self.ran(0, "set", "a.md", "mood=calm")
        self.assertEqual((self.vault / "a.md").read_text(), "---\nmood: calm\n---\n# Alpha\n")

    def test_a_write_beside_the_log_of_another_state_sets_the_log_aside_first(self):
        database, log = self.vault / ".nexus/vault.sqlite", self.vault / ".nexus/vault.sqlite-wal"
        old = database.read_bytes()
        with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as shell:
            shell.execute("PRAGMA wal_autocheckpoint = 0")
            shell.execute("CREATE TABLE somebodys(x)")
            for number in range(200):
                shell.execute("INSERT INTO somebodys VALUES(?)", [f"{number}" * 400])
            shell.execute("DROP TABLE somebodys")
            other = log.read_bytes()
        self.write({"d.md": "# Delta\n"})
        self.ran(0, "sync")
        database.write_bytes(old)
        log.write_bytes(other)
        self.ran(0, "set", "a.md", "mood=calm")
        self.assertEqual((self.vault / "a.md").read_text(), "---\nmood: calm\n---\n# Alpha\n")
        self.assertEqual(sorted(self.objects()), ["a.md", "b.md", "c.md", "d.md"])
        with contextlib.closing(sqlite3.connect(database)) as shell:
            self.assertEqual(shell.execute("PRAGMA integrity_check").fetchall(), [("ok",)])

    def test_a_database_of_an_older_nexus_is_upgraded_and_kept_in_a_backup(self):
        self.ran(0, "permit", "a.md", "--ai", "on")
        before, backups = self.objects(), len(self.backups())
        self.sqlite("DROP TABLE nx_decided; DROP TABLE nx_default; DROP TABLE nx_lock; DROP TABLE history; CREATE TABLE history("
                    "seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, path TEXT NOT NULL, object_id INTEGER,"
                    " op TEXT NOT NULL, origin TEXT NOT NULL, before BLOB, before_hash TEXT, after_hash TEXT, refused TEXT,"
                    " undoes INTEGER); PRAGMA user_version = 1")
        self.ran(0, "sync")
        self.assertEqual(self.objects(), before)
        self.assertEqual(self.ran(0, "query", "SELECT count(batch) FROM history").out, "0\n")
        made = self.backups()
        self.assertEqual(len(made), backups + 1)
        version = subprocess.run(["sqlite3", self.vault / ".nexus/backups" / made[-1], "PRAGMA user_version"], check=True,
                                 capture_output=True, text=True, timeout=program.TIMEOUT_S).stdout
        self.assertEqual(version, "1\n")
        self.ran(0, "restore")
        self.assertEqual(self.objects(), before)

    def test_an_edit_past_dropped_triggers_still_reaches_its_file(self):
        self.sqlite("DROP TRIGGER nx_content_update_check; DROP TRIGGER nx_content_update; UPDATE object_content SET content_json"
                    " = '{\"content\":\"# Delta\\n\"}' WHERE object_id = (SELECT id FROM data_objects WHERE file_path = 'c.md')")
        self.ran(0, "sync")
        self.assertEqual((self.vault / "c.md").read_text(), "# Delta\n")

    def test_an_edit_of_permissions_json_is_taken_and_recorded_as_one_of_a_file(self):
        self.ran(0, "permit", "a.md", "b.md", "--ai", "on")
        ids = {path: str(row[0]) for path, row in self.objects().items()}
        self.edit_permissions(lambda rows: rows[ids["a.md"]].update(share_with_ai=False, share_with_cloud=True))
        self.edit_permissions(lambda rows: rows.pop(ids["b.md"]))
        self.ran(0, "sync")
        after = self.objects()
        self.assertEqual((after["a.md"][1:], after["b.md"][1:]), ((0, 1, 0), (0, 0, 0)))
        self.assertEqual(self.origins(), ["api", "api", "file", "file"])

    def test_an_edit_of_permissions_json_is_taken_before_anything_writes_the_file(self):
        self.ran(0, "permit", "a.md", "b.md", "--ai", "on")
        ids = {path: str(row[0]) for path, row in self.objects().items()}
        self.edit_permissions(lambda rows: rows[ids["a.md"]].update(share_with_ai=False))
        self.ran(0, "permit", "c.md", "--cloud", "on")
        self.assertEqual([row[1:] for row in self.objects().values()], [(0, 0, 0), (1, 0, 0), (0, 1, 0)])
        self.assertEqual(self.origins(), ["api", "api", "file", "api"])

    def test_an_edit_of_permissions_json_and_one_with_sql_are_both_taken(self):
        self.ran(0, "permit", "a.md", "b.md", "--ai", "on")
        ids = {path: str(row[0]) for path, row in self.objects().items()}
        self.edit_permissions(lambda rows: (rows[ids["a.md"]].update(share_with_ai=False),
                                            rows[ids["b.md"]].update(share_with_ai=False)))
        # b.md is changed on both sides: the stricter counts. c.md is not in the file, which knows nothing of it yet.
        self.sqlite(f"UPDATE object_permissions SET share_with_cloud = 1 WHERE object_id IN ({ids['b.md']}, {ids['c.md']})")
        self.ran(0, "sync")
        self.assertEqual([row[1:] for row in self.objects().values()], [(0, 0, 0), (0, 0, 0), (0, 1, 0)])
        self.assertEqual(sorted(self.origins()), ["api", "api", "file", "file", "sql", "sql"])
        self.assertEqual(list(json.loads(self.permissions.read_text())["object_permissions"]), [ids["c.md"]])

    def test_write_bits_are_given_back_also_when_the_database_was_made_anew(self):
        for lose in (lambda: self.ran(0, "rebuild"), lambda: [path.unlink() for path in (self.vault / ".nexus").glob("vault.sqlite*")]):
            os.chmod(self.vault / "a.md", 0o664)
            self.ran(0, "permit", "a.md", "--read-only", "on")
            self.assertEqual((self.vault / "a.md").stat().st_mode & 0o777, 0o444)
            lose()
            self.ran(0, "sync")
            self.assertEqual(self.objects()["a.md"][3], 1)
            self.ran(0, "permit", "a.md", "--read-only", "off")
            self.assertEqual((self.vault / "a.md").stat().st_mode & 0o777, 0o664)

    def test_an_entry_of_another_object_is_not_applied_and_listed(self):
        self.ran(0, "permit", "a.md", "--ai", "on")
        ids = {path: str(row[0]) for path, row in self.objects().items()}
        self.edit_permissions(lambda rows: rows.update({ids["b.md"]: dict(rows[ids["a.md"]])}))
        self.ran(0, "sync")
        self.assertEqual(self.objects()["b.md"][1:], (0, 0, 0))
        self.assertIn("1 entry is not applied", self.ran(1, "check").out)

    def test_permissions_json_follows_a_file_that_moves(self):
        self.ran(0, "permit", "a.md", "--ai", "on")
        os.rename(self.vault / "a.md", self.vault / "z.md")
        self.ran(0, "sync")
        self.assertIn('"z.md"', self.permissions.read_text())

    def test_a_copied_vault_is_another_one_with_the_same_permissions(self):
        self.ran(0, "permit", "a.md", "--ai", "on")
        before = self.objects()
        copy = self.folder / "copy"
        shutil.copytree(self.vault, copy)
        self.assertIn("from another machine or folder", self.ran(0, "sync", folder=copy).err)
        self.vault = copy
        self.assertEqual(self.objects(), before)


if __name__ == "__main__":
    program.main()
