#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""On a session bus of its own: lets LocalSearch index what its settings say, full text included, and prints as JSON
what that cost.

usage: dbus-run-session -- localsearch.py
"""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

QUERY = "SELECT COUNT(?file) { GRAPH tracker:Documents { ?file nie:plainTextContent ?text } }"
REST_S = 4  # without a text more it is done
LIMIT_S = 900
END_S = 20  # for what was told to end


def texts():
    """How many files have their text in the index; the first call starts it."""
    answer = subprocess.run(["tracker3", "sparql", "--dbus-service=org.freedesktop.Tracker3.Miner.Files", "-q", QUERY],
                            capture_output=True, text=True).stdout.split()
    return next((int(word) for word in reversed(answer) if word.isdigit()), 0)


def indexers():
    """Its processes on this bus, as folders of /proc, each with the numbers behind its name in `stat`."""
    bus = os.environ["DBUS_SESSION_BUS_ADDRESS"]
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            name, _, numbers = (process / "stat").read_text().rpartition(") ")
            if "(tracker-" in name and bus in (process / "environ").read_text(errors="replace"):
                yield process, numbers.split()
        except OSError:
            continue  # it has ended


def costs_of_indexers():
    """CPU seconds and the largest memory."""
    cpu, peak = 0, 0
    for process, numbers in indexers():
        cpu += sum(int(part) for part in numbers[11:13]) / os.sysconf("SC_CLK_TCK")
        lines = (process / "status").read_text().splitlines()
        peak = max(peak, next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024)
    return cpu, peak


def end_indexers():
    """Whoever is measured next is alone."""
    for process, _ in list(indexers()):
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(process.name), signal.SIGTERM)
    limit = time.monotonic() + END_S
    while any(numbers[0] != "Z" for _, numbers in indexers()):
        if time.monotonic() > limit:
            sys.exit("its processes do not end")
        time.sleep(0.05)


def main():
    start = last = time.monotonic()
    count = 0
    while time.monotonic() - start < LIMIT_S:
        found = texts()
        if found > count:
            count, last = found, time.monotonic()
        elif count and time.monotonic() - last > REST_S:
            break
        time.sleep(0.2)
    cpu, peak = costs_of_indexers()
    end_indexers()
    print(json.dumps({"texts": count, "wall_s": last - start, "cpu_s": cpu, "rss_bytes": peak}))


if __name__ == "__main__":
    main()
