# SPDX-License-Identifier: MIT
"""What the tests of writing share: a vault that a stock sqlite3 shell and `nexus watch` may be at as well."""

import os
import pathlib
import signal
import subprocess

import program

NOTE = """---
title: 'Alpha'   # the first
tags: [x, y]
---
# A

- [ ] one
"""
TODOS = """{"schema": "core.todo", "version": 1, "data": [
  {"id": 1, "text": "one", "price": 1.10},
  {"id": 7, "text": "seven"}
]}
"""
JOURNAL = """---
title: Monday
content_warning: none
---
Rain.
"""
FILES = {"a.md": NOTE, "todos.json": TODOS, "sub/b.md": JOURNAL, "plain.json": '{"k": 1.50}'}


class Writing(program.Test):
    """The words of the tests."""

    is_followed = False

    def setUp(self):
        super().setUp()
        self.make_vault(FILES)
        if self.is_followed:
            self.follow()

    def follow(self):
        daemon = subprocess.Popen([self.program, "watch"], cwd=self.vault, env=program.environment(self.home),
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.stop, daemon)
        while not self.ran(0, "status", "--json").json()["daemon"]:
            self.assertIsNone(daemon.poll())

    def stop(self, daemon):
        daemon.send_signal(signal.SIGTERM)
        self.assertEqual(daemon.wait(program.TIMEOUT_S), 0)

    def shell(self, sql):
        """What the stock shell says, which waits for others as a person would."""
        done = subprocess.run(["sqlite3", "-bail", "-cmd", ".timeout 30000", self.vault / ".nexus" / "vault.sqlite", sql],
                              check=True, timeout=program.TIMEOUT_S, capture_output=True)
        return done.stdout.decode().rstrip("\n")

    def read(self, path):
        return (self.vault / path).read_text()

    def there(self, path):
        return (self.vault / path).exists()

    def says(self, path, before, after):
        """The file is as it was at first, but for one place."""
        self.assertEqual(self.read(path), FILES[path].replace(before, after))

    def settled(self):
        """Both sides are in step: a sync finds nothing to do."""
        report = self.ran(0, "sync", "--json").json()["sync"]
        for name in ("written", "refused", "conflicts", "waiting", "held_writes", "objects_updated", "objects_created"):
            self.assertEqual(report[name], 0, (name, report))

    def refused(self, *words):
        """Exit code 1, a reason on stderr, nothing on stdout, and no file changed."""
        before = self.tree()
        result = self.ran(1, *words)
        self.assertEqual(result.out, "")
        self.assertEqual(self.tree(), before)
        return result.err

    def tree(self):
        files = {}
        for folder, folders, names in os.walk(self.vault):
            folders[:] = [name for name in folders if name != ".nexus"]
            for name in names:
                if name.startswith(".nexus-"):
                    continue  # what was displaced a moment ago
                path = os.path.join(folder, name)
                files[os.path.relpath(path, self.vault)] = pathlib.Path(path).read_bytes()
        return files
