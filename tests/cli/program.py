# SPDX-License-Identifier: MIT
"""What the tests of the command line share: a vault in a folder of its own, and running the program.

A test module is run as `MODULE.py PROGRAM`; its tests are unittest's, and their names are sentences.
"""

import fcntl
import json
import os
import pathlib
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIMEOUT_S = 60


SANITIZED = "ASAN_OPTIONS" in os.environ or "TSAN_OPTIONS" in os.environ


def environment(home, **more):
    """Nothing of whoever runs the tests gets in."""
    kept = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "xterm",
            "XDG_RUNTIME_DIR": str(home), **kept, **more}


class Result:
    """What a run left behind."""

    def __init__(self, code, out, err):
        self.code, self.bytes, self.out, self.err = code, out, out.decode(errors="replace"), err.decode(errors="replace")

    def json(self):
        """The one document that stands on stdout, read strictly: a key that stands twice is a mistake."""
        return json.loads(self.bytes.decode(), object_pairs_hook=once, parse_constant=no_constant)


def once(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"a key stands twice: {keys}")
    return dict(pairs)


def no_constant(name):
    raise ValueError(f"{name} is no JSON")


class Test(unittest.TestCase):
    """Each test has a folder of its own, `self.folder`, and in it the vault `self.vault` once it is made."""

    program = None

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="nexus-cli-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name).resolve()
        self.home = self.folder / "home"
        self.home.mkdir()
        self.vault = self.folder / "vault"

    def make_vault(self, files=None):
        """A vault with these files (path: content), indexed."""
        self.vault.mkdir()
        self.write(files or {})
        self.ran(0, "init")

    def write(self, files):
        for path, content in files.items():
            place = os.path.join(os.fsencode(self.vault), os.fsencode(path))
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "wb") as file:
                file.write(content if isinstance(content, bytes) else content.encode())

    def sqlite(self, sql):
        """What the stock shell does to the vault's database."""
        subprocess.run(["sqlite3", "-bail", self.vault / ".nexus" / "vault.sqlite", sql], check=True, timeout=TIMEOUT_S)

    def run_nexus(self, *words, folder=None, stdin=b"", stdout=subprocess.PIPE, **more):
        """Runs `nexus WORDS` in the folder (default: the vault's root). `more` are environment variables."""
        done = subprocess.run([self.program, *words], input=stdin, stdout=stdout, stderr=subprocess.PIPE,
                              cwd=folder or self.vault, env=environment(self.home, **more), timeout=TIMEOUT_S)
        return Result(done.returncode, done.stdout or b"", done.stderr)

    def ran(self, code, *words, **how):
        """As run_nexus(), and it must end with this code."""
        result = self.run_nexus(*words, **how)
        self.assertEqual(result.code, code, f"nexus {words}\n{result.out}\n{result.err}")
        return result

    def measured(self, *words):
        """Runs it; how many bytes it printed, and its greatest size in memory in KiB."""
        process = subprocess.Popen([self.program, *words], stdout=subprocess.PIPE, cwd=self.vault,
                                   env=environment(self.home))
        size = 0
        while part := process.stdout.read(1 << 20):
            size += len(part)
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        return size, usage.ru_maxrss

    def on_terminal(self, *words, columns=80, folder=None, **more):
        """Runs it on a terminal; what came there, of stdout and stderr, and the exit code."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen([self.program, *words], stdin=theirs, stdout=theirs, stderr=theirs,
                                   cwd=folder or self.vault, env=environment(self.home, **more),
                                   start_new_session=True)
        os.close(theirs)
        out = read_all(ours)
        os.close(ours)
        return Result(process.wait(TIMEOUT_S), out.replace(b"\r\n", b"\n"), b"")


def read_all(descriptor):
    """A terminal's end is an error (EIO) in Linux."""
    out = b""
    while select.select([descriptor], [], [], TIMEOUT_S)[0]:
        try:
            part = os.read(descriptor, 65536)
        except OSError:
            return out
        if not part:
            return out
        out += part
    raise TimeoutError(out)


def main():
    Test.program = str(pathlib.Path(sys.argv.pop(1)).resolve(strict=True))
    unittest.main(verbosity=2)
