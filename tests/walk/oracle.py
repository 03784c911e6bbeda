# SPDX-License-Identifier: MIT
"""What must hold of a vault and its database whatever happened to them, once all is quiet. The walk, the kills and the
failing calls all ask here:

  I1  nothing that a writer got an OK for is lost                nothing_lost, losers_kept
  I2  no file is torn                                            agree, and whole()
  I3  file and row agree, and another pass does nothing          agree, same_files_known, outbox_explained, quiet
  I4  bytes outside an edit, modes and attributes are as before  not here: tests/writeback and tests/live ask it
  I5  nothing is shared that its owner did not share             unshared
  I6  feed and audit tell each change once                       feed, audit
  I7  the database is sound                                      sound
  I8  nothing is left over, and the program works again          nothing_left_over, and whoever calls it
  I9  no report of a sanitizer                                   whoever runs a sanitized program: it would exit otherwise

Each check returns its findings as sentences; no finding is good news. Whoever writes into the vault gives each version a
token (`T000012Z`) and each object a mark that stays with it (`W000003Q`), so that what got lost, and what took the identity
of another, can be told without knowing how it happened.
"""

import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "cases"))
import index  # noqa: E402

TOKEN = re.compile(r"T\d{6}Z")
MARK = re.compile(r"W\d{6}Q")
LIMIT_S = 300
# A write that cannot be made yet, such as into a file without write bits, is tried again and again: see outbox_explained().
TRIED_AGAIN = re.compile(rb"(nx_outbox(_entry)?: .* \| 'waiting' \||problems: .* \| 'pending' \|)")


def tokens(content):
    if content is None:
        return set()
    if isinstance(content, bytes):
        content = content.decode(errors="replace")
    return set(TOKEN.findall(str(content)))


def mark(content):
    found = MARK.search(content or "")
    return found.group() if found else None


