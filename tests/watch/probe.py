# SPDX-License-Identifier: MIT
"""A running watch_probe, and what an engine would make of what it says.

Nothing here sleeps to let something happen: a test waits for the line that it wants, with a generous
limit, or asks for a flush and reads up to its answer.
"""

import collections
import os
import pathlib
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse

LIMIT = 60  # seconds: far more than anything here takes
AGAIN = 10  # seconds: what is made again so soon is the same document (git takes a file away to write it anew)
PROGRAM = os.environ.get("WATCH_PROBE", "watch_probe")

Line = collections.namedtuple("Line", "kind path moved_from batch at_ns size content")


def unescape(text):
    return os.fsdecode(urllib.parse.unquote_to_bytes(text))


def parse(text):
    fields = text.rstrip("\n").split("\t")
    if len(fields) < 7:
        return Line(fields[0], fields[1] if len(fields) > 1 else "", "", 0, 0, 0, b"")
    kind, path, moved_from, batch, at_ns, size, content = fields
    return Line(kind, unescape(path), unescape(moved_from), int(batch), int(at_ns), int(size),
                urllib.parse.unquote_to_bytes(content))


def skipped_by_rule(name):
    """The built-in rules, as far as these tests meet them."""
    return name.startswith((".", "~$")) or name.endswith(("~", ".swp", "___jb_tmp___", "___jb_old___")) or \
        name == "node_modules" or (name.startswith("#") and name.endswith("#"))


def is_inside(root, path):
    """Whether no symbolic link leads from the root to the path."""
    return os.path.realpath(path) == os.path.normpath(os.path.join(os.path.realpath(root), os.path.relpath(path, root)))


def files_below(root, top=""):
    """Relative path -> bytes of every regular file that no rule leaves alone."""
    found = {}
    if not is_inside(root, os.path.join(root, top)):
        return found
    for folder, folders, names in os.walk(os.path.join(root, top)):
        folders[:] = [name for name in folders if not skipped_by_rule(name)]
        for name in names:
            path = os.path.join(folder, name)
            if not skipped_by_rule(name) and os.path.isfile(path) and not os.path.islink(path):
                try:
                    found[os.path.relpath(path, root)] = pathlib.Path(path).read_bytes()
                except OSError:
                    continue  # gone, or not to be read
    return found


class Index:
    """What an engine knows: an id and the content of each path. It follows the contract of nomination.h
    as simply as can be, so it shows what the nominations are worth."""

    def __init__(self, root):
        self.root = root
        self.files, self.ids, self.next_id = {}, {}, 0
        self.history = collections.defaultdict(list)  # path -> contents, as told
        self.deleted = []                             # paths, as told
        self.gone = {}                                # path -> id and when, of what was there a moment ago
        for path, content in files_below(root).items():
            self.put(path, content)

    def new_id(self):
        self.next_id += 1
        return self.next_id

    def came_at(self, path):
        """When the file came to its place, however much later it is told of and read here."""
        try:
            return os.stat(os.path.join(self.root, path), follow_symlinks=False).st_ctime
        except OSError:
            return time.time()

    def put(self, path, content):
        if path not in self.ids:
            identity, when = self.gone.pop(path, (None, 0))
            again = identity is not None and self.came_at(path) - when < AGAIN
            self.ids[path] = identity if again else self.new_id()
        if self.files.get(path) != content:
            self.history[path].append(content)
        self.files[path] = content

    def forget(self, path):
        if path in self.files:
            self.deleted.append(path)
            self.gone[path] = self.ids[path], time.time()
            del self.files[path], self.ids[path]

    def on_disk(self, path):
        full = os.path.join(self.root, path)
        return os.path.isfile(full) and is_inside(self.root, full)

    def move(self, moves):
        """Files that moved within one batch, all at once: a doc follows where its own path has no file any
        more, or has another one that moved there."""
        arrivals = {line.path for line in moves}
        taken = {}
        for line in moves:
            old = line.moved_from
            if old in self.ids and (old in arrivals or not self.on_disk(old)):
                taken[line.path] = (self.ids[old], self.files[old])
        for line in moves:
            if line.path in taken:
                self.ids.pop(line.moved_from, None)
                self.files.pop(line.moved_from, None)
        for path, (identity, content) in taken.items():
            self.ids[path], self.files[path] = identity, content

    def rename_below(self, old, new):
        for table in (self.files, self.ids):
            for path in [path for path in table if path.startswith(old + "/")]:
                table[new + path[len(old):]] = table.pop(path)

    def look_through(self, top):
        now = files_below(self.root, top)
        for path, content in now.items():
            self.put(path, content)
        prefix = top + "/" if top else ""
        for path in [path for path in self.files if path.startswith(prefix) and path not in now]:
            if not self.on_disk(path):
                self.forget(path)

    def take(self, lines):
        """A batch."""
        self.move([line for line in lines if line.kind in ("file", "busy", "changed") and line.moved_from])
        for line in lines:
            if line.kind in ("file", "open-file"):
                content = line.content
                if line.size > len(content):
                    content = (pathlib.Path(self.root) / line.path).read_bytes()
                self.put(line.path, content)
            elif line.kind == "folder-moved":
                self.rename_below(line.moved_from, line.path)
            elif line.kind in ("folder", "overflow"):
                self.look_through(line.path)
        for line in lines:
            if line.kind == "missing":
                self.forget(line.path)


