#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs cases: a vault goes in, steps happen, the files and the index must be what the case says.

usage: run.py --program NEXUS [--update] CASE...

README.md beside this file says what a case is and what is checked of each.
"""

import argparse
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import index

TIMEOUT_S = 120

# The words that `steps` knows.
PRELUDE = """set -eu
sql() { sqlite3 -bail .nexus/vault.sqlite "$@"; }
sync() { nexus sync >/dev/null; }
exits() {
  wanted=$1; shift
  code=0; "$@" || code=$?
  [ "$code" -eq "$wanted" ] || { echo "exit code $code, not $wanted: $*" >&2; exit 1; }
}
"""

# Stands before the real program in PATH. A look at every name, inode, mode, size and time stamp, before
# and behind: writing a file, or making one and taking it away again, cannot hide from it. Only the
# root's own time stamps may change, and only while there is no .nexus yet.
WATCHED = """#!/bin/sh
if [ -e .nexus ]; then depth=0; else depth=1; fi
look() {
  find . -mindepth $depth -path ./.nexus -prune -o -printf '%y %i %m %s %T@ %C@ %p %l\\0' 2>&1 | sort -z
}
look >"$CASE_SCRATCH/look.before"
code=0; "$NEXUS_PROGRAM" "$@" || code=$?
look >"$CASE_SCRATCH/look.behind"
if ! cmp -s "$CASE_SCRATCH/look.before" "$CASE_SCRATCH/look.behind"; then
  { echo "nexus $*:"; cat "$CASE_SCRATCH/look.before"; echo; echo behind:; cat "$CASE_SCRATCH/look.behind"; } |
    tr '\\0' '\\n' >>"$CASE_SCRATCH/touched"
