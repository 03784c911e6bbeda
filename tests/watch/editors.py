# SPDX-License-Identifier: MIT
"""Real editors: a save is one new version of the same document, whatever the editor does with names."""

import os
import pty
import select
import time

import probe
from probe import LIMIT, WatchTest

BEFORE = "first line\nsecond line\n"


class Editors(WatchTest):
    def edit(self, *command, contents, renames=None, **more):
        """Runs an editor on a.md. It must be the same document after it, have had exactly the given contents,
        in this order, and never have been gone. `renames`: whether the editor makes another file of it."""
        self.write("a.md", BEFORE)
        inode = os.stat(self.root / "a.md").st_ino
        watched = self.start()
        identity = watched.index.ids["a.md"]
        self.run_in(*command, **more)
        if renames is not None:
            self.assertEqual(os.stat(self.root / "a.md").st_ino != inode, renames, "this editor works otherwise")
        last = contents[-1].encode()
        if not watched.told("a.md") or watched.told("a.md")[-1].content != last:
            watched.wait_for(lambda line: line.path == "a.md" and line.content == last)
        self.check(watched, identity, contents)

    def check(self, watched, identity, contents):
        watched.settle()
        told = [text.decode() for text in watched.index.history["a.md"][1:]]
        self.assertEqual(told, contents[-len(told):], "the versions told of a.md")
        self.assertEqual(watched.index.ids["a.md"], identity, "a.md is another document now")
        self.assertNotIn("a.md", watched.index.deleted)
        self.assertEqual([line for line in watched.told("a.md") if line.kind == "missing"], [])
        strangers = [line.path for line in watched.seen
                     if line.kind == "file" and probe.skipped_by_rule(os.path.basename(line.path))]
        self.assertEqual(strangers, [])
        self.assert_exact(watched)

    def vim(self, *settings, program="vim", saves=1, **more):
        """Vim makes no backups below /tmp unless it is told to."""
        self.need(program)
        settings = ["backupskip=", *settings]
        batch = ["nvim", "--headless", "-es"] if program == "nvim" else ["vim", "-es", "-N"]
        command = [*batch, "-u", "NONE", "-i", "NONE"]
        for setting in settings:
            command += ["-c", f"set {setting}"]
        contents, text = [], BEFORE
        for i in range(saves):
            command += ["-c", f"normal ggO{i}", "-c", "w!"]
            text = f"{i}\n" + text
            contents.append(text)
        self.edit(*command, "-c", "qa!", "a.md", contents=contents, **more)

    def test_vim_saves_twice(self):
        self.vim("backupcopy=auto", "writebackup", saves=2)

    def test_vim_saves_by_renaming_on_a_slow_disk(self):
        shim = os.environ.get("SLOW_FSYNC")
        if not shim:
            self.skipTest("no library to slow fsync down")
        self.vim("backupcopy=no", "writebackup", "fsync", renames=True, env=dict(os.environ, LD_PRELOAD=shim))

    def test_vim_saves_in_place(self):
        self.vim("backupcopy=yes", "writebackup", renames=False)

    def test_vim_saves_without_a_backup(self):
        self.vim("nobackup", "nowritebackup", renames=False)

    def test_vim_keeps_a_backup(self):
        self.vim("backup", "backupcopy=no", renames=True)

    def test_vim_keeps_a_backup_under_a_visible_name(self):
        self.vim("backup", "backupcopy=no", "backupext=.bak", renames=True)

    def test_vim_keeps_undo_and_swap_files(self):
        self.vim("undofile", "swapfile", "updatecount=1")

    def test_neovim(self):
        self.vim("writebackup", program="nvim", saves=2)

    def test_emacs(self):
        self.emacs("(setq make-backup-files t)")

    def test_emacs_with_precious_files(self):
        self.emacs("(setq file-precious-flag t)")

    def test_emacs_without_backups(self):
        self.emacs("(setq make-backup-files nil)")

    def test_emacs_with_numbered_backups(self):
        self.emacs("(setq version-control t)")

    def emacs(self, setting):
        self.need("emacs")
        saves = '(find-file "a.md") (insert "0\\n") (save-buffer) (do-auto-save t)' \
                '(goto-char (point-min)) (insert "1\\n") (save-buffer)'
        self.edit("emacs", "-Q", "--batch", "--eval", f"(progn {setting} {saves})",
                  contents=["0\n" + BEFORE, "1\n0\n" + BEFORE])

    def type_into(self, command, keys):
        """Runs a program on a terminal and types each text once it has drawn something."""
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.root)
            os.execvpe(command[0], command, dict(os.environ, TERM="xterm"))
        for text in keys:
            self.assertTrue(select.select([terminal], [], [], LIMIT)[0])
            while select.select([terminal], [], [], 0.2)[0]:
                os.read(terminal, 65536)
            os.write(terminal, text)
        try:
            while os.read(terminal, 65536):
                pass
        except OSError:
            pass  # it has ended
        os.waitpid(child, 0)
        os.close(terminal)

    def nano(self, *options):
        self.need("nano")
        self.write("a.md", BEFORE)
        watched = self.start()
        identity = watched.index.ids["a.md"]
        self.type_into(["nano", "--ignorercfiles", *options, "a.md"], [b"0", b"\x0f", b"\r", b"\x18"])
        watched.wait_path("a.md")
        self.check(watched, identity, ["0" + BEFORE])

    def test_nano(self):
        self.nano()

    def test_nano_with_backups_and_locks(self):
        self.nano("-B", "-G")

    def test_sed_in_place(self):
        self.edit("sed", "-i", "s/first/1st/", "a.md", contents=[BEFORE.replace("first", "1st")])

    def test_sed_in_place_with_a_backup(self):
        self.edit("sed", "-i.bak", "s/first/1st/", "a.md", contents=[BEFORE.replace("first", "1st")])

    def test_perl_in_place(self):
        self.need("perl")
        self.edit("perl", "-pi", "-e", "s/first/1st/", "a.md", contents=[BEFORE.replace("first", "1st")])

    def test_perl_in_place_with_a_backup(self):
        self.need("perl")
        self.edit("perl", "-pi.orig", "-e", "s/first/1st/", "a.md", contents=[BEFORE.replace("first", "1st")])

    def test_a_safe_write_by_two_renames(self):
        """As JetBrains' editors do: both names beside are ignored ones."""
        script = "printf new > a.md___jb_tmp___; mv a.md a.md___jb_old___; " \
                 "mv a.md___jb_tmp___ a.md; rm a.md___jb_old___"
        self.edit("sh", "-c", script, contents=["new"])

    def test_a_safe_write_whose_first_close_has_the_old_content(self):
        """As GLib's g_file_replace() does."""
        script = "cp a.md .goutputstream-ABCDEF; : >> a.md; printf new > .goutputstream-ABCDEF; " \
                 "mv .goutputstream-ABCDEF a.md"
        self.edit("sh", "-c", script, contents=["new"])

    def test_a_safe_write_by_a_random_name(self):
        self.edit("sh", "-c", "printf new > a.md.Xy12Qz; mv a.md.Xy12Qz a.md", contents=["new"])

    def test_a_delete_and_a_slow_copy_back(self):
        """As `mv` from another filesystem does, with its gap in the middle of the writing."""
        self.write("a.md", BEFORE)
        watched = self.start()
        identity = watched.index.ids["a.md"]
        os.unlink(self.root / "a.md")
        with open(self.root / "a.md", "w", encoding="utf-8") as file:
            file.write("ne")
            file.flush()
            time.sleep(0.6)
            file.write("w")
        watched.wait_path("a.md")
        self.check(watched, identity, ["new"])


if __name__ == "__main__":
    probe.main()
