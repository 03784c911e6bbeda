# SPDX-License-Identifier: MIT
"""Writing to the typed views."""

import json

import shell

TODOS = {"schema": "core.todo", "version": 1, "data": [
    {"id": 1, "text": "write", "completed": False, "tags": ["a"], "extra": 1.10},
    {"id": 2, "text": "read", "completed": True, "priority": "low"}]}

GAUGE = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": {
    "count": {"type": "integer", "minimum": 0, "exclusiveMaximum": 9223372036854775807},
    "rating": {"type": "number", "minimum": 1, "maximum": 5},
    "depth": {"type": "number", "exclusiveMinimum": 0},
    "code": {"type": "string", "minLength": 2, "maxLength": 3},
    "mixed": {"type": ["integer", "string", "boolean"]},
    "anything": {},
    "referred": {"$ref": "#/$defs/short"},
    "box": {"type": ["object", "null"]},
    "fixed": {"const": "yes"},
    "big": {"type": "integer"}},
    "required": ["code"], "$defs": {"short": {"type": "string", "maxLength": 1}},
    "x-nexus": {"version": 1, "files": ["gauges/*.json"], "layout": "object"}}

HOSTILE = ["it's", "a.b", "$", "$.x", "'); DROP TABLE files; --", "x]", "%s%n", "new", "old", "été", "select", "#"]


