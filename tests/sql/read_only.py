# SPDX-License-Identifier: MIT
"""What is read-only is written by nobody with SQL, whatever the statement."""

import json

import shell

REFUSED = "this object is read-only (nexus permit --read-only off)"


class ReadOnly(shell.Test):
    files = {"a.md": "---\ntitle: A\n---\n- [ ] one\n- [x] two\n", "b.md": "---\ntitle: B\n---\n- [ ] one\n",
             "todos.json": json.dumps({"schema": "core.todo", "version": 1,
                                       "data": [{"id": 1, "text": "One"}, {"id": 2, "text": "Two"}]})}

    def setUp(self):
        super().setUp()
        self.sql("UPDATE object_permissions SET read_only = 1 WHERE object_id IN"
                 " (SELECT id FROM data_objects WHERE file_path IN ('a.md', 'todos.json#1'))")
        self.id = int(self.sql("SELECT id FROM data_objects WHERE file_path = 'a.md'")[0])

    def test_each_verb_on_each_table_is_refused_and_leaves_no_trace(self):
        for statement in (
                "UPDATE core_note SET title = 'x' WHERE _path = 'a.md'", "UPDATE core_note SET title = NULL WHERE _path = 'a.md'",
                "UPDATE core_note SET title = 'x'", "DELETE FROM core_note WHERE _path = 'a.md'", "DELETE FROM core_note",
                "UPDATE core_note SET _path = 'x.md' WHERE _path = 'a.md'",
                "UPDATE core_todo SET completed = 1", "DELETE FROM core_todo", "DELETE FROM core_todo WHERE id = 1",
                "UPDATE tasks SET done = 1 WHERE path = 'a.md'", "UPDATE tasks SET done = NOT done",
                "UPDATE tasks SET status = '-' WHERE path = 'a.md'",
                "UPDATE object_content SET content_json = '{}'",
                f"UPDATE object_content SET content_json = '{{}}' WHERE object_id = {self.id}",
                f"REPLACE INTO object_content VALUES({self.id}, '{{}}')",
                f"INSERT INTO object_content VALUES({self.id}, '{{}}') ON CONFLICT DO UPDATE SET content_json = '{{}}'",
                "DELETE FROM object_content", f"DELETE FROM object_content WHERE object_id = {self.id}",
                "DELETE FROM data_objects", f"DELETE FROM data_objects WHERE id = {self.id}",
                "UPDATE data_objects SET file_path = 'dir/' || file_path",
                f"UPDATE data_objects SET file_path = NULL WHERE id = {self.id}",
                f"UPDATE data_objects SET schema_id = (SELECT id FROM schemas WHERE schema_name = 'core.event') WHERE id = {self.id}",
                f"WITH one AS (SELECT {self.id} AS id) DELETE FROM data_objects WHERE id IN (SELECT id FROM one)"):
            with self.subTest(statement):
                self.assert_refused(REFUSED, statement)
        self.assert_sound()

    def test_who_an_object_is_cannot_be_changed_around_it(self):
        for statement in (f"UPDATE data_objects SET id = 999 WHERE id = {self.id}",
                          f"UPDATE object_content SET object_id = 999 WHERE object_id = {self.id}",
                          f"REPLACE INTO data_objects(id, schema_id, file_path, updated_at, created_at)"
                          f" SELECT id, schema_id, file_path, updated_at, created_at FROM data_objects WHERE id = {self.id}"):
            with self.assertRaises(shell.Refused):
                self.sql(statement)

    def test_its_neighbours_can_be_written(self):
        self.sql("UPDATE core_note SET title = 'x' WHERE _path = 'b.md'", "UPDATE core_todo SET completed = 1 WHERE id = 2",
                 "UPDATE tasks SET done = 1 WHERE path = 'b.md'")
        self.assertEqual(self.told()[2:], ["update|b.md|-", "update|todos.json#2|-", "update|b.md|-"])

    def test_what_changes_nothing_is_no_change(self):
        self.sql("UPDATE core_note SET title = title", "UPDATE data_objects SET file_path = file_path",
                 "UPDATE object_content SET content_json = content_json")
        self.assertEqual([line for line in self.told() if not line.startswith("permission")], [])

    def test_the_owner_may_lift_it_with_sql_too(self):
        self.sql(f"UPDATE object_permissions SET read_only = 0 WHERE object_id = {self.id}",
                 "UPDATE core_note SET title = 'x' WHERE _path = 'a.md'")
        self.assertEqual(json.loads(self.content("a.md"))["title"], "x")


if __name__ == "__main__":
    shell.main()
