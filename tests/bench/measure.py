# SPDX-License-Identifier: MIT
"""What the measurements share: vaults, runs with their costs, verdicts."""

import contextlib
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile

import vaults

ROOT = pathlib.Path(__file__).resolve().parents[2]
RELEASE = ROOT / "build" / "release"
NEXUS = RELEASE / "src" / "nexus"
FLOOR = RELEASE / "tests" / "bench_floor"


def run(command, **how):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True,
                          errors="replace", **how).stdout


def floor(*words):
    return json.loads(run([FLOOR, *words]))


def costs_of(command, cwd):
    """Wall and CPU seconds, and the peak of resident memory in bytes."""
    costs = json.loads(run([FLOOR, "run", *command], cwd=cwd))
    return {"wall_s": costs["wall_s"], "cpu_s": costs["cpu_s"], "rss_bytes": costs["bytes"]}


def remove_database(root):
    """And what is known about it beside it: the next index is a first one, no recovery."""
    own = root / ".nexus"
    for path in [*own.glob("vault.sqlite*"), *own.glob("database.json")]:
        path.unlink()


def median_of(rounds, part):
    return statistics.median(each[part] for each in rounds)


def median_ratio(ours, reference, part):
    """Of pairs that ran one after the other."""
    return statistics.median(a[part] / b[part] for a, b in zip(ours, reference))


@contextlib.contextmanager
def scratch_folder(where):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="nexus-bench-", dir=where))
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unpack(source, root):
    """A copy of somebody's vault, from a folder or an archive, without what Nexus knows of it."""
    if source.is_dir():
        shutil.copytree(source, root, symlinks=True, ignore=shutil.ignore_patterns(".nexus", ".git"))
        return
    root.mkdir()
    with tarfile.open(source) as archive:
        archive.extractall(root)


def make_vault(folder, kind, size):
    """A vault below the folder: `size` notes or items, or a copy of what lies at that path."""
    root = folder / f"{kind}-{pathlib.Path(str(size)).name}"
    if root.exists():
        return root
    print(f"making {root.name}", file=sys.stderr)
    if kind == "notes":
        vaults.write_notes(root, size)
    elif kind == "items":
        vaults.write_collection(root, size)
    else:
        unpack(size, root)
    return root


class Verdicts:
    """The targets, each printed with what was seen. `figures` is what a report keeps of them."""

    def __init__(self):
        self.missed = 0
        self.figures = {}

    def at_most(self, what, seen, limit, unit=""):
        holds = seen <= limit
        self.missed += not holds
        self.figures[what] = {"seen": seen, "limit": limit, "unit": unit}
        print(f"{'held  ' if holds else 'MISSED'}  {what}: {seen:.4g}{unit}, at most {limit:g}{unit}")

    def is_so(self, what, holds):
        self.missed += not holds
        print(f"{'held  ' if holds else 'MISSED'}  {what}")