class Views(shell.Test):
    files = {"todos.json": json.dumps(TODOS), "n.md": "---\ntitle: T\n---\nBody.\n",
             "gauges/g.json": '{"code": "ab", "count": 1, "rating": 1.50, "x": 12345678901234567890}'}

    def setUp(self):
        super().setUp()
        folder = self.vault / ".nexus" / "schemas"
        (folder / "plugin.gauge.json").write_text(json.dumps(GAUGE))
        names = {"type": "object", "properties": {name: {"type": "string"} for name in [*HOSTILE, 'say "hi"']},
                 "x-nexus": {"version": 1, "files": ["names/*.json"], "layout": "object"}}
        (folder / "plugin.names.json").write_text(json.dumps(names))
        (self.vault / "names").mkdir()
        (self.vault / "names" / "n.json").write_text(json.dumps({"kept": 1, 'say "hi"': "x"}))
        self.run_nexus("sync")

    def gauge(self):
        return self.content("gauges/g.json")

    def set_gauge(self, assignment):
        self.sql(f"UPDATE plugin_gauge SET {assignment}")
        return self.gauge()

    def test_an_update_changes_the_property_and_nothing_else(self):
        self.sql("UPDATE core_todo SET completed = 1 WHERE text LIKE '%rit%'")
        self.assertEqual(self.content("todos.json#1"), '{"id":1,"text":"write","completed":true,"tags":["a"],"extra":1.1}')
        self.assertEqual(self.told(), ["update|todos.json#1|-"])
        self.assertEqual([line.split("|")[0] for line in self.outbox()], ["todos.json#1"])

    def test_a_column_that_keeps_its_value_is_no_change(self):
        self.sql("UPDATE core_todo SET completed = completed, text = text, id = id")
        self.assertEqual(self.told() + self.outbox(), [])

    def test_null_removes_the_property(self):
        self.sql("UPDATE core_todo SET priority = NULL, completed = NULL WHERE id = 2")
        self.assertEqual(self.content("todos.json#2"), '{"id":2,"text":"read"}')

    def test_booleans_are_true_and_false(self):
        self.sql("UPDATE core_todo SET completed = FALSE WHERE id = 2", "UPDATE core_todo SET completed = true WHERE id = 1")
        self.assertIn('"completed":false', self.content("todos.json#2"))
        self.assertIn('"completed":true', self.content("todos.json#1"))

    def test_arrays_and_objects_are_json_text(self):
        self.sql("""UPDATE core_todo SET tags = '["b", {"c": 1}]' WHERE id = 1""")
        self.assertIn('"tags":["b",{"c":1}]', self.content("todos.json#1"))
        self.assertIn('"box":{"a":[]}', self.set_gauge("""box = '{"a": []}'"""))

    def test_numbers_keep_what_they_say(self):
        self.assertIn('"count":9223372036854775806', self.set_gauge("count = 9223372036854775806"))
        self.assertIn('"x":12345678901234567890', self.gauge())
        self.assertIn('"rating":1.50', self.set_gauge("count = 2"))
        self.assertIn('"rating":2.1', self.set_gauge("rating = 2.1"))
        self.assertEqual(json.loads(self.set_gauge("rating = 1.1 + 2.2"))["rating"], 1.1 + 2.2)
        self.assertIn('"big":3', self.set_gauge("big = 3.0"))
        self.assertEqual(json.loads(self.set_gauge("depth = 1e300"))["depth"], 1e300)

    def test_a_number_in_a_text_becomes_the_text(self):
        self.assertIn('"code":"42"', self.set_gauge("code = 42"))

    def test_where_several_types_may_be_the_value_has_its_own(self):
        self.assertIn('"mixed":7', self.set_gauge("mixed = 7"))
        self.assertIn('"mixed":"7"', self.set_gauge("mixed = '7'"))

    def test_where_the_schema_does_not_say_the_type_of_before_stays(self):
        self.assertIn('"anything":"[1]"', self.set_gauge("anything = '[1]'"))
        self.sql("UPDATE object_content SET content_json = json_set(content_json, '$.anything', json('[1]'))"
                 " WHERE content_json LIKE '%rating%'")
        self.assertIn('"anything":[2]', self.set_gauge("anything = '[2]'"))
        self.sql("UPDATE object_content SET content_json = json_set(content_json, '$.anything', json('true'))"
                 " WHERE content_json LIKE '%rating%'")
        self.assertIn('"anything":false', self.set_gauge("anything = 0"))

    def test_what_can_be_told_at_once_is_refused_at_once(self):
        for sentence, column in (
                ("completed must be true or false", "completed = 'yes'"), ("completed must be true or false", "completed = 2"),
                ('priority must be one of "high", "medium", "low"', "priority = 'urgent'"),
                ("text is required", "text = NULL"), ("text must not be empty", "text = ''"),
                ("text must be a string", "text = x'00'"), ("tags must be an array", "tags = 'a'"),
                ("tags must be an array", "tags = '{}'"), ("tags must be an array", "tags = 5"),
                ("id must be an integer or a string", "id = 1.5"), ("_id cannot be changed", "_id = 100"),
                ("_created_at cannot be changed", "_created_at = 'x'"), ("_updated_at cannot be changed", "_updated_at = 'x'")):
            self.assert_refused(f"core.todo: {sentence}", f"UPDATE core_todo SET {column}")
        for sentence, column in (
                ("rating must be at most 5", "rating = 5.5"), ("rating must be at least 1", "rating = 0"),
                ("depth must be above 0", "depth = 0"), ("rating must be a number", "rating = 'x'"),
                ("rating must be a number", "rating = 9e999"), ("code must have at least 2 characters", "code = 'é'"),
                ("code must have at most 3 characters", "code = 'éééé'"), ("count must be at least 0", "count = -1"),
                ('fixed must be "yes"', "fixed = 'no'"), ("box must be null or an object", "box = '[]'"),
                ("anything cannot be such a value in JSON", "anything = x'00'")):
            self.assert_refused(f"plugin.gauge: {sentence}", f"UPDATE plugin_gauge SET {column}")

    def test_what_only_the_validator_can_tell_is_not(self):
        self.assertIn('"referred":"long"', self.set_gauge("referred = 'long'"))
        self.sql("UPDATE core_todo SET due = 'someday'")

    def test_what_was_wrong_before_does_not_stand_in_the_way(self):
        self.sql("UPDATE object_content SET content_json = '{\"code\":\"much too long\",\"rating\":9}'"
                 " WHERE content_json LIKE '%rating%'")
        self.assertIn('"count":3', self.set_gauge("count = 3"))

    def test_a_new_path_moves_it(self):
        self.sql("UPDATE core_note SET _path = 'deep/m.md', title = 'U' WHERE _path = 'n.md'")
        self.assertEqual(self.told(), ["update|n.md|-", "move|deep/m.md|n.md"])

    def test_an_insert_makes_an_object_and_tells_it_once(self):
        self.sql("INSERT INTO core_todo(text, completed) VALUES('new', 0), ('newer', TRUE)",
                 "INSERT INTO core_todo(id, text) VALUES('k', 'named')")
        self.assertEqual(self.sql("SELECT c.content_json FROM object_content c JOIN nx_outbox USING (object_id) WHERE is_new"),
                         ['{"id":3,"text":"new","completed":false}', '{"id":4,"text":"newer","completed":true}',
                          '{"id":"k","text":"named"}'])
        self.assertEqual(self.told(), ["create|-|-"] * 3)

    def test_an_insert_may_say_where(self):
        self.sql("INSERT INTO core_note(_path, title, content) VALUES('x/y.md', 'Y', 'Text.')")
        self.assertEqual(self.content("x/y.md"), self.sql("SELECT json_object('title', 'Y', 'content', 'Text.')")[0])

    def test_many_inserts_are_counted_on(self):
        self.sql("INSERT INTO core_todo(text) SELECT 't' FROM json_each('[1,2,3,4,5]')",
                 "INSERT INTO core_todo(id, text) VALUES(50, 'x')", "INSERT INTO core_todo(text) VALUES('last')",
                 "UPDATE core_todo SET id = 70 WHERE id = 50", "INSERT INTO core_todo(text) VALUES('very last')")
        self.assertEqual(self.sql("SELECT id FROM core_todo ORDER BY id"),
                         [str(number) for number in (1, 2, 3, 4, 5, 6, 7, 51, 70, 71)])

    def test_an_insert_is_refused_like_an_update(self):
        for sentence, columns, values in (("text is required", "completed", "1"), ("_id cannot be given", "_id, text", "9, 'x'"),
                                          ("completed must be true or false", "text, completed", "'x', 'no'")):
            self.assert_refused(f"core.todo: {sentence}", f"INSERT INTO core_todo({columns}) VALUES({values})")

    def test_a_delete_deletes_the_object(self):
        self.sql("DELETE FROM core_todo WHERE completed")
        self.assertEqual(self.told(), ["delete|todos.json#2|-"])
        self.assertEqual(self.sql("SELECT id FROM core_todo"), ["1"])

    def test_every_name_can_be_written_and_none_breaks_out(self):
        for number, name in enumerate(HOSTILE):
            column = name.replace('"', '""')
            self.sql(f"""UPDATE "plugin_names" SET "{column}" = 'v{number}'""")
        content = json.loads(self.content("names/n.json"))
        self.assertEqual(content, {"kept": 1, 'say "hi"': "x", **{name: f"v{i}" for i, name in enumerate(HOSTILE)}})
        self.assertEqual(self.sql("SELECT count(*) > 0 FROM files"), ["1"])

    def test_a_name_that_sqlite_cannot_find_in_json_is_only_read(self):
        self.assertEqual(self.sql('SELECT "say ""hi""" FROM "plugin_names"'), ["x"])
        self.assert_refused('plugin.names: say "hi" can only be changed in the file',
                            'UPDATE "plugin_names" SET "say ""hi""" = 5')

    def test_a_content_that_is_no_object_is_not_mistaken_for_one(self):
        self.sql("DROP TRIGGER nx_content_update_check",
                 "UPDATE object_content SET content_json = '[1]' WHERE content_json LIKE '%rating%'")
        with self.assertRaisesRegex(shell.Refused, "plugin.gauge: the content is no JSON object"):
            self.sql("UPDATE plugin_gauge SET count = 1")

    def test_everything_is_sound_afterwards(self):
        self.sql("UPDATE core_todo SET text = 'other'", "UPDATE core_note SET content = 'other'",
                 "INSERT INTO core_note(content) VALUES('z')", "DELETE FROM plugin_gauge")
        self.assert_sound()


