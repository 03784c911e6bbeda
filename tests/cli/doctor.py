# SPDX-License-Identifier: MIT
"""`nexus doctor`: each prepared illness is found, alone, and is gone when its command has been run."""

import ctypes
import fcntl
import json
import os
import shutil
import subprocess
import time
import unittest

import program

# These limits belong to the user namespace that is asked; those in /proc/sys/fs/inotify are the machine's.
LIMITED = 'echo {count} > /proc/sys/user/max_inotify_{what} && exec "$0" "$@"'

# What systemd tells of a service that is installed, and runs as the process whose number stands in a file.
SYSTEMCTL = """#!/bin/sh
case "$*" in
*UnitFileState*) echo enabled ;;
*MainPID*) cat "$HOME/pid" ;;
esac
"""
# A root that cannot be written to, but for the test's folder.
READ_ONLY_ROOT = 'mount --make-rprivate / && mount --bind "$0" "$0" && mount -o remount,bind,ro / && cd "$PWD" && exec "$@"'
LIBVERSION = "int sqlite3_libversion_number(void);\nint sqlite3_libversion_number(void) { return VERSION; }\n"


def filter_system_calls():
    """No new privileges, and a filter that lets each call through."""
    allow_all = ctypes.create_string_buffer(bytes.fromhex("0600 0000 0000ff7f".replace(" ", "")))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    libc = ctypes.CDLL(None, use_errno=True)
    rules = Program(1, ctypes.addressof(allow_all))
    if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, ctypes.byref(rules), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


