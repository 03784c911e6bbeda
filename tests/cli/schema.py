# SPDX-License-Identifier: MIT
"""`nexus schema`, and the registry that stands behind it: files, versions, objects, and rows edited with SQL."""

import hashlib
import json
import os
import pathlib
import sqlite3

import program

JOURNAL = {"type": "object", "properties": {"mood": {"enum": ["happy", "sad"]}, "content": {"type": "string"}},
           "required": ["mood"], "x-nexus": {"files": ["journal/*.md"], "layout": "markdown"}}
NAME = "plugin.journal"


def entry(mood):
    return f"---\nmood: {mood}\n---\nText.\n"


def moods(*names, **more):
    """The journal's schema with these moods."""
    return {**JOURNAL, **more, "properties": {**JOURNAL["properties"], "mood": {"enum": list(names)}}}


class Registry(program.Test):
    def setUp(self):
        super().setUp()
        self.make_vault({"journal/a.md": entry("happy"), "journal/b.md": entry("sad"), "journal/c.md": entry("angry"),
                         "n.md": "# N\n"})

    # --- words ---

    def add(self, schema, *options, code=0, name=NAME):
        text = schema if isinstance(schema, (str, bytes)) else json.dumps(schema, indent=1)
        return self.ran(code, "schema", "add", "-", "--name", name, *options,
                        stdin=text if isinstance(text, bytes) else text.encode())

    def drop(self, schema, name=NAME):
        self.write({f".nexus/schemas/{name}.json": schema if isinstance(schema, str) else json.dumps(schema)})

    def ask(self, sql):
        database = sqlite3.connect(self.vault / ".nexus" / "vault.sqlite")
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    def version(self, name=NAME):
        return self.ask(f"SELECT version FROM schemas WHERE schema_name = '{name}'")[0][0]

    def definition(self, name=NAME):
        return self.ask(f"SELECT definition_json FROM schemas WHERE schema_name = '{name}'")[0][0]

    def history(self, name=NAME):
        return self.ask(f"SELECT version, definition_json FROM schema_history WHERE schema_name = '{name}' ORDER BY version")

    def problems(self):
        result = self.run_nexus("check")
        return result.out.splitlines()

    def everything(self):
        """The whole database as text, and every file of the vault but the database's own and what is told of it."""
        database = sqlite3.connect(self.vault / ".nexus" / "vault.sqlite")
        rows = list(database.iterdump())
        database.close()
        files = {}
        for folder, _, names in os.walk(self.vault):
            for name in names:
                path = os.path.join(folder, name)
                if not name.startswith("vault.sqlite") and name != "database.json":
                    files[path] = (os.stat(path).st_mtime_ns, hashlib.sha256(pathlib.Path(path).read_bytes()).digest())
        return rows, files


