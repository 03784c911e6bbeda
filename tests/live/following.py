# SPDX-License-Identifier: MIT
"""A save in whatever program becomes a row, and the note stays who it is."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys

import live
import terminal
from live import LiveTest

FILES = int(os.environ.get("NEXUS_GIT_FILES", "2000"))  # 20000 by hand
BEFORE, AFTER = "# A note\n\nIt says before.\n", "# A note\n\nIt says after.\n"


class Following(LiveTest):
    def saved_by(self, script, **more):
        """Saves a.md by a program; the row follows, and the note keeps its id."""
        self.write("a.md", BEFORE)
        self.start()
        uid = self.ids()["a.md"]
        self.share("a.md")
        self.shell(script, **more)
        self.wait_until(lambda: self.content("a.md") == AFTER)
        self.sync()
        self.assertEqual(self.ids(), {"a.md": uid})
        self.assertEqual(self.shared(), {"a.md"})
        deleted = self.query("SELECT count(*) FROM changes WHERE op = 'delete'")
        self.assertEqual(deleted, [(0,)], "a save is no deletion")

    def test_a_shell_writes(self):
        self.saved_by("printf '# A note\\n\\nIt says after.\\n' > a.md")

    def test_sed_edits_in_place(self):
        self.saved_by("sed -i s/before/after/ a.md")

    def test_perl_edits_in_place(self):
        self.need("perl")
        self.saved_by("perl -pi -e s/before/after/ a.md")

    def test_vim_saves(self):
        self.need("vim")
        self.saved_by("vim -es -u NONE -N +%s/before/after/ +wq a.md")

    def test_vim_saves_with_a_backup(self):
        self.need("vim")
        self.saved_by("vim -es -u NONE -N '+set backup' +%s/before/after/ +wq a.md")

    def test_vim_saves_in_place(self):
        self.need("vim")
        self.saved_by("vim -es -u NONE -N '+set backupcopy=yes' +%s/before/after/ +wq a.md")

    def test_nvim_saves(self):
        self.need("nvim")
        self.saved_by("nvim --headless -u NONE +%s/before/after/ +wq a.md")

    def test_emacs_saves(self):
        self.need("emacs")
        self.saved_by("emacs -Q --batch a.md --eval '(progn (replace-string \"before\" \"after\") (save-buffer))'")

    def test_emacs_saves_precious_files(self):
        self.need("emacs")
        self.saved_by("emacs -Q --batch --eval '(setq file-precious-flag t)' a.md"
                      " --eval '(progn (replace-string \"before\" \"after\") (save-buffer))'")

    def test_kakoune_saves(self):
        self.need("kak")
        self.saved_by("kak -n -ui dummy -e 'execute-keys \"%%sbefore<ret>cafter<esc>\"; write; quit' a.md")

    def typed(self, command, *keys):
        """Types a 0 in front of all in an editor on a terminal, and what saves and ends."""
        self.need(command[0])
        self.write("a.md", BEFORE)
        self.start()
        uid = self.ids()["a.md"]
        self.share("a.md")
        terminal.type_into(self.root, [*command, "a.md"], [b"0", *keys])
        self.wait_until(lambda: self.content("a.md") == "0" + BEFORE)
        self.sync()
        self.assertEqual(self.ids(), {"a.md": uid})
        self.assertEqual(self.shared(), {"a.md"})

    def test_nano_saves(self):
        self.typed(["nano", "--ignorercfiles"], b"\x0f", b"\r", b"\x18")

    def test_nano_saves_with_a_backup(self):
        self.typed(["nano", "--ignorercfiles", "-B", "-G"], b"\x0f", b"\r", b"\x18")

    def test_micro_saves(self):
        self.typed(["micro", "-config-dir", str(self.scratch)], b"\x13", b"\x11")

    def test_joe_saves(self):
        self.typed(["joe"], b"\x0bx")

    def test_mg_saves(self):
        self.typed(["mg"], b"\x18\x13", b"\x18\x03")

    def test_glib_saves(self):
        self.need("gio")
        self.saved_by("printf '# A note\\n\\nIt says after.\\n' | gio save a.md")

    def test_ed_saves(self):
        self.need("ed")
        self.saved_by("printf '%s\\n' ',s/before/after/' w q | ed -s a.md")

    def test_rsync_brings_a_version(self):
        self.need("rsync")
        (self.scratch / "other").mkdir()
        (self.scratch / "other" / "a.md").write_text(AFTER)
        self.saved_by("rsync -t ../other/a.md a.md")

    def test_rsync_in_place_with_an_old_time(self):
        self.need("rsync")
        (self.scratch / "other").mkdir()
        (self.scratch / "other" / "a.md").write_text(AFTER)
        os.utime(self.scratch / "other" / "a.md", (1000000000, 1000000000))
        self.saved_by("rsync -t --inplace ../other/a.md a.md")

    def test_cp_keeps_the_time(self):
        (self.scratch / "older.md").write_text(AFTER)
        os.utime(self.scratch / "older.md", (1000000000, 1000000000))
        self.saved_by("cp -p ../older.md a.md")

    def test_mv_from_another_folder_replaces(self):
        (self.scratch / "new.md").write_text(AFTER)
        self.saved_by("mv ../new.md a.md")

    def test_node_writes(self):
        self.need("node")
        self.saved_by("node -e 'require(\"fs\").writeFileSync(\"a.md\", \"# A note\\n\\nIt says after.\\n\")'")

    def test_node_writes_later(self):
        self.need("node")
        self.saved_by("node -e 'require(\"fs\").writeFile(\"a.md\", \"# A note\\n\\nIt says after.\\n\", () => {})'")

    def test_node_renames_over_it(self):
        self.need("node")
        self.saved_by("node -e 'const fs = require(\"fs/promises\");"
                      " fs.writeFile(\".a.md.tmp\", \"# A note\\n\\nIt says after.\\n\")"
                      ".then(() => fs.rename(\".a.md.tmp\", \"a.md\"))'")

    def test_write_file_atomic_saves(self):
        self.need("node")
        if not os.path.isdir("/usr/share/nodejs/write-file-atomic"):
            self.skipTest("the package node-write-file-atomic is not installed")
        self.saved_by("node -e 'require(\"write-file-atomic\")(\"a.md\", \"# A note\\n\\nIt says after.\\n\", () => {})'",
                      env=dict(os.environ, NODE_PATH="/usr/share/nodejs"))

    def test_a_write_keeps_what_is_said_about_the_file(self):
        """Mode, owner, attributes and access list, when SQL changes the note."""
        self.write("a.md", BEFORE)
        path = self.root / "a.md"
        os.chmod(path, 0o640)
        if os.geteuid() == 0:
            os.chown(path, 1234, 2345)
        try:
            os.setxattr(path, "user.colour", b"green")
        except OSError:
            self.skipTest("no extended attributes here")
        if shutil.which("setfacl"):
            self.shell("setfacl -m u:1:r a.md || true")
        about = lambda: (os.stat(path).st_mode, os.stat(path).st_uid, os.stat(path).st_gid,
                         {name: os.getxattr(path, name) for name in os.listxattr(path)})
        before = about()
        self.start()
        self.sql("UPDATE core_note SET content = 'It says after.' WHERE _path = 'a.md'")
        self.wait_until(lambda: path.read_text() == "It says after.")
        self.assertEqual(about(), before)

    def test_the_same_size_and_time_is_seen_all_the_same(self):
        self.write("a.md", BEFORE)
        self.start()
        same = BEFORE.replace("before", "befall")
        self.shell(f"printf '{same}' > .new && touch -r a.md .new && mv .new a.md".replace("\n", "\\n"))
        self.wait_until(lambda: self.content("a.md") == same)

    def test_a_write_to_one_of_two_names_is_seen_under_both(self):
        self.write("a.md", BEFORE)
        (self.root / "d").mkdir()
        self.shell("ln a.md d/b.md; ln a.md c.md")
        self.start()
        ids = self.ids()
        self.assertEqual(set(ids), {"a.md", "c.md", "d/b.md"})
        self.shell("printf '# A note\\n\\nIt says after.\\n' > d/b.md")
        self.wait_until(lambda: [self.content(path) for path in sorted(ids)] == [AFTER] * 3)
        self.sync()
        self.assertEqual(self.ids(), ids)
        self.shell("sed -i s/after/alone/ a.md")  # a file of its own from now on
        self.wait_until(lambda: "alone" in self.content("a.md"))
        self.sync()
        self.assertEqual([self.content("c.md"), self.content("d/b.md")], [AFTER] * 2)
        self.assertEqual(self.ids(), ids)
        self.assert_exact()

    def test_a_copy_is_a_new_object(self):
        self.write("a.md", BEFORE)
        self.start()
        self.share("a.md")
        uid = self.ids()["a.md"]
        self.shell("cp a.md b.md")
        self.sync()
        self.assertEqual(self.ids()["a.md"], uid)
        self.assertNotEqual(self.ids()["b.md"], uid)
        self.assertEqual(self.shared(), {"a.md"})

    def two_branches(self):
        """`one`, which is checked out, and `two`: every second note is another there, every tenth is missing."""
        self.need("git")
        for i in range(FILES):
            self.write(f"d{i % 20}/n{i}.md", f"# {i}\n")
        self.shell("git init -q -b one && git config user.email a@b && git config user.name a && git add . &&"
                   " git commit -qm one && git checkout -qb two")
        for i in range(0, FILES, 2):
            self.write(f"d{i % 20}/n{i}.md", f"# {i} on two\n")
        for i in range(1, FILES, 10):
            (self.root / f"d{i % 20}/n{i}.md").unlink()
        self.shell("git add -A && git commit -qm two && git checkout -q one")

    def test_git_switches_between_branches(self):
        self.two_branches()
        self.start()
        ids = self.ids()
        self.share("d0/n0.md", "d1/n1.md")
        self.shell("git checkout -q two")
        self.sync()
        self.assertEqual(len(self.ids()), FILES - FILES // 10)
        feed = self.query("SELECT max(seq) FROM changes")[0][0]
        self.freeze()
        self.shell("git checkout -q one")
        self.process.send_signal(signal.SIGCONT)
        self.sync()
        transactions = self.query("SELECT count(DISTINCT at) FROM changes WHERE seq > ?", feed)[0][0]
        print(f"{FILES} notes, {transactions} transactions", file=sys.stderr)
        self.assertLess(transactions, FILES / 5, "what is there by now is taken in together")
        self.assertEqual(self.ids(), ids, "there and back, everybody is who they were")
        self.assertEqual(self.shared(), {"d0/n0.md", "d1/n1.md"})
        self.assert_exact()

    def test_git_may_be_slow(self):
        """What it deletes is noticed long before it is made again, with other content."""
        self.write("other.md")
        for i in range(30):
            self.write(f"n{i}.md", f"# {i}\n")
        self.start()
        ids = self.ids()
        self.share("n7.md")
        for i in range(8):
            (self.root / f"n{i}.md").unlink()
        self.wait_until(lambda: len(self.ids()) == 31 - 8)
        for i in range(8):
            self.write(f"n{i}.md", f"# {i} of another branch\n")
        self.wait_until(lambda: len(self.ids()) == 31)
        self.assertEqual(self.ids(), ids)
        self.assertEqual(self.shared(), {"n7.md"})

    def test_git_stashes_and_pops(self):
        self.need("git")
        for i in range(500):
            self.write(f"n{i}.md", f"# {i}\n")
        self.shell("git init -q && git config user.email a@b && git config user.name a && git add . &&"
                   " git commit -qm one")
        self.start()
        ids = self.ids()
        for i in range(500):
            self.write(f"n{i}.md", f"# {i} edited\n")
        self.shell("git stash -q")
        self.sync()
        self.assertEqual(self.content("n7.md"), "# 7\n")
        self.shell("git stash pop -q")
        self.sync()
        self.assertEqual(self.content("n7.md"), "# 7 edited\n")
        self.assertEqual(self.ids(), ids)
        self.assert_exact()

    def test_rules_and_schemas_that_change_are_taken(self):
        self.write("drafts/a.md")
        self.write("b.md")
        self.start()
        self.write(".nexusignore", "drafts/\n")
        self.wait_until(lambda: set(self.ids()) == {"b.md"})
        self.write(".nexus/schemas/plugin.b.json",
                   '{"type": "object", "required": ["mood"], "x-nexus": {"files": ["b.md"]}}')
        self.wait_until(lambda: self.query("SELECT 1 FROM problems WHERE path = 'b.md' AND keyword = 'required'"))
        self.write("b.md", "---\nmood: fine\n---\nx\n")
        self.wait_until(lambda: not self.query("SELECT 1 FROM problems"))
        self.assertEqual(self.query("SELECT schema FROM objects"), [("plugin.b",)])

    def test_a_sync_is_answered_after_the_rules_changed(self):
        self.write("b.md")
        self.start()
        self.sync()
        self.write(".nexus/schemas/plugin.b.json", '{"type": "object", "x-nexus": {"files": ["b.md"]}}')
        self.wait_until(lambda: self.query("SELECT schema FROM objects") == [("plugin.b",)])
        for _ in range(2):
            self.sync()

    def sql(self, statement, *parameters):
        database = sqlite3.connect(self.root / ".nexus/vault.sqlite", timeout=30)
        with database:
            database.execute(statement, parameters)
        database.close()

    def test_a_schema_that_sql_writes_is_taken(self):
        def definition(required):
            return json.dumps({"type": "object", "required": [required], "x-nexus": {"files": ["b.md"]}})

        def missing():
            return self.query("SELECT message FROM problems WHERE path = 'b.md'")

        file = self.root / ".nexus/schemas/plugin.b.json"
        self.write("b.md")
        self.start()
        self.sql("INSERT INTO schemas(schema_name, definition_json, created_at) VALUES ('plugin.b', ?, '')",
                 definition("mood"))
        self.wait_until(lambda: missing() == [('must have the property "mood"',)])
        self.assertEqual(file.read_text(), definition("mood"))
        self.sql("UPDATE schemas SET definition_json = '{\"type\": 7}' WHERE schema_name = 'plugin.b'")
        self.wait_until(lambda: self.query("SELECT 1 FROM problems WHERE path = ? AND keyword = 'refused'",
                                           ".nexus/schemas/plugin.b.json"))
        self.assertEqual(self.query("SELECT definition_json FROM schemas WHERE schema_name = 'plugin.b'"),
                         [(definition("mood"),)])
        self.sql("UPDATE schemas SET definition_json = ? WHERE schema_name = 'plugin.b'", definition("day"))
        self.sync()
        self.assertEqual(missing(), [('must have the property "day"',)])
        self.assertEqual(file.read_text(), definition("day"))


if __name__ == "__main__":
    live.main()
