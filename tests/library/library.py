# SPDX-License-Identifier: MIT
"""The installed library: the example program is built against it in the ways that there are, and works.

usage: library.py BUILD_FOLDER
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
PRINTED = """an AI sees: Mend the gate
create by sql: (new)
permission by api: jobs/mend-the-gate.md
update by sql: jobs/mend-the-gate.md
delete by sql: jobs/mend-the-gate.md
"""


def run(*words, **how):
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL, **how)
    if done.returncode != 0:
        raise AssertionError(f"{words}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class Library(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="nexus-library-")
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        cls.prefix = cls.folder / "with a blank"
        run("cmake", "--install", cls.build, "--prefix", cls.prefix)
        cls.pc, = cls.prefix.rglob("nexus.pc")
        cls.library, = cls.prefix.rglob("libnexus.so")
        cls.environment = {"PATH": os.environ["PATH"], "PKG_CONFIG_PATH": str(cls.pc.parent), "LC_ALL": "C.UTF-8",
                           "LD_LIBRARY_PATH": str(cls.library.parent)}

    def test_the_example_is_short(self):
        lines = (HERE / "example.c").read_text().splitlines()
        code = [line for line in lines if not re.fullmatch(r"\s*(//.*|/\*.*|#include.*|[{}]?)", line)]
        self.assertLessEqual(len(code), 42)

    def works(self, program):
        vault = self.folder / f"vault of {program.name}"
        vault.mkdir()
        self.assertEqual(run(program, vault, env=self.environment), PRINTED)
        trashed, = (vault / ".nexus" / "trash").rglob("*mend-the-gate*.md")
        self.assertIn("title: Mend the gate\ndone: true\n", trashed.read_text())

    def compiled(self, name, *compiler):
        flags = run("pkg-config", "--cflags", "--libs", "nexus", env=self.environment).strip()
        words = re.findall(r"(?:\\.|\S)+", flags)  # pkg-config puts a backslash before a blank
        program = self.folder / f"{name}.program"
        run(*compiler, *STRICT, HERE / "example.c", "-o", program, *(word.replace("\\", "") for word in words))
        return program

    def test_pkg_config_and_c(self):
        self.works(self.compiled("c", "cc", "-std=c11"))

    def test_pkg_config_and_cxx(self):
        self.works(self.compiled("cxx", "c++", "-std=c++17", "-x", "c++"))

    def test_cmake(self):
        run("cmake", "-S", HERE, "-B", self.folder / "cmake", f"-DCMAKE_PREFIX_PATH={self.prefix}",
            "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON")
        run("cmake", "--build", self.folder / "cmake")
        self.works(self.folder / "cmake" / "example")

    def test_the_library_has_a_name_for_its_interface(self):
        said = run("readelf", "--dynamic", self.library)
        soname = re.search(r"SONAME.*\[(libnexus\.so\.\d+)\]", said)[1]
        self.assertTrue((self.library.parent / soname).is_symlink())
        needed = re.search(r"NEEDED.*\[(libnexus\S*)\]", run("readelf", "--dynamic", self.compiled("needed", "cc")))[1]
        self.assertEqual(needed, soname)

    def test_the_program_runs_from_where_it_is(self):
        self.assertRegex(run(self.prefix / "bin" / "nexus", "version"), r"^nexus \d+\.\d+\.\d+\n$")

    def test_what_is_installed(self):
        found = {path.relative_to(self.prefix).as_posix() for path in self.prefix.rglob("*") if not path.is_dir()}
        for wanted in ("bin/nexus", "include/nexus/vault.h", "share/man/man1/nexus.1.gz",
                       "share/bash-completion/completions/nexus", "share/zsh/vendor-completions/_nexus",
                       "share/fish/vendor_completions.d/nexus.fish"):
            self.assertIn(wanted, found)
        self.assertEqual([name for name in found if name.endswith(".a") or "core" in name], [])


if __name__ == "__main__":
    Library.build = pathlib.Path(sys.argv.pop(1)).resolve(strict=True)
    unittest.main(verbosity=2)
