# SPDX-License-Identifier: MIT
"""`nexus config`: what the settings are, and changing one without touching anything else of the file."""

import contextlib
import fcntl
import json
import os
import pathlib
import re
import signal
import subprocess
import time

import program

BY_HAND = """{
    "debounce_ms" : 500,   "of_mine": [1,  2.50],

  "ignore":["*.bak"]
}
"""


class Config(program.Test):
    def setUp(self):
        super().setUp()
        self.make_vault()
        self.file = self.vault / ".nexus" / "config.json"

    def values(self):
        return {setting["name"]: setting["value"] for setting in self.run_nexus("config", "--json").json()["settings"]}

    def test_each_setting_of_a_new_vault_has_its_default(self):
        for setting in self.ran(0, "config", "--json").json()["settings"]:
            if setting["name"] in ("vault_path", "created_at"):
                self.assertIsNone(setting["default"])
            else:
                self.assertEqual(setting["value"], setting["default"])
            self.assertIn(setting["meaning"], self.ran(0, "config").out)

    def test_a_value_is_printed_alone(self):
        self.assertEqual(self.ran(0, "config", "debounce_ms").out, "300\n")
        self.assertEqual(self.ran(0, "config", "ignore").out, "[]\n")

    def test_a_change_touches_nothing_else_of_the_file(self):
        self.file.write_text(BY_HAND)
        self.ran(0, "config", "debounce_ms", "1000")
        self.assertEqual(self.file.read_text(), BY_HAND.replace("500", "1000"))
        self.ran(0, "config", "ignore", '["a", "b"]')
        self.assertEqual(json.loads(self.file.read_text())["ignore"], ["a", "b"])
        self.assertIn('"of_mine": [1,  2.50],\n', self.file.read_text())
        self.ran(0, "config", "notify", "off")
        self.assertEqual(json.loads(self.file.read_text()),
                         {"debounce_ms": 1000, "of_mine": [1, 2.5], "ignore": ["a", "b"], "notify": False})

    def test_a_change_to_what_it_is_writes_nothing(self):
        before = self.file.stat()
        self.ran(0, "config", "debounce_ms", "300")
        self.assertEqual((self.file.stat().st_ino, self.file.stat().st_mtime_ns), (before.st_ino, before.st_mtime_ns))

    def test_a_setting_goes_back_to_its_default(self):
        self.ran(0, "config", "debounce_ms", "1000")
        self.assertIn("(default: 300)", self.ran(0, "config").out)
        self.ran(0, "config", "debounce_ms", "--default")
        self.assertEqual(self.values()["debounce_ms"], 300)

    def test_without_a_file_one_is_made(self):
        self.file.unlink()
        self.ran(0, "config", "durability", "full")
        self.assertEqual(json.loads(self.file.read_text()), {"durability": "full"})
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)

    def test_what_makes_no_sense_is_refused_and_nothing_changes(self):
        before = self.file.read_bytes()
        for words, said in [(["debounce_ms", "9"], "debounce_ms must be a whole number from 10 to 60000, not '9'"),
                            (["debounce_ms", "soon"], "must be a whole number"), (["debounce_ms", ""], "must be a whole number"),
                            (["conflict", "mine"], "conflict must be timestamp or merge, not 'mine'"),
                            (["ignore", "*.bak"], "ignore must be a JSON array of texts"),
                            (["ignore", "[1]"], "ignore must be a JSON array of texts"),
                            (["notify", "maybe"], "notify must be true or false"),
                            (["debounce", "1"], "no setting is called 'debounce'"),
                            (["debouncems"], "no setting is called 'debouncems'; did you mean 'debounce_ms'?"),
                            (["--default"], "--default needs KEY"), (["notify", "on", "--default"], "--default needs KEY")]:
            self.assertIn(said, self.ran(2, "config", *words).err)
        self.assertIn("vault_path is recorded by 'nexus init'", self.ran(3, "config", "vault_path", "/").err)
        self.assertEqual(self.file.read_bytes(), before)

    def test_what_is_odd_in_the_file_is_told_with_its_place(self):
        self.file.write_text('{"debounce_ms": 1,\n "of_mine": 2}\n')
        result = self.ran(1, "config")
        self.assertIn(".nexus/config.json:1:17: warning: debounce_ms must be a whole number", result.err)
        self.assertIn('.nexus/config.json:2:2: warning: no setting is called "of_mine"', result.err)
        self.file.write_text("[1")
        self.assertIn("'.nexus/config.json', line 1", self.ran(3, "config").err)
        self.ran(3, "config", "debounce_ms", "1000")
        self.assertEqual(self.file.read_text(), "[1")

    @contextlib.contextmanager
    def watch(self):
        daemon = subprocess.Popen([self.program, "watch"], cwd=self.vault, env=program.environment(self.home),
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield daemon
        finally:
            daemon.send_signal(signal.SIGTERM)
            self.assertEqual(daemon.wait(program.TIMEOUT_S), 0)

    def keep_a_secret(self):
        self.ran(0, "config", "ignore", '["*.secret.md"]')
        self.write({"a.secret.md": "x", "b.md": "x"})

    def assert_kept(self):
        self.ran(0, "sync")
        self.assertEqual(self.ran(0, "query", "SELECT path FROM objects", "--format", "list").out, "b.md\n")

    def test_a_daemon_knows_it_at_once(self):
        with self.watch():
            self.ran(0, "sync")  # waits for whoever is at work
            self.keep_a_secret()
            self.assert_kept()

    @contextlib.contextmanager
    def locked(self):
        descriptor = os.open(self.vault / ".nexus", os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def wait_until(self, condition):
        end = time.monotonic() + program.TIMEOUT_S
        while not condition():
            self.assertLess(time.monotonic(), end, "it did not happen")
            time.sleep(0.005)  # between two looks

    def wait_for_pauses(self, process):
        """Until it has tried to lock the vault in vain: it has read the settings before."""
        status = pathlib.Path(f"/proc/{process.pid}/status")
        self.wait_until(lambda: int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", status.read_text(), re.M)[1]) > 5)

    def wait_until_followed(self):
        self.wait_until(lambda: self.ran(0, "status", "--json").json()["daemon"])

    def test_a_daemon_that_waits_for_the_vault_knows_what_was_changed_meanwhile(self):
        with contextlib.ExitStack() as daemons:
            with self.locked():
                daemon = daemons.enter_context(self.watch())
                self.wait_for_pauses(daemon)
                self.keep_a_secret()
            self.wait_until_followed()
            self.assert_kept()



if __name__ == "__main__":
    program.main()