fi
exit $code
"""

SHELL_OUTPUT = [".mode list", ".separator ' | '", ".headers on", ".nullvalue -"]
TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
UID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


class Failure(Exception):
    """The case does not hold; the text says where."""


def difference(what, wanted, found):
    lines = [text.decode(errors="backslashreplace").splitlines() for text in (wanted, found)]
    diff = difflib.unified_diff(*lines, "expected", "found", lineterm="")
    return Failure(f"{what} differs:\n" + "\n".join(diff))


class Case:
    """One case being run. `scratch` holds the vault and whatever must not meet another test's."""

    def __init__(self, folder, program, scratch, update):
        self.folder, self.scratch, self.update = folder, scratch, update
        self.vault = scratch / "vault"
        (scratch / "bin").mkdir()
        (scratch / "run").mkdir(mode=0o700)
        (scratch / "home").mkdir()
        watched = scratch / "bin" / "nexus"
        watched.write_text(WATCHED)
        watched.chmod(0o755)
        self.environment = {
            "PATH": f"{scratch}/bin:{os.environ['PATH']}", "HOME": f"{scratch}/home", "LC_ALL": "C.UTF-8",
            "XDG_RUNTIME_DIR": f"{scratch}/run", "TMPDIR": str(scratch), "TZ": "UTC", "NO_COLOR": "1",
            "CASE_SCRATCH": str(scratch), "NEXUS_PROGRAM": str(program),
            **{name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")},
        }

    # --- running things --------------------------------------------------------------------------

    def run(self, command, codes=(0,), stdin=b"", folder=None):
        done = subprocess.run(command, input=stdin, capture_output=True, cwd=folder or self.vault,
                              env=self.environment, timeout=TIMEOUT_S)
        if done.returncode not in codes:
            told = (done.stdout[-2000:] + done.stderr[-4000:]).decode(errors="backslashreplace")
            raise Failure(f"exit code {done.returncode}, not {codes}: {' '.join(map(str, command))}\n{told}")
        return done

    def expect(self, name, found):
        """`found` must be what the case's file `name` says; a missing file says nothing."""
        path = self.folder / name
        wanted = path.read_bytes() if path.is_file() else None
        if self.update and (wanted is not None or found) and wanted != found:
            path.write_bytes(found)
            print(f"  written: {path}")
        elif (wanted or b"") != found:
            raise difference(name, wanted or b"", found)

    # --- what is checked -------------------------------------------------------------------------

    def check_steps(self):
        self.run(["nexus", "init"])
        steps = self.folder / "steps"
        if steps.is_file():
            done = self.run(["sh"], stdin=(PRELUDE + steps.read_text()).encode())
            if (self.folder / "output.txt").is_file():
                self.expect("output.txt", readable(done.stdout))

    def check_untouched(self):
        touched = self.scratch / "touched"
        if touched.exists() and not (self.folder / "after").is_dir():
            raise Failure("files were touched by " + touched.read_text(errors="backslashreplace"))

    def check_after(self):
        after = self.folder / "after"
        if not after.is_dir():
            return
        found, wanted = tree(self.vault), tree(after)
        if self.update and found != wanted:
            shutil.rmtree(after)
            shutil.copytree(self.vault, after, symlinks=True, ignore=shutil.ignore_patterns(".nexus"))
            print(f"  written: {after}")
            return
        for name in sorted(found.keys() | wanted.keys()):
            if found.get(name) != wanted.get(name):
                raise difference(f"after/{name}", wanted.get(name, b"(no such file)"),
                                 found.get(name, b"(no such file)"))

    def check_answers(self):
        queries = self.folder / "queries.sql"
        if not queries.is_file():
            return
        command = ["sqlite3", "-batch", "-bail", "-readonly"]
        for setting in SHELL_OUTPUT:
            command += ["-cmd", setting]
        done = self.run([*command, ".nexus/vault.sqlite"], stdin=queries.read_bytes())
        self.expect("index.txt", readable(done.stdout))

    def check_problems(self):
        done = self.run(["nexus", "check"], codes=(0, 1))
        if done.returncode != (1 if done.stdout else 0):
            raise Failure(f"nexus check exits {done.returncode} and prints:\n{done.stdout.decode()}")
        self.expect("check.txt", readable(done.stdout))

    def check_second_sync(self):
        before = index.everything(self.vault)
        self.run(["nexus", "sync"])
        behind = index.everything(self.vault)
        if before != behind:
            raise difference("the database after a second sync", before, behind)

    def check_rebuild(self):
        fresh = self.scratch / "fresh"
        self.run(["cp", "-a", "--sparse=always", str(self.vault), str(fresh)])
        for path in (fresh / ".nexus").iterdir():
            if path.name not in ("schemas", "config.json"):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.run(["nexus", "init"], folder=fresh)
        wanted, found = index.comparable(self.vault), index.comparable(fresh)
        if (self.folder / "rebuild-differs").is_file():
            if wanted == found:
                raise Failure("rebuild-differs says that a fresh index is another one: it is the same")
        elif wanted != found:
            raise difference("an index made afresh", wanted, found)

    def check(self):
        if not (self.folder / "story.md").read_text().startswith("# "):
            raise Failure("story.md does not begin with the case's sentence as a heading")
        before = self.folder / "before"
        if before.is_dir():
            shutil.copytree(before, self.vault, symlinks=True)
        else:
            self.vault.mkdir()
        self.check_steps()
        self.check_after()
        self.check_answers()
        self.check_problems()
        self.check_second_sync()
        self.check_rebuild()
        index.check_sound(self.vault, self.scratch)
        self.check_untouched()


def readable(output):
    """Without what differs from run to run."""
    return UID.sub(b"<uid>", TIME.sub(b"<time>", output))


def tree(root):
    """Path to content, of all that a vault holds beside .nexus/."""
    found = {}
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if (folder, name) != (str(root), ".nexus")]
        for name in names:
            path = pathlib.Path(folder) / name
            content = os.readlink(path).encode() if path.is_symlink() else None
            if content is None and path.is_file():
                content = path.read_bytes()
            found[path.relative_to(root).as_posix()] = content or b""
    return found


def run_case(folder, program, update):
    with tempfile.TemporaryDirectory(prefix="nexus-case-") as scratch:
        try:
            Case(folder, program, pathlib.Path(scratch), update).check()
        except (Failure, index.Unsound) as failure:
            print(f"{folder}: {failure}")
            return False
        except subprocess.TimeoutExpired as slow:
            print(f"{folder}: not finished after {TIMEOUT_S} s: {slow.cmd}")
            return False
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--update", action="store_true", help="write what was found over what was expected")
    parser.add_argument("cases", nargs="+", type=pathlib.Path)
    wanted = parser.parse_args()
    program = wanted.program.resolve(strict=True)
    results = [run_case(case.resolve(strict=True), program, wanted.update) for case in wanted.cases]
    print(f"{sum(results)} of {len(results)} cases hold")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
