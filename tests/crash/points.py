# SPDX-License-Identifier: MIT
"""Where a program can be killed, and trying many places on all cores.

A point is (at, how): at which call that changes the disk, and whether before it or in the middle. Killed before a call, a
program leaves what the calls before it made. So two points that are next to each other leave the same behind when
there is only a flush between them: a kill loses nothing that was written, flushed or not. And in the middle of what is no
write is before it. Each state is tried once; where the calls come in another order each time nobody can tell, and all are.
"""

import multiprocessing
import os
import pathlib

FLUSHES = {"fsync", "fdatasync", "syncfs"}
HALVED = {"write", "pwrite64"}


def calls(path):
    """What the shim has written down: the names of the calls, in their order."""
    return pathlib.Path(path).read_text().split()


def of(names, is_steady):
    """`is_steady`: another run made the same calls."""
    if not is_steady:
        return [(at, how) for at in range(1, len(names) + 1) for how in ("before", "torn")]
    points = []
    for at, name in enumerate(names, 1):
        if at == 1 or names[at - 2] not in FLUSHES:
            points.append((at, "before"))
        if name in HALVED:
            points.append((at, "torn"))
    return points


def jobs_by_default():
    return int(os.environ.get("NEXUS_CRASH_JOBS", "1"))


def each(work, items, jobs):
    """The results of work(item), as they come; `work` is forked with all that is known so far."""
    if jobs <= 1:
        yield from map(work, items)
        return
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        yield from pool.imap_unordered(work, items, chunksize=1)
