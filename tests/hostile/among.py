#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A hostile file among a thousand ordinary ones, while `nexus watch` follows: what is said of it is clear, and the others are
followed as fast as without it.

usage: among.py --program NEXUS [--only ITEM,...] [--saves N] [--factor N]

One vault and one daemon for all. For each of ITEMS: a few saves of ordinary notes are timed, the item is put there, as many
are timed again, and what the database says of it is compared; then it is removed. A ratio of the medians above --factor is
looked at once more, since anybody may be at work on the machine. At the end another look at all of it must find nothing.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

for neighbour in ("walk", "soak"):
    sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / neighbour))
import soak  # noqa: E402

FILES = int(os.environ.get("NEXUS_MANY_FILES", "3000"))  # in one folder; 100000 by hand
LIMIT_S = 120
NOTHING, INDEXED = "", None


def note(front, body="Words.\n"):
    return f"---\n{front}\n---\n{body}".encode()


# --- what is put there: each returns the path that is asked about

def content(name, data):
    def put(root):
        (root / name).write_bytes(data)
        return name
    return put


def alias_bomb():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return note("\n".join(lines))


def sparse(root):
    with open(root / "big.md", "wb") as file:
        file.truncate(1 << 30)
    return "big.md"


def link(name, target):
    def put(root):
        os.symlink(target, root / name)
        return name
    return put


def link_out(root):
    outside = root.parent / "outside"
    outside.mkdir(exist_ok=True)
    (outside / "canary.md").write_text("nobody may read me\n")
    os.symlink(outside, root / "out")
    return "out/canary.md"


def hard_link(root):
    (root / "one.md").write_text("One.\n")
    os.link(root / "one.md", root / "two.md")
    return "two.md"


def fifo(root):
    os.mkfifo(root / "fifo.md")
    return "fifo.md"


def a_socket(root):
    with socket.socket(socket.AF_UNIX) as end:
        here = os.getcwd()
        os.chdir(root)
        end.bind("socket.md")
        os.chdir(here)
    return "socket.md"


def device(root):
    os.mknod(root / "zero.md", 0o600 | 0o020000, os.makedev(1, 5))
    return "zero.md"


def many_files(root):
    (root / "many").mkdir()
    for number in range(FILES):
        (root / f"many/m{number}.md").write_bytes(b"Words.\n")
    return f"many/m{FILES - 1}.md"


def levels(root):
    folder = root / "/".join(["l"] * 200)
    folder.mkdir(parents=True)
    (folder / "deep.md").write_text("Deep.\n")
    return "/".join(["l"] * 200) + "/deep.md"


def twins(*names):
    def put(root):
        for name in names:
            (root / name).write_text(f"{name}\n")
        return names[-1]
    return put


def named(name):
    def put(root):
        (root / os.fsdecode(name)).write_text("Words.\n")
        return name.decode("utf-8", "backslashreplace")
    return put


def folder_named(name):
    def put(root):
        (root / os.fsdecode(name)).mkdir()
        (root / os.fsdecode(name) / "in.md").write_text("Words.\n")
        return name.decode("utf-8", "backslashreplace")
    return put


# name: how it is put there, and what its problems say: INDEXED without any, NOTHING: neither row nor problem
ITEMS = {
    "yaml alias bomb": (content("bomb.md", alias_bomb()), "alias"),
    "yaml nested deeply": (content("nested.md", note("a: " + "[" * 20000 + "]" * 20000)), "nested|deep"),
    "json nested deeply": (content("nested.json", b"[" * 50000 + b"]" * 50000), "nested|deep"),
    "markdown nested deeply": (content("quotes.md", b">" * 50000 + b"x\n"), INDEXED),
    "brackets without end": (content("brackets.md", b"[" * 200000 + b"\n"), INDEXED),
    "a sparse gigabyte": (sparse, "large|big|limit|MiB"),
    "nul": (content("nul.md", b"a\0b\n"), "NUL|U\\+0000|null"),
    "utf-16": (content("utf16.md", "Words\n".encode("utf-16")), "UTF-16|UTF-8"),
    "no utf-8": (content("latin.md", b"caf\xe9\n"), "UTF-8"),
    "mixed line ends": (content("ends.md", b"---\r\na: 1\nb: 2\r\n---\rWords\n"), INDEXED),
    "a key twice": (content("twice.md", note("a: 1\na: 2")), "twice|duplicate|already"),
    "a key twice in json": (content("twice.json", b'{"a": 1, "a": 2}'), "twice|duplicate|already"),
    "a yaml tag": (content("tag.md", note("a: !!python/object:os.system x")), "tag"),
    "merge keys": (content("merge.md", note("a: &a {b: 1}\nc:\n  <<: *a")), INDEXED),
    "names full of sql": (content("names.md", note("\"'; DROP TABLE files; --\": 1\n'a\"b''c': 2\n'`': 3")), INDEXED),
    "a link to a file": (link("link.md", "n1.md"), NOTHING),
    "a link to a folder outside": (link_out, NOTHING),
    "a link to itself": (link("loop.md", "loop.md"), NOTHING),
    "a link to the folder above": (link("up", ".."), NOTHING),
    "a link to a device": (link("dev.md", "/dev/zero"), NOTHING),
    "two names of a file": (hard_link, INDEXED),
    "a fifo": (fifo, NOTHING),
    "a socket": (a_socket, NOTHING),
    "a device": (device, NOTHING),
    "many files in a folder": (many_files, INDEXED),
    "two hundred levels": (levels, INDEXED),
    "a name of 255 bytes": (named(b"n" * 252 + b".md"), INDEXED),
    "a name with a line break": (named(b"a\nb.md"), INDEXED),
    "a name with an escape": (named(b"a\x1b[31mb.md"), INDEXED),
    "a name with %n": (named(b"%s%n.md"), INDEXED),
    "a name that is no utf-8": (named(b"caf\xe9.md"), "name is not UTF-8.*rename"),
    "a folder's that is none": (folder_named(b"caf\xe9"), "name is not UTF-8.*rename"),
    "names that differ in case": (twins("case.md", "CASE.md"), INDEXED),
    "names that look the same": (twins("caf\u00e9.md", "cafe\u0301.md"), INDEXED),
}

