# SPDX-License-Identifier: MIT
"""Real vaults, held to what the runner checks of every case: thousands of notes by hundreds of people.

usage: corpora.py PROGRAM FOLDER

FOLDER holds vaults as *.tar.gz. Exits 77 (skipped) when there is none. What `nexus check` says about
them is their owners' business: whatever it is, it is right here.
"""

import pathlib
import sys
import tarfile
import tempfile

import run

SKIPPED = 77


def holds(archive, program):
    with tempfile.TemporaryDirectory() as folder:
        case = pathlib.Path(folder) / "case"
        with tarfile.open(archive) as vault:
            vault.extractall(case / "before")
        (case / "story.md").write_text(f"# {archive.name}\n")
        return run.run_case(case, program, update=True)


def main():
    program, folder = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    archives = sorted(folder.glob("*.tar.gz"))
    if not archives:
        print(f"skipped: no vaults in {folder}")
        sys.exit(SKIPPED)
    results = [holds(archive, program) for archive in archives]
    print(f"{sum(results)} of {len(results)} real vaults hold")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
