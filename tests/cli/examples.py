# SPDX-License-Identifier: MIT
"""The examples of the help hold: each is run in a copy of the example vault."""

import re
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
                    self.works("bash", "-o", "pipefail", "-c", line)
        self.assertEqual(ENDLESS | NEEDS_MORE, (ENDLESS | NEEDS_MORE) & seen)

    def works(self, *command):
        """It ends well, or has found something."""
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.vault, env=self.environment,
                              timeout=program.TIMEOUT_S, stdin=subprocess.DEVNULL)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertTrue(done.returncode == 0 or done.stdout, f"{command}: {done.stderr}")

    def test_what_a_topic_shows_works(self):
        for topic in self.ran(0, "help", "--json").json()["topics"]:
            self.assertEqual(self.ran(0, "help", topic["name"]).out, topic["text"])
            self.assertLessEqual(max(map(len, topic["text"].splitlines())), 100, topic["name"])
            found = re.findall(r"(?m)^    (?! ).*(?:\n     .*)*", topic["text"])
            self.assertTrue(found, topic["name"])
            for example in found:
                with self.subTest(topic["name"], example=example):
                    if example.split()[0] == "nexus":
                        self.works("bash", "-c", example)
                    else:
                        self.works("sqlite3", "-bail", ".nexus/vault.sqlite", example)

    def test_every_command_but_version_has_one(self):
        for command in self.ran(0, "help", "--json").json()["commands"]:
            self.assertTrue(command["examples"] or command["name"] == "version", command["name"])


if __name__ == "__main__":
    program.main()