class Probe:
    def __init__(self, root, *options, wrapper=(), cwd=None):
        self.root = str(root)
        self.lines, self.seen = queue.Queue(), []
        self.process = subprocess.Popen([*wrapper, PROGRAM, *options, self.root], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd)
        threading.Thread(target=self.read, daemon=True).start()
        self.errors = []
        threading.Thread(target=self.read_errors, daemon=True).start()
        self.ready_us = int(self.wait_for(lambda line: line.kind == "ready").path)
        self.index = Index(self.root)
        self.batch = []

    def read(self):
        for text in self.process.stdout:
            self.lines.put(parse(text.decode()))
        self.lines.put(None)

    def read_errors(self):
        for text in self.process.stderr:
            self.errors.append(text.decode())

    def next(self, limit=LIMIT):
        line = self.lines.get(timeout=limit)
        if line is None:
            raise EOFError("the probe ended: " + "".join(self.errors))
        self.seen.append(line)
        if hasattr(self, "index"):
            self.follow(line)
        return line

    def follow(self, line):
        """Gives the index whole batches; a batch is known to be complete when something else comes."""
        if self.batch and (line.batch != self.batch[0].batch or line.kind in ("flushed", "stats")):
            self.index.take(self.batch)
            self.batch = []
        if line.kind not in ("flushed", "stats", "child", "closed"):
            self.batch.append(line)

    def wait_for(self, wanted, limit=LIMIT):
        end = time.monotonic() + limit
        while True:
            line = self.next(max(0.01, end - time.monotonic()))
            if wanted(line):
                return line

    def wait_path(self, path, kind="file", limit=LIMIT):
        return self.wait_for(lambda line: line.kind == kind and line.path == path, limit)

    def tell(self, command):
        self.process.stdin.write(command.encode() + b"\n")
        self.process.stdin.flush()

    def flush(self):
        """Everything that has happened up to now is in the index then, unless a writer has it open."""
        while True:
            self.tell("flush")
            start = len(self.seen)
            self.wait_for(lambda line: line.kind == "flushed")
            if not any(line.kind in ("busy", "changed", "not-found", "refused") for line in self.seen[start:]):
                return

    def settle(self):
        """Waits, without hurrying anything, until nothing is pending any more."""
        while int(self.stats()["waiting"]) + int(self.stats()["queued"]):
            time.sleep(0.02)
        self.flush()

    def stats(self):
        self.tell("stats")
        line = self.wait_for(lambda line: line.kind == "stats")
        return dict(pair.split("=") for pair in line.path.split(" "))

    def told(self, path):
        return [line for line in self.seen if line.path == path]

    def close(self):
        if self.process.poll() is None:
            try:
                self.tell("quit")
                self.wait_for(lambda line: line.kind == "closed")
            except (EOFError, BrokenPipeError):
                pass
        code = self.process.wait(LIMIT)
        assert code == 0, f"the probe ended with {code}: " + "".join(self.errors)
        assert not self.errors, "the probe wrote: " + "".join(self.errors)


class WatchTest(unittest.TestCase):
    """A test with a folder of its own. `start` watches it."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="nexus-watch-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.root = pathlib.Path(self.folder) / "vault"
        self.root.mkdir()

    def start(self, *options, **more):
        probe = Probe(self.root, *options, **more)
        self.addCleanup(self.stop, probe)
        return probe

    def stop(self, probe):
        if probe.process.poll() is None:
            probe.process.kill()
        probe.process.wait()
        for stream in (probe.process.stdin, probe.process.stdout, probe.process.stderr):
            try:
                stream.close()
            except OSError:
                pass

    def write(self, path, content="x\n"):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def need(self, *programs):
        for program in programs:
            if not shutil.which(program):
                self.skipTest(f"{program} is not installed")

    def run_in(self, *command, **more):
        """Runs a program in the vault."""
        return subprocess.run(command, cwd=self.root, check=True, capture_output=True, timeout=LIMIT,
                              stdin=subprocess.DEVNULL, **more)

    def shell(self, script):
        return self.run_in("sh", "-c", script)

    def assert_exact(self, probe):
        """The index holds exactly what is on the disk, and the probe ends well."""
        probe.flush()
        self.assertEqual(probe.index.files, files_below(self.root))
        probe.close()

    def watched(self, probe):
        """The inodes that the kernel has a watch on for the probe."""
        return [int(inode, 16) for info in pathlib.Path(f"/proc/{probe.process.pid}/fdinfo").iterdir()
                for inode in re.findall("^inotify wd:.* ino:([0-9a-f]+)", info.read_text(), re.MULTILINE)]

    def watched_folders(self, probe):
        """How many they are, less the one on the folder above the vault."""
        return len(self.watched(probe)) - 1

    def assert_all_watched(self, probe, said=None):
        """Each folder is, and no other."""
        names = {os.stat(folder).st_ino: os.fsdecode(folder) for folder in (
            os.path.dirname(self.root), self.root,
            *(os.path.join(parent, name) for parent, names, _ in os.walk(self.root) for name in names
              if not skipped_by_rule(name)))}
        self.assertEqual(sorted(names.get(inode, f"inode {inode}, which is gone") for inode in self.watched(probe)),
                         sorted(names.values()), said)


def main():
    """`FILE.py TEST` runs one test; 77 says that it was skipped."""
    program = unittest.main(module="__main__", exit=False, verbosity=2, defaultTest=None)
    if program.result.skipped and program.result.testsRun == len(program.result.skipped):
        sys.exit(77)
    sys.exit(0 if program.result.wasSuccessful() else 1)
