# SPDX-License-Identifier: MIT
"""Real editors: a save is one new version of the same document, whatever the editor does with names."""

import os
import sys
import time

import probe
import terminal
from probe import WatchTest

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

    def typed(self, command, *keys):
        """Types a 0 in front of all, and what saves and ends."""
        self.need(command[0])
        self.write("a.md", BEFORE)
        watched = self.start()
        identity = watched.index.ids["a.md"]
        terminal.type_into(self.root, [*command, "a.md"], [b"0", *keys])
        watched.wait_path("a.md")
        self.check(watched, identity, ["0" + BEFORE])

    def nano(self, *options):
        self.typed(["nano", "--ignorercfiles", *options], b"\x0f", b"\r", b"\x18")

    def test_nano(self):
        self.nano()

    def test_nano_with_backups_and_locks(self):
        self.nano("-B", "-G")

    def test_micro(self):
        self.typed(["micro", "-config-dir", self.folder], b"\x13", b"\x11")

    def test_joe(self):
        self.typed(["joe"], b"\x0bx")

    def test_mg(self):
        self.typed(["mg"], b"\x18\x13", b"\x18\x03")

    def test_kakoune(self):
        self.need("kak")
        self.edit("kak", "-n", "-ui", "dummy", "-e", "execute-keys ggi0<ret><esc>; write; quit", "a.md",
                  contents=["0\n" + BEFORE])

    def test_ed(self):
        self.need("ed")
        self.edit("sh", "-c", "printf '%s\\n' 1i 0 . w q | ed -s a.md", contents=["0\n" + BEFORE])

    def node(self, script, contents, **more):
        self.need("node")
        environment = dict(os.environ, NODE_PATH="/usr/share/nodejs:/usr/lib/nodejs")
        self.edit("node", "-e", script, contents=contents, env=environment, **more)

    def test_node(self):
        self.node('require("fs").writeFileSync("a.md", "new")', ["new"], renames=False)

    def test_write_file_atomic(self):
        self.need("node")
        known = "/usr/share/nodejs/write-file-atomic"
        if not os.path.isdir(known):
            self.skipTest("the package node-write-file-atomic is not installed")
        self.node('require("write-file-atomic")("a.md", "new", () => {})', ["new"], renames=True)

    def test_glib_saves(self):
        self.need("gio")
        self.edit("sh", "-c", "printf new | gio save a.md", contents=["new"], renames=True)

    def test_glib_saves_with_a_backup(self):
        self.need("gio")
        self.edit("sh", "-c", "printf new | gio save --backup a.md", contents=["new"])

    def test_sed_in_place(self):
        self.edit("sed", "-i", "s/first/1st/", "a.md", contents=[BEFORE.replace("first", "1st")])

    def test_sed_in_place_with_a_backup(self):
        self.edit("sed", "-i.bak", "s/first/1st/", "a.md", contents=[BEFORE.replace("first", "1st")])

    def test_perl_in_place(self):
        self.need("perl")
        self.edit("perl", "-pi", "-e", "s/first/1st/", "a.md", contents=[BEFORE.replace("first", "1st")])

    def test_perl_in_place_with_a_backup(self):
        self.need("perl")
        self.edit("perl", "-pi.old", "-e", "s/first/1st/", "a.md", contents=[BEFORE.replace("first", "1st")])

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

    def test_a_safe_write_by_a_file_without_a_name(self):
        """As Qt's QSaveFile does, where the name in between is the number of the file."""
        try:
            fd = os.open(self.folder, os.O_TMPFILE | os.O_RDWR, 0o600)
            os.close(fd)
        except OSError as error:
            self.skipTest(f"no O_TMPFILE here: {error}")
        script = "import os; fd = os.open('.', os.O_TMPFILE | os.O_RDWR, 0o600); os.write(fd, b'new');" \
                 "name = '#%d' % os.fstat(fd).st_ino; here = os.open('.', os.O_PATH);" \
                 "os.link('/proc/self/fd/%d' % fd, name, src_dir_fd=here, follow_symlinks=True);" \
                 "os.rename(name, 'a.md'); os.close(fd)"
        self.edit(sys.executable, "-c", script, contents=["new"], renames=True)

    def test_a_safe_write_with_a_lock_beside_it(self):
        """As LibreOffice does: the file is opened for writing and closed as it was, then replaced."""
        script = "echo me > '.~lock.a.md#'; : >> a.md; : >> a.md; printf new > lu12ab.tmp; mv lu12ab.tmp a.md;" \
                 "chmod 644 a.md; : >> a.md; rm '.~lock.a.md#'"
        self.edit("sh", "-c", script, contents=["new"], renames=True)

    def test_a_safe_write_through_a_hidden_name(self):
        """As npm's steno does."""
        self.edit("sh", "-c", "printf new > .a.md.tmp; mv .a.md.tmp a.md", contents=["new"], renames=True)

    def test_an_update_from_another_machine(self):
        """As Syncthing brings it: the old file is deleted just before the new one gets its name."""
        script = "printf new > .syncthing.a.md.tmp; rm a.md; mv .syncthing.a.md.tmp a.md; touch -d 2020-01-01 a.md"
        self.edit("sh", "-c", script, contents=["new"], renames=True)

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
