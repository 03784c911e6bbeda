#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""README's picture of a terminal is what the program prints there.

usage: picture.py [--update] PICTURE PROGRAM VAULT

Runs the steps below on a terminal, in a copy of VAULT that `nexus watch` follows, and draws them. Without --update the
picture must be the same.
"""

import html
import os
import pathlib
import pty
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

import program as terminal
import readme

STEPS = [
    "# A vault is a folder of notes. 'nexus watch' follows this one.",
    "nexus search compost --limit 2",
    """sqlite3 .nexus/vault.sqlite "UPDATE plugin_journal_entry
  SET mood = 'neutral' WHERE title = 'Frost again'\"""",
    "git diff -U0 --word-diff journal | tail -n 1",
    "# The note was edited, and only these bytes. Any editor edits, too:",
    "sed -i 's/neutral/gloomy/' journal/2026-03-01-frost-again.md",
    "nexus check",
    "# What may an AI see? Nothing, until you say so.",
    """nexus query --as ai "SELECT count(*) AS shared FROM objects\"""",
    "nexus status | tail -n 1",
]
COLUMNS, WIDTH, HEIGHT, MARGIN, TOP = 96, 8.4, 20, 18, 44
COLOURS = {"36": "name", "1;33": "match", "1;31": "bad", "33": "warning", "32": "good", "2": "faint"}
STYLE = """    text { font: 14px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #d8dee9; white-space: pre }
    .prompt { fill: #a3be8c } .command { fill: #ffffff; font-weight: bold } .faint { fill: #7b8798 }
    .name { fill: #88c0d0 } .match { fill: #ebcb8b } .bad { fill: #ef7b85 } .warning { fill: #ebcb8b } .good { fill: #a3be8c }
"""


def printed(reader, command):
    """What stands on the terminal after it, a list of lines; when it has ended, and all it did is in step."""
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in reader.environment.items() if name != "NO_COLOR"}
    shell = subprocess.Popen(["sh", "-c", command], stdin=theirs, stdout=theirs, stderr=theirs, cwd=reader.folder,
                             env={**environment, "TERM": "xterm", "COLUMNS": str(COLUMNS), "GIT_PAGER": ""},
                             start_new_session=True)
    os.close(theirs)
    text = terminal.read_all(ours).decode()
    os.close(ours)
    shell.wait(readme.LIMIT_S)
    reader.run("sh", "nexus sync")
    return text.replace("\r\n", "\n").splitlines()


def spans(line):
    """(class, text) of each run of one style."""
    style = ""
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            style = COLOURS.get(part[2:-1], "")
        elif part:
            yield style, part


def folded(parts):
    """The line as one or more, none of them wider than the terminal."""
    row, room = [], COLUMNS
    for style, text in parts:
        while text:
            row.append((style, text[:room]))
            text, room = text[room:], room - len(text[:room])
            if not room:
                yield row
                row, room = [], COLUMNS
    if row:
        yield row


def escaped(text):
    return html.escape(text, quote=False)


def drawn(number, parts):
    inside = "".join(f'<tspan class="{style}">{escaped(text)}</tspan>' if style else escaped(text)
                     for style, text in parts)
    length = sum(len(text) for _, text in parts) * WIDTH
    return f'  <text x="{MARGIN}" y="{TOP + number * HEIGHT}" textLength="{length:g}" xml:space="preserve">{inside}</text>\n'


def lines_of(reader):
    for command in STEPS:
        if command.startswith("#"):
            yield [("faint", command)]
            continue
        for before, line in zip(["$ "] + ["> "] * 9, command.split("\n")):
            yield [("prompt", before), ("command", line)]
        for line in printed(reader, command):
            yield from folded(spans(line))


def picture(reader):
    lines = list(lines_of(reader))
    width, height = round(COLUMNS * WIDTH + 2 * MARGIN), TOP + len(lines) * HEIGHT
    dots = "".join(f'<circle cx="{MARGIN + 6 + 18 * i}" cy="16" r="5" fill="{colour}"/>'
                   for i, colour in enumerate(("#ef7b85", "#ebcb8b", "#a3be8c")))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">\n'
            "  <title>Nexus in a terminal</title>\n"
            f"  <style>\n{STYLE}  </style>\n"
            f'  <rect width="{width}" height="{height}" rx="8" fill="#20242c"/>\n  {dots}\n'
            + "".join(drawn(number, parts) for number, parts in enumerate(lines)) + "</svg>\n")


def main():
    arguments = sys.argv[1:]
    update = arguments[0] == "--update"
    shown, program, vault = (pathlib.Path(argument).resolve() for argument in arguments[update:])
    with tempfile.TemporaryDirectory(prefix="nexus-picture-") as home:
        reader = readme.Reader(pathlib.Path(home).resolve(), program, vault)
        reader.run("sh", f"cd {vault.name}\ngit init -q .\ngit add .\nnexus init")
        with reader.watching():
            made = picture(reader)
    if update:
        shown.write_text(made)
    elif shown.read_text() != made:
        sys.exit(f"{shown}:1: is not what the program prints: tests/contract/picture.py --update draws it anew")


if __name__ == "__main__":
    main()