class Doctor(program.Test):
    def setUp(self):
        super().setUp()
        self.make_vault({"a.md": "# A\n", "todos.json": '{"schema": "core.todo", "version": 1, "data": [{"id": 1, "text": "Rest"}]}'})
        self.state = self.vault / ".nexus"
        bin_folder = self.folder / "bin"
        bin_folder.mkdir()
        (bin_folder / "nexus").symlink_to(self.program)
        self.environment = program.environment(self.home, EDITOR="true")
        self.environment["PATH"] = f"{bin_folder}:{self.environment['PATH']}"

    def illnesses(self, *before):
        """(check, message, remedy) of each; `before` are words in front of the command."""
        done = subprocess.run([*before, self.program, "doctor", "--json"], cwd=self.vault, env=self.environment,
                              capture_output=True, timeout=program.TIMEOUT_S)
        document = program.Result(done.returncode, done.stdout, done.stderr).json()
        found = [finding for finding in document["findings"] if finding["kind"] == "illness"]
        self.assertEqual((done.returncode, document["illnesses"]), (1 if found else 0, len(found)), done.stderr)
        return [(finding["check"], finding["message"], finding["remedy"]) for finding in found]

    def one(self, check, said, *before):
        illnesses = self.illnesses(*before)
        self.assertEqual(len(illnesses), 1, illnesses)
        found, message, remedy = illnesses[0]
        self.assertEqual(found, check)
        self.assertIn(said, message)
        return remedy

    def edits(self, editor):
        """What the person does who is sent to an editor."""
        self.environment["EDITOR"] = editor

    def mended(self, check, said, *before, stdin=""):
        """The one illness, its command run, and no illness any more."""
        remedy = self.one(check, said, *before)
        subprocess.run(["sh", "-c", remedy], cwd=self.vault, env=self.environment, check=True, capture_output=True,
                       input=stdin, text=True, timeout=program.TIMEOUT_S)
        self.assertEqual(self.illnesses(*before), [])

    def test_a_good_vault_has_nothing(self):
        before = {path.name for path in self.state.iterdir()}
        out = self.ran(0, "doctor").out
        self.assertTrue(out.endswith("all is well\n"), out)
        self.assertIn("note: SQLite 3.", out)
        self.assertEqual({path.name for path in self.state.iterdir()} - before, set())

    def test_an_open_folder(self):
        self.state.chmod(0o755)
        self.mended("modes", "'.nexus' has mode 0755")

    def test_a_database_that_others_may_read(self):
        (self.state / "vault.sqlite").chmod(0o644)
        self.mended("modes", "'.nexus/vault.sqlite' has mode 0644")

    def test_somebody_elses_folder(self):
        if os.geteuid() != 0 or not shutil.which("sudo"):
            self.skipTest("needs root and sudo")
        os.chown(self.state, 12345, -1)
        self.mended("owner", "'.nexus' belongs to user 12345")

    def test_a_setting_that_makes_no_sense(self):
        (self.state / "config.json").write_text('{"debounce_ms": 1}')
        self.edits("sed -i s/1/300/")
        self.mended("settings", ".nexus/config.json:1:17: debounce_ms must be a whole number")

    def test_settings_that_cannot_be_read(self):
        (self.state / "config.json").write_text("{")
        self.edits("tee -a")
        self.mended("settings", "'.nexus/config.json', line 1", stdin="}")

    def test_a_broken_file(self):
        self.write({"todos.json": "{"})
        self.ran(0, "sync")
        self.assertEqual(self.one("problems", "1 file cannot be taken as it is"), "nexus check")
        path, line, column, *_ = self.ran(1, "check").out.split(":")
        self.assertEqual((path, line, column), ("todos.json", "1", "2"))
        self.write({path: "{}"})
        self.ran(0, "sync")
        self.assertEqual(self.illnesses(), [])

    def test_a_change_that_was_refused(self):
        self.sqlite("UPDATE core_todo SET due = 'soon'")
        self.run_nexus("sync")
        self.assertEqual(self.one("refused", "1 file does not have what SQL wrote"), "nexus check")
        self.assertIn("todos.json", self.ran(1, "check").out)
        self.ran(0, "discard")
        self.assertEqual(self.illnesses(), [])

    def test_permissions_of_nobody(self):
        self.ran(0, "permit", "a.md", "--ai", "on")
        permissions = self.state / "permissions.json"
        document = json.loads(permissions.read_text())
        entry, = document["object_permissions"].values()
        document["object_permissions"]["777"] = entry
        permissions.write_text(json.dumps(document))
        self.ran(0, "sync")
        self.assertIn("nexus check", self.one("permissions", "entries that are not applied"))
        self.ran(0, "permit", "a.md", "--ai", "off")
        self.assertEqual(self.illnesses(), [])

    def test_backups_that_are_late(self):
        self.sqlite("UPDATE nx_meta SET value = '2020-01-01T00:00:00.000Z' WHERE key = 'created_at'")
        self.mended("backups", "the database has no backup since 2020-01-01")

    def test_an_open_conflict(self):
        self.ran(0, "set", "a.md", "n=1")
        self.write({"a.md": "# Edited\n"})
        self.ran(1, "undo")
        self.assertEqual(self.one("conflicts", "1 conflict waits for a decision"), "nexus conflicts")
        self.ran(0, "resolve", "1", "file")
        self.assertEqual(self.illnesses(), [])

    def test_changes_that_are_held_back(self):
        self.ran(0, "config", "brake_files", "1")
        self.write({"b.md": "", "c.md": ""})
        self.ran(0, "sync")
        self.sqlite("UPDATE core_note SET title = 'x'")
        self.run_nexus("sync")
        self.assertEqual(self.one("pending", "files wait until"), "nexus pending")
        self.ran(0, "discard")
        self.assertEqual(self.illnesses(), [])

    def test_a_trigger_that_somebody_dropped(self):
        name = self.ran(0, "query", "--format", "list", "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = "
                        "'object_content' ORDER BY name LIMIT 1").out.strip()
        self.sqlite(f'DROP TRIGGER "{name}"')
        self.mended("drift", f"the trigger '{name}' was missing")

    def test_a_trigger_that_somebody_planted(self):
        self.sqlite("CREATE TRIGGER planted AFTER INSERT ON data_objects BEGIN DELETE FROM object_permissions; END")
        self.mended("drift", "planted")

    def test_an_audit_row_that_was_altered(self):
        self.ran(0, "permit", "a.md", "--ai", "on")
        self.sqlite("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit_log'")
        self.sqlite("UPDATE audit_log SET actor = 'ai' WHERE id = 1")
        self.ran(0, "sync")
        self.assertIn(("audit", "row 1 of audit_log does not have the hash that it says: it was altered"),
                      [found[:2] for found in self.illnesses()])

    def test_a_damaged_database(self):
        self.write({f"n{number}.md": f"# {number}\n" + "text " * 200 for number in range(300)})
        self.ran(0, "sync")
        self.sqlite("PRAGMA wal_checkpoint(TRUNCATE)")
        root = int(subprocess.run(["sqlite3", self.state / "vault.sqlite", "SELECT rootpage FROM sqlite_schema WHERE name = 'object_content'"],
                                  check=True, capture_output=True, text=True).stdout)
        with open(self.state / "vault.sqlite", "r+b") as file:
            file.seek((root - 1) * 8192)
            file.write(b"\0" * 8192)
        self.assertEqual({(check, remedy) for check, _, remedy in self.illnesses()}, {("database", "nexus sync")})
        self.ran(0, "sync")
        self.assertEqual(self.illnesses(), [])

    def test_no_database(self):
        for file in self.state.glob("vault.sqlite*"):
            file.unlink()
        self.mended("database", "no database yet")

    def test_something_that_is_no_database(self):
        for file in self.state.glob("vault.sqlite*"):
            file.unlink()
        (self.state / "vault.sqlite").write_bytes(b"notes" * 1000)
        (self.state / "vault.sqlite").chmod(0o600)
        (_, remedy), = {(check, remedy) for check, _, remedy in self.illnesses()}
        self.assertEqual(remedy, "nexus sync")
        self.ran(0, "sync")
        self.assertEqual(self.illnesses(), [])

    def test_a_vault_that_was_copied(self):
        copy = self.folder / "copy"
        shutil.copytree(self.vault, copy)
        self.vault = copy
        self.mended("database", "is not as it was left")

    def test_a_clock_that_went_back(self):
        self.ran(0, "permit", "a.md", "--ai", "on", "--expires", "7d")
        self.sqlite("UPDATE nx_meta SET value = '2199-01-01T00:00:00.000Z' WHERE key = 'clock_mark'")
        self.mended("clock", "the clock was at 2199-01-01T00:00:00.000Z once")

    def test_syncthing(self):
        (self.folder / ".stfolder").mkdir()
        (self.folder / ".stignore").write_text("// .nexus\n*.bak\n")
        self.mended("carried", f"Syncthing carries '{self.folder}'")

    def test_nextcloud(self):
        (self.vault / ".sync_0123456789ab.db").write_bytes(b"")
        self.mended("carried", "a Nextcloud or ownCloud client carries")

    def test_dropbox(self):
        if not shutil.which("setfattr"):
            self.skipTest("setfattr is not installed")
        (self.folder / ".dropbox.cache").mkdir()
        self.mended("carried", "Dropbox carries")

    def git(self, *words):
        subprocess.run(["git", "-C", self.vault, *words], check=True, env=self.environment, capture_output=True)

    def test_git_that_would_take_the_database(self):
        self.git("init")
        self.mended("git", "git does not ignore '.nexus'")

    def test_git_that_has_the_database(self):
        self.git("init")
        (self.vault / ".gitignore").write_text("/.nexus/*\n")
        self.git("add", "--force", ".nexus/vault.sqlite")
        self.mended("git", "git has the database")

    def followed(self, *before, **how):
        """`nexus watch`, which answers; `before` are words in front of the command."""
        daemon = subprocess.Popen([*before, self.program, "watch"], cwd=self.vault, env=self.environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **how)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.kill)
        while not self.run_nexus("status", "--json").json()["daemon"]:
            self.assertIsNone(daemon.poll())
        return daemon

    def test_folders_that_are_not_watched(self):
        self.write({f"d{number}/a.md": "" for number in range(8)})
        self.ran(0, "sync")
        daemon = self.followed(*self.limited("watches", 6))
        self.assertEqual(self.one("watches", "folders are not watched"), "sudo sysctl fs.inotify.max_user_watches=524288")
        subprocess.run(["nsenter", "--user", "--preserve-credentials", "--target", str(daemon.pid), "sh", "-c",
                        "echo 524288 > /proc/sys/user/max_inotify_watches"], check=True)
        until = time.monotonic() + program.TIMEOUT_S
        while self.illnesses():  # it is tried again every half minute
            self.assertLess(time.monotonic(), until)

    @unittest.skipIf(program.SANITIZED, "a sanitizer needs to write elsewhere")
    def test_a_service_without_its_sandbox(self):
        systemctl = self.folder / "bin" / "systemctl"
        systemctl.write_text(SYSTEMCTL)
        systemctl.chmod(0o755)
        daemon = self.followed()
        (self.home / "pid").write_text(f"{daemon.pid}\n")
        self.assertEqual(self.one("sandbox", "without its sandbox"),
                         "sudo sysctl kernel.unprivileged_userns_clone=1 && nexus service install")
        daemon.terminate()
        daemon.wait(program.TIMEOUT_S)
        words = ["unshare", "--mount", "sh", "-c", READ_ONLY_ROOT, self.folder]
        if subprocess.run([*words, "true"], cwd=self.vault, capture_output=True).returncode != 0:
            self.skipTest("needs to mount")
        daemon = self.followed(*words, preexec_fn=filter_system_calls)
        (self.home / "pid").write_text(f"{daemon.pid}\n")
        self.assertEqual(self.illnesses(), [])

    @unittest.skipIf(program.SANITIZED, "a sanitizer wants to be loaded first")
    def test_an_sqlite_that_can_damage_a_database(self):
        if not shutil.which("cc"):
            self.skipTest("needs a compiler")
        for version, has_bug in ((3051002, True), (3051003, False)):
            shim = self.folder / f"{version}.so"
            subprocess.run(["cc", "-shared", "-fPIC", f"-DVERSION={version}", "-x", "c", "-", "-o", shim], input=LIBVERSION,
                           text=True, check=True)
            # What else SQLite can do does not change with what it says of itself: only this line counts.
            said = self.run_nexus("doctor", LD_PRELOAD=str(shim)).out.splitlines()[0]
            self.assertTrue(said.startswith("note: SQLite 3."), said)
            self.assertEqual("can damage a database when others checkpoint it" in said, has_bug, said)

    def test_a_socket_that_a_crash_left(self):
        daemon = self.followed()
        self.assertEqual(self.illnesses(), [])
        daemon.kill()
        daemon.wait()
        self.mended("socket", "nobody listens on it")

    def test_somebody_who_holds_the_lock_and_does_not_answer(self):
        descriptor = os.open(self.state, os.O_RDONLY)
        self.addCleanup(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        self.assertEqual(self.one("lock", "a process holds the vault's lock"), f"fuser -v {self.state}")
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        self.assertEqual(self.illnesses(), [])

    def limited(self, what, count=0):
        """In a user namespace, whose limits are its own."""
        words = ["unshare", "--user", "--map-root-user", "sh", "-c", LIMITED.format(what=what, count=count)]
        if subprocess.run([*words, "true"], capture_output=True).returncode != 0:
            self.skipTest("user namespaces are not allowed here")
        return words

    def test_no_inotify_instances(self):
        self.assertEqual(self.one("watcher", "instances are used up", *self.limited("instances")),
                         "sudo sysctl fs.inotify.max_user_instances=1024")

    def test_no_inotify_watches(self):
        self.assertEqual(self.one("watcher", "watches are used up", *self.limited("watches")),
                         "sudo sysctl fs.inotify.max_user_watches=524288")

    def test_a_full_disk(self):
        words = ["unshare", "--mount", "sh", "-c",
                 'mkdir ../small && mount -t tmpfs -o size=20m none ../small && cp -a . ../small/v && cd ../small/v && "$0" sync >&2 && '
                 'exec "$0" "$@"']
        if subprocess.run([*words, "true"], cwd=self.vault, capture_output=True).returncode != 0:
            self.skipTest("needs to mount a small disk")
        (self.folder / "small").rmdir()
        self.assertTrue(self.one("space", "MiB are free", *words).startswith("df -h "))

    def test_it_knows_every_letter_of_a_path(self):
        self.vault = self.vault.rename(self.folder / "it's \"mine\" $HOME")
        self.state = self.vault / ".nexus"
        self.state.chmod(0o750)
        self.mended("modes", "has mode 0750")


if __name__ == "__main__":
    program.main()
