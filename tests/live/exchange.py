# SPDX-License-Identifier: MIT
"""Tools that bring versions from elsewhere into a followed vault whose rows are edited: as Syncthing, git, rsync, tar and
unzip write them, with the times of another machine. Nothing is lost, and everybody keeps who they are."""

import os

from live import LiveTest, main
from sql import read, sql

OLD = 946684800  # 2000


class Exchange(LiveTest):
    def prepare(self, *names):
        for name in names:
            self.write(name, f"---\nmood: calm\n---\nText of {name}.\n")
        self.start()
        self.share(names[0])
        self.before = self.ids()

    def edit_row(self, path, text):
        sql(self, f"UPDATE core_note SET content = '{text}' WHERE _path = '{path}'")

    def held(self):
        """The rows wait while files come: two files are more than the brake lets through."""
        self.write(".nexus/config.json", '{"brake_files": 1}')
        self.nexus("sync")

    def kept(self):
        """All that was put aside, and all versions in the list of conflicts."""
        kept = [file.read_bytes().decode() for folder in ("conflicts", "trash")
                for file in (self.root / ".nexus" / folder).rglob("*") if file.is_file()]
        for row in self.query("SELECT coalesce(file_version, ''), coalesce(database_version, '') FROM conflicts"):
            kept += [part.decode() if isinstance(part, bytes) else part for part in row]
        return "\n".join(kept)

    def assert_same_ids(self, *names):
        now = self.ids()
        for name in names or self.before:
            self.assertEqual(now.get(name), self.before[name], name)

    def assert_index(self):
        """Of conflicts no file tells."""
        sql(self, "DELETE FROM conflicts")
        self.assert_exact()

    def pull(self, path, content, when=None):
        """As Syncthing does: beside the file, the time of where it comes from, then over it."""
        folder, name = os.path.split(path)
        beside = os.path.join(folder, f".syncthing.{name}.tmp")
        self.write(beside, content)
        if when:
            os.utime(self.root / beside, (when, when))
        self.move(beside, path)

    def test_syncthing_brings_an_older_version_of_an_edited_row(self):
        self.prepare("a.md", "b.md")
        self.stop()
        self.edit_row("a.md", "By SQL.")
        self.pull("a.md", "---\nmood: pulled\n---\nPulled.\n", OLD)
        self.start()
        self.assert_same_ids()
        self.assertIn(b"By SQL.", read(self, "a.md"))
        self.assertIn("Pulled.", self.kept())
        self.assertEqual(self.shared(), {"a.md"})
        self.assert_index()

    def test_syncthing_brings_a_version_beside_the_daemon(self):
        self.prepare("a.md", "sub/b.md")
        for number in range(5):
            self.edit_row("sub/b.md", f"By SQL {number}.")
            self.pull("a.md", f"Pulled {number}.\n", OLD + number)
            self.wait_until(lambda: self.content("a.md") == f"Pulled {number}.\n")  # noqa: B023
            self.wait_until(lambda: f"By SQL {number}.".encode() in read(self, "sub/b.md"))  # noqa: B023
        self.assert_same_ids()
        self.assertEqual(self.query("SELECT count(*) FROM conflicts"), [(0,)])
        self.assert_index()

    def test_the_conflict_copy_of_syncthing_is_no_note_and_the_note_stays_who_it_is(self):
        self.prepare("a.md", "b.md")
        self.edit_row("a.md", "By SQL.")
        self.wait_until(lambda: b"By SQL." in read(self, "a.md"))
        copy = "a.sync-conflict-20260115-103000-ABCDEFG.md"
        self.move("a.md", copy)
        self.pull("a.md", "Theirs.\n", OLD)
        self.wait_until(lambda: self.content("a.md") == "Theirs.\n")
        self.sync()
        self.assert_same_ids()
        self.assertIn(b"By SQL.", read(self, copy))
        self.assertEqual(set(self.ids()), {"a.md", "b.md"})
        self.assertIn(copy, self.nexus("status", "--skipped").stdout.decode())
        self.assertEqual(self.shared(), {"a.md"})

    def archive(self, command, *names):
        """An archive of the vault as it was years ago."""
        self.shell("mkdir ../packed && cp *.md ../packed && cd ../packed && printf 'Packed.\\n' >> a.md && echo New > new.md"
                   " && touch -d 2000-01-01 *.md && " + command)

    def unpack_over(self, pack, unpack):
        self.need(pack.split()[0], unpack.split()[0])
        self.prepare("a.md", "b.md", "c.md")
        self.archive(pack)
        self.held()
        sql(self, "UPDATE core_note SET content = 'By SQL, ' || _path")
        self.sync()
        self.assertEqual(self.query("SELECT count(*) FROM nx_outbox WHERE state = 'held'"), [(3,)])
        self.shell(unpack)
        self.nexus("apply")
        self.sync()
        self.assert_same_ids()
        self.assertIn(b"By SQL, b.md", read(self, "b.md"))
        self.assertIn(b"By SQL, a.md", read(self, "a.md"))  # newer than what was packed
        self.assertIn("Packed.", self.kept())
        self.assertEqual(read(self, "new.md"), b"New\n")
        self.assertEqual(self.shared(), {"a.md"})
        self.write(".nexus/config.json", "{}")
        self.assert_index()

    def test_tar_unpacks_over_the_vault(self):
        self.unpack_over("tar -cf ../old.tar .", "tar -xf ../old.tar")

    def test_unzip_unpacks_over_the_vault(self):
        self.unpack_over("zip -qr ../old.zip .", "unzip -qo ../old.zip")

    def test_rsync_mirrors_an_older_vault_over_it(self):
        self.need("rsync")
        self.prepare("a.md", "b.md", "c.md")
        self.archive("rm c.md")
        self.edit_row("b.md", "By SQL.")
        self.wait_until(lambda: b"By SQL." in read(self, "b.md"))
        self.shell("rsync -a --delete --exclude=.nexus ../packed/ .")
        self.wait_until(lambda: self.content("new.md") is not None and self.content("c.md") is None)
        self.sync()
        self.assert_same_ids("a.md", "b.md")
        self.assertIn("Text of b.md.", self.content("b.md"))  # rsync said so, and the write before is in history
        self.nexus("undo")
        self.assert_index()

    def test_git_checks_out_another_branch_and_back_while_rows_are_edited(self):
        self.need("git")
        self.prepare("a.md", "b.md", "only-here.md")
        self.shell("git init -q -b one && git config user.email a@b && git config user.name a && echo .nexus >.git/info/exclude"
                   " && git add . && git commit -qm one && git checkout -qb two && printf 'Two.\\n' >a.md && git rm -q only-here.md"
                   " && git commit -qam two")
        self.wait_until(lambda: self.content("a.md") == "Two.\n" and "only-here.md" not in self.ids())
        self.edit_row("b.md", "By SQL.")
        self.wait_until(lambda: b"By SQL." in read(self, "b.md"))
        self.shell("git checkout -q one")  # b.md is changed, and comes along
        self.wait_until(lambda: "only-here.md" in self.ids() and self.content("a.md") == "Text of a.md.\n")
        self.edit_row("a.md", "By SQL on one.")
        self.wait_until(lambda: b"By SQL on one." in read(self, "a.md"))
        self.shell("git commit -qam one && git checkout -q two")
        self.wait_until(lambda: self.content("a.md") == "Two.\n")
        self.shell("git checkout -q one")
        self.wait_until(lambda: self.content("a.md") == "By SQL on one.")
        self.wait_until(lambda: "only-here.md" in self.ids())
        self.assert_same_ids()
        self.assertEqual(self.shared(), {"a.md"})
        self.assertEqual(self.shell("git status --short").stdout, b"")
        self.assert_index()


if __name__ == "__main__":
    main()
