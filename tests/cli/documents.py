# SPDX-License-Identifier: MIT
"""--json: every command prints one document, whose shape is schemas/cli/COMMAND.json. `watch` prints none, and
`events` one a line."""

import json
import signal
import subprocess

import program
import shape

SCHEMAS = program.ROOT / "schemas" / "cli"
NOTE = """---
tags: [garden/soil]
aliases: [Earth]
related: "[[b]]"
---
# Soil

See [[b#Part|there]], ![[nowhere]] and <https://example.org/>.

- [ ] dig 📅 2026-03-01 ⏫ 🔁 every week ^dig
- [x] rest ✅ 2026-02-01
"""
FILES = {
    "a.md": NOTE,
    "b.md": "# B\n",
    "bad.md": "---\ntags: [a\n---\n",
    "todos.json": '{"schema": "core.todo", "version": 1, "data": [{"id": 12345678901234567890, "text": "Keep 1.10"}, '
                  '{"id": 2, "text": "Bad", "priority": "urgent"}]}',
    "drafts/c.md": "",
    "drafts/mood.json": '{"properties": {"mood": {"enum": ["happy", "sad"]}}}',
    "drafts/bad.json": '{"type": "objet"}',
    ".nexusignore": "drafts/\n",
    b"not-utf8-\xff.md": "x",
    "pic.svg": "<svg/>",
}

# command line, exit code; together they show every property of each schema
RUNS = [
    (["init"], 0), (["sync"], 0), (["status"], 0), (["status", "--skipped"], 0), (["check"], 1), (["check", "a.md"], 0),
    (["query", "SELECT * FROM files"], 0), (["query", "SELECT * FROM objects"], 0),
    (["query", "SELECT * FROM problems"], 0), (["search", "soil"], 0), (["search", "nothing-has-this"], 0),
    (["search", "--limit", "1", "e"], 0), (["show", "a.md"], 0), (["show", "b"], 0),
    (["show", "todos.json#12345678901234567890"], 0), (["links"], 0), (["links", "b"], 0), (["links", "--from", "a.md"], 0),
    (["links", "--to", "b"], 0), (["links", "--unresolved"], 0), (["links", "--orphans"], 0), (["links", "pic.svg"], 0),
    (["tags"], 0), (["tags", "garden"], 0), (["tags", "no-such-tag"], 0), (["tasks"], 0), (["tasks", "--all"], 0),
    (["tasks", "--due", "2026-03-01"], 0), (["help"], 0), (["help", "show"], 0), (["help", "sql"], 0), (["version"], 0), (["completion", "fish"], 0), (["config"], 0), (["service", "status"], 1), (["doctor"], 1), (["config", "debounce_ms"], 0),
    (["config", "debounce_ms", "301"], 0),
    (["schema", "list"], 0), (["schema", "show", "core.todo"], 0), (["schema", "check", "drafts/bad.json"], 1),
    (["permit", "b", "--ai", "on", "--expires", "7d"], 0), (["permissions"], 0), (["permissions", "--stats"], 0),
    (["schema", "add", "drafts/mood.json"], 0), (["schema", "add", "drafts/bad.json"], 1), (["schema", "remove", "mood"], 0),
    (["new", "core.note", "_path=gone.md"], 0), (["new", "core.todo", "text=a", "priority=urgent"], 1),
    (["set", "b.md", "num=2"], 0), (["rm", "gone.md"], 0), (["history"], 0), (["history", "b.md"], 0), (["undo"], 0),
    (["undo", "999"], 1), (["conflicts"], 1), (["resolve", "1", "file"], 0), (["resolve", "1", "file"], 1),
    (["pending"], 0), (["apply"], 0), (["discard"], 0), (["backup"], 0), (["restore"], 0), (["restore", "--list"], 0),
    (["rebuild"], 0),
]


