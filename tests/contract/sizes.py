# SPDX-License-Identifier: MIT
"""A file is one room: sources have at most 450 lines, public headers 150."""

import tree

LIMIT, HEADER_LIMIT = 450, 150
SOURCE = (".c", ".h", ".py", ".sh", ".sql", ".cmake")


def check(root):
    for name, path in tree.sources(root, "src", "include", "tests"):
        if not name.endswith(SOURCE):
            continue
        limit = HEADER_LIMIT if name.startswith("include/") else LIMIT
        count = sum(1 for _ in tree.lines(path))
        if count > limit:
            yield f"{name}:{count}: {count} lines are more than {limit}: several rooms?"


if __name__ == "__main__":
    tree.main(check)
