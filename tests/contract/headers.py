# SPDX-License-Identifier: MIT
"""Each public header compiles alone, twice in a row, as C11 and as C++17, without a warning."""

import os
import pathlib
import subprocess

import tree

LANGUAGES = [("c", "c11", os.environ.get("CC", "cc")), ("c++", "c++17", os.environ.get("CXX", "c++"))]


def check(root):
    include = pathlib.Path(root) / "include"
    for name, path in tree.files(root, "include"):
        header = path.relative_to(include).as_posix()
        for language, standard, compiler in LANGUAGES:
            command = [compiler, "-x", language, f"-std={standard}", "-Wall", "-Wextra", "-Wpedantic",
                       "-Werror", "-fsyntax-only", f"-I{include}", "-"]
            unit = f"#include <{header}>\n" * 2
            done = subprocess.run(command, input=unit, capture_output=True, text=True)
            if done.returncode != 0:
                yield f"{name}:1: does not compile alone as {standard}:\n{done.stderr.rstrip()}"


if __name__ == "__main__":
    tree.main(check)
