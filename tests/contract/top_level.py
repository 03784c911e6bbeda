# SPDX-License-Identifier: MIT
"""The top of the tree holds what a newcomer looks for there, and nothing else."""

import os

import tree

ALLOWED = {
    ".ci", ".clang-format", ".clang-tidy", ".editorconfig", ".gitattributes", ".gitignore",
    "CHANGELOG.md", "CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md",
    "dev", "include", "schemas", "src", "tests", "vault-example",
}


def check(root):
    for name in sorted(os.listdir(root)):
        if name not in ALLOWED and name not in tree.MADE:
            yield f"{name}:1: has no place at the top (tests/contract/top_level.py says what has)"


if __name__ == "__main__":
    tree.main(check)
