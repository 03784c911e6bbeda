# SPDX-License-Identifier: MIT
"""All that was written can be put back, what is held can be looked at, and conflicts settled, beside a stock sqlite3
shell that writes as well. The scenarios run twice: alone, and while `nexus watch` follows the vault."""

import os
import subprocess

import program
import writer


class Scenarios:
    # --- history and undo ---

    def test_undo_puts_back_each_kind_of_write_and_can_be_undone(self):
        for words in (("set", "a.md", "title=Beta"), ("rm", "a.md"), ("new", "core.note", "title=N"),
                      ("set", "a.md", "_path=c/d.md"), ("set", "a.md", "_path=e.md", "num=1"), ("rm", "todos.json#1"),
                      ("new", "core.todo", "text=T")):
            with self.subTest(words):
                before = self.tree()
                self.ran(0, *words)
                after = self.tree()
                self.assertNotEqual(after, before)
                self.ran(0, "undo")
                self.assertEqual(self.tree(), before)
                self.settled()
                self.ran(0, "undo")
                self.assertEqual(self.tree(), after)
                self.settled()
                self.ran(0, "undo")
                self.assertEqual(self.tree(), before)

    def test_an_object_that_undo_brings_back_is_who_it_was(self):
        who = "SELECT id, uid FROM data_objects WHERE file_path = 'a.md'"
        before = self.shell(who)
        self.ran(0, "rm", "a.md")
        self.ran(0, "undo")
        self.assertEqual(self.shell(who), before)

    def test_undo_of_one_entry_of_many(self):
        self.ran(0, "set", "a.md", "title=Beta")
        self.ran(0, "set", "sub/b.md", "title=Tuesday")
        self.assertEqual(self.ran(0, "undo", "1").out, "a.md: is put back\n")
        self.assertEqual(self.read("a.md"), writer.NOTE)
        self.assertIn("Tuesday", self.read("sub/b.md"))

    def test_undo_of_the_last_ones_and_of_all_since(self):
        before = self.tree()
        for i in range(3):
            self.ran(0, "set", "a.md", f"num={i}")
        self.ran(0, "undo", "--last", "2")
        self.assertIn("num: 0\n", self.read("a.md"))
        self.ran(0, "set", "sub/b.md", "num=1")
        self.ran(0, "undo", "--since", "2020-01-01")
        self.assertEqual(self.tree(), before)
        self.assertIn("nothing to put back", self.ran(1, "undo", "--since", "2200-01-01T00:00:00Z").err)

    def test_undo_of_what_was_edited_since_keeps_the_edit_as_a_conflict(self):
        self.ran(0, "set", "a.md", "title=Beta")
        edited = self.read("a.md") + "more\n"
        self.write({"a.md": edited})
        result = self.ran(1, "undo")
        self.assertEqual(result.out, "a.md: is put back\n")
        self.assertIn("a.md: was changed since: conflict 1", result.err)
        self.assertEqual(self.read("a.md"), writer.NOTE)
        copy = self.ran(1, "conflicts", "--json").json()["conflicts"][0]["copy_path"]
        self.assertEqual(self.read(copy), edited)
        self.assertIn("1 open", self.ran(0, "status").out)

    def test_unknown_numbers_are_told(self):
        self.assertIn("nothing to put back", self.refused("undo"))
        self.assertIn("no such entry", self.refused("undo", "9223372036854775807"))
        self.assertIn("there is no conflict 12", self.refused("resolve", "12", "both"))
        self.assertIn("9999999 is no object".split()[0], self.refused("rm", "9999999"))
        self.assertEqual(self.ran(0, "apply").out, "nothing is held\n")
        self.assertEqual(self.ran(0, "discard").out, "nothing is held\n")

    def test_history_tells_the_newest_first_and_follows_a_file_through_a_move(self):
        self.ran(0, "set", "a.md", "title=Beta")
        self.ran(0, "set", "sub/b.md", "num=1")
        self.ran(0, "set", "a.md", "_path=c.md")
        self.assertIn("'a.md' is not there any more", self.refused("undo", "1"))
        self.ran(0, "undo", "2")
        entries = self.ran(0, "history", "--json").json()["history"]
        self.assertEqual([entry["op"] for entry in entries], ["update", "move", "update", "update"])
        self.assertEqual(entries[0]["undoes"], 2)
        self.assertEqual([entry["seq"] for entry in self.ran(0, "history", "c.md", "--json").json()["history"]], [3, 1])
        self.assertEqual(len(self.ran(0, "history", "--limit", "2").out.splitlines()), 2)
        self.assertEqual(self.ran(0, "history", "nowhere.md").out, "")

    # --- the shell beside it ---

    def test_what_the_shell_changed_is_undone_as_well(self):
        self.shell("UPDATE core_todo SET text = 'changed'")
        self.ran(0, "sync")
        self.assertEqual(self.read("todos.json").count("changed"), 2)
        self.ran(0, "undo")
        self.assertEqual(self.read("todos.json"), writer.TODOS)
        self.assertEqual(self.shell("SELECT group_concat(text) FROM core_todo"), "one,seven")
        self.settled()

    def test_a_row_that_only_the_validator_can_refuse_is_taken_back_and_told(self):
        self.shell("UPDATE core_todo SET due = 'soon' WHERE id = 1")
        self.ran(0, "sync")
        self.assertEqual(self.read("todos.json"), writer.TODOS)
        self.assertEqual(self.shell("SELECT due IS NULL FROM core_todo WHERE id = 1"), "1")
        self.assertIn("taken back", self.ran(1, "check").out)
        self.assertEqual(self.ran(0, "history", "--json").json()["history"][0]["op"], "refused")
        self.assertIn("nothing to put back", self.ran(1, "undo").err)

    # --- many at once ---

    def many(self, count=300):
        self.write({f"many/{i:03}.md": f"---\nnum: {i}\n---\nBody {i}\n" for i in range(count)})
        self.ran(0, "sync")
        before = self.tree()
        self.shell("UPDATE object_content SET content_json = json_set(content_json, '$.num', 'x') "
                   "WHERE object_id IN (SELECT id FROM data_objects WHERE file_path LIKE 'many/%')")
        result = self.ran(1, "sync")
        self.assertIn(f"{count} files wait for 'nexus apply' or 'nexus discard'", result.err)
        self.assertEqual(self.tree(), before)
        return before

    def test_many_at_once_are_held_applied_and_put_back(self):
        before = self.many()
        status = self.ran(0, "status").out
        self.assertIn("300 files wait for 'nexus apply' or 'nexus discard'.", status)
        patch = self.ran(0, "pending")
        self.assertIn("300 files held", patch.err)
        self.assertIn("300 files: written", self.ran(0, "apply").out)
        after = self.tree()
        for i in range(300):
            self.assertEqual(after[f"many/{i:03}.md"], before[f"many/{i:03}.md"].replace(b"num: %d" % i, b"num: x"))
        self.settled()
        self.check_patch(before, patch.bytes, after)
        self.assertEqual(len(self.ran(0, "undo").out.splitlines()), 300)
        self.assertEqual(self.tree(), before)
        self.settled()
        self.ran(0, "undo")
        self.assertEqual(self.tree(), after)

    def check_patch(self, before, patch, after):
        """What `pending` printed is a patch, and what it makes is what was written."""
        place = self.folder / "patched"
        for path, text in before.items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_bytes(text)
        subprocess.run(["git", "apply", "-"], input=patch, cwd=place, check=True, timeout=program.TIMEOUT_S,
                       env={"PATH": os.environ["PATH"], "GIT_CEILING_DIRECTORIES": str(self.folder), "HOME": str(self.home)})
        self.assertEqual({path: (place / path).read_bytes() for path in before}, after)

    def test_discard_makes_the_rows_what_they_were(self):
        before = self.many(120)
        rows = "SELECT count(*) FROM object_content WHERE json_extract(content_json, '$.num') = 'x'"
        self.assertEqual(self.shell(rows), "120")
        self.assertEqual(self.ran(0, "discard").out, "the rows of 120 files are as before\n")
        self.assertEqual(self.shell(rows), "0")
        self.assertEqual(self.tree(), before)
        self.assertIn("nothing is pending", self.ran(0, "pending").err)
        self.settled()

    def test_what_was_refused_is_told_until_it_is_discarded_or_written(self):
        for end in ("discard", "set"):
            self.shell("UPDATE object_content SET content_json = json_set(content_json, '$.id', 99) WHERE object_id ="
                       " (SELECT id FROM data_objects WHERE file_path = 'todos.json#1')")
            self.ran(0, "sync")
            self.assertIn("[refused]", self.ran(1, "check", "todos.json").out)
            self.ran(0, "sync")
            self.assertIn("[refused]", self.ran(1, "check", "todos.json").out, "another pass does not forget it")
            self.ran(0, "discard") if end == "discard" else self.ran(0, "set", "todos.json#1", "text=written")
            self.ran(0, "check", "todos.json")
            self.assertIn("99", self.shell("SELECT max(refused) FROM history WHERE op = 'refused'"))

    def test_a_change_of_a_held_object_waits_with_it(self):
        self.many(120)
        self.assertIn("is held", self.ran(0, "set", "many/000.md", "num=why").out)
        self.assertEqual(self.ran(0, "set", "a.md", "title=Beta").out, "a.md: changed\n")
        self.ran(0, "apply")
        self.assertIn("num: why", self.read("many/000.md"))


