#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each fault that is planted into a healthy vault is found, and by the check that is about it."""

import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

import oracle

NOTE = "---\nwho: W00000{0}Q\n---\nT00000{0}Z\n"


def sql(root, *statements):
    """Behind the back of all triggers, as a bug of the program's own would."""
    database = sqlite3.connect(root / ".nexus/vault.sqlite", timeout=30)
    with database:
        for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            database.execute(statement)
    database.close()


def lose_a_version(root):
    sql(root, "DELETE FROM history")


def swap_two_ids(root):
    sql(root, "UPDATE data_objects SET uid = 'x' WHERE file_path = 'n1.md'",
        "UPDATE data_objects SET uid = (SELECT uid FROM data_objects WHERE file_path = 'n2.md') || '.' WHERE uid = 'x'",
        "UPDATE data_objects SET uid = (SELECT rtrim(uid, '.') FROM data_objects WHERE file_path = 'n1.md') || '-'"
        " WHERE file_path = 'n2.md'", "UPDATE data_objects SET uid = rtrim(uid, '.-')  WHERE file_path = 'n1.md'")


def change_a_row(root):
    sql(root, "UPDATE object_content SET content_json = '{\"who\":\"W000001Q\",\"content\":\"T000001Z, other\"}'"
        " WHERE object_id = (SELECT id FROM data_objects WHERE file_path = 'n1.md')")


def leave_a_file(root):
    (root / ".nexus-0123").write_text("x")


def leave_an_intent(root):
    sql(root, "UPDATE history SET temporary = 'x'")


def leave_an_entry(root):
    sql(root, "INSERT INTO nx_outbox(object_id, changed_at, uid, schema_id, created_at, rev, file_path)"
        " SELECT id, updated_at, uid, schema_id, created_at, rev, file_path FROM data_objects LIMIT 1")


def break_the_index(root):
    sql(root, "INSERT INTO search(search) VALUES ('delete-all')")


def forget_a_file(root):
    (root / "n3.md").write_text(NOTE.format(3))


def share_a_note(root):
    sql(root, "UPDATE object_permissions SET share_with_cloud = 1 WHERE object_id = 1")


def tell_twice(root):
    sql(root, "INSERT INTO changes(at, op, origin, object_id, uid, path) SELECT at, op, origin, object_id, uid, path"
        " FROM changes WHERE op = 'create' LIMIT 1")


def tell_no_move(root):
    os.rename(root / "n1.md", root / "n8.md")
    sql(root, "UPDATE files SET path = 'n8.md' WHERE path = 'n1.md'",
        "UPDATE data_objects SET file_path = 'n8.md' WHERE file_path = 'n1.md'")


def lose_a_copy(root):
    sql(root, "INSERT INTO conflicts(at, path, state, winner, database_version, copy_path)"
        " VALUES ('2026-01-15T10:30:00.000Z', 'n1.md', 'open', 'file', '{}', '.nexus/conflicts/n1.md')")


def audit_nothing(root):
    sql(root, "INSERT INTO changes(at, op, origin, object_id, uid, path)"
        " SELECT created_at, 'permission', 'sql', id, uid, file_path FROM data_objects LIMIT 1")


def audit_twice(root):
    sql(root, "INSERT INTO audit_log(at, actor, action, origin, object_id, uid, hash)"
        " SELECT created_at, 'unknown', 'permission', 'sql', id, uid, 'x' FROM data_objects LIMIT 1")


FAULTS = [(lose_a_version, "is lost"), (lose_a_copy, "no copy"), (swap_two_ids, "was W00000"), (change_a_row, "the row says"), (leave_a_file, "left over"),
          (leave_an_intent, "under way"), (leave_an_entry, "nobody says why"), (break_the_index, "unsound"),
          (forget_a_file, "no row says"), (share_a_note, "is shared"), (tell_twice, "is there already"),
          (tell_no_move, "the feed says"), (audit_nothing, "0 in the audit"), (audit_twice, "1 in the audit")]


def found(program, fault):
    with tempfile.TemporaryDirectory(prefix="nexus-oracle-") as scratch:
        root = pathlib.Path(scratch) / "vault"
        root.mkdir()
        (pathlib.Path(scratch) / "run").mkdir(mode=0o700)
        environment = dict(os.environ, XDG_RUNTIME_DIR=scratch + "/run", NO_COLOR="1")

        def nexus(*arguments):
            subprocess.run([program, "-C", str(root), *arguments], env=environment, check=True, capture_output=True)

        for number in (1, 2):
            (root / f"n{number}.md").write_text(NOTE.format(number))
        nexus("init")
        database = sqlite3.connect(root / ".nexus/vault.sqlite")
        with database:
            database.execute("UPDATE core_note SET content = 'T000009Z' WHERE _path = 'n2.md'")
        database.close()
        nexus("sync")
        judge = oracle.Oracle(program, root, scratch, environment)
        findings = judge.check(lambda: nexus("sync"), {"T000001Z", "T000002Z", "T000009Z"})
        assert not findings, findings
        fault(root)
        return "\n".join(judge.check(lambda: None, {"T000001Z", "T000002Z", "T000009Z"}))


def main():
    missed = 0
    for fault, wanted in FAULTS:
        findings = found(sys.argv[1], fault)
        if wanted not in findings:
            missed += 1
            print(f"{fault.__name__}: wanted '{wanted}', got:\n{findings}")
    print(f"{len(FAULTS) - missed} of {len(FAULTS)} faults found")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
