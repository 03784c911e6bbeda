#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What README.md shows is what a reader gets.

usage: readme.py [--update] README PROGRAM VAULT

Each fenced block behind a line `<!-- runs -->` is run, in order, in one copy of VAULT that `nexus init`
has indexed: `sh` by the shell with `nexus` in PATH, `sql` by the stock sqlite3 shell. Its output must be
the `text` block that follows it. --update writes the outputs found into the README.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"<!-- runs -->\n\n?```(sh|sql)\n(.*?)```\n\n```text\n(.*?)```\n", re.DOTALL)
MARK = "<!-- runs -->"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def run_block(language, text, environment, vault):
    command = ["sh", "-eu"] if language == "sh" else ["sqlite3", "-batch", "-column", "-header", ".nexus/vault.sqlite"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, cwd=vault, env=environment,
                          timeout=60)
    return done.stdout + done.stderr


def tidy(output):
    """Without what differs from run to run, and without the blanks at the ends of lines."""
    return "".join(line.rstrip() + "\n" for line in TIME.sub("<time>", output).splitlines())


def check(readme, program, vault, scratch, update):
    """Yields a finding for each block whose output is not what stands there."""
    text = readme.read_text()
    if text.count(MARK) != len(BLOCK.findall(text)) or MARK not in text:
        yield f"{readme}: a block behind '{MARK}' must be sh or sql and have a text block behind it"
        return
    copy = scratch / "vault"
    shutil.copytree(vault, copy)
    (scratch / "bin").mkdir()
    (scratch / "bin" / "nexus").symlink_to(program)
    environment = {**os.environ, "PATH": f"{scratch}/bin:{os.environ['PATH']}", "HOME": str(scratch),
                   "XDG_RUNTIME_DIR": str(scratch), "LC_ALL": "C.UTF-8", "TZ": "UTC", "NO_COLOR": "1"}
    environment.pop("NEXUS_VAULT", None)
    subprocess.run(["nexus", "init", "."], cwd=copy, env=environment, check=True, capture_output=True)
    for language, source, shown in BLOCK.findall(text):
        found = tidy(run_block(language, source, environment, copy))
        if found == shown:
            continue
        if update:
            readme.write_text(readme.read_text().replace(f"{source}```\n\n```text\n{shown}```",
                                                         f"{source}```\n\n```text\n{found}```"))
        yield f"{readme}: this does not give what is shown:\n{source}--- shown\n{shown}--- found\n{found}"


def main():
    arguments = sys.argv[1:]
    update = arguments[0] == "--update"
    readme, program, vault = (pathlib.Path(argument).resolve() for argument in arguments[update:])
    with tempfile.TemporaryDirectory() as scratch:
        findings = list(check(readme, program, vault, pathlib.Path(scratch), update))
    for finding in findings:
        print(finding)
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
