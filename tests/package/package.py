# SPDX-License-Identifier: MIT
"""The Debian package: made, installed into a system of its own below a folder, used, and removed without a trace.

usage: package.py BUILD_FOLDER
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPECTED = ["usr/bin/nexus", "usr/share/man/man1/nexus.1.gz", "usr/share/bash-completion/completions/nexus",
            "usr/share/zsh/vendor-completions/_nexus", "usr/share/fish/vendor_completions.d/nexus.fish",
            "usr/include/nexus/vault.h", "usr/share/doc/nexus/copyright", "usr/share/doc/nexus/examples/example.c",
            "usr/share/doc/nexus/examples/CMakeLists.txt"]


def run(*words, **how):
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL, **how)
    if done.returncode != 0:
        raise AssertionError(f"{words}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for tool in ("cpack", "dpkg-deb", "dpkg-shlibdeps", "file"):
            if not shutil.which(tool):
                raise unittest.SkipTest(f"{tool} is not installed")
        scratch = tempfile.TemporaryDirectory(prefix="nexus-package-")
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        run("cpack", "-G", "DEB", "-B", cls.folder / "made", cwd=cls.build)
        cls.package, = (cls.folder / "made").glob("nexus_*.deb")

    def field(self, name):
        return run("dpkg-deb", "--field", self.package, name).strip()

    def test_it_says_what_it_needs(self):
        needed = {word.split()[0] for word in self.field("Depends").split(", ")}
        linked = run("objdump", "-p", self.build / "src" / "nexus")
        for library, package in (("libsqlite3.so", "libsqlite3-0"), ("libyaml-0.so", "libyaml-0-2"), ("libc.so", "libc6")):
            self.assertIn(library, linked)
            self.assertIn(package, needed)
        self.assertEqual(self.field("Package"), "nexus")
        self.assertRegex(self.field("Version"), r"^\d+\.\d+\.\d+$")

    def test_what_is_in_it(self):
        listing = run("dpkg-deb", "--contents", self.package)
        names = {line.split()[5].removeprefix("./") for line in listing.splitlines()}
        for name in EXPECTED:
            self.assertIn(name, names)
        self.assertTrue(any(re.fullmatch(r"usr/lib/\S*/libnexus\.so\.\d+\.\d+\.\d+", name) for name in names))
        for line in listing.splitlines():
            self.assertRegex(line.split()[1], r"^root/root$", line)
            self.assertNotRegex(line.split()[0], r"^-....w|^-.......w", line)
        self.assertEqual([name for name in names if "/work" in name or name.endswith(".a")], [])

    @unittest.skipIf(not shutil.which("lintian"), "lintian is not installed")
    def test_lintian_has_nothing_to_say(self):
        done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", self.package], capture_output=True, text=True,
                              timeout=300)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)

    def test_its_contact_is_nobodys_address(self):
        self.assertRegex(self.field("Maintainer"), r"<\S+@\S+\.invalid>$")

    def system(self):
        """An empty system for dpkg."""
        system = self.folder / "system"
        (system / "var/lib/dpkg/updates").mkdir(parents=True)
        (system / "var/lib/dpkg/info").mkdir()
        (system / "var/lib/dpkg/status").touch()
        return system

    @unittest.skipIf(os.geteuid() != 0, "dpkg wants root")
    def test_it_is_installed_used_and_removed(self):
        system = self.system()
        dpkg = ["dpkg", f"--root={system}", "--force-depends", "--force-script-chrootless", "--log=/dev/null"]
        run(*dpkg, "--install", self.package)
        self.use(system / "usr/bin/nexus")
        run(*dpkg, "--purge", "nexus")
        left = [path for path in system.rglob("*") if not path.is_dir() and "var/lib/dpkg" not in path.as_posix()]
        self.assertEqual(left, [])

    def use(self, nexus):
        vault, home = self.folder / "vault", self.folder / "home"
        home.mkdir()
        shutil.copytree(ROOT / "vault-example", vault)
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "LC_ALL": "C.UTF-8"}
        run(nexus, "init", vault, env=environment)
        run("sqlite3", vault / ".nexus/vault.sqlite", "UPDATE core_todo SET completed = 1 WHERE text LIKE '%report%'")
        run(nexus, "-C", vault, "sync", env=environment)
        self.assertIn('harbour office", "completed": true', (vault / "todos.json").read_text())
        self.assertIn(f'ExecStart="{nexus}"', run(nexus, "-C", vault, "service", "install", "--print", env=environment))


if __name__ == "__main__":
    Package.build = pathlib.Path(sys.argv.pop(1)).resolve(strict=True)
    unittest.main(verbosity=2)
