# SPDX-License-Identifier: MIT
"""Writing to the four tables themselves, with the shell's defaults: foreign keys are off."""

import shell


class Tables(shell.Test):
    files = {"a.md": "---\nmood: calm\n---\nFirst words.\n", "b.md": "Second words.\n",
             "todos.json": '{"schema": "core.todo", "version": 1, "data": [{"id": 1, "text": "one"}]}\n'}

    A = '{"mood":"calm","content":"First words.\\n"}'

    def id_of(self, path):
        return self.sql(f"SELECT id FROM data_objects WHERE file_path = '{path}'")[0]

    def test_an_update_of_the_content_keeps_what_was_and_tells_it(self):
        before = self.sql("SELECT rev, updated_at FROM data_objects WHERE file_path = 'a.md'")
        self.sql("UPDATE object_content SET content_json = json_set(content_json, '$.mood', 'wild')"
                 f" WHERE object_id = {self.id_of('a.md')}")
        self.assertEqual(self.outbox(), [f"a.md|{self.A}"])
        self.assertEqual(self.told(), ["update|a.md|-"])
        after = self.sql("SELECT rev, updated_at FROM data_objects WHERE file_path = 'a.md'")
        self.assertEqual(int(after[0].split("|")[0]), int(before[0].split("|")[0]) + 1)
        self.assertGreater(after[0].split("|")[1], before[0].split("|")[1])
        self.assertRegex(after[0], r"\|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")

    def test_the_first_change_counts(self):
        for mood in ("wild", "odd"):
            self.sql(f"UPDATE object_content SET content_json = '{{\"mood\":\"{mood}\"}}' WHERE object_id = {self.id_of('a.md')}")
        self.assertEqual(self.outbox(), [f"a.md|{self.A}"])
        self.assertEqual(self.told(), ["update|a.md|-"] * 2)

    def test_the_same_content_again_is_no_change(self):
        self.sql("UPDATE object_content SET content_json = content_json")
        self.assertEqual(self.outbox() + self.told(), [])

    def test_the_search_index_stays_right(self):
        self.sql("UPDATE object_content SET content_json = '{\"content\":\"Entirely different.\"}'"
                 f" WHERE object_id = {self.id_of('a.md')}", "DELETE FROM data_objects WHERE file_path = 'b.md'")
        self.assert_sound()
        self.assertEqual(self.sql("SELECT path FROM search WHERE search MATCH 'first'"), ["a.md"])

    def test_a_replaced_content_is_an_update(self):
        self.sql(f"REPLACE INTO object_content VALUES({self.id_of('a.md')}, '{{\"content\":\"x\"}}')")
        self.assertEqual(self.outbox(), [f"a.md|{self.A}"])
        self.assertEqual(self.told(), ["update|a.md|-"])

    def test_a_new_path_is_a_move(self):
        self.sql("UPDATE data_objects SET file_path = 'deep/c.md' WHERE file_path = 'a.md'")
        self.assertEqual(self.outbox(), [f"a.md|{self.A}"])
        self.assertEqual(self.told(), ["move|deep/c.md|a.md"])

    def test_deleting_takes_everything_along_and_keeps_it_in_mind(self):
        self.sql("UPDATE object_permissions SET share_with_ai = 1, expires_at = '2030-01-01T00:00:00.000Z'")
        row = self.sql("SELECT id, uid, created_at, rev, 1, 0, 0, '2030-01-01T00:00:00.000Z' FROM data_objects"
                       " WHERE file_path = 'a.md'")
        self.sql("DELETE FROM data_objects WHERE file_path = 'a.md'")
        self.assertEqual(self.outbox(), [f"a.md|{self.A}"])
        self.assertEqual(self.sql("SELECT object_id, uid, created_at, rev, share_with_ai, share_with_cloud, read_only,"
                                  " expires_at FROM nx_outbox"), row)
        self.assertEqual(self.told()[-1], "delete|a.md|-")
        self.assertEqual(self.sql("SELECT count(*) FROM object_content", "SELECT count(*) FROM object_permissions"),
                         ["2", "2"])
        self.assertEqual(self.sql("SELECT count(*) FROM objects WHERE path = 'a.md'"), ["0"])

    def test_deleting_does_the_same_with_foreign_keys_on(self):
        self.sql("PRAGMA foreign_keys = 1", "DELETE FROM data_objects WHERE file_path = 'a.md'")
        self.assertEqual(self.outbox(), [f"a.md|{self.A}"])
        self.assertEqual(self.told(), ["delete|a.md|-"])
        self.assert_sound()

    def test_deleting_the_content_deletes_the_object(self):
        self.sql(f"DELETE FROM object_content WHERE object_id = {self.id_of('a.md')}")
        self.assertEqual(self.outbox(), [f"a.md|{self.A}"])
        self.assertEqual(self.told(), ["delete|a.md|-"])
        self.assertEqual(self.sql("SELECT count(*) FROM data_objects"), ["2"])

    def test_a_new_object_is_told_once_and_shared_with_nobody(self):
        self.sql("INSERT INTO data_objects(schema_id, file_path, updated_at, created_at)"
                 " SELECT id, 'n.md', 'x', 'x' FROM schemas WHERE schema_name = 'core.note';"
                 "INSERT INTO object_content VALUES(last_insert_rowid(), '{\"content\":\"New.\"}')")
        self.assertEqual(self.outbox(), ["new|-"])
        self.assertEqual(self.told(), ["create|n.md|-"])
        self.assertEqual(self.sql("SELECT share_with_ai, share_with_cloud, read_only, state FROM objects"
                                  " WHERE path = 'n.md'"), ["0|0|0|pending"])

    def test_what_is_made_and_deleted_leaves_nothing_behind(self):
        self.sql("INSERT INTO data_objects(schema_id, file_path, updated_at, created_at) VALUES(1, 'n.md', 'x', 'x');"
                 "INSERT INTO object_content VALUES(last_insert_rowid(), '{}')",
                 "DELETE FROM data_objects WHERE file_path = 'n.md'")
        self.assertEqual(self.outbox(), [])
        self.assertEqual(self.told(), ["create|n.md|-", "delete|n.md|-"])
        self.assert_sound()

    def test_what_is_deleted_and_made_again_with_its_id_is_who_it_was(self):
        who = "SELECT id, uid, created_at, file_path, file_id FROM data_objects WHERE file_path = 'a.md'"
        before = self.sql(who)
        number = self.id_of("a.md")
        self.sql("UPDATE object_permissions SET read_only = 0, share_with_cloud = 1",
                 f"DELETE FROM data_objects WHERE id = {number};"
                 f"INSERT INTO data_objects(id, schema_id, updated_at, created_at) SELECT {number}, id, 'x', 'x'"
                 " FROM schemas WHERE schema_name = 'core.note';"
                 f"INSERT INTO object_content VALUES({number}, '{{}}')")
        self.assertEqual(self.sql(who), before)
        self.assertEqual(self.outbox(), [f"a.md|{self.A}"])
        self.assertEqual(self.sql(f"SELECT share_with_cloud FROM object_permissions WHERE object_id = {number}"), ["1"])

    def test_a_rollback_leaves_nothing_and_a_transaction_everything(self):
        statements = ("BEGIN;UPDATE object_content SET content_json = '{}' WHERE object_id = (SELECT min(id) FROM"
                      " data_objects);DELETE FROM data_objects WHERE file_path = 'b.md';")
        before = self.everything()
        self.sql(statements + "ROLLBACK")
        self.assertEqual(self.everything(), before)
        self.sql(statements + "COMMIT")
        self.assertEqual(sorted(line.split("|")[0] for line in self.told()), ["delete", "update"])

    def test_each_change_of_permissions_is_told_once_and_recorded_once(self):
        a, b, item = self.id_of("a.md"), self.id_of("b.md"), self.id_of("todos.json#1")
        row = "object_permissions(object_id, share_with_ai) VALUES"
        self.sql(f"UPDATE object_permissions SET share_with_ai = 1 WHERE object_id = {a}",
                 f"REPLACE INTO {row}({a}, 1)",                                                     # as it is
                 f"INSERT INTO {row}({a}, 0) ON CONFLICT(object_id) DO UPDATE SET share_with_ai = 0",
                 f"REPLACE INTO {row}({b}, 1)", f"DELETE FROM object_permissions WHERE object_id = {b}",
                 f"DELETE FROM object_permissions WHERE object_id = {item}",                        # as it is without
                 f"INSERT INTO {row}({item}, 0)",
                 f"UPDATE object_permissions SET share_with_cloud = 1 WHERE object_id = {item}",
                 f"DELETE FROM data_objects WHERE id = {item}",                                     # the feed has that
                 f"UPDATE object_permissions SET share_with_ai = 1 WHERE object_id = {a}",
                 f"INSERT OR IGNORE INTO {row}({a}, 0)",                                            # nothing comes of it
                 f"INSERT INTO {row}({a}, 0) ON CONFLICT DO NOTHING",
                 f"INSERT OR REPLACE INTO {row}({a}, 1)")                                           # as it is
        (self.vault / "a.md").unlink()
        self.run_nexus("sync")
        told = self.sql("SELECT uid, count(*) FROM changes WHERE op = 'permission' GROUP BY uid ORDER BY min(seq)")
        self.assertEqual([line.split("|")[1] for line in told], ["3", "2", "1"])
        self.assertEqual(self.sql("SELECT uid, count(*) FROM audit_log WHERE action = 'permission' GROUP BY uid"
                                  " ORDER BY min(id)"), told)

    def test_permissions_are_told(self):
        self.sql("UPDATE object_permissions SET share_with_ai = 1", "UPDATE object_permissions SET share_with_ai = 1")
        self.assertEqual(self.told(), ["permission|a.md|-", "permission|b.md|-", "permission|todos.json#1|-"])
        self.assertEqual(self.outbox(), [])

    def test_what_is_no_json_is_refused(self):
        for content in ("'{'", "'{} x'", "x'7b7d'", "NULL", "'{}' || char(0) || 'x'"):
            self.assert_refused("content_json must be valid JSON", f"UPDATE object_content SET content_json = {content}")
        for content in ("'[]'", "5", "'null'"):
            self.assert_refused("content_json must be a JSON object", f"UPDATE object_content SET content_json = {content}")

    def test_who_an_object_is_cannot_be_changed(self):
        for change in ("id = id + 100", "uid = 'x'", "file_id = NULL", "item_key = 'x'", "base_hash = NULL"):
            self.assert_refused("who an object is cannot be changed", f"UPDATE data_objects SET {change}")
        self.assert_refused("cannot be changed", "UPDATE object_content SET object_id = object_id + 100")

    def test_what_cannot_be_is_refused(self):
        for sentence, statement in (
                ("there is an object at this path already", "UPDATE data_objects SET file_path = 'b.md' WHERE file_path = 'a.md'"),
                ("there is an object of this id, uid or path already",
                 "REPLACE INTO data_objects(schema_id, file_path, updated_at, created_at) VALUES(1, 'a.md', 'x', 'x')"),
                ("there is no such schema", "UPDATE data_objects SET schema_id = 999"),
                ("there is no such schema",
                 "INSERT INTO data_objects(schema_id, updated_at, created_at) VALUES(999, 'x', 'x')"),
                ("there is no such object", "INSERT INTO object_content VALUES(999, '{}')"),
                ("there is no such object", "INSERT INTO object_permissions(object_id, share_with_ai) VALUES(999, 1)")):
            self.assert_refused(sentence, statement)

    def test_what_is_read_only_is_refused(self):
        self.sql(f"UPDATE object_permissions SET read_only = 1 WHERE object_id = {self.id_of('a.md')}")
        number = self.id_of("a.md")
        for statement in ("UPDATE object_content SET content_json = '{}'", "UPDATE core_note SET _path = 'z.md'",
                          "DELETE FROM data_objects", f"DELETE FROM object_content WHERE object_id = {number}",
                          "UPDATE data_objects SET file_path = 'z.md' WHERE file_path = 'a.md'",
                          f"REPLACE INTO object_content VALUES({number}, '{{}}')", "DELETE FROM core_note"):
            self.assert_refused("this object is read-only", statement)
        self.sql("UPDATE object_content SET content_json = '{}' WHERE object_id <> " + number)


if __name__ == "__main__":
    shell.main()