class Alone(Scenarios, writer.Writing):
    pass


class Followed(Scenarios, writer.Writing):
    is_followed = True


class Pending(writer.Writing):
    """Nobody is in between, so that what waits can be looked at."""

    def pending(self):
        return {item["path"]: item for item in self.ran(0, "pending", "--json").json()["pending"]}

    def test_what_waits_is_shown_as_it_will_be_and_nothing_is_changed(self):
        self.shell("UPDATE core_note SET title = 'Beta' WHERE _path = 'a.md'")
        self.shell("DELETE FROM core_note WHERE _path = 'sub/b.md'")
        self.shell("INSERT INTO core_note(title) VALUES('New')")
        self.shell("INSERT INTO core_todo(id, text) VALUES(8, 'eight'), (9, 'nine')")
        before = self.tree()
        found = self.pending()
        self.assertEqual(self.tree(), before)
        self.assertEqual({path: item["change"] for path, item in found.items()},
                         {"a.md": "update", "sub/b.md": "delete", "new.md": "create", "todos.json": "update"})
        self.assertIn("-title: 'Alpha'   # the first\n+title: 'Beta'   # the first\n", found["a.md"]["diff"])
        self.assertEqual(found["todos.json"]["rows"], 2)
        self.assertEqual(self.pending(), found)
        patch = self.ran(0, "pending").bytes
        self.ran(0, "sync")
        after = self.tree()
        place = self.folder / "patched"
        for path, text in before.items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_bytes(text)
        subprocess.run(["git", "apply", "-"], input=patch, cwd=place, check=True, timeout=program.TIMEOUT_S,
                       env={"PATH": os.environ["PATH"], "GIT_CEILING_DIRECTORIES": str(self.folder), "HOME": str(self.home)})
        self.vault = place
        self.assertEqual(self.tree(), after)

    def test_what_will_be_refused_and_what_is_in_conflict_are_told(self):
        self.shell("UPDATE core_todo SET due = 'soon' WHERE id = 1")
        self.shell("UPDATE core_note SET title = 'Row' WHERE _path = 'a.md'")
        self.write({"a.md": writer.NOTE.replace("Alpha", "File")})
        found = self.pending()
        self.assertEqual((found["todos.json"]["refused"], found["todos.json"]["change"]), (1, "nothing"))
        self.assertIn("due", found["todos.json"]["reason"])
        self.assertEqual(found["a.md"]["conflicts"], 1)


