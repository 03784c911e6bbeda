#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The database of a vault is damaged, deleted or replaced; the next `nexus sync` must bring it back by itself.

usage: damage.py --program NEXUS [--places N] [--seed N] [--only KIND[:NUMBER]]

--places: how many places are damaged by chance ($NEXUS_DAMAGE, else 40), half of them where there is a backup. What must
hold: no file changed; every object says what its file says; ids are as before, or never given before; no permission is
looser; SQLite finds nothing wrong; a second sync does nothing.
"""

import argparse
import collections
import hashlib
import json
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

LIMIT_S = 120
PAGE = 8192
FLAGS = ("share_with_ai", "share_with_cloud")


class Failure(Exception):
    pass


class Vault:
    """A small vault in order, which can be brought back to how it was."""

    def __init__(self, program, scratch):
        self.program, self.scratch = program, pathlib.Path(scratch)
        self.root = self.scratch / "vault"
        self.root.mkdir()
        (self.scratch / "run").mkdir(mode=0o700)
        self.environment = dict(os.environ, XDG_RUNTIME_DIR=str(self.scratch / "run"), NO_COLOR="1", TZ="UTC")
        for number in range(12):
            self.write(f"notes/n{number}.md", f"---\ntags: [t{number % 3}]\ntitle: Title {number}\n---\n# Note {number}\n\n"
                       f"See [[n{(number + 1) % 12}]].\n\n- [ ] task {number}\n" + f"word{number} " * 300)
        self.write("todos.json", json.dumps({"schema": "core.todo", "version": 1, "data": [
            {"id": number, "text": f"todo {number}"} for number in range(20)]}, indent=1))
        self.nexus("init")
        self.nexus("permit", "notes/n1.md", "notes/n2.md", "todos.json#3", "--ai", "on", "--cloud", "on")
        self.nexus("permit", "notes/n3.md", "todos.json#4", "--read-only", "on")
        self.sql("UPDATE core_note SET title = 'Changed' WHERE _path = 'notes/n5.md'")
        self.nexus("sync")

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def nexus(self, *arguments, codes=(0,), **more):
        done = subprocess.run([self.program, "-C", str(self.root), *arguments], timeout=LIMIT_S, stdin=subprocess.DEVNULL,
                              capture_output=True, env=dict(self.environment, **more))
        if done.returncode not in codes:
            raise Failure(f"nexus {' '.join(arguments)} exits {done.returncode}: {done.stderr.decode(errors='replace')}")
        return done

    @property
    def database(self):
        return self.root / ".nexus/vault.sqlite"

    def sql(self, *statements):
        database = sqlite3.connect(self.database, timeout=30)
        try:
            with database:
                return [database.execute(statement).fetchall() for statement in statements][-1]
        finally:
            database.close()

    def save(self, name):
        shutil.copytree(self.root, self.scratch / name, symlinks=True)

    def put_back(self, name):
        """What was saved; the folder itself stays, for it is where the vault is at home."""
        for old in [*self.root.iterdir(), *(self.root / ".nexus").iterdir()]:
            if old.name != ".nexus":
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        shutil.copytree(self.scratch / name, self.root, dirs_exist_ok=True, symlinks=True)

    def load(self, name):
        """Back to what was saved, and in step."""
        self.put_back(name)
        self.nexus("sync")

    def files(self):
        return {str(path.relative_to(self.root)): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted(self.root.rglob("*")) if path.is_file() and ".nexus" not in path.parts}

    def objects(self):
        rows = self.sql("SELECT path, id, uid, share_with_ai, share_with_cloud, read_only, title FROM objects")
        return {row[0]: dict(zip(("id", "uid", *FLAGS, "read_only", "title"), row[1:])) for row in rows}

    def contents(self):
        return dict(self.sql("SELECT file_path, content_json FROM data_objects JOIN object_content ON object_id = id"))

    def derived(self):
        return {table: collections.Counter(self.sql(f"SELECT * FROM {table}")) for table in (
            "(SELECT path, tag FROM tags)", "(SELECT target, line FROM links)", "(SELECT path, text, done FROM tasks)",
            "(SELECT path FROM search WHERE search MATCH 'word7')")}


class Before:
    """What must be the same again, or stricter."""

    def __init__(self, vault):
        self.files, self.objects, self.contents = vault.files(), vault.objects(), vault.contents()
        self.derived = vault.derived()
        self.history = vault.sql("SELECT count(*) FROM history")[0][0]
        self.given = max(row["id"] for row in self.objects.values())

    def findings(self, vault, keeps_ids, since=()):
        """`since`: paths whose objects need not be the ones that are known."""
        after = vault.objects()
        if vault.files() != self.files:
            yield "a file changed"
        if vault.contents() != self.contents:
            different = {path for path in {**self.contents, **vault.contents()}
                         if self.contents.get(path) != vault.contents().get(path)}
            yield f"these say something else than before: {sorted(different)}"
        if vault.derived() != self.derived:
            yield "what was derived is not as before"
        for path, was in self.objects.items():
            row = after.get(path)
            if not row or path in since:
                continue
            if row["title"] != was["title"]:
                yield f"{path}: the title is {row['title']!r}"
            if any(row[flag] and not was[flag] for flag in FLAGS) or (was["read_only"] and not row["read_only"]):
                yield f"{path}: {row} is looser than {was}"
            if row["id"] != was["id"] and (keeps_ids or row["id"] <= self.given):
                yield f"{path}: its id was {was['id']} and is {row['id']}"
            if (row["id"] == was["id"]) != (row["uid"] == was["uid"]):
                yield f"{path}: id and uid tell of two objects"
        if keeps_ids and vault.sql("SELECT count(*) FROM history")[0][0] < self.history:
            yield "history is lost"
        yield from self.soundness(vault)

    @staticmethod
    def soundness(vault):
        for check in ("PRAGMA integrity_check", "PRAGMA foreign_key_check"):
            found = vault.sql(check)
            if found not in ([], [("ok",)]):
                yield f"{check}: {found[:3]}"
        vault.sql("INSERT INTO search(search) VALUES('integrity-check')")
        if vault.sql("SELECT count(*) FROM nx_outbox") != [(0,)]:
            yield "something waits to be written"
        again = json.loads(vault.nexus("sync", "--json").stdout)["sync"]
        busy = {key: again[key] for key in ("read", "written", "objects_created", "objects_updated", "objects_deleted")
                if again[key]}
        if busy:
            yield f"a second sync does something: {busy}"


# --- what is done to the database ----------------------------------------------------------------

def change(vault, edit):
    bytes_ = bytearray(vault.database.read_bytes())
    edit(bytes_)
    with open(vault.database, "r+b") as file:
        file.write(bytes_)
        file.truncate(len(bytes_))


def flip_a_bit(vault, chance):
    def edit(data):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    change(vault, edit)


def flip_a_bit_of_what_is_used(vault, chance):
    """Most of a small database is nothing: these are where something stands."""
    def edit(data):
        at = chance.choice([index for index in range(0, len(data), 7) if data[index]])
        data[at] ^= 1 << chance.randrange(8)
    change(vault, edit)


def flip_many_bits(vault, chance):
    def edit(data):
        for _ in range(40):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    change(vault, edit)


def zero_a_page(vault, chance):
    def edit(data):
        at = chance.randrange(len(data) // PAGE) * PAGE
        data[at:at + PAGE] = bytes(PAGE)
    change(vault, edit)


def swap_two_pages(vault, chance):
    def edit(data):
        one, two = (at * PAGE for at in chance.sample(range(len(data) // PAGE), 2))
        data[one:one + PAGE], data[two:two + PAGE] = data[two:two + PAGE], data[one:one + PAGE]
    change(vault, edit)


def cut_off(vault, chance):
    os.truncate(vault.database, chance.randrange(vault.database.stat().st_size))


def spoil_the_head(vault, chance):
    def edit(data):
        data[chance.randrange(100)] ^= 1 << chance.randrange(8)
    change(vault, edit)


CHANCE = [flip_a_bit, flip_a_bit_of_what_is_used, flip_a_bit_of_what_is_used, flip_many_bits, zero_a_page, swap_two_pages,
          cut_off, spoil_the_head]


def try_place(vault, number, seed, base):
    """`base`: "bare", or "backed" where there is a backup."""
    chance = random.Random(f"{seed}/{number}")
    damage = CHANCE[number % len(CHANCE)]
    vault.load(base)
    before = Before(vault)
    damage(vault, chance)
    vault.nexus("sync", codes=(0, 1))
    return damage.__name__, list(before.findings(vault, keeps_ids=base == "backed"))


# --- what is done as a whole ---------------------------------------------------------------------

def deleted(vault, base):
    before = Before(vault)
    for name in ("vault.sqlite", "vault.sqlite-wal", "vault.sqlite-shm"):
        (vault.root / ".nexus" / name).unlink(missing_ok=True)
    vault.nexus("sync")
    return before.findings(vault, keeps_ids=base == "backed")


def emptied(vault, base):
    before = Before(vault)
    os.truncate(vault.database, 0)
    vault.nexus("sync")
    return before.findings(vault, keeps_ids=base == "backed")


def spoil_a_text(vault, good, bad):
    """One of those that SQLite keeps of what the database is made of."""
    def edit(data):
        at = data.index(good)
        data[at:at + len(good)] = bad
    vault.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    change(vault, edit)


def spoiled(name, good, bad):
    def case(vault, base):
        before = Before(vault)
        spoil_a_text(vault, good, bad)
        vault.nexus("sync")
        return before.findings(vault, keeps_ids=base == "backed")
    case.__name__ = name
    return case


SPOILED = [
    spoiled("has_a_table_of_two_names", b"tablenx_tagnx_tag", b"tablenx_tagnX_tag"),
    spoiled("has_a_table_that_is_of_no_kind", b"path UNINDEXED", b"path UNINDEXE?"),
    spoiled("has_a_column_of_another_name", b"TABLE nx_view(\n  schema_id", b"TABLE nx_view(\n  schemq_id"),
    spoiled("has_a_trigger_of_two_names", b"triggernx_object_delete_check", b"triggernx_object_delete_Check"),
    spoiled("has_a_word_that_no_program_writes", b"schemaapicore.", b"schmmaapicore."),
    spoiled("has_an_entry_of_the_audit_log_that_is_no_json", b'{"before":{"share_with_ai"', b's"before":{"share_with_ai"'),
]


def knows_an_index_by_another_name(vault, base):
    name = vault.sql("SELECT name FROM nx_index ORDER BY schema_id, property LIMIT 1")[0][0].encode()
    return spoiled("", name, name[:-1] + (b"0" if name[-1:] != b"0" else b"1"))(vault, base)


def is_no_database(vault, base):
    before = Before(vault)
    vault.database.write_text("This is a text.\n" * 1000)
    vault.nexus("sync")
    return before.findings(vault, keeps_ids=base == "backed")


def of_another_state_is_its_log(vault, base):
    """An older database is copied over one whose log stays."""
    old = vault.database.read_bytes()
    vault.write("notes/n7.md", "# Seven\nword7\n")
    vault.nexus("sync")
    before = Before(vault)
    shell = sqlite3.connect(vault.database, isolation_level=None)
    shell.execute("PRAGMA wal_autocheckpoint = 0")
    shell.execute("CREATE TABLE somebodys(x)")
    for number in range(200):
        shell.execute("INSERT INTO somebodys VALUES(?)", [f"{number}" * 400])
    shell.execute("DROP TABLE somebodys")
    log = (vault.root / ".nexus/vault.sqlite-wal").read_bytes()
    shell.close()
    vault.database.write_bytes(old)
    (vault.root / ".nexus/vault.sqlite-wal").write_bytes(log)
    (vault.root / ".nexus/vault.sqlite-shm").unlink(missing_ok=True)
    vault.nexus("sync", codes=(0, 1))
    return before.findings(vault, keeps_ids=False)


def is_an_older_one_that_was_put_back(vault, base):
    old = vault.database.read_bytes()
    vault.nexus("permit", "notes/n1.md", "--ai", "off", "--cloud", "off")
    vault.nexus("permit", "notes/n6.md", "--read-only", "on")
    vault.nexus("permit", "notes/n8.md", "--ai", "on")
    vault.write("notes/later.md", "# Later\n")
    vault.nexus("sync")
    before = Before(vault)
    vault.database.write_bytes(old)
    vault.nexus("sync")
    findings = list(before.findings(vault, keeps_ids=False))
    known = {row["id"] for path, row in before.objects.items() if path != "notes/later.md"}
    if vault.objects()["notes/later.md"]["id"] in known:
        findings.append("the new note has the id of another")
    return findings


def is_of_another_folder(vault, base):
    """A copy of the whole vault is another vault."""
    before = Before(vault)
    home = vault.root
    vault.root = vault.scratch / "copy"
    try:
        shutil.rmtree(vault.root, ignore_errors=True)
        shutil.copytree(home, vault.root)
        stamp = "SELECT value FROM nx_meta WHERE key = 'host_id'"
        was = vault.sql(stamp)
        vault.nexus("sync")
        findings = list(before.findings(vault, keeps_ids=True))
        if vault.sql(stamp) == was:
            findings.append("both are at home in one place")
        return findings
    finally:
        vault.root = home


def is_made_anew(vault, base):
    before = Before(vault)
    vault.nexus("rebuild")
    return before.findings(vault, keeps_ids=True)


def is_put_back(vault, base):
    if base == "bare":
        vault.nexus("backup")
    vault.nexus("permit", "notes/n1.md", "--ai", "off", "--cloud", "off")
    vault.nexus("permit", "notes/n8.md", "--read-only", "on")
    vault.write("notes/later.md", "# Later\n")
    vault.nexus("sync")
    before = Before(vault)
    vault.nexus("restore")
    return before.findings(vault, keeps_ids=True)


def had_an_edit_that_no_file_says_yet(vault, base):
    """It is carried out when the damaged row is another one."""
    before = Before(vault)
    vault.sql("UPDATE core_note SET title = 'salvaged' WHERE _path = 'notes/n9.md'")
    table = vault.sql("SELECT rootpage FROM sqlite_schema WHERE name = 'problems'")[0][0]
    def edit(data):
        data[(table - 1) * PAGE:table * PAGE] = b"\x55" * PAGE
    change(vault, edit)
    vault.nexus("sync", codes=(0, 1))
    text = (vault.root / "notes/n9.md").read_text()
    if "title: salvaged" not in text:
        yield "the edit is not in the file"
    vault.write("notes/n9.md", text.replace("title: salvaged", "title: Title 9"))
    vault.nexus("sync")
    yield from before.findings(vault, keeps_ids=True)


WHOLE = [deleted, emptied, is_no_database, *SPOILED, knows_an_index_by_another_name, of_another_state_is_its_log,
         is_an_older_one_that_was_put_back, is_of_another_folder, is_made_anew, is_put_back,
         had_an_edit_that_no_file_says_yet]


class Harness:
    def __init__(self, program, seed, only):
        self.program, self.seed, self.only = program, seed, only
        self.findings, self.done = 0, collections.Counter()

    def tell(self, name, replay, findings):
        self.done[name] += 1
        if findings:
            self.findings += 1
            print(f"{name} ({replay}):\n  " + "\n  ".join(findings), flush=True)

    def guarded(self, name, replay, attempt):
        if self.only and self.only not in (name, replay):
            return
        try:
            name, findings = attempt()
        except (Failure, sqlite3.Error, subprocess.TimeoutExpired, KeyError) as error:
            findings = [f"{type(error).__name__}: {error}"]
        self.tell(name, f"--seed {self.seed} --only {replay}", findings)

    def run(self, vault, places):
        for base in ("bare", "backed"):
            for case in WHOLE:
                def whole(case=case, base=base):
                    vault.load(base)
                    return case.__name__, list(case(vault, base))
                self.guarded(case.__name__, case.__name__, whole)
        for number in range(places):
            base = ("bare", "backed")[number // len(CHANCE) % 2]
            self.guarded("place", f"place:{number}", lambda number=number, base=base: try_place(vault, number, self.seed, base))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--places", type=int, default=int(os.environ.get("NEXUS_DAMAGE", "40")))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    wanted = parser.parse_args()
    begin = time.monotonic()
    harness = Harness(str(wanted.program.resolve(strict=True)), wanted.seed, wanted.only)
    with tempfile.TemporaryDirectory(prefix="nexus-damage-") as scratch:
        vault = Vault(harness.program, scratch)
        vault.save("bare")
        vault.nexus("backup")
        vault.save("backed")
        harness.run(vault, wanted.places)
    counts = ", ".join(f"{name} {count}" for name, count in sorted(harness.done.items()))
    print(f"{counts}: {harness.findings} findings, {time.monotonic() - begin:.0f} s; seed {wanted.seed}")
    sys.exit(1 if harness.findings or not harness.done else 0)


if __name__ == "__main__":
    main()