class Versions(Registry):
    def test_a_new_schema_tells_what_becomes_of_the_objects(self):
        result = self.add(JOURNAL)
        self.assertEqual(result.out, f"{NAME}: version 1 is registered: 1 object becomes invalid, 0 files become valid\n")
        self.assertEqual(self.ask("SELECT _path, mood FROM plugin_journal ORDER BY 1"),
                         [("journal/a.md", "happy"), ("journal/b.md", "sad")])
        self.assertEqual(self.problems(), ['journal/c.md:2:7: error: /mood: must be one of "happy", "sad" (got "angry") [enum]'])

    def test_the_same_again_changes_nothing(self):
        self.add(JOURNAL)
        before = self.everything()
        self.assertEqual(self.add(JOURNAL).out, f"{NAME}: registered already, version 1\n")
        self.assertEqual(self.everything(), before)

    def test_other_white_space_and_key_order_are_no_new_version(self):
        self.add(JOURNAL)
        text = json.dumps(dict(reversed(JOURNAL.items())), indent=7)
        self.assertEqual(self.add(text).out, f"{NAME}: registered already, version 1\n")
        self.assertEqual((self.version(), self.definition()), (1, text))
        self.assertEqual(self.history(), [(1, text)])
        self.assertEqual(self.ask("SELECT count(*) FROM changes WHERE op = 'schema' AND path = 'plugin.journal'"), [(1,)])

    def test_numbers_are_told_apart_to_the_last_digit(self):
        self.add({"properties": {"n": {"maximum": 9007199254740992}}})
        self.add({"properties": {"n": {"maximum": 9007199254740993}}})
        self.assertEqual(self.version(), 2)

    def test_a_change_is_a_new_version_and_the_old_text_is_kept(self):
        first, second = json.dumps(JOURNAL), json.dumps(moods("happy", "angry"))
        self.add(first)
        result = self.add(second)
        self.assertEqual(result.out, f"{NAME}: version 2 is registered: 1 object becomes invalid, 1 file becomes valid\n")
        self.assertEqual(self.history(), [(1, first), (2, second)])
        self.assertEqual(self.definition(), second)
        self.assertEqual((self.vault / ".nexus/schemas" / f"{NAME}.json").read_text(), second)

    def test_a_schema_may_name_its_version(self):
        self.add({**JOURNAL, "x-nexus": {**JOURNAL["x-nexus"], "version": 7}})
        self.add({**moods("sad"), "x-nexus": {**JOURNAL["x-nexus"], "version": 3}})
        self.assertEqual([version for version, _ in self.history()], [7, 8])

    def test_an_object_that_breaks_its_schema_keeps_its_content_and_is_flagged(self):
        self.add(JOURNAL)
        before = self.ask("SELECT _id, _path, mood, content FROM plugin_journal")
        self.add(moods("happy"))
        self.assertEqual(self.ask("SELECT _id, _path, mood, content FROM plugin_journal"), before)
        self.assertEqual(self.ask("SELECT path, state FROM objects WHERE schema = 'plugin.journal' ORDER BY path"),
                         [("journal/a.md", "synced"), ("journal/b.md", "invalid")])

    def test_the_view_follows_at_once(self):
        self.add(JOURNAL)
        self.add({**moods("happy", "sad"), "properties": {"content": {"type": "string"}, "mood": {}, "energy": {"type": "integer"}}})
        columns = [row[1] for row in self.ask("PRAGMA table_info(plugin_journal)")]
        self.assertEqual(columns, ["_id", "_path", "_created_at", "_updated_at", "content", "mood", "energy"])

    def test_the_order_of_properties_is_the_order_of_columns(self):
        self.add(JOURNAL)
        self.add({**JOURNAL, "properties": dict(reversed(JOURNAL["properties"].items()))})
        self.assertEqual([row[1] for row in self.ask("PRAGMA table_info(plugin_journal)")][4:], ["content", "mood"])
        self.assertEqual(self.version(), 1)


class Trials(Registry):
    def test_a_dry_run_changes_nothing(self):
        self.add(JOURNAL)
        before = self.everything()
        result = self.add(moods("angry"), "--dry-run")
        self.assertEqual(result.out,
                         f"{NAME}: version 2 would be registered: 2 objects become invalid, 1 file becomes valid\n")
        self.assertEqual(self.everything(), before)
        self.assertEqual(self.add(moods("angry")).out.split(": ", 2)[2], result.out.split(": ", 2)[2])

    def test_an_incompatible_one_is_refused_when_asked_to(self):
        self.add(moods("happy", "sad", "angry"))
        before = self.everything()
        result = self.add(JOURNAL, "--require-compatible", code=1)
        self.assertIn("objects that are valid would become invalid, 1 of them", result.err)
        self.assertEqual(self.everything(), before)
        self.add(moods("happy", "sad", "angry", "calm"), "--require-compatible")
        self.assertEqual(self.version(), 2)

    def test_a_new_schema_that_claims_files_is_held_against_them(self):
        result = self.add(JOURNAL, "--require-compatible", code=1)
        self.assertIn("1 of them", result.err)
        self.assertEqual(self.ask("SELECT count(*) FROM schemas WHERE schema_name = 'plugin.journal'"), [(0,)])

    def test_check_tells_mistakes_where_they_stand(self):
        self.write({"s.json": '{\n  "type": "objet",\n  "minLength": -1\n}\n'})
        before = self.everything()
        result = self.ran(1, "schema", "check", "s.json")
        self.assertRegex(result.out, r'(?m)^s\.json:2:11: error: /type: .*did you mean "object"')
        self.assertRegex(result.out, r"(?m)^s\.json:3:16: error: /minLength: ")
        self.assertEqual(self.everything(), before)
        self.write({"s.json": json.dumps(JOURNAL)})
        self.assertEqual(self.ran(0, "schema", "check", "s.json").out, "")

    def test_a_bad_schema_is_not_registered(self):
        self.add(JOURNAL)
        result = self.add('{"type": "objet"}', code=1)
        self.assertTrue(result.out.startswith("<stdin>:1:10: error: /type: "), result.out)
        self.assertEqual((self.version(), self.definition()), (1, json.dumps(JOURNAL, indent=1)))


