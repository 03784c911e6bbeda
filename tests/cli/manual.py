# SPDX-License-Identifier: MIT
"""The manual page: groff and mandoc read it without a word, and it tells of each command and option."""

import os
import re
import shutil
import subprocess

import program


class Manual(program.Test):
    def setUp(self):
        super().setUp()
        self.vault.mkdir()
        self.page = self.folder / "nexus.1"
        self.page.write_bytes(self.ran(0, "help", "--man").bytes)
        self.commands = self.ran(0, "help", "--json").json()["commands"]

    def said(self, *command):
        if not shutil.which(command[0]):
            self.skipTest(f"{command[0]} is not installed")
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "80"}
        return subprocess.run([*command, self.page], capture_output=True, text=True, env=environment,
                              timeout=program.TIMEOUT_S, stdin=subprocess.DEVNULL)

    def test_man_has_nothing_to_warn_of(self):
        done = self.said("man", "--warnings", "-E", "UTF-8", "-Tutf8", "-Z", "-l")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_mandoc_finds_no_mistake(self):
        done = self.said("mandoc", "-T", "lint", "-W", "warning")
        # The page has no date: it would change with each build.
        found = [line for line in done.stdout.splitlines() if "missing date" not in line]
        self.assertEqual(found, [])

    def test_it_tells_of_every_command_and_option(self):
        done = self.said("mandoc", "-T", "utf8", "-O", "width=100")
        text = re.sub(".\b", "", done.stdout)
        for command in self.commands:
            start = text.index(f"\n   nexus {command['name']}" + (f" {command['operands']}" if command["operands"] else "") + "\n")
            part = re.split(r"\n(?:   )?\S", text[start + 2:], maxsplit=1)[0]
            named = {match for match in re.findall(r"(?m)^ +--([a-z-]+)", part)}
            self.assertEqual(named, {option["name"] for option in command["options"]} - {"json", "help"}, command["name"])
            for example in command["examples"]:
                self.assertIn(example, part)
        self.assertIn("--json", text)

    def test_it_tells_of_every_topic(self):
        text = re.sub(".\b", "", self.said("mandoc", "-T", "utf8", "-O", "width=100").stdout)
        for topic in self.ran(0, "help", "--json").json()["topics"]:
            start = text.index(f"\nAbout {topic['name']}\n")
            told = " ".join(text[start:].split())
            for paragraph in topic["text"].split("\n\n"):
                self.assertIn(" ".join(paragraph.split()), told)

    def test_it_is_one_page_for_all(self):
        self.assertIn("--man prints one page for all", self.ran(2, "help", "--man", "show").err)
        self.assertIn("--man prints one page for all", self.ran(2, "help", "--man", "--json").err)


if __name__ == "__main__":
    program.main()
