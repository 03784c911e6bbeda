#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What README.md shows is what a reader gets.

usage: readme.py [--update | --watched] README PROGRAM VAULT

Each fenced block behind a line `<!-- runs -->` is run, in order, by somebody who begins in a folder that has VAULT in it,
as a clone does. In a `console` block, what follows "$ " (and "> " in the lines behind it) is run by the shell with `nexus`
in PATH, and what follows that is its output. A `sql` block is run by the stock sqlite3 shell; its output is the `text` block
behind it. --update writes the outputs found into the README. --watched has `nexus watch`
follow the vault once it is made: what `nexus sync` counts is not compared then, all else is.
"""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

BLOCK = re.compile(r"<!-- runs -->\n```(?:console\n(?P<console>.*?)```\n|sql\n(?P<sql>.*?)```\n\n```text\n(?P<shown>.*?)```\n)", re.DOTALL)
COMMAND = re.compile(r"(?m)^\$ (.*\n(?:> .*\n)*)((?:(?!\$ ).*\n)*)")
MARK = "<!-- runs -->"
COUNTED = re.compile(r"(?m)^\d+ files?(, \d+ read: .*| written .*)\n")
LIMIT_S = 60


class Reader:
    """Somebody with a home, a clone and a shell, which stays where it was."""

    def __init__(self, home, program, vault):
        self.home = home
        self.folder = home / "clone"
        self.folder.mkdir()
        shutil.copytree(vault, self.folder / vault.name)
        (home / "bin").mkdir()
        (home / "bin" / "nexus").symlink_to(program)
        shell = home / "bin" / "sqlite3"  # as README advises; the shell finds ~/.sqliterc by the user, not by HOME
        shell.write_text(f"#!/bin/sh\nexec {shutil.which('sqlite3')} -cmd '.timeout 30000' \"$@\"\n")
        shell.chmod(0o755)
        self.environment = {**os.environ, "PATH": f"{home}/bin:{os.environ['PATH']}", "HOME": str(home),
                            "XDG_RUNTIME_DIR": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC", "NO_COLOR": "1"}
        self.environment.pop("NEXUS_VAULT", None)

    def run(self, language, text):
        """What it prints, without the blanks at the ends of lines."""
        where = self.home / "where"
        if language == "sh":
            command, text = ["sh", "-eu"], f"trap 'pwd >{where}' EXIT\n{text}"
        else:
            command = ["sqlite3", "-batch", "-column", "-header", ".nexus/vault.sqlite"]
        done = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              cwd=self.folder, env=self.environment, timeout=LIMIT_S)
        if language == "sh":
            self.folder = pathlib.Path(where.read_text().rstrip("\n"))
        said = done.stdout.replace(str(self.home), "~")
        return "".join(line.rstrip() + "\n" for line in said.splitlines())

    def has_vault(self):
        return (self.folder / ".nexus").is_dir()

    @contextlib.contextmanager
    def watching(self):
        """While `nexus watch` follows the vault of the folder."""
        daemon = subprocess.Popen(["nexus", "watch"], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            end = time.monotonic() + LIMIT_S
            while "following" not in self.run("sh", "nexus status"):
                assert daemon.poll() is None and time.monotonic() < end
            yield
        finally:
            daemon.terminate()
            assert daemon.wait(LIMIT_S) == 0


def tidy(output, watched):
    """Without what differs from run to run."""
    output = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "<time>", re.sub(r"\d+ ms", "<n> ms", output))
    return COUNTED.sub("", output) if watched else output


def steps(block):
    """(language, source, where its output stands) of each command, or of the SQL, of a block."""
    if block["sql"] is not None:
        yield "sql", block["sql"], block.span("shown")
        return
    start = block.start("console")
    for command in COMMAND.finditer(block["console"]):
        yield "sh", command[1].replace("\n> ", "\n"), (start + command.start(2), start + command.end(2))


def check(readme, reader, update, watched):
    """Yields a finding for each command whose output is not what stands there."""
    text = readme.read_text()
    blocks = list(BLOCK.finditer(text))
    if text.count(MARK) != len(blocks) or not blocks:
        yield f"{readme}: a block behind '{MARK}' must be console, or sql and have a text block behind it"
        return
    corrections = []
    with contextlib.ExitStack() as stack:
        is_watched = False
        for language, source, (start, end) in (step for block in blocks for step in steps(block)):
            if watched and not is_watched and reader.has_vault():
                stack.enter_context(reader.watching())
                is_watched = True
            shown, found = text[start:end], reader.run(language, source)
            if tidy(found, watched) != tidy(shown, watched):
                corrections.append((start, end, found))
                yield f"{readme}: this does not give what is shown:\n{source}--- shown\n{shown}--- found\n{found}"
    for start, end, found in reversed(corrections):
        text = text[:start] + found + text[end:]
    if update:
        readme.write_text(text)


def main():
    arguments = sys.argv[1:]
    option = arguments.pop(0) if arguments[0].startswith("--") else ""
    readme, program, vault = (pathlib.Path(argument).resolve() for argument in arguments)
    with tempfile.TemporaryDirectory(prefix="nexus-readme-") as home:
        reader = Reader(pathlib.Path(home).resolve(), program, vault)
        findings = list(check(readme, reader, option == "--update", option == "--watched"))
    for finding in findings:
        print(finding)
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
