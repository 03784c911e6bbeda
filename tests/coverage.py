# SPDX-License-Identifier: MIT
"""Which branches a run of the tests took: what `./dev coverage` prints.

usage: coverage.py BUILD [PLACE...]

BUILD holds what gcc --coverage wrote. A branch is one way out of a condition, as gcov counts them. For each folder of
src/ one line; of a PLACE, a folder or a file, each line with a branch that was never taken as well.
"""

import collections
import json
import pathlib
import subprocess
import sys

SLICE = 40  # files for one run of gcov


def read(build):
    """path -> line -> how often each of its branches was taken."""
    lines = collections.defaultdict(lambda: collections.defaultdict(list))
    data = sorted(str(path.resolve()) for path in (build / "src").rglob("*.gcda"))
    if not data:
        sys.exit(f"coverage: nothing was run in {build}")
    for first in range(0, len(data), SLICE):
        done = subprocess.run(["gcov", "--json-format", "--branch-probabilities", "--stdout", *data[first:first + SLICE]],
                              check=True, capture_output=True, text=True, cwd=build)
        for report in done.stdout.splitlines():
            for file in json.loads(report)["files"] if report.startswith("{") else []:
                for line in file["lines"]:
                    if line["branches"]:
                        lines[file["file"]][line["line_number"]].append([branch["count"] for branch in line["branches"]])
    return lines


def tell(name, taken, total, width=28):
    print(f"{name:{width}}{taken:7} of {total:6}  {100 * taken / total if total else 100:6.2f} %")


def main():
    build, places = pathlib.Path(sys.argv[1]), sys.argv[2:]
    sums, missed = collections.defaultdict(lambda: [0, 0]), []
    root = pathlib.Path.cwd()
    for path, lines in sorted(read(build).items()):
        path = pathlib.Path(path)
        path = (path if path.is_absolute() else build / path).resolve()
        if not path.is_relative_to(root / "src") or path.suffix != ".c":
            continue
        path = path.relative_to(root)
        keys = [str(path.parent), *(place for place in places if path.is_relative_to(place) and place != str(path.parent))]
        for number, functions in sorted(lines.items()):
            for counts in functions:
                for key in keys:
                    sums[key][0] += sum(count > 0 for count in counts)
                    sums[key][1] += len(counts)
                if 0 in counts and any(path.is_relative_to(place) for place in places):
                    missed.append(f"{path}:{number}: {counts.count(0)} of {len(counts)} branches never taken")
    print("\n".join(missed))
    for name, (taken, total) in sorted(sums.items()):
        tell(name, taken, total)


if __name__ == "__main__":
    main()
