# SPDX-License-Identifier: MIT
"""Writing without SQL: what each verb says, and what the files are then. Every scenario runs twice: alone, and while
`nexus watch` follows the vault."""

import program
import writer


class Scenarios:
    # --- new ---

    def test_new_makes_a_file_by_the_pattern_of_its_schema(self):
        self.assertEqual(self.ran(0, "new", "core.note", "title=Shopping list!", "content=- [ ] bread").out,
                         "shopping-list.md: made\n")
        self.assertEqual(self.read("shopping-list.md"), "---\ntitle: Shopping list!\n---\n- [ ] bread")
        self.assertEqual(self.shell("SELECT text FROM tasks WHERE path = 'shopping-list.md'"), "bread")
        self.settled()

    def test_a_second_one_of_that_name_gets_a_name_of_its_own(self):
        self.ran(0, "new", "core.note", "title=Twin")
        self.assertEqual(self.ran(0, "new", "core.note", "title=Twin").out, "twin-2.md: made\n")

    def test_new_makes_it_where_it_is_told_to(self):
        self.assertEqual(self.ran(0, "new", "core.note", "_path=deep/er/x.md", "title=X").out, "deep/er/x.md: made\n")
        self.assertIn("title: X", self.read("deep/er/x.md"))

    def test_a_new_item_gets_the_next_number_and_its_place_in_the_list(self):
        self.assertEqual(self.ran(0, "new", "core.todo", "text=Milk").out, "todos.json#8: made\n")
        self.says("todos.json", '"seven"}\n', '"seven"},\n  {"id": 8, "text": "Milk"}\n')
        self.assertEqual(self.ran(0, "new", "core.todo", "id=x9", "text=Eggs").out, "todos.json#x9: made\n")
        self.settled()

    def test_new_is_refused_at_once_with_what_the_schema_says(self):
        self.assertIn("core.todo: /priority: must be one of", self.refused("new", "core.todo", "text=a", "priority=urgent"))
        self.assertIn("text", self.refused("new", "core.todo", "due=2026-01-01"))
        self.assertIn("'no.such'", self.refused("new", "no.such", "a=1"))
        self.assertEqual(self.shell("SELECT count(*) FROM history"), "0")
        self.ran(0, "check")

    def test_new_never_takes_a_path_that_is_taken_or_that_leads_out(self):
        for path in ("a.md", "../out.md", ".nexus/x.md", "/tmp/x.md", "x.txt", "a.md/b.md"):
            with self.subTest(path):
                self.refused("new", "core.note", f"_path={path}", "title=X")
        self.settled()

    # --- set ---

    def test_set_changes_the_bytes_of_the_value_and_no_other(self):
        self.assertEqual(self.ran(0, "set", "a.md", "title=Beta").out, "a.md: changed\n")
        self.says("a.md", "'Alpha'", "'Beta'")
        self.assertEqual(self.ran(0, "set", "todos.json#1", "price=2.50").out, "todos.json#1: changed\n")
        self.says("todos.json", "1.10", "2.50")
        self.settled()

    def test_set_that_changes_nothing_says_so_and_writes_nothing(self):
        self.assertEqual(self.ran(0, "set", "a.md", "title=Alpha").out, "a.md: nothing changed\n")
        self.assertEqual(self.shell("SELECT count(*) FROM history"), "0")

    def test_words_are_what_the_schema_wants(self):
        self.ran(0, "set", "todos.json#7", "text=1984", "completed=true", 'tags=["a", "b"]')
        self.says("todos.json", '"seven"}', '"1984", "completed": true, "tags": ["a", "b"]}')
        self.ran(0, "set", "todos.json#7", "notes=true", 'text="1985"')
        self.assertEqual(self.shell("SELECT text, typeof(text), notes, typeof(notes) FROM core_todo WHERE id = 7"),
                         "1985|text|true|text")

    def test_words_are_what_they_look_like_where_no_schema_says(self):
        self.ran(0, "set", "a.md", "count=5", "big=12345678901234567890", "tenth=1.10", "sure=true", "none=null", "list=[1, 2]",
                 "text=hello, you", "day=2026-01-01", 'quoted="5"', "broken=[1", "empty=")
        for line in ("count: 5\n", "big: 12345678901234567890\n", "tenth: 1.10\n", "sure: true\n", "list: [1, 2]\n",
                     "text: hello, you\n", 'quoted: "5"\n'):
            self.assertIn(line, self.read("a.md"))
        content = self.shell("SELECT content_json FROM object_content c, data_objects o WHERE o.id = object_id "
                             "AND file_path = 'a.md'")
        self.assertIn('"broken":"[1","empty":""', content)
        self.assertIn('"none":null', content)
        self.settled()

    def test_the_body_is_a_property_and_a_property_can_go(self):
        self.ran(0, "set", "a.md", "content=New body\n", "tags!")
        self.assertEqual(self.read("a.md"), "---\ntitle: 'Alpha'   # the first\n---\nNew body\n")

    def test_set_moves_a_file(self):
        self.assertEqual(self.ran(0, "set", "sub/b.md", "_path=other/c.md", "title=Tuesday").out, "other/c.md: changed\n")
        self.assertFalse(self.there("sub/b.md"))
        self.assertEqual(self.read("other/c.md"), writer.JOURNAL.replace("Monday", "Tuesday"))
        self.assertEqual(self.shell("SELECT count(*) FROM data_objects WHERE file_path = 'other/c.md'"), "1")
        self.settled()

    def test_an_object_has_many_names(self):
        number, uid = self.shell("SELECT id, uid FROM data_objects WHERE file_path = 'a.md'").split("|")
        for i, name in enumerate((number, uid, "a", "Alpha")):
            self.ran(0, "set", name, f"num={i}")
            self.assertIn(f"num: {i}\n", self.read("a.md"))
        self.ran(0, "set", "b.md", "num=1", folder=self.vault / "sub")
        self.assertIn("num: 1\n", self.read("sub/b.md"))

    def test_what_set_refuses_is_told_with_its_reason(self):
        self.assertIn("completed: must be true or false", self.refused("set", "todos.json#1", "completed=maybe"))
        self.assertIn("'nobody' is no object", self.refused("set", "nobody", "a=1"))
        self.assertIn("already", self.refused("set", "a.md", "_path=sub/b.md"))
        self.assertIn("key", self.refused("set", "todos.json#1", "id=5"))
        self.settled()

    def test_a_read_only_object_is_not_written(self):
        self.shell("UPDATE object_permissions SET read_only = 1 WHERE object_id = "
                   "(SELECT id FROM data_objects WHERE file_path = 'a.md')")
        for words in (("set", "a.md", "title=Beta"), ("set", "a.md", "_path=c.md"), ("rm", "a.md")):
            self.assertIn("read-only", self.refused(*words))
        self.settled()

    def test_whoever_asks_for_a_sync_need_not_wait_for_the_next_try(self):
        (self.vault / "a.md").chmod(0o444)
        self.shell("UPDATE core_note SET title = 'Beta' WHERE _path = 'a.md'")
        for _ in range(3):
            self.assertIn("1 file could not be written now", self.ran(0, "sync").out)
            self.assertIn("it is read-only", self.ran(1, "check").out)
            self.shell("UPDATE nx_outbox SET retry_at_ns = retry_at_ns + 100000000000000")
        (self.vault / "a.md").chmod(0o644)
        self.ran(0, "sync")
        self.assertEqual(self.read("a.md"), writer.NOTE.replace("Alpha", "Beta"))
        self.settled()

    def test_what_an_editor_saved_meanwhile_stays(self):
        self.write({"a.md": writer.NOTE.replace("one", "two")})
        self.ran(0, "set", "a.md", "title=Beta")
        self.assertEqual(self.read("a.md"), writer.NOTE.replace("one", "two").replace("Alpha", "Beta"))
        self.assertEqual(self.shell("SELECT count(*) FROM conflicts"), "0")

    def test_used_wrongly(self):
        for words in (("new",), ("set", "a.md"), ("set", "a.md", "title"), ("set", "a.md", "=1"), ("rm",), ("rm", "a", "b"),
                      ("set", "a.md", "num=1", "num=2"), ("set", "a.md", "_path="), ("undo", "x"), ("undo", "0"),
                      ("undo", "1", "--last", "2"), ("undo", "--last", "0"), ("undo", "--since", "yesterday"), ("undo", "--since", "9999-01-01"),
                      ("resolve", "1"), ("resolve", "1", "mine"), ("resolve", "x", "file"), ("history", "--limit", "0"),
                      ("apply", "x"), ("discard", "x"), ("pending", "x"), ("conflicts", "x")):
            with self.subTest(words):
                self.assertIn("nexus help", self.ran(2, *words).err)
        self.settled()

    # --- rm ---

    def test_rm_moves_the_file_to_the_trash(self):
        self.assertIn("a.md: moved to .nexus/trash", self.ran(0, "rm", "a.md").out)
        self.assertFalse(self.there("a.md"))
        self.assertEqual(self.read(".nexus/trash/a.md"), writer.NOTE)
        self.settled()

    def test_rm_of_an_item_leaves_its_file(self):
        self.assertIn("todos.json#1: removed", self.ran(0, "rm", "todos.json#1").out)
        self.says("todos.json", '  {"id": 1, "text": "one", "price": 1.10},\n', "")
        self.settled()


class Alone(Scenarios, writer.Writing):
    pass


class Followed(Scenarios, writer.Writing):
    is_followed = True


if __name__ == "__main__":
    program.main()
