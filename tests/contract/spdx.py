# SPDX-License-Identifier: MIT
"""Every source file says its licence in its first line (behind `#!`, where there is one)."""

import tree

MARKS = {".c": "// ", ".h": "// ", ".sql": "-- ", ".py": "# ", ".sh": "# ", ".cmake": "# ", ".txt": "# ",
         "": "# "}
# A format without comments, prose, and what a script draws: LICENSE speaks for them.
WITHOUT = (".json", ".md", ".svg", "LICENSE")


def check(root):
    for name, path in tree.sources(root):
        if name.endswith(WITHOUT):
            continue
        first = [line for _, line in zip(range(2), path.read_text(errors="replace").splitlines())]
        if first and first[0].startswith("#!"):
            del first[0]
        suffix = path.suffix if not path.name.startswith(".") else ""
        wanted = MARKS.get(suffix, "# ") + "SPDX-License-Identifier: MIT"
        if not first or first[0] != wanted:
            yield f"{name}:1: must begin with: {wanted}"


if __name__ == "__main__":
    tree.main(check)
