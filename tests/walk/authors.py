# SPDX-License-Identifier: MIT
"""A vault with the program, and those who write into it: each version that they save carries a token."""

import collections
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import time

import oracle

LIMIT_S = 120
FOLDERS = ["", "a/", "b/", "a/deep/"]


class Finding(Exception):
    """Something does not hold."""


class Authors:
    """Whoever writes into one vault, and what of it must never be lost."""

    def __init__(self, program, seed, scratch, alone):
        self.program, self.seed, self.alone = program, seed, alone
        self.chance = random.Random(seed)
        self.scratch = pathlib.Path(scratch)
        self.root = self.scratch / "vault"
        (self.scratch / "run").mkdir(mode=0o700)
        self.root.mkdir()
        self.environment = dict(os.environ, XDG_RUNTIME_DIR=str(self.scratch / "run"), NO_COLOR="1", TZ="UTC")
        self.oracle = oracle.Oracle(program, self.root, scratch, self.environment)
        self.daemon = None
        self.policy = None    # the setting 'conflict', unless it is the default
        self.wanted = set()   # tokens that must be somewhere
        self.numbers = collections.Counter()
        self.counts = collections.Counter()
        self.log = []
        self.snapshot = None

    # --- the program ---

    def nexus(self, *arguments):
        done = subprocess.run([self.program, "-C", str(self.root), *arguments], env=self.environment, timeout=LIMIT_S,
                              stdin=subprocess.DEVNULL, capture_output=True)
        if done.returncode not in (0, 1):
            raise Finding(f"nexus {' '.join(arguments)} exits {done.returncode}: {done.stderr.decode()}")
        return done

    def sync(self):
        self.nexus("sync")

    def start_daemon(self):
        if self.daemon or self.alone:
            return
        self.daemon = subprocess.Popen([self.program, "-C", str(self.root), "watch"], env=self.environment,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=(self.scratch / "told").open("wb"))
        if self.chance.random() < 0.5:
            return
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end and json.loads(self.nexus("status", "--json").stdout)["daemon"] is None:
            time.sleep(0.01)  # between two looks

    def end_daemon(self, how=signal.SIGTERM):
        if self.daemon:
            self.daemon.send_signal(how)
            code = self.daemon.wait(LIMIT_S)
            self.daemon = None
            if how == signal.SIGTERM and code not in (0, -signal.SIGTERM):
                raise Finding(f"nexus watch exits {code}: {(self.scratch / 'told').read_text()}")

    def sql(self, script, *parameters):
        """What a shell would do, and whether anything was written: it may be refused at once, and its row may be gone by now."""
        database = sqlite3.connect(self.root / ".nexus/vault.sqlite", timeout=30)
        try:
            with database:
                database.execute(script, parameters)
            return database.total_changes > 0
        except sqlite3.IntegrityError as refusal:
            self.note(f"  refused: {refusal}")
            return False
        finally:
            database.close()

    # --- versions ---

    def note(self, text):
        self.log.append(text)

    def token(self):
        self.numbers["token"] += 1
        token = f"T{self.numbers['token']:06d}Z"
        return token

    def mark(self):
        self.numbers["mark"] += 1
        return f"W{self.numbers['mark']:06d}Q"

    def files(self, *endings):
        found = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            found += [(pathlib.Path(folder) / name).relative_to(self.root).as_posix() for name in names
                      if name.endswith(endings or (".md", ".json")) and not name.startswith(".")]
        return sorted(found)

    def read(self, path):
        try:
            return (self.root / path).read_bytes()
        except FileNotFoundError:
            return b""

    def row_tokens(self, path):
        """What the rows of a file say; with a daemon they may reach the file at any moment, also one that was renamed and
        whose rows still have the former name: the marks tell whose they are."""
        marks = oracle.MARK.findall(self.read(path).decode(errors="replace"))
        found = set()
        for file_path, content in self.oracle.query("SELECT o.file_path, c.content_json FROM data_objects o"
                                                    " JOIN object_content c ON c.object_id = o.id"):
            if (file_path or "").split("#")[0] == path or any(mark in content for mark in marks):
                found |= oracle.tokens(content)
        return found

    def seen(self, path):
        """What an author who overwrites the file knows of. The file comes last: it may be written this very moment."""
        rows = self.row_tokens(path) if self.daemon else set()
        return rows | oracle.tokens(self.read(path))

    def over(self, before, after):
        """An author wrote `after` over `before`."""
        self.wanted -= before - after
        self.wanted |= after

    def stand_in(self, path, was, content):
        """What another file had come to is what it was on the branch: the object at the path goes on with that."""
        if was is not None and oracle.mark(was.decode(errors="replace")) != oracle.mark(content.decode(errors="replace")):
            self.oracle.excuse(was, content, paths=[path])

    def fresh_path(self, ending):
        self.numbers["path"] += 1
        return f"{self.chance.choice(FOLDERS)}n{self.numbers['path']}{ending}"

    # --- saving, as editors do ---

    def save(self, path, content, how=None):
        how = how or self.chance.choice(["truncate", "rename", "vim", "copy-back"])
        file = self.root / path
        before = self.seen(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(file.name + "~")
        if how == "truncate" or not file.exists():
            file.write_bytes(content)
        elif how == "rename":
            beside.write_bytes(content)
            os.replace(beside, file)
        elif how == "vim":
            os.rename(file, beside)
            file.write_bytes(content)
            beside.unlink()
        else:
            beside.write_bytes(content)
            shutil.copy2(beside, file)
            beside.unlink()
        self.over(before | (self.seen(path) if self.daemon else set()) - oracle.tokens(content), oracle.tokens(content))
        self.note(f"  saved {path} ({how}): {sorted(oracle.tokens(content))}")

    def shift_time(self, path):
        now = time.time()
        when = self.chance.choice([now - 86400, now + 86400, now - 2, now + 2, 0, -86400, 2**31, int(now), None])
        if when is None:
            rows = self.oracle.query("SELECT strftime('%s', updated_at) FROM data_objects WHERE file_path = ?", path)
            when = float(rows[0][0]) if rows else now
        try:
            os.utime(self.root / path, (when, when))
        except FileNotFoundError:
            return
        self.note(f"  time of {path}: {when - now:+.0f} s")

    def edited(self, content):
        """With one token replaced, or one more."""
        text = content.decode(errors="replace")
        there = sorted(set(oracle.TOKEN.findall(text)))
        token = self.token()
        if not there:
            return (text + f"\n{token}\n").encode()
        return text.replace(self.chance.choice(there), token).encode()