class References(Registry):
    def setUp(self):
        super().setUp()
        self.add({"$id": "https://example.org/mood", "enum": ["happy", "sad", "angry"]}, name="plugin.mood")

    def test_registered_schemas_refer_to_each_other_by_name_and_by_id(self):
        for reference in ("vault:schema/plugin.mood", "https://example.org/mood"):
            self.add({**JOURNAL, "properties": {"mood": {"$ref": reference}}})
            self.assertEqual(self.problems(), [])

    def test_a_change_reaches_the_objects_of_those_that_refer_to_it(self):
        self.add({**JOURNAL, "properties": {"mood": {"$ref": "vault:schema/plugin.mood"}}})
        result = self.add({"$id": "https://example.org/mood", "enum": ["happy"]}, name="plugin.mood")
        self.assertEqual(result.out, "plugin.mood: version 2 is registered: 2 objects become invalid, 0 files become valid\n")
        self.assertEqual(len(self.problems()), 2)
        self.add({"$id": "https://example.org/mood", "enum": ["happy", "sad"]}, name="plugin.mood")
        self.assertEqual(len(self.problems()), 1)

    def test_what_others_refer_to_stays(self):
        self.add({**JOURNAL, "properties": {"mood": {"$ref": "vault:schema/plugin.mood"}}})
        self.assertIn("the schema 'plugin.journal' refers to 'plugin.mood'", self.ran(3, "schema", "remove", "plugin.mood").err)
        result = self.add({"$id": "https://example.org/other", "$ref": "vault:schema/nobody"}, name="plugin.mood", code=1)
        self.assertIn("nobody", result.out)

    def test_what_nobody_holds_is_not_fetched(self):
        result = self.add({"$ref": "https://json.schemastore.org/package.json"}, name="plugin.net", code=1)
        self.assertRegex(result.out, r"^<stdin>:2:10: error: /\$ref: .*package\.json")

    def test_rings_are_told(self):
        self.assertEqual(self.add({"$ref": "#"}, name="plugin.ring", code=1).out.count("error"), 1)
        self.assertIn("error", self.add({"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"$ref": "#/$defs/b"},
                                         "b": {"$ref": "#/$defs/a"}}}, name="plugin.ring", code=1).out)


