# SPDX-License-Identifier: MIT
"""The examples of the help hold: each is run by the shell in a copy of the example vault."""

import shutil
import subprocess

import program

ENDLESS = {"nexus watch", "nexus -C ~/notes watch", "nexus events --follow"}
NEEDS_MORE = {"vim -q <(nexus check)", "nexus service install"}  # a terminal, systemd


class Examples(program.Test):
    def setUp(self):
        super().setUp()
        shutil.copytree(program.ROOT / "vault-example", self.vault)
        (self.home / "notes").mkdir()
        bin_folder = self.folder / "bin"
        bin_folder.mkdir()
        (bin_folder / "nexus").symlink_to(self.program)
        self.environment = program.environment(self.home)
        self.environment["PATH"] = f"{bin_folder}:{self.environment['PATH']}"
        self.ran(0, "init")
        self.make_a_conflict("Home.md")
        self.make_a_conflict("notes/Compost.md")

    def make_a_conflict(self, path):
        self.ran(0, "set", path, "n=1")
        with open(self.vault / path, "a") as file:
            file.write("more\n")
        self.ran(1, "undo")

    def test_each_example_works(self):
        seen = set()
        for command in self.ran(0, "help", "--json").json()["commands"]:
            for example in command["examples"]:
                line = example.split("  #")[0]
                self.assertIn("nexus", line)
                seen.add(line)
                if line in ENDLESS | NEEDS_MORE:
                    continue
                with self.subTest(line):
                    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], capture_output=True, text=True, cwd=self.vault,
                                          env=self.environment, timeout=program.TIMEOUT_S, stdin=subprocess.DEVNULL)
                    self.assertIn(done.returncode, (0, 1), done.stderr)
                    self.assertTrue(done.returncode == 0 or done.stdout, f"{line}: {done.stderr}")
        self.assertEqual(ENDLESS | NEEDS_MORE, (ENDLESS | NEEDS_MORE) & seen)

    def test_every_command_but_version_has_one(self):
        for command in self.ran(0, "help", "--json").json()["commands"]:
            self.assertTrue(command["examples"] or command["name"] == "version", command["name"])


if __name__ == "__main__":
    program.main()