class Documents(program.Test):
    def setUp(self):
        super().setUp()
        self.make_vault(FILES)
        self.make_a_conflict()

    def make_a_conflict(self):
        """A file that was edited since it was written, and is put back."""
        self.ran(0, "set", "b.md", "num=1")
        self.write({"b.md": "# edited\n"})
        self.ran(1, "undo")

    def document(self, words, code=0):
        result = self.ran(code, *words, "--json")
        self.assertTrue(result.out.endswith("\n"))
        return result.json()

    def test_each_command_has_a_schema_and_each_schema_a_command(self):
        commands = {command["name"] for command in self.document(["help"])["commands"]}
        self.assertEqual({path.stem for path in SCHEMAS.glob("*.json")}, commands - {"watch"})
        self.assertEqual({words[0] for words, _ in RUNS}, commands - {"watch", "events"})

    def test_each_document_has_the_shape_of_its_schema(self):
        for words, code in RUNS:
            with self.subTest(words):
                findings = list(shape.Shape(SCHEMAS / f"{words[0]}.json").check(self.document(words, code)))
                self.assertEqual(findings, [])

    def test_each_property_of_a_schema_is_seen_in_some_document(self):
        def in_order(path):
            return path.stem != "permit", path.stem  # `permissions` has something to show then

        for path in sorted(SCHEMAS.glob("*.json"), key=in_order):
            wanted = property_names(json.loads(path.read_text()))
            seen = set()
            if path.stem == "pending":
                self.sqlite("UPDATE core_note SET title = 'A' WHERE _path = 'a.md'")
            for words, code in RUNS:
                if words[0] == path.stem:
                    seen |= keys(self.document(words, code))
            if path.stem == "status":
                seen |= keys(self.document_of_a_followed_vault())
            if path.stem == "events":
                seen |= keys(self.events())
            self.assertEqual(wanted - seen, set(), path.name)

    def document_of_a_followed_vault(self):
        """What `status` prints while `watch` runs."""
        daemon = subprocess.Popen([self.program, "watch"], cwd=self.vault, env=program.environment(self.home),
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while daemon.poll() is None:
                document = self.document(["status"])
                if document["daemon"]:
                    return document
        finally:
            daemon.send_signal(signal.SIGTERM)
            self.assertEqual(daemon.wait(program.TIMEOUT_S), 0)

    def events(self):
        return [json.loads(line) for line in self.ran(0, "events").out.splitlines()]

    def test_each_line_of_events_has_the_shape_of_its_schema(self):
        self.assertTrue(self.events())
        for event in self.events():
            self.assertEqual(list(shape.Shape(SCHEMAS / "events.json").check(event)), [])

    def test_how_the_daemon_is_has_the_shape_of_its_schema(self):
        document = self.document_of_a_followed_vault()
        self.assertEqual(list(shape.Shape(SCHEMAS / "status.json").check(document)), [])

    def test_a_new_vault_has_the_same_shapes(self):
        empty = self.folder / "empty"
        empty.mkdir()
        for words in (["init"], ["status"], ["check"], ["tags"], ["tasks"], ["links"], ["links", "--orphans"], ["search", "x"],
                      ["history"], ["conflicts"], ["pending"]):
            document = self.ran(0, *words, "--json", folder=empty).json()
            self.assertEqual(list(shape.Shape(SCHEMAS / f"{words[0]}.json").check(document)), [])

    def test_numbers_of_the_file_keep_their_text(self):
        out = self.ran(0, "show", "todos.json#12345678901234567890", "--json").out
        self.assertIn('"id": 12345678901234567890', out)

    def test_without_the_object_there_is_no_document(self):
        self.assertEqual(self.ran(1, "show", "no such thing", "--json").out, "")

    def test_the_document_is_all_of_the_output(self):
        for words, code in RUNS:
            self.assertIn(self.ran(code, *words, "--json").out[0], "{[")


class Shapes(program.Test):
    """The checker itself can fail."""

    def findings(self, schema, value):
        path = self.folder / "schema.json"
        path.write_text(json.dumps(schema))
        return list(shape.Shape(path).check(value))

    def test_it_finds_what_is_wrong(self):
        for schema, value in [
            ({"type": "string"}, 1), ({"type": ["string", "null"]}, False), ({"type": "integer"}, True),
            ({"enum": ["a"]}, "b"), ({"pattern": "^a$"}, "b"), ({"minimum": 1}, 0), ({"items": {"type": "null"}}, [0]),
            ({"properties": {"a": {"type": "null"}}}, {"a": 1}), ({"required": ["a"]}, {}),
            ({"additionalProperties": False}, {"a": 1}), ({"additionalProperties": {"type": "null"}}, {"a": 1}),
            ({"propertyNames": {"enum": ["a"]}}, {"b": 1}), ({"minProperties": 1}, {}), ({"maxProperties": 0}, {"a": 1}),
            ({"$ref": "#/$defs/x", "$defs": {"x": {"type": "null"}}}, 1),
        ]:
            self.assertEqual(len(self.findings(schema, value)), 1, schema)

    def test_it_knows_when_it_does_not_know_a_keyword(self):
        with self.assertRaises(ValueError):
            self.findings({"multipleOf": 2}, 4)

    def test_a_document_with_a_key_twice_is_none(self):
        with self.assertRaises(ValueError):
            program.Result(0, b'{"a": 1, "a": 2}', b"").json()


def property_names(schema):
    """All names that stand in `properties`, anywhere in a schema's own text."""
    found = set()
    if isinstance(schema, dict):
        found |= set(schema.get("properties", {}) if isinstance(schema.get("properties"), dict) else {})
        for value in schema.values():
            found |= property_names(value)
    elif isinstance(schema, list):
        for value in schema:
            found |= property_names(value)
    return found


def keys(value):
    if isinstance(value, dict):
        return set(value) | set().union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


if __name__ == "__main__":
    program.main()