class Removing(Registry):
    def test_one_that_objects_use_stays_and_the_sentence_tells_how_many(self):
        self.add(JOURNAL)
        self.assertIn("the schema 'plugin.journal' has 2 objects", self.ran(3, "schema", "remove", NAME).err)
        self.assertTrue((self.vault / ".nexus/schemas" / f"{NAME}.json").exists())

    def test_one_that_nobody_uses_goes_with_its_file_and_view(self):
        self.add({"type": "object"}, name="plugin.idle")
        self.assertEqual(self.ran(0, "schema", "remove", "plugin.idle").out, "plugin.idle: removed\n")
        self.assertEqual(self.ask("SELECT count(*) FROM schemas WHERE schema_name = 'plugin.idle'"), [(0,)])
        self.assertEqual(self.ask("SELECT count(*) FROM sqlite_schema WHERE name = 'plugin_idle'"), [(0,)])
        self.assertFalse((self.vault / ".nexus/schemas/plugin.idle.json").exists())
        self.ran(0, "sync")
        self.assertIn("no schema is called 'plugin.idle'", self.ran(3, "schema", "remove", "plugin.idle").err)

    def test_it_may_come_back(self):
        self.add({"type": "object"}, name="plugin.idle")
        self.ran(0, "schema", "remove", "plugin.idle")
        self.add({"type": "object"}, name="plugin.idle")
        self.assertEqual(self.history("plugin.idle"), [(version, '{\n "type": "object"\n}') for version in (1, 2)])

    def test_what_is_built_in_can_be_replaced_and_had_back(self):
        self.assertIn("'core.note' is built in", self.ran(3, "schema", "remove", "core.note").err)
        built_in = self.definition("core.note")
        self.add({"required": ["title"], "x-nexus": {"layout": "markdown"}}, name="core.note")
        self.assertIn("n.md:1:1: error: must have the property \"title\" [required]",
                      [line for line in self.problems() if line.startswith("n.md")])
        self.ran(0, "schema", "remove", "core.note")
        self.assertEqual((self.version("core.note"), self.definition("core.note")), (3, built_in))
        self.assertEqual(self.problems(), [])


class DroppedFiles(Registry):
    def test_a_file_is_registered_by_the_next_pass(self):
        self.drop(JOURNAL)
        self.ran(0, "sync")
        self.assertEqual(self.ask("SELECT count(*) FROM plugin_journal"), [(2,)])
        before = self.everything()[0]
        self.ran(0, "sync")
        self.assertEqual(self.everything()[0], before)

    def test_a_broken_file_is_told_and_hurts_nothing(self):
        self.add(JOURNAL)
        registered = self.definition()
        for broken, told in [("{", "1:2"), ('{"type":\n 5}', "2:2"), ('{"a": 1, "a": 2}', "1:10"),
                             ('{"pattern": "(?<=a+)b"}', "1:13"), ('{"$schema": "https://example.org/none"}', "1:13")]:
            self.drop(broken)
            self.ran(0, "sync")
            told_lines = [line for line in self.problems() if line.startswith(".nexus")]
            self.assertTrue(told_lines and told_lines[0].startswith(f".nexus/schemas/{NAME}.json:{told}: error: "), told_lines)
            self.assertEqual((self.version(), self.definition()), (1, registered))
            self.assertEqual(self.ask("SELECT count(*) FROM plugin_journal"), [(2,)])
        self.drop(registered)
        self.ran(0, "sync")
        self.assertEqual([line for line in self.problems() if line.startswith(".nexus")], [])

    def test_a_broken_file_that_goes_takes_its_problems_along(self):
        self.drop("{", name="plugin.broken")
        self.ran(0, "sync")
        self.assertEqual(len([line for line in self.problems() if line.startswith(".nexus")]), 1)
        (self.vault / ".nexus/schemas/plugin.broken.json").unlink()
        self.ran(0, "sync")
        self.assertEqual(self.problems(), [])

    def test_names_must_be_names(self):
        self.drop({}, name="my schema")
        self.ran(0, "sync")
        self.assertRegex(self.problems()[0], r"^\.nexus/schemas/my schema\.json:1:1: error: this cannot name a schema")
        self.assertEqual(self.run_nexus("schema", "add", "-", "--name", "a/b", stdin=b"{}").code, 2)

    def test_two_cannot_have_one_view(self):
        self.add({"type": "object"}, name="plugin.a-b")
        result = self.add({"type": "object"}, name="plugin.a.b", code=1)
        self.assertIn("the view of 'plugin.a.b' would be 'plugin_a_b', which is the view of 'plugin.a-b'", result.out)
        self.assertIn("reserved", self.add({}, name="nx.meta", code=1).out)
        self.assertIn("error", self.add({}, name="files", code=1).out)

    def test_names_of_properties_are_only_names(self):
        names = ['a"b', "it's", "'); DROP TABLE schemas; --", "ä ö", "back\\slash", "$.x", "a.b", "[0]", "\n", ""]
        self.add({"properties": {name: {"type": "string"} for name in names},
                  "x-nexus": {"files": ["odd.json"], "layout": "object", "index": [names[2]]}}, name="plugin.odd")
        self.write({"odd.json": json.dumps({name: name.upper() or "E" for name in names}, ensure_ascii=False)})
        self.ran(0, "sync")
        self.assertEqual(self.problems(), [])
        self.assertEqual(list(self.ask("SELECT * FROM plugin_odd")[0][4:]), [name.upper() or "E" for name in names])


