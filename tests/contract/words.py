# SPDX-License-Identifier: MIT
"""Nothing unfinished, and no path that holds on one machine only."""

import re

import tree

# (what, where it may stand all the same, why not elsewhere)
RULES = [
    (re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"), ("tests/contract/",),
     "an unfinished place: finish it, or say what holds"),
    (re.compile(r"(?<![\w.~])/(?:work|root|home/\w+)/"), ("tests/contract/",),
     "a path of one machine"),
    (re.compile(r"\.\./shared\b"), ("tests/", ".ci/"), "a path outside the repository"),
]


def check(root):
    for name, path in tree.sources(root):
        rules = [(rule, why) for rule, places, why in RULES if not name.startswith(places)]
        for number, line in tree.lines(path):
            for rule, why in rules:
                found = rule.search(line)
                if found:
                    yield f"{name}:{number}: '{found.group()}': {why}"


if __name__ == "__main__":
    tree.main(check)
