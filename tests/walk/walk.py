#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A random walk on both sides of a vault: editors and SQL, with the daemon and without, and a look at all of it at rest.

usage: walk.py --program NEXUS [--seed N] [--seeds COUNT] [--operations N] [--rest-every N] [--keep]

It ends at the first thing that does not hold, and prints the last operations and the line that plays them again. What the
daemon does meanwhile depends on the moment; `--alone` walks without it, and then the same seed is the same walk.
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import oracle
from authors import Authors, Finding

PASSES = 6  # until nothing is left to do


class Walk(Authors):
    # --- what authors do with files ---

    def pick(self, *endings):
        files = self.files(*endings)
        return self.chance.choice(files) if files else None

    def file_create_note(self):
        self.save(self.fresh_path(".md"), f"---\nwho: {self.mark()} # it\nmood: {self.token()}\n---\n"
                  f"Body {self.token()}.\n\n- [ ] one\n".encode())

    def file_create_plain(self):
        """A note without front matter."""
        self.save(self.fresh_path(".md"), f"{self.mark()} {self.token()}\n\n- [ ] {self.token()}\n- [x] two\n".encode())

    def file_create_json(self):
        self.save(self.fresh_path(".json"), json.dumps({"who": self.mark(), "a": self.token(), "b": [1, 1.10]},
                                                       indent=2).encode())

    def file_create_list(self):
        items = [{"id": number, "text": self.token(), "notes": self.mark()} for number in range(1, 4)]
        self.save(self.fresh_path(".json"), json.dumps({"schema": "core.todo", "version": 1, "data": items},
                                                       indent=2).encode())

    def file_edit(self):
        path = self.pick()
        if path:
            self.save(path, self.edited(self.read(path)))
            if self.chance.random() < 0.3:
                self.shift_time(path)

    def file_pull(self):
        """As Syncthing does it: what comes lies beside the file first; what both changed becomes a conflict copy."""
        path = self.pick()
        if not path:
            return
        file, content = self.root / path, self.read(path)
        if self.chance.random() < 0.5:
            self.numbers["copy"] += 1
            copy = file.with_name(f"{file.stem}.sync-conflict-20260115-103000-{self.numbers['copy']:07d}{file.suffix}")
            try:
                os.rename(file, copy)
            except FileNotFoundError:
                return
            self.note(f"  {path} -> {copy.name}")
        beside = file.with_name(f".syncthing.{file.name}.tmp")
        before, after = self.seen(path), self.edited(content)
        beside.write_bytes(after)
        if self.chance.random() < 0.5:
            os.utime(beside, (time.time() - 3600, time.time() - 3600))  # as it was there
        os.replace(beside, file)
        self.over(before | (self.seen(path) if self.daemon else set()) - oracle.tokens(after), oracle.tokens(after))
        self.note(f"  pulled {path}: {sorted(oracle.tokens(after))}")

    def file_break(self):
        path = self.pick(".md")
        if path:
            self.save(path, self.edited(self.read(path)).replace(b"---\n", b"---\nbad: [\n", 1))

    def file_mend(self):
        for path in self.files(".md"):
            if b"bad: [\n" in self.read(path):
                self.save(path, self.read(path).replace(b"bad: [\n", b""))

    def file_touch(self):
        path = self.pick()
        if path:
            self.shift_time(path)

    def file_items(self):
        path = self.pick(".json")
        try:
            document = json.loads(self.read(path or ""))
        except (ValueError, IsADirectoryError):
            return
        items = document.get("data")
        if not isinstance(items, list):
            return
        if items and self.chance.random() < 0.5:
            items.pop(self.chance.randrange(len(items)))
        else:
            self.numbers["item"] += 1
            items.insert(self.chance.randint(0, len(items)),
                         {"id": f"f{self.numbers['item']}", "text": self.token(), "notes": self.mark()})
        self.save(path, json.dumps(document, indent=self.chance.choice([None, 2, 4])).encode())

    def file_remove(self):
        path = self.pick()
        if path:
            self.over(self.seen(path), set())
            (self.root / path).unlink(missing_ok=True)
            self.note(f"  removed {path}")

    def file_rename(self):
        path = self.pick()
        if path:
            new = self.fresh_path(pathlib.Path(path).suffix)
            (self.root / new).parent.mkdir(parents=True, exist_ok=True)
            try:
                os.rename(self.root / path, self.root / new)
            except FileNotFoundError:
                return
            self.note(f"  {path} -> {new}")
            if self.chance.random() < 0.2:
                self.save(new, self.edited(self.read(new)), "truncate")

    def file_rename_over(self):
        path, other = self.pick(".md"), self.pick(".md")
        if path and path != other:
            self.over(self.seen(other), set())
            self.oracle.excuse(self.read(path), self.read(other), paths=[path, other])
            try:
                os.replace(self.root / path, self.root / other)
            except FileNotFoundError:
                return
            self.over(self.seen(path) if self.daemon else set(), oracle.tokens(self.read(other)))
            self.note(f"  {path} -> {other}, over it")

    def file_copy(self):
        path = self.pick()
        if path:
            new = self.fresh_path(pathlib.Path(path).suffix)
            (self.root / new).parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copy2(self.root / path, self.root / new)
            except FileNotFoundError:
                return
            self.over(set(), oracle.tokens(self.read(new)))
            self.note(f"  {path} copied to {new}")

    def folder_move(self):
        folders = [name for name in ("a", "b") if (self.root / name).is_dir()]
        if folders:
            self.numbers["folder"] += 1
            old = self.chance.choice(folders)
            new = f"moved{self.numbers['folder']}"
            os.rename(self.root / old, self.root / new)
            self.note(f"  {old}/ -> {new}/")

    def folder_remove(self):
        folders = [path.name for path in self.root.iterdir() if path.is_dir() and path.name.startswith("moved")]
        if folders:
            folder = self.chance.choice(sorted(folders))
            for path in self.files():
                if path.startswith(folder + "/"):
                    self.over(self.seen(path), set())
            shutil.rmtree(self.root / folder, ignore_errors=True)
            self.note(f"  removed {folder}/")

    def branch_save(self):
        """As `git commit` would remember it."""
        self.snapshot = {path: self.read(path) for path in self.files()}
        self.note(f"  {len(self.snapshot)} files remembered")

    def branch_checkout(self):
        """As `git checkout` writes it: what differs, anew; what is not of the branch, gone."""
        if self.snapshot is None:
            return
        mine, self.snapshot = self.snapshot, {path: self.read(path) for path in self.files()}
        gone = set(self.snapshot) - set(mine)
        for path in sorted(gone):
            self.over(self.seen(path), set())
            (self.root / path).unlink(missing_ok=True)
        for path, content in sorted(mine.items()):
            if content != self.snapshot.get(path):
                before = self.seen(path)
                self.stand_in(path, self.snapshot.get(path), content)
                (self.root / path).unlink(missing_ok=True)
                self.over(before, set())
                self.save(path, content, "truncate")
        self.note(f"  another branch: {len(gone)} files gone")

    # --- what they do with SQL ---

    def rows(self, where="1"):
        return self.oracle.query("SELECT o.id, o.file_path, c.content_json, s.schema_name, o.item_key FROM data_objects o"
                                 " JOIN object_content c ON c.object_id = o.id JOIN schemas s ON s.id = o.schema_id"
                                 f" WHERE {where} ORDER BY o.id")

    def pick_row(self, where="1"):
        rows = self.rows(where)
        return self.chance.choice(rows) if rows else None

    def row_over(self, row, after):
        """What a row said that no file ever did is overwritten by the one who wrote it."""
        if self.policy == "merge":
            after = after - oracle.tokens(row[2])  # what it only repeats gives way to a file that says otherwise
        path = (row[1] or "").split("#")[0]
        self.over(oracle.tokens(row[2]) - oracle.tokens(self.read(path)) if path else oracle.tokens(row[2]), after)
        self.note(f"  row {row[0]} ({row[1]}): {sorted(after)}")

    def row_write(self, row, content):
        if self.sql("UPDATE object_content SET content_json = ? WHERE object_id = ?",
                    json.dumps(content, ensure_ascii=False), row[0]):
            self.row_over(row, oracle.tokens(json.dumps(content)))

    def sql_edit(self):
        row = self.pick_row()
        if not row:
            return
        content = json.loads(row[2])
        keys = [key for key, value in content.items() if isinstance(value, str) and oracle.TOKEN.search(value)]
        if keys:
            key = self.chance.choice(keys)
            content[key] = oracle.TOKEN.sub(self.token(), content[key])
        elif row[3] != "core.todo":
            content["more"] = self.token()
        self.row_write(row, content)

    def sql_property(self):
        """A property comes, or goes."""
        row = self.pick_row("s.schema_name <> 'core.todo'")
        if row:
            content = json.loads(row[2])
            if "more" in content and self.chance.random() < 0.5:
                del content["more"]
            else:
                content["more"] = self.token()
            self.row_write(row, content)

    def sql_view(self):
        row = self.pick_row("s.schema_name = 'core.note'")
        if row:
            token = self.token()
            if self.sql("UPDATE core_note SET content = ? WHERE _id = ?", f"New body {token}.\n", row[0]):
                said = {said for now in self.rows(f"o.id = {row[0]}") for said in oracle.tokens(now[2])}
                self.row_over(row, said if token in said else {token})  # of a broken file it may be taken back by now

    def sql_insert(self):
        token, who = self.token(), self.mark()
        path = self.chance.choice([None, self.fresh_path(".md"), self.pick(".md")])
        if self.sql("INSERT INTO core_note(_path, title, content) VALUES (?, ?, ?)", path, f"{who}", f"{token}\n"):
            self.over(set(), {token})
            self.note(f"  inserted {path}: {token}")

    def sql_insert_item(self):
        token = self.token()
        self.numbers["item"] += 1  # a key that was another item's would be that item again
        if self.sql("INSERT INTO core_todo(id, text, notes) VALUES (?, ?, ?)", f"s{self.numbers['item']}", token,
                    self.mark()):
            self.over(set(), {token})
            self.note(f"  inserted an item: {token}")

    def sql_delete(self):
        row = self.pick_row()
        if row and self.sql("DELETE FROM data_objects WHERE id = ?", row[0]):
            self.row_over(row, set())

    def sql_delete_many(self):
        rows = self.rows()
        chosen = self.chance.sample(rows, min(len(rows), self.chance.choice([3, 12])))
        ids = ",".join(str(row[0]) for row in chosen)
        if chosen and self.sql(f"DELETE FROM data_objects WHERE id IN ({ids})"):
            for row in chosen:
                self.row_over(row, set())

    def sql_move(self):
        row = self.pick_row("o.item_key IS NULL AND o.file_path IS NOT NULL")
        if row:
            new = self.chance.choice([self.fresh_path(pathlib.Path(row[1]).suffix), self.pick()])
            if self.sql("UPDATE data_objects SET file_path = ? WHERE id = ?", new, row[0]):
                self.note(f"  row {row[0]}: {row[1]} -> {new}")

    def sql_tick(self):
        tasks = self.oracle.query("SELECT path, line FROM tasks")
        if tasks:
            path, line = self.chance.choice(tasks)
            if self.sql("UPDATE tasks SET done = NOT done WHERE path = ? AND line = ?", path, line):
                self.note(f"  ticked {path}:{line}")

    def sql_permit(self):
        """What the owner said last is what holds, also while the write is under way."""
        rows = self.oracle.query("SELECT id, uid FROM data_objects ORDER BY id")
        if not rows:
            return
        row, uid = self.chance.choice(rows)
        ai, cloud = self.chance.randrange(2), self.chance.randrange(2)
        read_only = int(self.chance.random() < 0.1)
        self.oracle.shared[uid] = (ai, cloud)
        self.sql("UPDATE object_permissions SET share_with_ai = ?, share_with_cloud = ?, read_only = ? WHERE object_id = ?",
                 ai, cloud, read_only, row)
        self.note(f"  permitted {uid}: {ai} {cloud} {read_only}")

    def sql_refused(self):
        """What only the daemon can judge: a date that is none."""
        row = self.pick_row("s.schema_name = 'core.todo'")
        if row:
            self.row_write(row, {**json.loads(row[2]), "due": "no day", "text": self.token()})

    # --- what they ask for ---

    def request(self, kind, argument=None, choice=None):
        self.sql("INSERT INTO nx_request(at, kind, argument, choice) VALUES (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?, ?, ?)",
                 kind, argument, choice)
        self.note(f"  asked: {kind} {argument} {choice}")

    def ask_undo(self):
        rows = self.oracle.query("SELECT seq FROM history WHERE op <> 'refused' AND temporary IS NULL ORDER BY seq DESC LIMIT 12")
        if rows:
            self.request("undo", self.chance.choice(rows)[0])

    def ask_resolve(self):
        rows = self.oracle.query("SELECT id FROM conflicts WHERE state = 'open'")
        if rows:
            self.request("resolve", self.chance.choice(rows)[0], self.chance.choice(["file", "database", "both"]))

    def ask_held(self):
        self.request(self.chance.choice(["apply", "discard"]))

    # --- the program comes and goes ---

    def run_sync(self):
        self.sync()

    def run_start(self):
        self.start_daemon()

    def run_stop(self):
        self.end_daemon()

    def run_kill(self):
        self.end_daemon(signal.SIGKILL)

    # --- the walk ---

    WEIGHTS = {
        file_create_note: 4, file_create_plain: 2, file_create_json: 2, file_create_list: 2, file_edit: 14, file_pull: 3, file_break: 2, file_mend: 2,
        file_touch: 3, file_items: 6, file_remove: 3, file_rename: 5, file_rename_over: 1, file_copy: 1, folder_move: 1,
        folder_remove: 0.5, branch_save: 0.7, branch_checkout: 0.7,
        sql_edit: 14, sql_property: 4, sql_view: 4, sql_insert: 4, sql_insert_item: 4, sql_delete: 4, sql_delete_many: 0.3,
        sql_move: 3, sql_tick: 4, sql_permit: 3, sql_refused: 1, ask_undo: 2, ask_resolve: 2, ask_held: 0.5,
        run_sync: 8, run_start: 2, run_stop: 1, run_kill: 1,
    }

    def step(self):
        operation = self.chance.choices(list(self.WEIGHTS), self.WEIGHTS.values())[0]
        self.counts[operation.__name__] += 1
        self.note(f"{sum(self.counts.values())} {operation.__name__}")
        operation(self)

    def come_to_rest(self):
        self.note("rest")
        if self.daemon and self.chance.random() < 0.5:
            self.sync()
        self.end_daemon()
        self.nexus("sync", "--forget")
        if self.oracle.query("SELECT 1 FROM nx_outbox WHERE state = 'held'") and self.chance.random() < 0.7:
            self.ask_held()
        last = None
        for _ in range(PASSES):
            self.nexus("sync", "--forget")  # else the brake holds when much is gone
            (now,) = self.oracle.query("SELECT count(*), (SELECT max(seq) FROM changes), (SELECT max(seq) FROM history)"
                                       " FROM nx_outbox")
            if now == last:
                break
            last = now
        findings = self.oracle.check(self.sync, self.wanted)
        if findings:
            raise Finding("\n".join(findings[:20]))

    def run(self, operations, rest_every):
        for _ in range(8):
            self.file_create_note()
        self.file_create_list()
        self.file_create_json()
        self.nexus("init")
        if self.policy:
            (self.root / ".nexus/config.json").write_text(json.dumps({"conflict": self.policy}))
        for number in range(1, operations + 1):
            self.step()
            if number % rest_every == 0 or number == operations:
                self.come_to_rest()


