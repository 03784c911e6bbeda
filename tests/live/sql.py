# SPDX-License-Identifier: MIT
"""The stock sqlite3 shell at a test's vault, and what is in its files."""

import subprocess

from live import LiveTest

SHELL = ["sqlite3", "-batch", "-bail", ".nexus/vault.sqlite"]


def run(test, text):
    """As users have it, but that it waits when somebody else is writing."""
    return subprocess.run(SHELL, input=f".timeout 30000\n{text}\n", cwd=test.root, capture_output=True, text=True,
                          timeout=300)


def sql(test, text):
    """The answer's lines. Fails when the shell does."""
    done = run(test, text)
    if done.returncode or done.stderr:
        test.fail(f"sqlite3: {done.stderr}\n{text[:500]}")
    return done.stdout.splitlines()


def try_sql(test, text):
    """Whether the shell took it."""
    done = run(test, text)
    return not done.returncode and not done.stderr


def read(test, path):
    """b"" when there is none."""
    try:
        return (test.root / path).read_bytes()
    except FileNotFoundError:
        return b""


class RowTest(LiveTest):
    """Notes whose `mood` is changed with SQL."""

    sql = sql
    try_sql = try_sql
    read = read

    def set(self, path, mood):
        self.sql("UPDATE object_content SET content_json = json_set(content_json, '$.mood', "
                 f"'{mood}') WHERE object_id = (SELECT id FROM data_objects WHERE file_path = '{path}')")

    def problem(self, path):
        return " ".join(message for (message,) in self.query("SELECT message FROM problems WHERE path = ?", path))

    def assert_written(self, path, mood):
        self.wait_until(lambda: f"mood: {mood}".encode() in self.read(path) if mood else self.read(path))
        self.sync()
        self.assertEqual(self.query("SELECT count(*) FROM nx_outbox"), [(0,)])
        self.assertEqual(self.query("SELECT state FROM files WHERE path = ?", path), [("synced",)])
        self.assertEqual(self.problem(path), "")

    def notes(self, count=1, folder=""):
        for number in range(count):
            self.write(f"{folder}n{number}.md", f"---\nmood: calm # {number}\nn: 1.10\n---\n# Note {number}\n\nWords.\n")