class Conflicts(writer.Writing):
    """Both sides changed a note while nobody was in between; the file is the newer one."""

    def make(self):
        self.shell("UPDATE core_note SET title = 'Row' WHERE _path = 'a.md'")
        self.write({"a.md": writer.NOTE.replace("Alpha", "File")})
        os.utime(self.vault / "a.md", (2_000_000_000, 2_000_000_000))
        self.ran(0, "sync")
        found = self.ran(1, "conflicts", "--json").json()["conflicts"]
        self.assertEqual([(item["id"], item["path"], item["winner"], item["state"]) for item in found],
                         [(1, "a.md", "file", "open")])
        self.assertIn("'File'", self.read("a.md"))
        self.assertIn("title: Row", self.read(found[0]["copy_path"]))
        self.assertIn("a.md: the file won", self.ran(1, "conflicts").out)

    def settle(self, choice):
        self.assertEqual(self.ran(0, "resolve", "1", choice).out, f"a.md: conflict 1 is settled: {choice}\n")
        self.assertEqual(self.ran(0, "conflicts").out, "")
        self.assertIn(f"(settled: {choice})", self.ran(0, "conflicts", "--all").out)
        self.assertIn("settled already", self.ran(1, "resolve", "1", choice).err)
        self.settled()

    def test_the_file_stays(self):
        self.make()
        before = self.tree()
        self.settle("file")
        self.assertEqual(self.tree(), before)

    def test_the_database_has_its_way_and_that_can_be_undone(self):
        self.make()
        self.settle("database")
        self.assertEqual(self.read("a.md"), writer.NOTE.replace("Alpha", "Row"))
        self.ran(0, "undo")
        self.assertEqual(self.read("a.md"), writer.NOTE.replace("Alpha", "File"))

    def test_both_stay(self):
        self.make()
        before = self.tree()
        self.settle("both")
        after = self.tree()
        self.assertEqual({path: after[path] for path in before}, before)
        beside = set(after) - set(before)
        self.assertEqual(len(beside), 1)
        self.assertEqual(self.read(beside.pop()), self.read(self.ran(0, "conflicts", "--all", "--json").json()["conflicts"][0]["copy_path"]))


class FollowedConflicts(Conflicts):
    def make(self):
        super().make()
        self.follow()


if __name__ == "__main__":
    program.main()
