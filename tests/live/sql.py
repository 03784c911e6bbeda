# SPDX-License-Identifier: MIT
"""The stock sqlite3 shell at a test's vault, and what is in its files."""

import subprocess

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
