# SPDX-License-Identifier: MIT
"""How the gate's statements are carried out: what is shared is gone through first, and nothing else is gone through.

usage: plans.py

A statement that went through a table of the vault would take the longer the more of it is hidden. SQLite's planner
decides that, so it is asked about each statement of gate.sql, on a vault without statistics, and on some that have them."""

import pathlib
import re
import sqlite3
import sys

SQL = pathlib.Path(__file__).resolve().parents[2] / "src/store/sql"
# What is gone through all the same, and decided on row by row: the feed, and what a search finds.
WHOLE = {"changes": "SCAN c", "search_match": "SCAN main.search VIRTUAL TABLE"}
# And what no note is in: what is shared, the names of the tables, what a subquery made.
HARMLESS = re.compile(r"SCAN (nx_allowed|shown|k|m|\(subquery-\d+\))$")
RANGE = re.compile(r"\b(rowid|object_id)>\? AND \1<\?\)")
PARTS = ["clock_mark", "permission", "permissions_ai", "permissions_cloud", "by_path", "files", "helpers", "all", "wanted", "shared"]
WORDS = {"tags": ["tag = ?2 COLLATE NOCASE"], "properties": ["key = ?2 COLLATE NOCASE AND value = ?3 COLLATE BINARY"],
         "headings": ["+text LIKE ?2"]}


def statements():
    parts = re.split(r"^-- name: (\w+)\n", (SQL / "gate.sql").read_text(), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def vault(statistics):
    database = sqlite3.connect(":memory:")
    for file in ("durable", "derived", "indexes"):
        database.executescript((SQL / f"{file}.sql").read_text())
    # In the place of the program's own table and functions.
    database.executescript("CREATE TEMP TABLE nx_allowed(first, last); INSERT INTO nx_allowed VALUES(1, 1); ANALYZE temp.nx_allowed")
    for name, count in (("nx_allows", 1), ("nx_shares_file", 1), ("nx_lead", 2), ("nx_rank", 5)):
        database.create_function(name, count, lambda *values: None)
    if statistics:
        database.execute("ANALYZE sqlite_schema")
        for table, index in database.execute("SELECT tbl_name, name FROM sqlite_schema WHERE type = 'index'").fetchall():
            database.execute("INSERT INTO sqlite_stat1 VALUES(?, ?, ?)", (table, index, statistics))
        database.execute("ANALYZE sqlite_schema")
    return database


def plan(database, text):
    count = max(map(int, re.findall(r"\?(\d+)", text)), default=0)
    return [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {text}", [1] * count)]


def complaints(name, lines):
    for line, behind in zip(lines, [*lines[1:], ""]):
        if line.startswith("SCAN ") and not HARMLESS.match(line) and not line.startswith(WHOLE.get(name, "-")):
            yield f"{name} goes through a table: {line}"
        if line == "SCAN nx_allowed" and not RANGE.search(behind):
            yield f"{name} reads more than what is shared: {behind}"
    if name not in WHOLE and "SCAN nx_allowed" not in lines:
        yield f"{name} reads without what is shared: {lines}"


def main():
    found, asked = [], 0
    named = statements()
    for statistics in (None, "100000 1 1 1 1", "100000 300 20 2 1", "10 1 1 1 1", "100000000 3 2 1 1"):
        database = vault(statistics)
        for name, text in named.items():
            if name in PARTS:
                continue
            for words in WORDS.get(name, []) + ["TRUE"]:
                whole = named["all"] + named["shared"] + (text if name == "view" else f"SELECT * FROM ({text}) WHERE {words}")
                asked += 1
                found += [f"{statistics}: {complaint}" for complaint in complaints(name, plan(database, whole))]
    print(*found, f"{asked} plans, {len(found)} complaints", sep="\n")
    return 1 if found or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
