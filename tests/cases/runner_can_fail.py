# SPDX-License-Identifier: MIT
"""The case runner holds a right case against faults that are planted into a stand-in for `nexus`."""

import os
import pathlib
import sys
import tempfile

import run

# The stand-in keeps names and sizes of the vault's files in a database of one table, and does wrong
# what $FAULT asks for.
PROGRAM = r"""#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
import os, pathlib, sqlite3, sys
fault, command = FAULT, sys.argv[1]
pathlib.Path(".nexus").mkdir(exist_ok=True)
database = sqlite3.connect(".nexus/vault.sqlite")
database.execute("CREATE TABLE IF NOT EXISTS files(id INTEGER PRIMARY KEY, path TEXT UNIQUE, size INTEGER)")
database.execute("CREATE TABLE IF NOT EXISTS changes(seq INTEGER PRIMARY KEY, path TEXT REFERENCES files(path))")
if command in ("init", "sync"):
    for path in sorted(pathlib.Path(".").glob("*.md")):
        known = database.execute("SELECT 1 FROM files WHERE path = ?", [path.name]).fetchone()
        if not known or fault == "counts every sync":
            database.execute("INSERT OR IGNORE INTO files(path, size) VALUES (?, ?)",
                             [path.name, path.stat().st_size])
            database.execute("INSERT INTO changes(path) VALUES (?)", [path.name])
    if fault == "remembers how often" and command == "init" and "fresh" in os.getcwd():
        database.execute("UPDATE files SET size = 0")
    if fault == "dangles":
        database.execute("UPDATE changes SET path = 'gone.md'")
database.commit()
if command == "sync" and fault == "rewrites a file":
    text = pathlib.Path("a.md").read_bytes()
    pathlib.Path("a.md").write_bytes(text)
if command == "sync" and fault == "leaves no trace but a time stamp":
    pathlib.Path(".tmp").write_text("x"); os.unlink(".tmp")
if command == "sync" and fault == "fails":
    sys.exit(3)
if command == "check" and fault in ("finds something", "finds something silently"):
    if fault == "finds something": print("a.md:1:1: error: bad")
    sys.exit(1)
"""

STORY = {"story.md": "# Two notes\n", "before/a.md": "one\n", "queries.sql": "SELECT path, size FROM files;\n",
         "index.txt": "path | size\na.md | 4\nb.md | 4\n", "steps": "echo two >b.md\nnexus sync\n"}

# fault of the program, what is different in the case, what the runner says (None: the case holds)
PLANTED = [
    ("none", {}, None),
    ("none", {"index.txt": "path | size\na.md | 4\n"}, "index.txt differs"),
    ("none", {"output.txt": "something\n"}, "output.txt differs"),
    ("none", {"steps": "exits 1 nexus sync\n"}, "exit code 0, not 1: nexus sync"),
    ("none", {"steps": "false\n"}, "exit code 1"),
    ("none", {"check.txt": "a.md:1:1: error: bad\n"}, "check.txt differs"),
    ("none", {"after/a.md": "one\n", "after/b.md": "two\n"}, None),
    ("none", {"after/a.md": "one\n"}, "after/b.md differs"),
    ("none", {"after/a.md": "won\n", "after/b.md": "two\n"}, "after/a.md differs"),
    ("none", {"story.md": "Two notes\n"}, "story.md does not begin"),
    ("none", {"rebuild-differs": "not at all\n"}, "it is the same"),
    ("fails", {}, "exit code 3"),
    ("rewrites a file", {}, "files were touched by nexus sync"),
    ("leaves no trace but a time stamp", {}, "files were touched by nexus sync"),
    ("counts every sync", {}, "the database after a second sync differs"),
    ("remembers how often", {}, "an index made afresh differs"),
    ("dangles", {}, "foreign_key_check"),
    ("finds something", {}, "check.txt differs"),
    ("finds something", {"check.txt": "a.md:1:1: error: bad\n"}, None),
    ("finds something silently", {}, "nexus check exits 1"),
]


def verdict(fault, content):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, text in {**STORY, **content}.items():
            path = folder / "case" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        program = folder / "program"
        program.write_text(PROGRAM.replace("FAULT", repr(fault)))
        program.chmod(0o755)
        scratch = folder / "scratch"
        scratch.mkdir()
        try:
            run.Case(folder / "case", program, scratch, False).check()
        except (run.Failure, run.index.Unsound) as failure:
            return str(failure)
        return None


def main():
    wrong = 0
    for fault, content, wanted in PLANTED:
        found = verdict(fault, content)
        if (found is None) != (wanted is None) or (wanted and wanted not in found):
            wrong += 1
            print(f"the program's fault: {fault}; in the case: {content}\n  expected: {wanted}\n  found: {found}")
    print(f"{len(PLANTED) - wrong} of {len(PLANTED)} expectations hold")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    os.umask(0o022)
    main()