class Oracle:
    """One vault, looked at from outside. `scratch` is for copies."""

    def __init__(self, program, root, scratch, environment):
        self.program, self.root, self.scratch = program, pathlib.Path(root), pathlib.Path(scratch)
        self.environment = environment
        self.marks = {}  # uid -> the mark of its object
        self.excused = set()  # marks of objects that a person put in the place of each other
        self.shared = {}  # uid -> what its owner said last of (share_with_ai, share_with_cloud); else it is not shared

    def query(self, sql, *parameters):
        database = index.connect(self.root)
        try:
            database.execute("PRAGMA busy_timeout = 30000")
            return database.execute(sql, parameters).fetchall()
        finally:
            database.close()

    def files(self):
        """Path to bytes, of all that a person sees."""
        found = {}
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name != ".nexus"]
            for name in names:
                path = pathlib.Path(folder) / name
                found[path.relative_to(self.root).as_posix()] = path.read_bytes()
        return found

    def stamps(self):
        """All that changes when somebody touches a file or a folder."""
        found = {}
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name != ".nexus"]
            for name in [*folders, *names]:
                path = pathlib.Path(folder) / name
                look = path.lstat()
                found[str(path)] = (look.st_ino, look.st_mode, look.st_size, look.st_mtime_ns, look.st_ctime_ns)
        return found

    def contents(self, root=None):
        """Object's path to what it says."""
        database = index.connect(root or self.root)
        try:
            rows = database.execute(
                "SELECT o.file_path, s.schema_name, c.content_json, f.path, f.state FROM data_objects o"
                " JOIN schemas s ON s.id = o.schema_id LEFT JOIN object_content c ON c.object_id = o.id"
                " LEFT JOIN files f ON f.id = o.file_id").fetchall()
        finally:
            database.close()
        return {path or f"(no path {number})": (schema, content, file, state)
                for number, (path, schema, content, file, state) in enumerate(rows)}

    # --- the checks ---

    def sound(self):
        shutil.rmtree(self.scratch / "sound", ignore_errors=True)
        try:
            index.check_sound(self.root, self.scratch)
        except index.Unsound as unsound:
            return [f"the database is unsound: {unsound}"]
        return []

    def agree(self):
        """Each row says what its file says, and each file has its rows: as if the index were made afresh."""
        fresh = self.scratch / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(self.root, fresh, symlinks=True, ignore=shutil.ignore_patterns(".nexus"))
        subprocess.run([self.program, "init", str(fresh)], env=self.environment, check=True, timeout=LIMIT_S,
                       stdin=subprocess.DEVNULL, capture_output=True)
        ours, theirs = self.contents(), self.contents(fresh)
        states = dict(self.query("SELECT path, state FROM files"))
        waits = {path for row in self.query("SELECT old_path, new_path FROM nx_outbox_entry") for path in row}
        findings = []
        for path in sorted(ours.keys() | theirs.keys()):
            here, there = ours.get(path), theirs.get(path)
            if path in waits or path.startswith("(no path") or (here and here[3] == "invalid") or states.get(path) == "invalid":
                continue
            if not here or not there:
                findings.append(f"{path}: {'no row' if not here else 'no file'} says {(here or there)[1]}")
            elif here[:2] != there[:2]:
                findings.append(f"{path}: the row says {here[1]} and the file {there[1]}")
        return findings

    def whole(self, versions):
        """Each file is one of the versions that somebody wrote: path to a set of bytes."""
        return [f"{path} is torn: {content[:80]}" for path, content in self.files().items()
                if path in versions and content not in versions[path]]

    def unshared(self):
        """Stricter than the owner said may be: unknown, corrupt or restored means no."""
        return [f"{path} is shared, and its owner said {self.shared.get(uid, 'nothing')}"
                for uid, path, *shared in self.query(
                    "SELECT o.uid, o.file_path, p.share_with_ai, p.share_with_cloud FROM data_objects o"
                    " JOIN object_permissions p ON p.object_id = o.id WHERE p.share_with_ai OR p.share_with_cloud")
                if any(is_shared and not said for is_shared, said in zip(shared, self.shared.get(uid, (0, 0))))]

    def feed(self):
        """Whoever follows the feed has each object, and each at its path."""
        followed, findings = {}, []
        for seq, op, uid, path, old_path in self.query("SELECT seq, op, uid, path, old_path FROM changes ORDER BY seq"):
            is_known = uid in followed
            if op == "create":
                findings += [f"feed {seq}: {path} is created, and is there already"] if is_known else []
                followed[uid] = path
            elif op == "delete":
                findings += [] if is_known else [f"feed {seq}: {path} is deleted, and is not there"]
                followed.pop(uid, None)
            elif op == "move":
                findings += [] if is_known else [f"feed {seq}: {path} is moved, and is not there"]
                followed[uid] = path
            elif op == "update" and not is_known:
                findings.append(f"feed {seq}: {path} is updated, and is not there")
        waits = {uid for (uid,) in self.query("SELECT uid FROM nx_outbox")}
        now = dict(self.query("SELECT uid, file_path FROM data_objects"))
        for uid in (followed.keys() | now.keys()) - waits:
            if uid in followed and uid in now and followed[uid] is None:
                continue  # a new row finds its path when its file is made; whoever follows looks it up
            if followed.get(uid, "none") != now.get(uid, "none"):
                findings.append(f"the feed says {uid} is at {followed.get(uid, 'none')}, and it is at {now.get(uid, 'none')}")
        return findings

    def audit(self):
        """Each change of permissions, and each recovery, stands once in the feed and once in the audit."""
        fed = dict(self.query("SELECT coalesce(uid, op), count(*) FROM changes WHERE op IN ('permission', 'recovery')"
                              " GROUP BY 1"))
        audited = dict(self.query("SELECT coalesce(uid, action), count(*) FROM audit_log"
                                  " WHERE action IN ('permission', 'expiry', 'rule', 'recovery') GROUP BY 1"))
        return [f"permissions of {uid}: {fed.get(uid, 0)} changes in the feed, {audited.get(uid, 0)} in the audit"
                for uid in sorted(fed.keys() | audited.keys()) if audited.get(uid, 0) != fed.get(uid, 0)]

    def same_files_known(self):
        known = {path for (path,) in self.query("SELECT path FROM files WHERE id NOT IN"
                                                " (SELECT file_id FROM nx_outbox WHERE file_id IS NOT NULL)")}
        seen = set(self.files())
        return [f"{path}: a file that is not there is known" for path in sorted(known - seen)]

    def nothing_left_over(self):
        findings = [f"{path}: left over" for path in self.files() if "/.nexus-" in "/" + path]
        displaced = self.root / ".nexus/displaced"
        if displaced.is_dir():
            findings += [f".nexus/displaced/{name}: left over" for name in os.listdir(displaced)]
        findings += [f"history {seq} ({op} {path}) is still under way" for seq, op, path in
                     self.query("SELECT seq, op, path FROM history WHERE temporary IS NOT NULL")]
        findings += [f"request {request} has no answer" for (request,) in
                     self.query("SELECT id FROM nx_request WHERE answer IS NULL")]
        return findings

    def outbox_explained(self):
        """What waits has a reason that a person can read."""
        told = {path for (path,) in self.query("SELECT path FROM problems")}
        findings = []
        for object_id, state, old, new, file in self.query(
                "SELECT b.object_id, b.state, e.old_path, e.new_path, f.path FROM nx_outbox b"
                " JOIN nx_outbox_entry e ON e.object_id = b.object_id LEFT JOIN files f ON f.id = b.file_id"):
            if state != "held" and not told & {old, new, file}:
                findings.append(f"object {object_id} ({old} -> {new}, {state}) waits, and nobody says why")
        return findings

    def identity(self):
        """No id is another object's from one look to the next."""
        findings = []
        for uid, path, content in self.query("SELECT o.uid, o.file_path, c.content_json FROM data_objects o"
                                             " JOIN object_content c ON c.object_id = o.id"):
            now, before = mark(content), self.marks.get(uid)
            if now and before and now != before and not {now, before} <= self.excused:
                findings.append(f"{path}: {uid} was {before} and is {now}")
            if now:
                self.marks[uid] = now
            else:  # somebody took its mark out: what comes next is told from nothing
                self.marks.pop(uid, None)
        return findings

    def excuse(self, *contents, paths=()):
        """The objects of these texts, and what was known of those at these paths: one may have lost its mark since."""
        for content in contents:
            self.excused |= set(MARK.findall(content.decode(errors="replace")))
        for path in paths:
            self.excused |= {self.marks[uid] for (uid,) in self.query("SELECT uid FROM data_objects WHERE file_path = ?", path)
                             if uid in self.marks}

    def kept(self):
        """Each token that is anywhere."""
        found = set()
        for content in self.files().values():
            found |= tokens(content)
        for folder in ("conflicts", "trash", "displaced"):
            for path in (self.root / ".nexus" / folder).rglob("*"):
                if path.is_file():
                    found |= tokens(path.read_bytes())
        for sql in ("SELECT content_json, NULL FROM object_content",
                    "SELECT file_version, database_version FROM conflicts",
                    "SELECT before, refused FROM history"):
            for row in self.query(sql):
                found |= tokens(row[0]) | tokens(row[1])
        return found

    def nothing_lost(self, wanted):
        return [f"{token} is lost" for token in sorted(wanted - self.kept())]

    def losers_kept(self):
        """What lost an open conflict is a file of its own, too."""
        return [f"conflict {number} of {path}: there is no copy of what lost" for number, path, copy in self.query(
            "SELECT id, path, copy_path FROM conflicts WHERE state = 'open'"
            " AND iif(winner = 'file', database_version, file_version) IS NOT NULL")
                if not copy or not (self.root / copy).is_file()]

    def quiet(self, sync):
        """Another pass does nothing."""
        before, rows = self.stamps(), index.everything(self.root)
        sync()
        after, now = self.stamps(), index.everything(self.root)
        findings = [f"another pass touched {path}" for path in sorted(before.keys() | after.keys())
                    if before.get(path) != after.get(path)]
        changed = {line for line in set(rows.splitlines()) ^ set(now.splitlines()) if not TRIED_AGAIN.match(line)}
        return findings + [f"another pass changed {line[:300].decode(errors='replace')}" for line in sorted(changed)[:6]]

    def check(self, sync, wanted=frozenset()):
        """All of it, in the order in which it helps to read it."""
        return [*self.sound(), *self.nothing_left_over(), *self.nothing_lost(set(wanted)), *self.losers_kept(), *self.identity(),
                *self.unshared(), *self.feed(), *self.audit(), *self.agree(), *self.same_files_known(),
                *self.outbox_explained(), *self.quiet(sync)]
