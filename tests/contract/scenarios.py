# SPDX-License-Identifier: MIT
"""Every test that the table of scenarios names is there."""

import pathlib
import re

import tree

TABLE = "tests/watch/README.md"
NAME = re.compile(r"`((watch|live)\.([a-z]+)\.([a-z0-9_]+))`")


def check(root):
    root = pathlib.Path(root)
    if not (root / TABLE).exists():
        return
    for number, line in enumerate((root / TABLE).read_text().splitlines(), 1):
        for name, folder, room, test in NAME.findall(line):
            script = root / "tests" / folder / f"{room}.py"
            if not script.exists() or f"    def test_{test}(self):" not in script.read_text():
                yield f"{TABLE}:{number}: there is no test {name}"


if __name__ == "__main__":
    tree.main(check)
