# SPDX-License-Identifier: MIT
"""Each rule is silent about a clean tree and speaks about a planted violation."""

import pathlib
import subprocess
import sys
import tempfile

import headers
import layers
import scenarios
import sizes
import spdx
import symbols
import top_level
import words

C = "// SPDX-License-Identifier: MIT\n"
CLEAN = {
    "dev": "#!/bin/sh\n# SPDX-License-Identifier: MIT\n",
    "include/nexus/error.h": C + "#ifndef E\n#define E\nint nexus_e(void);\n#endif\n",
    "include/nexus/vault.h": C + '#ifndef V\n#define V\n#include "nexus/error.h"\n#endif\n',
    "src/layers.txt": "# SPDX-License-Identifier: MIT\nlayer base:\nlayer parse: base\nlayer cli: base nexus\n"
                      "open nexus/error.h\ndoor yaml.h: one parse/\ndoor sqlite3.h: parse/\nsystem stdio.h\n",
    "src/base/str.h": C + '#include "nexus/error.h"\n#include <stdio.h>\n',
    "src/parse/yaml.c": C + '#include "base/str.h"\n#include <yaml.h>\n',
    "src/cli/main.c": C + '#include <nexus/vault.h>\n#include "base/str.h"\n',
    "vault-example/note.md": "- [ ] a note may say TODO and /work/hard\n",
}

# rule, the planted file, its content, what the finding says
PLANTED = [
    (layers, "src/base/bad.c", C + '#include "parse/yaml.h"\n', "src/base/bad.c:2: parse/yaml.h is not a path"),
    (layers, "src/base/bad.c", C + '#include "cli/main.c"\n', "src/base/bad.c:2: base must not include cli/"),
    (layers, "src/parse/bad.c", C + "#include <nexus/vault.h>\n", "parse must not include nexus/vault.h"),
    (layers, "src/parse/bad.c", C + '  #  include "nexus/vault.h"\n', "parse must not include nexus/vault.h"),
    (layers, "src/cli/bad.c", C + '#include "str.h"\n', "str.h is not a path below"),
    (layers, "src/cli/bad.c", C + "#include <sqlite3.h>\n", "<sqlite3.h> may be included only in parse/"),
    (layers, "src/base/bad.h", C + "#include <curl/curl.h>\n", "<curl/curl.h> has no door"),
    (layers, "src/parse/second.c", C + "#include <yaml.h>\n", "<yaml.h> has one door, these are 2"),
    (layers, "src/loose.c", C, "is no layer"),
    (layers, "src/layers.txt", CLEAN["src/layers.txt"] + "lair cli: base\n", "no such word: lair"),
    (spdx, "src/base/bad.c", "int x;\n", "src/base/bad.c:1: must begin with: // SPDX"),
    (spdx, "src/base/bad.c", "", "must begin with"),
    (spdx, "src/store/sql/bad.sql", C, "must begin with: -- SPDX"),
    (spdx, "tests/bad.py", "#!/usr/bin/env python3\nprint()\n# SPDX-License-Identifier: MIT\n", "tests/bad.py:1"),
    (spdx, "CMakeLists.txt", "project(x)\n", "CMakeLists.txt:1"),
    (words, "src/base/bad.c", C + "/* TODO: the rest */\n", "src/base/bad.c:2: 'TODO'"),
    (words, "tests/unit/bad.c", C + "/* FIXME */\n", "'FIXME'"),
    (words, "README.md", "see /work/main/x\n", "'/work/': a path of one machine"),
    (words, "dev", "cd /root/x\n", "'/root/'"),
    (words, "README.md", "ls ../shared\n", "'../shared': a path outside"),
    (scenarios, "tests/watch/README.md", "| `watch.rooms.nothing` |\n", "README.md:1: there is no test watch.rooms.nothing"),
    (sizes, "src/base/bad.c", C + "\n" * 450, "451 lines are more than 450"),
    (sizes, "tests/unit/bad.c", C + "\n" * 450, "451 lines are more than 450"),
    (sizes, "include/nexus/bad.h", C + "\n" * 150, "151 lines are more than 150"),
    (top_level, "notes.txt", "x", "notes.txt:1: has no place at the top"),
    (top_level, "utils/x.c", C, "utils:1: has no place at the top"),
    (headers, "include/nexus/bad.h", C + "size_t nexus_length(void);\n", "bad.h:1: does not compile alone as c11"),
    (headers, "include/nexus/bad.h", C + "int nexus_new(int class);\n", "bad.h:1: does not compile alone as c++17"),
    (headers, "include/nexus/bad.h", C + "enum twice { A };\n", "bad.h:1: does not compile alone as c11"),
]

# the header, the source, what the finding says
PLANTED_SYMBOLS = [
    ("#define NEXUS_API __attribute__((used))\nNEXUS_API int nexus_a(void);\nNEXUS_API const char *\nnexus_b(int x);", "int nexus_a; int nexus_b;", None),
    ("NEXUS_API int nexus_a(void);", "static int nexus_a; int *p(void);", "nexus_a is declared and not in the library"),
    ("", "int leaked;", "leaked is exported and no header declares it"),
]


def grow(root, content):
    for name, text in content.items():
        path = pathlib.Path(root) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def expect(findings, wanted, about):
    """Whether the findings say what is wanted (None: nothing); tells about it if not."""
    found = list(findings)
    if (not found) if wanted is None else any(wanted in finding for finding in found):
        return True
    print(f"{about}\n  expected: {wanted}\n  found: {found}")
    return False


def try_rule(rule, content, wanted):
    with tempfile.TemporaryDirectory() as root:
        grow(root, {**CLEAN, **content})
        return expect(rule.check(root), wanted, f"{rule.__name__} with {list(content)}")


def try_symbols(header, source, wanted):
    with tempfile.TemporaryDirectory() as root:
        grow(root, {"include/nexus/a.h": header, "a.c": source})
        subprocess.run(["cc", "-c", "-w", "a.c"], cwd=root, check=True)
        return expect(symbols.check(root, f"{root}/a.o"), wanted, f"symbols with {source}")


def main():
    rules = [layers, scenarios, spdx, words, sizes, top_level, headers]
    results = [try_rule(rule, {}, None) for rule in rules]
    results += [try_rule(rule, {name: text}, wanted) for rule, name, text, wanted in PLANTED]
    results += [try_symbols(*row) for row in PLANTED_SYMBOLS]
    print(f"{sum(results)} of {len(results)} expectations hold")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