def walk(wanted, seed):
    """Whether everything held."""
    scratch = tempfile.mkdtemp(prefix="nexus-walk-")
    one = Walk(str(wanted.program.resolve(strict=True)), seed, scratch, wanted.alone)
    one.policy = ("timestamp", "merge")[seed % 2] if wanted.conflict == "both" else wanted.conflict
    begin = time.monotonic()
    try:
        one.run(wanted.operations, wanted.rest_every)
    except (Finding, subprocess.TimeoutExpired) as finding:
        print(f"seed {seed} after {sum(one.counts.values())} operations:\n{finding}\n\nthe last of them:")
        print("\n".join(one.log[-wanted.tell:]))
        named = set(oracle.TOKEN.findall(str(finding)))
        print("\n".join(["", "what is told of the tokens:", *(f"{number}: {line}" for number, line in enumerate(one.log)
                                                             if oracle.tokens(line) & named)]))
        print(f"\nagain: tests/walk/walk.py --program {wanted.program} --seed {seed} --operations {wanted.operations}"
              f" --rest-every {wanted.rest_every} --conflict {one.policy}{' --alone' if wanted.alone else ''}")
        return False
    finally:
        if one.daemon:
            one.end_daemon(signal.SIGKILL)
        if wanted.keep:
            print(f"kept: {scratch}")
        else:
            shutil.rmtree(scratch, ignore_errors=True)
    print(f"seed {seed}, {one.policy}: {wanted.operations} operations, {one.numbers['token']} versions written, {len(one.wanted)} of them not"
          f" overwritten by their authors and all there, {time.monotonic() - begin:.1f} s", flush=True)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1, help="how many, from --seed on")
    parser.add_argument("--operations", type=int, default=120)
    parser.add_argument("--rest-every", type=int, default=40)
    parser.add_argument("--tell", type=int, default=60, help="how many lines of the log a finding comes with")
    parser.add_argument("--conflict", choices=["timestamp", "merge", "both"], default="both",
                        help="the setting; both: merge where the seed is odd")
    parser.add_argument("--alone", action="store_true", help="no daemon")
    parser.add_argument("--keep", action="store_true", help="leave the vault where it is")
    wanted = parser.parse_args()
    results = [walk(wanted, seed) for seed in range(wanted.seed, wanted.seed + wanted.seeds)]
    print(f"{sum(results)} of {len(results)} walks hold")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
