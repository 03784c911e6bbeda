# SPDX-License-Identifier: MIT
"""Completion: real shells offer exactly the commands and options that there are, and what the vault has."""

import os
import pty
import shutil
import subprocess
import unittest

import program

# Sets up what bash has when TAB is pressed, and prints what it is offered.
BASH = r"""
source "$1"
while IFS=$'\t' read -ra COMP_WORDS; do
  COMP_WORDS[-1]=${COMP_WORDS[-1]%.}
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _nexus
  printf '%s\t' "${COMPREPLY[@]}"
  echo
done
"""
FISH = """
source $argv[1]
for line in $argv[2..]
  echo '--- '
  complete -C $line
end
"""
# A key that completes and tells what the line is then.
ZSH = r"""
autoload -U compinit; compinit -D -u
source $SCRIPT
tell() { zle complete-word; print -r -- "$BUFFER" >> $ANSWER; BUFFER='' }
leave() { exit }
zle -N tell; zle -N leave
bindkey '^T' tell
bindkey '^Y' leave
"""
NOTES = {"notes/Soil test.md": "---\ntags: [garden, '$(touch evil)']\n---\n", "todos.json": "{}"}


class Completion(program.Test):
    shell = None

    def setUp(self):
        super().setUp()
        if self.shell and not shutil.which(self.shell):
            self.skipTest(f"{self.shell} is not installed")
        self.make_vault(NOTES)
        document = self.ran(0, "help", "--json").json()
        self.commands = {command["name"]: command for command in document["commands"]}
        self.topics = {topic["name"] for topic in document["topics"]}
        self.program_options = document["options"]
        bin_folder = self.folder / "bin"
        bin_folder.mkdir()
        (bin_folder / "nexus").symlink_to(self.program)
        self.environment = program.environment(self.home)
        self.environment["PATH"] = f"{bin_folder}:{self.environment['PATH']}"
        if self.shell:
            self.script = self.folder / self.shell
            self.script.write_bytes(self.ran(0, "completion", self.shell).bytes)

    def shell_says(self, *command, stdin=""):
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.vault, env=self.environment,
                              timeout=program.TIMEOUT_S, input=stdin)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done)
        return done.stdout.splitlines()

    def options_of(self, name):
        return {f"--{option['name']}" for option in self.commands[name]["options"]}


def dashed(options):
    return {("--" if option["name"][1:] else "-") + option["name"] for option in options}


class Bash(Completion):
    shell = "bash"

    def offered_for_each(self, lines):
        """What is offered behind each of these lines, lists of words; the last one may be empty."""
        stdin = "".join("\t".join(["nexus", *words]) + ".\n" for words in lines)
        said = self.shell_says("bash", "--norc", "-c", BASH, "bash", str(self.script), stdin=stdin)
        return [set(line.split("\t")) - {""} for line in said]

    def offered(self, *words):
        return self.offered_for_each([words])[0]

    def test_commands(self):
        self.assertEqual(self.offered(""), set(self.commands))
        self.assertEqual(self.offered("perm"), {"permit", "permissions"})
        self.assertEqual(self.offered("-C", "x", "--vault", "y", ""), set(self.commands))
        self.assertEqual(self.offered("help", ""), set(self.commands) | self.topics)

    def test_options_of_every_command(self):
        self.assertEqual(self.offered("-"), dashed(self.program_options))
        for name, offered in zip(self.commands, self.offered_for_each([name, "--"] for name in self.commands), strict=True):
            self.assertEqual(offered, self.options_of(name), name)

    def test_arguments(self):
        self.assertEqual(self.offered("permit", "--ai", ""), {"on", "off"})
        self.assertEqual(self.offered("permit", "--ai", "="), {"on", "off"})
        self.assertEqual(self.offered("permit", "--ai", "=", "of"), {"off"})
        self.assertEqual(self.offered("permit", "--ai=on", "--c"), {"--cloud"})
        self.assertEqual(self.offered("resolve", "1", ""), {"file", "database", "both"})
        self.assertEqual(self.offered("tasks", "--all", "--due", "we"), {"week"})
        self.assertEqual(self.offered("schema", ""), {"list", "show", "add", "check", "remove"})
        self.assertEqual(self.offered("status", ""), set())

    def test_what_the_vault_has(self):
        self.assertEqual(self.offered("new", "core.n"), {"core.note"})
        self.assertEqual(self.offered("--vault", str(self.vault), "new", "core.n"), {"core.note"})
        self.assertEqual(self.offered("-C", "/", "new", "core.n"), set())
        self.assertEqual(self.offered("permit", "--tag", "gar"), {"garden"})

    def test_what_the_vault_has_is_never_run(self):
        self.assertEqual(len(self.offered("tags", "$")), 1)
        self.assertFalse((self.vault / "evil").exists())

    def test_files_are_left_to_the_shell(self):
        self.assertEqual(self.shell_says("bash", "--norc", "-c", 'source "$1"; complete -p nexus', "bash", str(self.script)),
                         ["complete -o default -F _nexus nexus"])
        self.assertEqual(self.offered("show", "no"), set())


