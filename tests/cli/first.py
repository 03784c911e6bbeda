# SPDX-License-Identifier: MIT
"""`nexus init` and `nexus sync`: making a vault, and keeping it in step."""

import os
import signal
import subprocess

import program


class Init(program.Test):
    def setUp(self):
        super().setUp()
        self.vault.mkdir()

    def test_it_says_what_it_found(self):
        self.write({"a.md": "# A\n", "b.md": "", "c.json": "{}", "bad.md": "---\ntags: [a\n---\n"})
        result = self.ran(0, "init")
        self.assertIn(f"made a vault of {self.vault}\n", result.out)
        self.assertIn("4 files, 3 objects: 2 core.note, 1 core.json\n", result.out)
        self.assertIn("problems: 1 error in 1 file (see 'nexus check')\n", result.out)
        self.assertEqual(result.err, "")

    def test_it_makes_the_folder_that_it_is_given(self):
        self.ran(0, "init", "new")
        self.assertTrue((self.vault / "new" / ".nexus").is_dir())

    def test_it_does_not_make_folders_above_it(self):
        self.assertIn("cannot make the folder 'no/new'", self.ran(3, "init", "no/new").err)

    def test_what_is_no_folder_is_a_failure(self):
        self.write({"file": ""})
        self.ran(3, "init", "file")

    def test_done_again_it_is_a_sync(self):
        self.ran(0, "init")
        self.write({"a.md": "# A\n"})
        document = self.ran(0, "init", "--json").json()
        self.assertEqual((document["created"], document["sync"]["objects_created"]), (False, 1))
        self.assertIn("was a vault already", self.ran(0, "init").out)

    def test_a_vault_in_a_vault_is_told(self):
        self.write({"inner/a.md": ""})
        self.ran(0, "init")
        inner = self.vault / "inner"
        told = f"nexus: this folder lies in the vault '{self.vault}', and both have its notes now; if that is not meant, delete '{inner}/.nexus'\n"
        self.assertEqual(self.ran(0, "init", folder=inner).err, told)
        self.assertEqual(self.ran(0, "init", folder=inner).err, "")

    def test_it_can_be_told_which_folder_by_option(self):
        self.ran(0, "--vault", str(self.vault), "init", folder=self.folder)
        self.assertTrue((self.vault / ".nexus").is_dir())

    def test_it_touches_no_other_file(self):
        self.write({"a.md": "# A\r\n", "x/b.md": b"\xef\xbb\xbf---\nx: 1\n---\n"})
        before = self.look()
        self.ran(0, "init")
        self.ran(0, "sync")
        self.assertEqual(self.look(), before)

    def look(self):
        return {path: (path.stat().st_mtime_ns, path.stat().st_ino, path.read_bytes())
                for path in self.vault.rglob("*") if path.is_file() and ".nexus" not in path.parts}


class Sync(program.Test):
    def setUp(self):
        super().setUp()
        self.make_vault({"a.md": "# A\n", "b.md": "# B\n"})

    def test_it_says_what_changed(self):
        self.write({"a.md": "# A, changed\n", "c.md": ""})
        (self.vault / "b.md").unlink()
        self.assertEqual(self.ran(0, "sync").out, "2 files, 2 read: 1 new, 1 changed, 1 gone\n")
        self.assertEqual(self.ran(0, "sync").out, "2 files, 0 read: nothing changed\n")

    def test_a_broken_file_is_no_failure(self):
        self.write({"a.md": "---\ntags: [a\n---\n"})
        self.assertIn("1 file with errors (see 'nexus check')", self.ran(0, "sync").out)

    def test_many_vanished_files_are_kept_until_somebody_says_so(self):
        names = [f"n{i}.md" for i in range(40)]
        self.write(dict.fromkeys(names, "x"))
        self.ran(0, "sync")
        for name in names:
            (self.vault / name).unlink()
        self.assertIn("40 files are gone, and stay in the index", self.ran(1, "sync").err)
        self.assertEqual(self.ran(1, "sync", "--json").json()["sync"]["held"], 40)
        self.assertEqual(self.ran(0, "query", "SELECT count(*) FROM objects").out, "42\n")
        self.ran(0, "sync", "--forget")
        self.assertEqual(self.ran(0, "query", "SELECT count(*) FROM objects").out, "2\n")

    def test_where_somebody_else_is_at_work_it_says_so(self):
        descriptor = os.open(self.vault / ".nexus", os.O_RDONLY)
        self.addCleanup(os.close, descriptor)
        lock = subprocess.run(["flock", "--nonblock", str(descriptor)], pass_fds=[descriptor])
        self.assertEqual(lock.returncode, 0)
        self.assertIn("another nexus is at work", self.ran(3, "sync").err)


MANY = {f"{i}.md": f"# {i}\n\n" + "words and [[links]] #tag\n" * 20 for i in range(2000)}


class Progress(program.Test):
    def test_a_short_pass_draws_no_bar(self):
        self.make_vault({"a.md": ""})
        self.assertNotIn("\r", self.on_terminal("sync").out)

    def test_a_long_pass_tells_on_a_terminal_how_far_it_is_and_takes_that_away(self):
        self.vault.mkdir()
        self.write(MANY)
        out = self.on_terminal("init").out
        self.assertRegex(out, r"\r(\[#* *\] +\d+%  )?\d+ (of 2000 )?files\x1b\[K")
        self.assertIn("\r\x1b[Kmade a vault of ", out)

    def test_a_terminal_that_cannot_rewrite_a_line_gets_no_bar(self):
        self.vault.mkdir()
        self.write(MANY)
        out = self.on_terminal("init", TERM="dumb").out
        self.assertTrue(out.startswith("made a vault of "), out[:200])

    def test_a_signal_ends_a_pass_in_good_order_and_the_next_goes_on(self):
        self.vault.mkdir()
        self.write(MANY)
        process = subprocess.Popen([self.program, "init"], cwd=self.vault, env=program.environment(self.home),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while not list((self.vault / ".nexus").glob("vault.sqlite*")) and process.poll() is None:
            pass
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=program.TIMEOUT_S)
        self.assertEqual((process.returncode, err), (3, b"nexus: stopped; nothing is lost, and the next 'nexus sync' does the rest\n"))
        self.assertEqual(self.ran(0, "sync").err, "", "nothing was lost that had never been there")
        self.assertEqual(self.ran(0, "query", "SELECT count(*), min(id) FROM objects").out, "2000|1\n")


if __name__ == "__main__":
    program.main()