class Tasks(shell.Test):
    files = {"plan.md": "---\nmood: ü\n---\n# Plän 🎉\n\n- [ ] öne\n- [x] two\n  - [/] three\n"}

    BODY = "# Plän 🎉\n\n- [ ] öne\n- [x] two\n  - [/] three\n"

    def body(self):
        return json.loads(self.content("plan.md"))["content"]

    def test_a_box_is_ticked_and_only_that(self):
        self.sql("UPDATE tasks SET done = 1 WHERE path = 'plan.md' AND line = 6")
        self.assertEqual(self.body(), self.BODY.replace("[ ] öne", "[x] öne"))
        self.assertEqual(self.told(), ["update|plan.md|-"])
        self.assertEqual(self.sql("SELECT status, done FROM tasks"), ["x|1", "x|1", "/|0"])

    def test_boxes_are_ticked_and_cleared_in_any_order(self):
        self.sql("UPDATE tasks SET done = TRUE", "UPDATE tasks SET status = '>' WHERE line = 7", "UPDATE tasks SET done = 0 WHERE line = 6")
        self.assertEqual(self.body(), self.BODY.replace("[x] two", "[>] two").replace("[/] three", "[x] three"))
        self.assert_sound()

    def test_it_is_refused_when_the_box_is_somewhere_else(self):
        self.sql("UPDATE core_note SET content = 'x' || content")
        self.assert_refused("the note was changed since", "UPDATE tasks SET done = 1 WHERE line = 6")

    def test_nothing_else_of_a_task_can_be_written(self):
        for sentence, statement in (
                ("only done and status can be changed here", "UPDATE tasks SET text = 'x'"),
                ("only done and status can be changed here", "UPDATE tasks SET due = '2030-01-01', done = 1"),
                ("done must be true or false", "UPDATE tasks SET done = 'x'"),
                ("status must be one character", "UPDATE tasks SET status = 'xx'"),
                ("status must be one character", "UPDATE tasks SET status = ']'"),
                ("status must be one character", "UPDATE tasks SET status = char(10)"),
                ("a new task is a line of its note", "INSERT INTO tasks(text) VALUES('x')"),
                ("a task is a line of its note", "DELETE FROM tasks")):
            self.assert_refused(f"tasks: {sentence}", statement)
        self.assert_refused("done and status say different things", "UPDATE tasks SET status = '-', done = 1 WHERE line = 6")

    def test_a_note_that_is_read_only_keeps_its_boxes(self):
        self.sql("UPDATE object_permissions SET read_only = 1")
        self.assert_refused("this object is read-only", "UPDATE tasks SET done = 1")


if __name__ == "__main__":
    shell.main()
