# SPDX-License-Identifier: MIT
"""What the tests of writing with SQL share: a vault, and the stock sqlite3 shell as everybody has it.

No daemon runs, so nothing reaches the files: these tests look at the database alone.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

TIMEOUT_S = 120


class Refused(Exception):
    """The shell ended with an error; its text is the message."""


class Test(unittest.TestCase):
    files = {}

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="nexus-sql-")
        self.addCleanup(scratch.cleanup)
        self.vault = pathlib.Path(scratch.name).resolve() / "vault"
        for path, content in self.files.items():
            place = self.vault / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content)
        self.vault.mkdir(exist_ok=True)
        self.run_nexus("init")
        self.database = self.vault / ".nexus" / "vault.sqlite"

    def run_nexus(self, *words):
        home = {"PATH": os.environ["PATH"], "HOME": str(self.vault.parent), "LC_ALL": "C.UTF-8"}
        home.update({name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")})
        subprocess.run([os.environ["NEXUS"], *words], cwd=self.vault, env=home, check=True, capture_output=True,
                       timeout=TIMEOUT_S)

    def sql(self, *statements):
        """Runs them in one shell; its lines, columns between bars."""
        done = subprocess.run(["sqlite3", "-batch", "-bail", self.database, *statements], capture_output=True,
                              text=True, timeout=TIMEOUT_S)
        if done.returncode != 0:
            raise Refused(done.stderr.strip())
        return done.stdout.splitlines()

    def assert_refused(self, sentence, statement):
        """It fails with that sentence, and leaves no trace."""
        before = self.everything()
        with self.assertRaises(Refused) as refusal:
            self.sql(statement)
        self.assertIn(sentence, str(refusal.exception))
        self.assertEqual(self.everything(), before)

    def everything(self):
        return self.sql("SELECT * FROM data_objects", "SELECT * FROM object_content", "SELECT * FROM object_permissions",
                        "SELECT * FROM nx_outbox", "SELECT * FROM changes", "SELECT * FROM tasks")

    def content(self, path):
        return self.sql(f"SELECT content_json FROM object_content JOIN data_objects ON id = object_id"
                        f" WHERE file_path = '{path}'")[0]

    def told(self):
        """What the feed says of writing with SQL."""
        return self.sql("SELECT op, coalesce(path, '-'), coalesce(old_path, '-') FROM changes WHERE origin = 'sql'"
                        " ORDER BY seq")

    def outbox(self):
        """Who is in it, and what the content was."""
        return self.sql("SELECT CASE WHEN is_new THEN 'new' ELSE file_path END, coalesce(content_json, '-')"
                        " FROM nx_outbox ORDER BY object_id")

    def assert_sound(self):
        """Nothing is out of step: the file, what belongs together, the search index and its content."""
        self.assertEqual(self.sql("PRAGMA integrity_check"), ["ok"])
        self.assertEqual(self.sql("PRAGMA foreign_key_check"), [])
        self.sql("INSERT INTO search(search) VALUES('integrity-check')")
        self.sql("INSERT INTO search(search, rank) VALUES('integrity-check', 1)")


def main():
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])
