# SPDX-License-Identifier: MIT
"""Whatever happens to files and database, nobody sees more than the owner last said.

usage: never_looser.py NEXUS GATE_PROBE

A walk by chance, NEXUS_STEPS steps (default 40) of each of NEXUS_SEEDS walks (default 1, from NEXUS_SEED on): decisions by
the command and with SQL, renames, moves, edits, copies, deletions, files that come back, an id that somebody wants again,
and a database that is lost. A model keeps what was said last of each note; a note is known by a word in it that no other
has. After each step whoever is the AI or the cloud sees no word that the model does not allow. Where nobody interferes,
they also see what it allows."""

import collections
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

STEPS = int(os.environ.get("NEXUS_STEPS", "40"))
SEEDS = int(os.environ.get("NEXUS_SEEDS", "1"))
FIRST_SEED = int(os.environ.get("NEXUS_SEED", "1"))
WORD = re.compile(r"zz[a-z]{8}")
AUDIENCES = ("ai", "cloud")
FOLDERS = ["", "work/", "private/", "work/deep/"]


class Walk:
    def __init__(self, nexus, probe, seed, scratch):
        self.nexus, self.probe = nexus, probe
        self.rng = random.Random(seed)
        self.vault = scratch / "vault"
        self.vault.mkdir()
        self.environment = {**os.environ, "XDG_RUNTIME_DIR": str(scratch)}
        self.paths = {}  # word -> path of a note that is there
        self.gone = {}  # word -> path and text of one that was deleted
        self.allowed = collections.defaultdict(set)  # word -> audiences, as it was last said
        self.steps = []
        for _ in range(8):
            self.create()
        self.run("init")

    # --- the world

    def run(self, *words):
        done = subprocess.run([self.nexus, "-C", self.vault, *words], env=self.environment, capture_output=True, text=True,
                              timeout=120, check=False)
        if done.returncode not in (0, 1):
            raise AssertionError(f"{words}: {done.returncode} {done.stderr}")
        return done.stdout

    def sqlite(self, sql):
        subprocess.run(["sqlite3", "-bail", self.vault / ".nexus/vault.sqlite", sql], check=True, timeout=60)

    def some_path(self):
        return f"{self.rng.choice(FOLDERS)}n{self.rng.randrange(10 ** 6)}.md"

    def write(self, path, text):
        (self.vault / path).parent.mkdir(parents=True, exist_ok=True)
        (self.vault / path).write_text(text)

    def one(self):
        return self.rng.choice(sorted(self.paths))

    # --- steps: each says what it did, and changes the model first where it tightens

    def create(self):
        word, path = "zz" + "".join(self.rng.choices("abcdefghij", k=8)), self.some_path()
        self.write(path, f"---\ntitle: {word}\n---\n# {word}\n")
        self.paths[word] = path
        return f"create {path}"

    def permit(self):
        word, who, to = self.one(), self.rng.choice(AUDIENCES), self.rng.choice(["on", "on", "off"])
        self.run("permit", self.paths[word], f"--{who}", to)
        (self.allowed[word].add if to == "on" else self.allowed[word].discard)(who)
        return f"permit {self.paths[word]} --{who} {to}"

    def permit_with_sql(self):
        word, who, to = self.one(), self.rng.choice(AUDIENCES), self.rng.randrange(2)
        self.sqlite(f"UPDATE object_permissions SET share_with_{who} = {to} WHERE object_id ="
                    f" (SELECT id FROM data_objects WHERE file_path = '{self.paths[word]}')")
        (self.allowed[word].add if to else self.allowed[word].discard)(who)
        return f"sql {self.paths[word]} {who} = {to}"

    def expire(self):
        word = self.one()
        self.run("permit", self.paths[word], "--expires", "2020-01-01")
        self.run("sync")
        self.run("permit", self.paths[word], "--expires", "never")  # revives nothing
        self.allowed[word].clear()
        return f"expire {self.paths[word]}"

    def rename(self):
        word, path = self.one(), self.some_path()
        (self.vault / path).parent.mkdir(parents=True, exist_ok=True)
        os.rename(self.vault / self.paths[word], self.vault / path)
        before, self.paths[word] = self.paths[word], path
        return f"rename {before} to {path}"

    def swap(self):
        a, b = self.one(), self.one()
        if a == b:
            return "nothing"
        spare = self.vault / "spare"
        for old, new in ((self.vault / self.paths[a], spare), (self.vault / self.paths[b], self.vault / self.paths[a]),
                         (spare, self.vault / self.paths[b])):
            os.rename(old, new)
        self.paths[a], self.paths[b] = self.paths[b], self.paths[a]
        return f"swap {self.paths[a]} and {self.paths[b]}"

    def move_with_sql(self):
        word, path = self.one(), self.some_path()
        self.sqlite(f"UPDATE data_objects SET file_path = '{path}' WHERE file_path = '{self.paths[word]}'")
        before, self.paths[word] = self.paths[word], path
        return f"sql move {before} to {path}"

    def edit(self):
        word = self.one()
        self.write(self.paths[word], f"---\ntitle: {word}\n---\n# {word} {self.rng.random()}\n")
        return f"edit {self.paths[word]}"

    def replace(self):
        """Another note under the name of one: who it is is another question than where it lies."""
        word = self.one()
        other = "zz" + "".join(self.rng.choices("klmnopqr", k=8))
        path = self.paths.pop(word)
        self.write("spare.new", f"---\ntitle: {other}\n---\nall new {self.rng.random()}\n")
        os.rename(self.vault / "spare.new", self.vault / path)
        # An editor saves like that, so it may count as an edit: what was said of the note is said of its next version.
        self.paths[other], self.allowed[other] = path, set(self.allowed[word])
        return f"replace {path}"

    def copy(self):
        word, path = self.one(), self.some_path()
        other = "zz" + "".join(self.rng.choices("stuvwxy", k=8))
        # The copy holds the word of the original: a copy that was shared by itself would show it.
        self.write(path, f"{(self.vault / self.paths[word]).read_text()}\n{other}\n")
        self.paths[other] = path
        return f"copy {self.paths[word]} to {path}"

    def delete(self):
        if len(self.paths) < 4:
            return "nothing"
        word = self.one()
        path = self.paths.pop(word)
        self.gone[word] = path, (self.vault / path).read_text()
        (self.vault / path).unlink()
        return f"delete {path}"

    def bring_back(self):
        if not self.gone:
            return "nothing"
        word = self.rng.choice(sorted(self.gone))
        path, text = self.gone.pop(word)
        if (self.vault / path).exists():
            return "nothing"
        if self.rng.random() < 0.5:
            path = self.some_path()
        self.write(path, text)
        self.paths[word] = path
        return f"bring back {path}"

    def take_an_old_id(self):
        """Somebody makes a note with SQL, and wants the id of one that is gone."""
        word, path = "zz" + "".join(self.rng.choices("bcdfgh", k=8)), self.some_path()
        self.sqlite(f"INSERT OR IGNORE INTO core_note(_path, title) VALUES('{path}', '{word}')")
        self.run("sync")
        if (self.vault / path).exists():
            self.paths[word] = path
        return f"sql create {path}"

    def lose_database(self):
        for file in (self.vault / ".nexus").glob("vault.sqlite*"):
            file.unlink()
        return "lose the database"

    # --- what must hold

    def seen(self, who):
        """The words that somebody is told, wherever they stand."""
        statements = "".join(f"SELECT * FROM {table}\0" for table in ("search", "object_content", "objects", "headings"))
        done = subprocess.run([self.probe, self.vault, who], input=statements, env=self.environment, stdout=subprocess.PIPE,
                              text=True, timeout=120, check=False)
        return set(WORD.findall(done.stdout))

    def check(self, lost):
        for who in AUDIENCES:
            allowed = {word for word in self.paths if who in self.allowed[word]}
            # A text may quote another note, as a copy does: that is the text's own.
            quoted = set()
            for word in allowed:
                file = self.vault / self.paths[word]
                quoted |= set(WORD.findall(file.read_text())) if file.exists() else set()
            seen = self.seen(who)
            assert not seen - allowed - quoted, f"{who} sees {seen - allowed - quoted}"
            if not lost:
                assert allowed - seen == set(), f"{who} does not see {allowed - seen}"

    def settle(self, lost):
        """Where a note is not shared any more although it was said, the owner has to say it again: the model says so, too."""
        for who in AUDIENCES if lost else ():
            seen = self.seen(who)
            for word in self.paths:
                if word not in seen:
                    self.allowed[word].discard(who)

    def step(self):
        choices = [(self.create, 4), (self.permit, 16), (self.permit_with_sql, 5), (self.expire, 3), (self.rename, 10),
                   (self.swap, 4), (self.move_with_sql, 4), (self.edit, 8), (self.replace, 4), (self.copy, 5), (self.delete, 6),
                   (self.bring_back, 6), (self.take_an_old_id, 3), (self.lose_database, 2)]
        act = self.rng.choices([act for act, _ in choices], [weight for _, weight in choices])[0]
        self.steps.append(act())
        self.run("sync")
        uncertain = self.steps[-1].split()[0] in ("lose", "bring", "replace", "swap")
        self.check(uncertain)
        self.settle(uncertain)


def main():
    nexus, probe = sys.argv[1:3]
    for seed in range(FIRST_SEED, FIRST_SEED + SEEDS):
        scratch = pathlib.Path(tempfile.mkdtemp(prefix="nexus-looser-"))
        walk = Walk(nexus, probe, seed, scratch)
        try:
            for _ in range(STEPS):
                walk.step()
        except AssertionError as reason:
            print(f"NEXUS_SEED={seed} NEXUS_SEEDS=1 NEXUS_STEPS={len(walk.steps)}: {reason}", *walk.steps[-12:], sep="\n  ")
            return 1
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        print(json.dumps({"seed": seed, "steps": len(walk.steps), "notes": len(walk.paths),
                          "shared": sum(map(len, walk.allowed.values()))}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