class Limits(Registry):
    """Each is refused with a sentence, soon, and the vault goes on."""

    def refused(self, text):
        result = self.add(text, name="plugin.big", code=1)
        lines = result.out.splitlines() + result.err.splitlines()
        self.assertTrue(lines and all(len(line) < 1000 for line in lines), lines[:3])
        self.assertEqual(self.problems(), [])
        return result.out + result.err

    def test_a_text_that_is_too_large(self):
        self.assertIn("MiB", self.refused(b'{"description": "' + b"x" * (4 * 1024 * 1024) + b'"}'))

    def test_a_text_that_is_too_deep(self):
        self.assertIn("deep", self.refused('{"not": ' * 300 + "{}" + "}" * 300))

    def test_a_million_branches(self):
        self.refused('{"oneOf": [' + "{}," * 999999 + "{}]}")

    def test_more_properties_than_a_view_holds(self):
        self.assertIn("properties", self.refused({"properties": {f"p{i}": {} for i in range(3000)}}))

    def test_a_pattern_that_the_engine_cannot_take(self):
        self.assertIn("lookbehind", self.refused({"pattern": "(?<=a+)b"}))
        self.refused({"pattern": "(" * 5000 + ")" * 5000})


class Rows(Registry):
    """Rows of `schemas` that were edited in the stock shell count with the next pass, or are taken back and told."""

    def told(self):
        return [line for line in self.problems() if line.startswith(".nexus")]

    def edit(self, schema, name=NAME):
        text = schema if isinstance(schema, str) else json.dumps(schema)
        quoted = text.replace("'", "''")
        self.sqlite(f"UPDATE schemas SET definition_json = '{quoted}' WHERE schema_name = '{name}'")
        self.ran(0, "sync")
        return text

    def test_a_good_definition_is_a_new_version_and_becomes_the_file(self):
        self.add(JOURNAL)
        text = self.edit(moods("happy", "angry"))
        self.assertEqual((self.version(), self.definition()), (2, text))
        self.assertEqual((self.vault / ".nexus/schemas" / f"{NAME}.json").read_text(), text)
        self.assertEqual([version for version, _ in self.history()], [1, 2])
        self.assertEqual(self.problems(), ['journal/b.md:2:7: error: /mood: must be one of "happy", "angry" (got "sad") [enum]'])
        before = self.everything()[0]
        self.ran(0, "sync")
        self.assertEqual(self.everything()[0], before)

    def test_a_new_row_is_a_new_schema(self):
        quoted = json.dumps(JOURNAL).replace("'", "''")
        self.sqlite(f"INSERT INTO schemas(schema_name, definition_json, created_at) VALUES('{NAME}', '{quoted}', 'now')")
        self.ran(0, "sync")
        self.assertEqual(self.ask("SELECT count(*) FROM plugin_journal"), [(2,)])
        self.assertEqual((self.vault / ".nexus/schemas" / f"{NAME}.json").read_text(), json.dumps(JOURNAL))

    def test_a_built_in_one_can_be_replaced(self):
        text = self.edit({"required": ["title"], "x-nexus": {"layout": "markdown"}}, name="core.note")
        self.assertEqual((self.vault / ".nexus/schemas/core.note.json").read_text(), text)
        self.assertEqual(self.version("core.note"), 2)

    def test_a_bad_definition_is_taken_back_told_and_kept(self):
        self.add(JOURNAL)
        before, views = self.definition(), self.ask("SELECT * FROM plugin_journal")
        bad = self.edit('{"type": "objet"}')
        self.assertEqual((self.version(), self.definition()), (1, before))
        self.assertEqual(self.ask("SELECT * FROM plugin_journal"), views)
        self.assertEqual(len(self.told()), 1)
        self.assertIn('the row was taken back: line 1, column 10: /type: must be one of', self.told()[0])
        self.assertEqual(self.ask("SELECT path, op, origin, refused FROM history"),
                         [(f".nexus/schemas/{NAME}.json", "refused", "sql", bad)])
        self.ran(0, "sync")
        self.assertEqual(len(self.told()), 1)
        self.add(moods("happy"))
        self.assertEqual(self.told(), [])

    def test_a_bad_new_row_goes(self):
        for name, text in [("plugin.x", "no json"), ("../../escape", "{}"), ("core-note", "{}"), ("nx_meta", "{}")]:
            self.sqlite(f"INSERT INTO schemas(schema_name, definition_json, created_at) VALUES('{name}', '{text}', '')")
            self.ran(0, "sync")
            self.assertEqual(self.ask(f"SELECT count(*) FROM schemas WHERE schema_name = '{name}'"), [(0,)])
        self.assertEqual(len(self.told()), 4)
        self.assertEqual(os.listdir(self.vault / ".nexus" / "schemas"), [])
        self.assertEqual(list(self.folder.glob("escape*")), [])

    def test_where_the_file_changed_as_well_it_counts(self):
        self.add(JOURNAL)
        self.drop(moods("calm"))
        self.edit(moods("glad"))
        self.assertEqual(self.definition(), json.dumps(moods("calm")))
        self.assertIn("the schema's file was changed as well, and it counts", self.told()[0])

    def test_rows_are_not_renamed_or_deleted(self):
        self.add(JOURNAL)
        before = self.ask("SELECT id, schema_name, version FROM schemas ORDER BY id")
        self.sqlite(f"DELETE FROM schemas WHERE schema_name = '{NAME}'; "
                    "UPDATE schemas SET schema_name = 'plugin.note' WHERE schema_name = 'core.note'; "
                    "UPDATE schemas SET version = 99 WHERE schema_name = 'core.todo'")
        self.ran(0, "sync")
        self.assertEqual(self.ask("SELECT id, schema_name, version FROM schemas ORDER BY id"), before)
        self.assertEqual(self.ask("SELECT count(*) FROM plugin_journal"), [(2,)])
        self.assertEqual(len(self.told()), 2)


class Usage(Registry):
    def test_list_and_show(self):
        self.add(JOURNAL)
        self.assertIn(f"      2  {NAME}  version 1\n", self.ran(0, "schema", "list").out)
        self.assertEqual(self.ran(0, "schema", "show", NAME).out, json.dumps(JOURNAL, indent=1) + "\n")
        self.assertIn("no schema is called 'nope'", self.ran(1, "schema", "show", "nope").err)

    def test_mistakes_of_usage(self):
        for words, told in [(["nope"], "does not know 'nope'"), (["lsit"], "did you mean 'list'"), (["show"], "needs NAME"),
                            (["add"], "needs FILE"), (["list", "x"], "does not know what to do with 'x'"),
                            (["list", "--dry-run"], "has no option '--dry-run'"), (["add", "-"], "needs --name")]:
            self.assertIn(told, self.ran(2, "schema", *words).err)
        self.assertIn("nope.json", self.ran(3, "schema", "add", "nope.json").err)


if __name__ == "__main__":
    program.main()
