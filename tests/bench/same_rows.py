# SPDX-License-Identifier: MIT
"""Whether a database holds what a vault would hold whose files came one after the other.

The first index of a vault takes a way of its own into the database. The same files are put into an
empty vault that is known already, so that they go the way of every later change, and both are
compared by what the public views show; ids and times differ and are left out. The full text index
is held against the texts by FTS5 itself.
"""

import shutil
import sqlite3

import measure

VIEWS = {
    "objects": "path, schema, title, state",
    "tags": "path, tag, folded, line, start, end",
    "aliases": "path, alias, line, start, end",
    "links": "path, kind, raw, target, target_path, alias, heading, block, property, line, start, end",
    "backlinks": "path, source_path, kind, raw, line, start, end",
    "headings": "path, level, text, line, start, end",
    "tasks": "path, status, done, text, due, completed, created, starts, scheduled, cancelled, priority, recurrence,"
             " heading, block, depth, line, start, end",
    "properties": "path, key, value, type, source, line, start, end",
    "blocks": "path, block, line, start, end",
    "problems": "path, line, column, pointer, keyword, severity, message",
    "files": "path, size, hash, state, lines, words",
}
CONTENT = "SELECT file_path, content_json, base_hash FROM {0}data_objects JOIN {0}object_content ON object_id = id"


def differing(database, select):
    """How many rows one has and the other has not."""
    ours, other = select.format("main."), select.format("other.")
    one_way = f"SELECT count(*) FROM ({ours} EXCEPT {other})"
    other_way = f"SELECT count(*) FROM ({other} EXCEPT {ours})"
    counts = [database.execute(f"SELECT count(*) FROM ({each})").fetchone()[0] for each in (ours, other)]
    return (database.execute(one_way).fetchone()[0] + database.execute(other_way).fetchone()[0] +
            abs(counts[0] - counts[1]))


def check_search(path):
    with sqlite3.connect(path) as database:
        try:
            database.execute("INSERT INTO search(search, rank) VALUES('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            return f"search: {error}"
        finally:
            database.rollback()
    return ""


def compare(root, scratch):
    """'' or what differs."""
    grown = scratch / "grown"
    grown.mkdir()
    measure.run([measure.NEXUS, "init", grown])
    for entry in root.iterdir():
        if entry.name != ".nexus":
            (shutil.copytree if entry.is_dir() else shutil.copy2)(entry, grown / entry.name)
    measure.run([measure.NEXUS, "sync"], cwd=grown)
    copy = scratch / "copy.sqlite"
    shutil.copy(root / ".nexus" / "vault.sqlite", copy)
    database = sqlite3.connect(copy)
    database.execute("ATTACH ? AS other", (str(grown / ".nexus" / "vault.sqlite"),))
    selects = {view: f"SELECT {columns} FROM {{0}}{view}" for view, columns in VIEWS.items()}
    selects["contents"] = CONTENT
    wrong = [f"{view}: {count} rows" for view, select in selects.items() if (count := differing(database, select))]
    database.close()
    wrong += [told for path in (copy, grown / ".nexus" / "vault.sqlite") if (told := check_search(path))]
    copy.unlink()
    shutil.rmtree(grown)
    return ", ".join(wrong)
