# SPDX-License-Identifier: MIT
"""Looking at a vault's database: all of it, what two of them can be compared by, and whether it is sound."""

import pathlib
import shutil
import sqlite3

# Made anew by every index: who compares two databases must not look at it.
FLEETING = {"id", "uid", "object_id", "source_id", "target_id", "file_id", "schema_id", "seq",
            "at", "created_at", "updated_at", "indexed_at", "mtime_ns", "ctime_ns", "birth_ns", "inode", "device", "racy",
            "rev"}
# What happened, rather than what is there.
HISTORY = {"changes", "history", "schema_history", "audit_log", "schemas"}
# A file that was looked at in the very moment of its change is looked at once more: that is no news.
RESTLESS = {("files", "racy")}


class Unsound(Exception):
    """The database contradicts itself."""


def connect(vault):
    database = sqlite3.connect(f"file:{pathlib.Path(vault)}/.nexus/vault.sqlite?mode=ro", uri=True)
    database.text_factory = lambda text: text.decode(errors="backslashreplace")
    return database


def relations(database, wanted):
    rows = database.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name")
    return [name for (name,) in rows if wanted(name)]


def columns(database, relation):
    return [row[1] for row in database.execute(f'PRAGMA table_info("{relation}")')]


def rows(database, relation, names):
    """The rows, sorted, each as one line."""
    listed = ", ".join(f'"{name}"' for name in names)
    found = database.execute(f'SELECT {listed} FROM "{relation}"').fetchall()
    return sorted(f"{relation}: " + " | ".join(repr(value) for value in row) for row in found)


def dump(database, wanted, without):
    lines = []
    for relation in relations(database, wanted):
        names = [name for name in columns(database, relation) if not without(relation, name)]
        if names:
            lines += rows(database, relation, names)
    return "\n".join(lines).encode()


def everything(vault):
    """Each row of each table, the full text index and the private ones included."""
    database = connect(vault)
    try:
        return dump(database, lambda name: True, lambda relation, name: (relation, name) in RESTLESS)
    finally:
        database.close()


def comparable(vault):
    """What the public tables and views say, but for ids and times."""
    def public(name):
        return not name.startswith(("nx_", "sqlite_", "search")) and name not in HISTORY
    database = connect(vault)
    try:
        return dump(database, public, lambda relation, name: name.lstrip("_") in FLEETING)
    finally:
        database.close()


def check_sound(vault, scratch):
    """On a copy, because to check a full text index is to write."""
    copy = pathlib.Path(scratch) / "sound"
    copy.mkdir()
    for path in (pathlib.Path(vault) / ".nexus").glob("vault.sqlite*"):
        shutil.copy(path, copy)
    database = sqlite3.connect(copy / "vault.sqlite")
    try:
        for pragma in ("integrity_check", "foreign_key_check"):
            found = [row for row in database.execute(f"PRAGMA {pragma}") if row != ("ok",)]
            if found:
                raise Unsound(f"{pragma}: {found}")
        if relations(database, lambda name: name == "search"):
            database.execute("INSERT INTO search(search, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        raise Unsound(f"{error}") from error
    finally:
        database.close()
