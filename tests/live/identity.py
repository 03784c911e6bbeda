# SPDX-License-Identifier: MIT
"""Files and folders that are renamed and moved keep their ids and permissions, live and while nobody looked."""

import ctypes
import os
import random
import shutil

import live
from live import LiveTest

RENAME_EXCHANGE = 2


def exchange(a, b):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(-100, os.fsencode(a), -100, os.fsencode(b), RENAME_EXCHANGE) != 0:
        raise OSError(ctypes.get_errno(), "renameat2")


class Identity(LiveTest):
    def prepare(self, *paths):
        for path in paths:
            self.write(path, f"# I am {path}\n")
        self.start()
        return self.ids()

    def both_ways(self, change, expected, *paths):
        """The change while the daemon follows, and again while it is off. `expected`: new path -> old path."""
        for is_live in (True, False):
            with self.subTest(live=is_live):
                ids = self.prepare(*paths)
                if not is_live:
                    self.stop()
                change()
                if not is_live:
                    self.start()
                self.sync()
                self.assertEqual(self.ids(), {new: ids[old] for new, old in expected.items()})
                self.assert_exact()
                self.stop()
                shutil.rmtree(self.root)
                self.root.mkdir()

    def test_a_file_is_renamed(self):
        self.both_ways(lambda: self.move("a.md", "b.md"), {"b.md": "a.md"}, "a.md")

    def test_a_file_is_renamed_and_edited(self):
        def change():
            self.move("a.md", "b.md")
            with open(self.root / "b.md", "a") as file:
                file.write("more\n")
        self.both_ways(change, {"b.md": "a.md"}, "a.md")

    def test_a_file_is_renamed_over_another(self):
        self.both_ways(lambda: self.move("a.md", "b.md"), {"b.md": "a.md"}, "a.md", "b.md")

    def test_two_files_swap_their_names(self):
        def change():
            self.move("a.md", "t")
            self.move("b.md", "a.md")
            self.move("t", "b.md")
        self.both_ways(change, {"a.md": "b.md", "b.md": "a.md"}, "a.md", "b.md")

    def test_two_files_are_exchanged(self):
        self.both_ways(lambda: exchange(self.root / "a.md", self.root / "b.md"),
                       {"a.md": "b.md", "b.md": "a.md"}, "a.md", "b.md")

    def test_three_files_go_round(self):
        def change():
            for a, b in (("c.md", "t"), ("b.md", "c.md"), ("a.md", "b.md"), ("t", "a.md")):
                self.move(a, b)
        self.both_ways(change, {"a.md": "c.md", "b.md": "a.md", "c.md": "b.md"}, "a.md", "b.md", "c.md")

    def test_only_the_case_changes(self):
        self.both_ways(lambda: self.move("a.md", "A.md"), {"A.md": "a.md"}, "a.md")

    def test_a_folder_is_renamed(self):
        paths = [f"d/{i % 5}/n{i}.md" for i in range(100)]
        self.both_ways(lambda: self.move("d", "e"), {path.replace("d/", "e/", 1): path for path in paths}, *paths)

    def test_two_folders_are_exchanged(self):
        self.both_ways(lambda: exchange(self.root / "d", self.root / "e"),
                       {"d/2.md": "e/2.md", "e/1.md": "d/1.md", "e/x/3.md": "d/x/3.md"},
                       "d/1.md", "d/x/3.md", "e/2.md")

    def test_a_folder_moves_into_another(self):
        self.both_ways(lambda: self.move("d", "e/d"), {"e/d/1.md": "d/1.md", "e/2.md": "e/2.md"}, "d/1.md", "e/2.md")

    def test_a_title_that_is_the_name_changes_with_it(self):
        self.write("a.md", "no heading\n")
        self.start()
        ids = self.ids()
        self.move("a.md", "b.md")
        self.sync()
        self.assertEqual(self.query("SELECT path, title, uid FROM objects"), [("b.md", "b", ids["a.md"])])

    def test_where_a_folder_lies_decides_about_its_schemas(self):
        """Into the folder that a schema claims, and out of it again; one note fits it, the other does not."""
        schema = '{"properties": {"mood": {"const": "happy"}}, "x-nexus": {"version": 1, "files": ["journal/**/*.md"]}}'
        self.write(".nexus/schemas/mood.json", schema)
        self.write("x/good.md", "---\nmood: happy\n---\n")
        self.write("x/bad.md", "---\nmood: grim\n---\n")
        (self.root / "journal").mkdir()
        self.nexus("init")
        self.start()
        ids = self.ids()
        self.move("x", "journal/x")
        self.sync()
        self.assertEqual(self.query("SELECT path, uid, schema FROM objects WHERE path LIKE '%good.md'"),
                         [("journal/x/good.md", ids["x/good.md"], "mood")])
        self.assertEqual(self.query("SELECT path, pointer FROM problems"), [("journal/x/bad.md", "/mood")])
        self.move("journal/x", "y")
        self.sync()
        self.assertEqual(self.query("SELECT path, uid, schema FROM objects ORDER BY path"),
                         [("y/bad.md", ids["x/bad.md"], "core.note"), ("y/good.md", ids["x/good.md"], "core.note")])
        self.assertEqual(self.query("SELECT path FROM problems"), [])
        self.assert_exact()

    def test_items_of_a_collection_follow_their_file(self):
        items = '{"schema": "core.todo", "version": 1, "data": [{"id": "1", "text": "a"}, {"id": "2", "text": "b"}]}'
        self.write("todos.json", items)
        self.start()
        ids = self.ids()
        self.move("todos.json", "tasks.json")
        self.sync()
        self.assertEqual(self.ids(), {path.replace("todos", "tasks"): uid for path, uid in ids.items()})

    def test_a_file_is_deleted_and_made_again_at_once(self):
        def change():
            (self.root / "a.md").unlink()
            self.sync()
            self.write("a.md", "other\n")
        ids = self.prepare("a.md")
        self.share("a.md")
        change()
        self.sync()
        self.assertEqual(self.ids(), ids)
        self.assertEqual(self.shared(), {"a.md"})

    def test_a_file_that_goes_out_and_comes_back_is_the_same(self):
        ids = self.prepare("d/a.md", "b.md")
        os.rename(self.root / "d", self.scratch / "d")
        self.sync()
        self.assertEqual(set(self.ids()), {"b.md"})
        (self.scratch / "d" / "a.md").write_text("edited outside\n")
        os.rename(self.scratch / "d", self.root / "d")
        self.sync()
        self.assertEqual(self.ids(), ids)
        self.assertEqual(self.content("d/a.md"), "edited outside\n")

    def test_what_happened_while_nobody_looked_is_told_apart(self):
        ids = self.prepare("edited.md", "deleted.md", "renamed.md", "renamed and edited.md", "d/moved.md", "same.md")
        self.share(*ids)
        self.stop()
        self.write("edited.md", "other\n")
        (self.root / "deleted.md").unlink()
        self.move("renamed.md", "r.md")
        self.move("renamed and edited.md", "re.md")
        with open(self.root / "re.md", "a") as file:
            file.write("more\n")
        self.move("d", "e")
        self.write("new.md")
        feed = self.query("SELECT max(seq) FROM changes")[0][0]
        self.start()
        expected = {"edited.md": ids["edited.md"], "r.md": ids["renamed.md"], "re.md": ids["renamed and edited.md"],
                    "e/moved.md": ids["d/moved.md"], "same.md": ids["same.md"]}
        now = self.ids()
        new = now.pop("new.md")
        self.assertEqual(now, expected)
        self.assertNotIn(new, ids.values())
        self.assertEqual(self.shared(), set(expected))
        self.assertEqual(sorted(self.query("SELECT op, path FROM changes WHERE seq > ?", feed)),
                         [("create", "new.md"), ("delete", "deleted.md"), ("move", "e/moved.md"), ("move", "r.md"),
                          ("move", "re.md"), ("update", "edited.md"), ("update", "re.md")])
        self.assert_exact()

    def test_an_inode_that_is_used_again_is_no_identity(self):
        self.prepare("a.md")
        self.share("a.md")
        uid = self.ids()["a.md"]
        self.stop()
        inode = (self.root / "a.md").stat().st_ino
        for _ in range(20):
            self.shell("rm -f a.md b.md; echo other > b.md")
            if (self.root / "b.md").stat().st_ino == inode:
                break
        else:
            self.skipTest("this file system uses no inode again")
        self.start()
        self.assertNotEqual(self.ids(), {"b.md": uid})
        self.assertEqual(self.shared(), set())

    def test_a_thousand_renames_confuse_nobody(self):
        chance = random.Random(7)
        where = {}
        for i in range(1000):
            where[i] = f"f{i % 20}/n{i}.md"
            self.write(where[i], f"# Note {i}\n\nIt is number {i}.\n")
        self.start()
        ids = self.ids()
        uid_of = {i: ids[path] for i, path in where.items()}
        marked = set(chance.sample(range(1000), 100))
        self.share(*(where[i] for i in marked))
        for half in ("live", "off"):
            if half == "off":
                self.stop()
            for i in chance.sample(range(1000), 500):
                new = f"g{chance.randrange(30)}/{half}-{i}.md"
                (self.root / new).parent.mkdir(exist_ok=True)
                self.move(where[i], new)
                where[i] = new
                if chance.random() < 0.25:
                    with open(self.root / new, "a") as file:
                        file.write("edited\n")
            for number in chance.sample(range(20), 10):
                old, new = f"f{number}", f"{half}-folder-{number}"
                if (self.root / old).exists():
                    self.move(old, new)
                    where = {i: new + path[len(old):] if path.startswith(old + "/") else path
                             for i, path in where.items()}
            if half == "off":
                self.start()
            self.sync()
            self.assertEqual(self.ids(), {path: uid_of[i] for i, path in where.items()})
            self.assertEqual(self.shared(), {where[i] for i in marked})
        self.assert_exact()


if __name__ == "__main__":
    live.main()
