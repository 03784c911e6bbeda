# SPDX-License-Identifier: MIT
"""A vault that `nexus watch` follows, and what its database says.

Nothing sleeps to let something happen: a test waits until a row is right, with a generous limit, or asks
`nexus sync`, which returns when everything that has happened is in the database.
"""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

for neighbour in ("cases", "watch"):
    sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / neighbour))
import index  # noqa: E402

LIMIT = 60  # seconds: far more than anything here takes
PROGRAM = os.environ.get("NEXUS", "nexus")
NOBODY = 65534


class LiveTest(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="nexus-live-"))
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)
        self.root = self.scratch / "vault"
        self.root.mkdir()
        runtime = self.scratch / "run"
        runtime.mkdir(mode=0o700)
        self.environment = dict(os.environ, XDG_RUNTIME_DIR=str(runtime), NO_COLOR="1")
        self.wrapper = []  # runs every program of the test, as another user for example
        self.process = None
        self.addCleanup(self.stop)

    # --- the program

    def nexus(self, *arguments, check=True):
        done = subprocess.run([*self.wrapper, PROGRAM, "-C", str(self.root), *arguments], env=self.environment, timeout=300,
                              stdin=subprocess.DEVNULL, capture_output=True)
        if check and done.returncode not in (0, 1):
            self.fail(f"nexus {' '.join(arguments)}: {done.returncode}\n{done.stderr.decode()}")
        return done

    def start(self, namespace=()):
        """The daemon, when it is ready."""
        if not (self.root / ".nexus").exists():
            self.nexus("init")
        self.process = subprocess.Popen([*namespace, *self.wrapper, PROGRAM, "-C", str(self.root), "watch"], env=self.environment,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE)
        self.wait_until(lambda: self.process.poll() is not None or self.daemon() is not None)
        if self.process.poll() is not None:
            self.fail("nexus watch ended: " + self.process.stderr.read().decode())

    def stop(self, how=signal.SIGTERM):
        if not self.process:
            return
        process, self.process = self.process, None
        process.send_signal(how)
        process.wait(LIMIT)
        process.stderr.close()
        if how == signal.SIGTERM:
            self.assertEqual(process.returncode, 0, "nexus watch ends cleanly")

    def daemon(self):
        return json.loads(self.nexus("status", "--json").stdout)["daemon"]

    def sync(self):
        return json.loads(self.nexus("sync", "--json").stdout)["sync"]

    def wait_until(self, condition, limit=LIMIT):
        """Returns what the condition gives when that is true."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            time.sleep(0.005)  # between two looks, not for something to happen
        self.fail("it did not happen")

    def switches(self):
        """How often the daemon's threads gave up the processor by themselves."""
        return sum(int(line.split()[1]) for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir()
                   for line in (task / "status").read_text().splitlines() if line.startswith("voluntary_ctxt_switches"))

    def freeze(self):
        """Stops the daemon at a moment when it does not hold the database's lock; SIGCONT lets it go on."""
        def stop_without_lock():
            self.process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)
            with contextlib.closing(sqlite3.connect(self.root / ".nexus/vault.sqlite", timeout=0, isolation_level=None)) as shell:
                try:
                    shell.execute("BEGIN IMMEDIATE")
                    shell.execute("ROLLBACK")
                    return True
                except sqlite3.OperationalError:
                    self.process.send_signal(signal.SIGCONT)
                    return False
        self.wait_until(stop_without_lock)

    # --- another user

    def as_nobody(self):
        """A wrapper under which the daemon may not read everything, as root may."""
        if os.geteuid() != 0:
            return []
        self.need("setpriv")
        wrapper = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        os.chmod(self.scratch, 0o755)
        if subprocess.run([*wrapper, "test", "-x", PROGRAM], check=False).returncode:
            self.skipTest("the program cannot be run by another user")
        return wrapper

    def give_away(self):
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", str(self.scratch)], check=True)

    # --- the vault

    def write(self, path, content="x\n"):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def move(self, a, b):
        os.rename(self.root / a, self.root / b)

    def shell(self, script, **more):
        return subprocess.run(["sh", "-c", script], cwd=self.root, check=True, capture_output=True,
                              timeout=LIMIT * 5, stdin=subprocess.DEVNULL, **more)

    def need(self, *programs):
        for program in programs:
            if not shutil.which(program):
                self.skipTest(f"{program} is not installed")

    # --- the database

    def query(self, sql, *parameters):
        database = sqlite3.connect(f"file:{self.root}/.nexus/vault.sqlite?mode=ro", uri=True, timeout=30)
        try:
            database.text_factory = lambda text: text.decode(errors="surrogateescape")
            return database.execute(sql, parameters).fetchall()
        finally:
            database.close()

    def problem_of(self, path):
        return "; ".join(message for (message,) in self.query("SELECT message FROM problems WHERE path = ?", path))

    def ids(self):
        """path -> uid of every object."""
        return dict(self.query("SELECT path, uid FROM objects"))

    def content(self, path):
        rows = self.query("SELECT c.content_json FROM data_objects o JOIN object_content c ON c.object_id = o.id"
                          " WHERE o.file_path = ?", path)
        return json.loads(rows[0][0])["content"] if rows else None

    def share(self, *paths, to=1):
        """Marks objects as their owner would, so that one can see whether the mark follows them."""
        database = sqlite3.connect(self.root / ".nexus/vault.sqlite", timeout=30)
        for path in paths:
            database.execute("UPDATE object_permissions SET share_with_ai = ? WHERE object_id ="
                             " (SELECT id FROM data_objects WHERE file_path = ?)", (to, path))
        database.commit()
        database.close()

    def shared(self):
        return {path for (path,) in self.query("SELECT path FROM objects WHERE share_with_ai")}

    def assert_exact(self):
        """The index is, row for row, what a fresh one of these files would be."""
        self.sync()
        self.share(*self.shared(), to=0)  # what only the database knows
        fresh = self.scratch / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(self.root, fresh, symlinks=True, ignore=shutil.ignore_patterns(".nexus"))
        subprocess.run([PROGRAM, "init", str(fresh)], env=self.environment, check=True, timeout=300,
                       stdin=subprocess.DEVNULL, capture_output=True)
        ours, theirs = (set(index.comparable(root).splitlines()) for root in (self.root, fresh))
        only = {row for row in ours ^ theirs if b"'recovered'" not in row}  # that the database was away is told
        if only:
            self.fail(f"{len(only)} rows differ, such as:\n" + "\n".join(map(repr, sorted(only)[:10])))


def main():
    """`FILE.py Class.test_name` runs one test; 77 says that it was skipped."""
    program = unittest.main(module="__main__", exit=False, verbosity=2, defaultTest=None)
    if program.result.skipped and program.result.testsRun == len(program.result.skipped):
        sys.exit(77)
    sys.exit(0 if program.result.wasSuccessful() else 1)