SCHEMAS = {
    "a $ref loop": {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "properties": {"a": {"$ref": "#/$defs/a"}}},
    "a remote $ref": {"properties": {"a": {"$ref": "https://example.invalid/x.json"}}},
    "ten thousand properties": {"properties": {f"p{number}": {"type": "string"} for number in range(10000)}},
    "a pattern that explodes": {"properties": {"title": {"type": "string", "pattern": "^(a+)+$"}}},
    "sql in its name": {"$id": "x.it's \"quoted\"; DROP TABLE files; --"},
    "sql in a property": {"properties": {"x'); DROP TABLE files; --": {"type": "string"}}},
}


class Vault(soak.Soak):
    """The one of the soak, with more notes in it and less going on."""

    def timed(self, saves):
        """The median from the save of an ordinary note to its row, in milliseconds."""
        times = []
        for _ in range(saves):
            path, value = self.path(self.chance.randrange(soak.NOTES)), self.chance.randrange(10**9)
            begin = time.monotonic()
            self.write(path, value)
            self.wait(lambda path=path, value=value: self.mood(path) == value, f"{path} is not followed")
            times.append((time.monotonic() - begin) * 1000)
        return statistics.median(times)

    def mood(self, path):
        rows = self.oracle.query("SELECT c.content_json ->> 'mood' FROM data_objects o JOIN object_content c"
                                 " ON c.object_id = o.id WHERE o.file_path = ?", path)
        return rows[0][0] if rows else None

    def wait(self, condition, otherwise):
        end = time.monotonic() + LIMIT_S
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(otherwise)
            time.sleep(0.002)  # between two looks

    def said_of(self, path):
        """Its problems, and whether there is an object."""
        problems = self.oracle.query("SELECT message FROM problems WHERE path = ?", path)
        return [message for (message,) in problems], bool(self.oracle.query("SELECT 1 FROM objects WHERE path = ?", path))

    def wrong(self, path, wanted):
        """What is not as it should be about what is said of it."""
        problems, is_there = self.said_of(path)
        if wanted is INDEXED:
            return [] if is_there else [f"it has no row; said of it: {problems}"]
        if wanted == NOTHING:
            return [f"it was read: {problems}"] if is_there or problems else []
        return [] if any(re.search(wanted, problem) for problem in problems) else [f"not clear: {problems or 'nothing is said'}"]


def clear(root, before):
    for path in set(root.iterdir()) - before:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def try_item(vault, name, saves, factor):
    put, wanted = ITEMS[name]
    here = set(vault.root.iterdir())
    for _ in range(2):
        before = vault.timed(saves)
        path = put(vault.root)
        beside = vault.timed(saves)
        vault.nexus("sync")
        findings = vault.wrong(path, wanted)
        clear(vault.root, here)
        vault.nexus("sync", "--forget")
        if beside <= before * factor:
            break
    else:
        findings.append(f"the others wait {beside:.0f} ms, and {before:.0f} ms without it")
    print(f"{name:28} {before:6.0f} ms {beside:6.0f} ms  {'; '.join(findings) or 'as it should be'}", flush=True)
    return [f"{name}: {finding}" for finding in findings]


def try_schema(vault, name, saves, factor):
    """Whether it is taken or refused, in one sentence."""
    file = vault.root.parent / "schema.json"
    file.write_text(json.dumps({"$id": f"x.hostile{len(name)}", "title": name, "type": "object"} | SCHEMAS[name]))
    before = vault.timed(saves)
    done = subprocess.run([vault.program, "-C", str(vault.root), "schema", "add", str(file)], env=vault.environment,
                          capture_output=True, text=True, timeout=LIMIT_S, stdin=subprocess.DEVNULL, check=False)
    beside = vault.timed(saves)
    findings = [] if done.returncode in (0, 1, 2, 3) else [f"it exits {done.returncode}"]
    if done.returncode and ": error: " not in done.stdout:
        findings.append("it is refused, and nobody says why")
    if beside > before * factor and vault.timed(saves) > before * factor:
        findings.append(f"the others wait {beside:.0f} ms, and {before:.0f} ms without it")
    said = (done.stdout.strip().splitlines() or ["taken"])[0]
    print(f"{name:28} {before:6.0f} ms {beside:6.0f} ms  {'; '.join(findings) or said.removeprefix(str(file))[:120]}", flush=True)
    return [f"{name}: {finding}" for finding in findings]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--saves", type=int, default=3)
    parser.add_argument("--factor", type=float, default=3)
    wanted = parser.parse_args()
    only = wanted.only.split(",") if wanted.only else [*ITEMS, *SCHEMAS]
    soak.NOTES = 1000
    with tempfile.TemporaryDirectory(prefix="nexus-hostile-") as scratch:
        vault = Vault(str(wanted.program.resolve(strict=True)), scratch, 1)
        findings = []
        try:
            vault.nexus("sync")
            vault.timed(wanted.saves)
            for name in only:
                findings += (try_item if name in ITEMS else try_schema)(vault, name, wanted.saves, wanted.factor)
        finally:
            findings += vault.end()
        findings += vault.oracle.check(lambda: vault.nexus("sync"))
    print("\n".join(findings), end="\n" if findings else "")
    print(f"{len(only)} hostile things among {soak.NOTES} notes: {len(findings)} findings")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
