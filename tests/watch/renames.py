# SPDX-License-Identifier: MIT
"""Files and folders that change their names keep who they are."""

import ctypes
import os
import shutil

import probe
from probe import WatchTest

RENAME_EXCHANGE = 2


def exchange(a, b):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(-100, os.fsencode(a), -100, os.fsencode(b), RENAME_EXCHANGE) != 0:
        raise OSError(ctypes.get_errno(), "renameat2")


class Renames(WatchTest):
    def ids(self, watched):
        return dict(watched.index.ids)

    def files(self, *names):
        for name in names:
            self.write(name, f"I am {name}\n")

    def move(self, a, b):
        os.rename(self.root / a, self.root / b)

    def expect(self, watched, expected, deleted=()):
        """`expected`: path -> id, all there is."""
        watched.settle()
        self.assertEqual(watched.index.ids, expected)
        self.assertEqual(sorted(watched.index.deleted), sorted(deleted))
        self.assert_exact(watched)

    def test_a_file_is_renamed(self):
        self.files("a.md")
        watched = self.start()
        ids = self.ids(watched)
        self.move("a.md", "b.md")
        line = watched.wait_path("b.md")
        self.assertEqual(line.moved_from, "a.md")
        gone = watched.wait_path("a.md", "missing")
        self.assertEqual(gone.batch, line.batch, "both ends of a rename are told together")
        self.expect(watched, {"b.md": ids["a.md"]})

    def test_a_file_is_renamed_into_another_folder(self):
        self.files("x/a.md", "y/z/b.md")
        watched = self.start()
        ids = self.ids(watched)
        self.move("x/a.md", "y/z/a.md")
        self.expect(watched, {"y/z/a.md": ids["x/a.md"], "y/z/b.md": ids["y/z/b.md"]})

    def test_a_file_is_renamed_and_edited(self):
        self.files("a.md")
        watched = self.start()
        ids = self.ids(watched)
        self.move("a.md", "b.md")
        with open(self.root / "b.md", "a", encoding="utf-8") as file:
            file.write("and more\n")
        self.expect(watched, {"b.md": ids["a.md"]})

    def test_a_file_is_edited_and_renamed(self):
        self.files("a.md")
        watched = self.start()
        ids = self.ids(watched)
        self.write("a.md", "other\n")
        self.move("a.md", "b.md")
        self.expect(watched, {"b.md": ids["a.md"]})

    def test_a_file_is_renamed_over_another(self):
        self.files("a.md", "b.md")
        watched = self.start()
        ids = self.ids(watched)
        self.move("a.md", "b.md")
        self.expect(watched, {"b.md": ids["a.md"]})

    def test_two_files_swap_names(self):
        self.files("a.md", "b.md")
        watched = self.start()
        ids = self.ids(watched)
        self.move("a.md", "t.md")
        self.move("b.md", "a.md")
        self.move("t.md", "b.md")
        self.expect(watched, {"a.md": ids["b.md"], "b.md": ids["a.md"]})

    def test_two_files_swap_names_in_one_step(self):
        self.files("a.md", "b.md")
        watched = self.start()
        ids = self.ids(watched)
        exchange(self.root / "a.md", self.root / "b.md")
        self.expect(watched, {"a.md": ids["b.md"], "b.md": ids["a.md"]})

    def test_three_files_go_round(self):
        self.files("a.md", "b.md", "c.md")
        watched = self.start()
        ids = self.ids(watched)
        for a, b in (("a.md", "t"), ("c.md", "a.md"), ("b.md", "c.md"), ("t", "b.md")):
            self.move(a, b)
        self.expect(watched, {"a.md": ids["c.md"], "b.md": ids["a.md"], "c.md": ids["b.md"]})

    def test_only_the_case_changes(self):
        self.files("note.md")
        watched = self.start()
        ids = self.ids(watched)
        self.move("note.md", "Note.md")
        self.expect(watched, {"Note.md": ids["note.md"]})

    def test_a_rename_goes_through_an_ignored_name(self):
        """As Syncthing carries over a rename."""
        self.files("a.md")
        watched = self.start()
        ids = self.ids(watched)
        self.move("a.md", ".syncthing.b.md.tmp")
        self.move(".syncthing.b.md.tmp", "b.md")
        self.expect(watched, {"b.md": ids["a.md"]})

    def test_a_thousand_files_are_renamed_one_by_one(self):
        self.files(*(f"{i}.md" for i in range(1000)))
        watched = self.start()
        ids = self.ids(watched)
        for i in range(1000):
            self.move(f"{i}.md", f"n{i}.md")
        self.expect(watched, {f"n{i}.md": ids[f"{i}.md"] for i in range(1000)})

    def test_a_file_is_moved_out_and_another_in(self):
        self.files("a.md")
        watched = self.start()
        self.move("a.md", "../outside.md")
        self.expect_gone(watched, "a.md")
        os.rename(self.root / "../outside.md", self.root / "b.md")
        self.assertEqual(watched.wait_path("b.md").moved_from, "")
        self.assert_exact(watched)

    def expect_gone(self, watched, path):
        watched.wait_path(path, "missing")

    def below(self, ids, old, new):
        return {new + path[len(old):] if path.startswith(old + "/") else path: identity
                for path, identity in ids.items()}

    def test_a_folder_is_renamed(self):
        self.files(*(f"d/{i % 10}/{i}.md" for i in range(1000)))
        watched = self.start()
        ids, watches = self.ids(watched), self.watched_folders(watched)
        self.move("d", "e")
        line = watched.wait_for(lambda line: line.kind == "folder-moved")
        self.assertEqual((line.moved_from, line.path), ("d", "e"))
        self.write("e/3/3.md", "edited\n")
        watched.wait_path("e/3/3.md")
        self.assertEqual(self.watched_folders(watched), watches)
        self.assertEqual([line for line in watched.seen if line.kind == "file" and line.path != "e/3/3.md"], [])
        self.expect(watched, self.below(ids, "d", "e"))

    def test_a_folder_is_renamed_while_its_files_are_edited(self):
        self.files("d/a.md", "d/x/b.md")
        watched = self.start()
        ids = self.ids(watched)
        self.write("d/a.md", "edited before\n")
        self.move("d", "e")
        self.write("e/x/b.md", "edited after\n")
        self.expect(watched, self.below(ids, "d", "e"))

    def test_a_file_is_renamed_and_then_its_folder(self):
        self.files("d/a.md", "d/b.md")
        watched = self.start()
        ids = self.ids(watched)
        self.move("d/a.md", "d/c.md")
        self.move("d", "e")
        self.move("e/b.md", "a.md")
        self.expect(watched, {"e/c.md": ids["d/a.md"], "a.md": ids["d/b.md"]})

    def test_a_folder_is_renamed_again_and_again(self):
        self.files("d0/a.md", "d0/x/b.md")
        watched = self.start()
        ids = self.ids(watched)
        for i in range(200):
            self.move(f"d{i}", f"d{i + 1}")
        self.expect(watched, self.below(ids, "d0", "d200"))

    def test_a_folder_moves_into_another_and_up_again(self):
        self.files("a/b/c/1.md", "a/2.md", "z/3.md")
        watched = self.start()
        ids = self.ids(watched)
        self.move("a/b", "z/b")
        self.move("z", "a/z")
        self.move("a/z/b/c", "c")
        self.expect(watched, {"c/1.md": ids["a/b/c/1.md"], "a/2.md": ids["a/2.md"], "a/z/3.md": ids["z/3.md"]})

    def test_two_folders_swap_names(self):
        self.files("a/1.md", "a/x/2.md", "b/1.md", "b/y/3.md")
        watched = self.start()
        ids = self.ids(watched)
        self.move("a", "t")
        self.move("b", "a")
        self.move("t", "b")
        self.expect(watched, {"b/1.md": ids["a/1.md"], "b/x/2.md": ids["a/x/2.md"],
                              "a/1.md": ids["b/1.md"], "a/y/3.md": ids["b/y/3.md"]})

    def test_two_folders_swap_names_in_one_step(self):
        self.files("a/1.md", "a/x/2.md", "b/1.md", "b/y/3.md")
        watched = self.start()
        ids = self.ids(watched)
        exchange(self.root / "a", self.root / "b")
        watched.settle()
        self.write("a/y/3.md", "edited\n")
        self.write("b/x/2.md", "edited\n")
        watched.settle()
        self.assertEqual(watched.index.files["a/y/3.md"], b"edited\n")
        self.assertEqual(self.watched_folders(watched), 5)
        self.expect(watched, {"b/1.md": ids["a/1.md"], "b/x/2.md": ids["a/x/2.md"],
                              "a/1.md": ids["b/1.md"], "a/y/3.md": ids["b/y/3.md"]})

    def test_a_folder_and_a_file_swap_names_in_one_step(self):
        self.files("a/1.md", "b.md")
        watched = self.start()
        exchange(self.root / "a", self.root / "b.md")
        self.assert_exact(watched)

    def test_a_folder_takes_the_place_of_an_empty_one(self):
        self.files("a/1.md")
        (self.root / "b").mkdir()
        watched = self.start()
        ids = self.ids(watched)
        self.move("a", "b")
        self.move("b", "c")
        watched.settle()
        self.assertEqual(self.watched_folders(watched), 2)
        self.expect(watched, {"c/1.md": ids["a/1.md"]})

    def test_a_folder_is_moved_out(self):
        self.files(*(f"d/{i % 5}/{i}.md" for i in range(50)), "a.md")
        watched = self.start()
        self.move("d", "../outside")
        watched.wait_for(lambda line: line.kind == "folder" and line.path == "d")
        self.assertEqual(self.watched_folders(watched), 1, "folders that left are watched no more")
        (self.root / "../outside/1/1.md").write_text("edited outside", encoding="utf-8")
        watched.settle()
        self.assertEqual([line.path for line in watched.seen if line.kind == "file"], [])
        self.assert_exact(watched)

    def test_a_folder_is_moved_out_edited_and_moved_back(self):
        self.files("d/1.md", "d/x/2.md")
        watched = self.start()
        for pause in (False, True):
            self.move("d", "../outside")
            if pause:
                watched.wait_for(lambda line: line.kind == "folder" and line.path == "d")
            (self.root / "../outside/x/2.md").write_text(f"edited outside {pause}", encoding="utf-8")
            (self.root / "../outside/new").mkdir(exist_ok=True)
            (self.root / "../outside/new/3.md").write_text("new", encoding="utf-8")
            self.move("../outside", "d")
            watched.settle()
            self.assertEqual(watched.index.files, probe.files_below(self.root))
            self.write("d/new/3.md", f"heard of {pause}")
            watched.wait_path("d/new/3.md")
        self.assert_all_watched(watched)
        self.assert_exact(watched)

    def test_a_folder_is_moved_in(self):
        outside = os.path.join(self.folder, "outside")
        for i in range(30):
            os.makedirs(f"{outside}/a{i % 3}/b/c", exist_ok=True)
            with open(f"{outside}/a{i % 3}/b/c/{i}.md", "w", encoding="utf-8") as file:
                file.write(str(i))
        watched = self.start()
        os.rename(outside, self.root / "in")
        watched.settle()
        self.assertEqual(len(watched.index.files), 30)
        self.assert_all_watched(watched)
        self.write("in/a1/b/c/1.md", "edited")
        watched.wait_path("in/a1/b/c/1.md")
        self.assert_exact(watched)

    def test_a_folder_is_hidden_and_shown_again(self):
        self.files("d/1.md", "e/2.md")
        watched = self.start()
        self.move("d", ".d")
        watched.wait_for(lambda line: line.kind == "folder" and line.path == "d")
        self.assertEqual(self.watched_folders(watched), 2)
        self.write(".d/1.md", "edited while hidden\n")
        self.move(".d", "d")
        watched.wait_path("d/1.md")
        self.assert_exact(watched)

    def test_a_rename_of_a_folder_changes_what_a_rule_leaves_alone(self):
        self.files("a/b/1.md", "c/b/2.md")
        watched = self.start("-i", "a/b/")
        shown = lambda: {path for path in watched.index.files if watched.told(path)}
        self.assertEqual(self.watched_folders(watched), 4)
        self.move("a", "d")
        watched.wait_path("d/b/1.md")
        self.move("c", "a")
        watched.settle()
        self.write("d/b/1.md", "edited\n")
        watched.wait_for(lambda line: line.path == "d/b/1.md" and line.content == b"edited\n")
        self.write("a/b/2.md", "not to be heard of\n")
        watched.flush()
        self.assertNotIn("a/b/2.md", shown())
        watched.close()

    def test_a_tree_is_removed_and_made_again(self):
        self.files("d/a/1.md", "d/b/2.md", "d/b/c/3.md")
        watched = self.start()
        for i in range(50):
            shutil.rmtree(self.root / "d")
            self.files("d/a/1.md", "d/b/2.md")
            self.write("d/b/c/3.md", f"{i}")
        watched.settle()
        self.assert_all_watched(watched)
        self.write("d/b/c/3.md", "last")
        self.assertEqual(watched.wait_path("d/b/c/3.md").content, b"last")
        self.assert_exact(watched)

    def test_folders_made_and_filled_at_once(self):
        watched = self.start()
        self.shell("for i in $(seq 500); do mkdir -p a$i/b/c && echo $i > a$i/b/c/x.md; done")
        watched.settle()
        told = {line.path for line in watched.seen if line.kind == "file"}
        self.assertEqual(told, {f"a{i}/b/c/x.md" for i in range(1, 501)})
        self.assert_all_watched(watched)
        self.assert_exact(watched)


if __name__ == "__main__":
    probe.main()