class Fish(Completion):
    shell = "fish"

    def offered_for_each(self, lines):
        said = self.shell_says("fish", "--no-config", "-c", FISH, "--", str(self.script), *lines)
        return [{word.split("\t")[0] for word in part.splitlines()} - {""} for part in "\n".join(said).split("--- ")[1:]]

    def offered(self, line):
        return self.offered_for_each([line])[0]

    def test_commands_and_options(self):
        self.assertEqual(self.offered("nexus "), set(self.commands))
        self.assertEqual(self.offered("nexus -C x "), set(self.commands))
        self.assertEqual(self.offered("nexus help "), set(self.commands) | self.topics)
        self.assertEqual(self.offered("nexus -"), dashed(self.program_options))
        lines = [f"nexus {name} --" for name in self.commands]
        for name, offered in zip(self.commands, self.offered_for_each(lines), strict=True):
            self.assertEqual(offered, self.options_of(name), name)

    def test_arguments(self):
        self.assertEqual(self.offered("nexus permit --ai "), {"on", "off"})
        self.assertEqual(self.offered("nexus resolve 1 "), {"file", "database", "both"})
        self.assertEqual(self.offered("nexus status "), set())
        self.assertEqual(self.offered("nexus new core.n"), {"core.note"})
        self.assertIn("todos.json", self.offered("nexus show "))
        self.assertNotIn("todos.json", self.offered("nexus query "))


class Zsh(Completion):
    shell = "zsh"

    def completed(self, lines):
        """What becomes of each line when TAB is pressed behind it."""
        answer = self.folder / "answer"
        (self.home / ".zshrc").write_text(ZSH)
        environment = {**self.environment, "SCRIPT": str(self.script), "ANSWER": str(answer), "ZDOTDIR": str(self.home)}
        ours, theirs = pty.openpty()
        shell = subprocess.Popen(["zsh", "-d", "-i"], stdin=theirs, stdout=theirs, stderr=theirs, cwd=self.vault,
                                 env=environment, start_new_session=True)
        os.close(theirs)
        os.write(ours, b"".join(line.encode() + b"\x14" for line in lines) + b"\x19")
        out = program.read_all(ours)
        os.close(ours)
        shell.wait(program.TIMEOUT_S)
        self.assertTrue(answer.exists(), out)
        return [line.rstrip(" ") for line in answer.read_text().splitlines()]

    def test_the_script_names_every_option(self):
        self.shell_says("zsh", "-n", str(self.script))
        text = self.script.read_text()
        for name in self.commands:
            part = text.split(f"\n    {name}) _arguments")[1].split("&& ret=0")[0]
            self.assertEqual({word[1:].split("[")[0] for word in part.split() if word.startswith("'--")},
                             self.options_of(name), name)

    def test_it_completes(self):
        lines = {"nexus permit --clo": "nexus permit --cloud", "nexus -C . resol": "nexus -C . resolve",
                 "nexus resolve 1 dat": "nexus resolve 1 database", "nexus show tod": "nexus show todos.json",
                 "nexus new core.n": "nexus new core.note", "nexus help vers": "nexus help version", "nexus help coll": "nexus help collisions",
                 "nexus permit --ai of": "nexus permit --ai off", "nexus nothing --a": "nexus nothing --a"}
        self.assertEqual(self.completed(lines), list(lines.values()))


class Asked(Completion):
    def test_another_shell_is_a_mistake(self):
        self.assertIn("the shell is bash, zsh or fish, not 'tcsh'", self.ran(2, "completion", "tcsh").err)

    def test_the_document_holds_the_script(self):
        self.assertEqual(self.ran(0, "completion", "bash", "--json").json()["script"], self.ran(0, "completion", "bash").out)


del Completion  # has no tests of its own

if __name__ == "__main__":
    program.main()
