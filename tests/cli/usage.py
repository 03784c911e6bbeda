# SPDX-License-Identifier: MIT
"""Being called in the right and in the wrong way: help, errors of usage, exit codes."""

import program


class Help(program.Test):
    def setUp(self):
        super().setUp()
        self.vault.mkdir()

    def commands(self):
        return self.ran(0, "help", "--json").json()["commands"]

    def test_help_names_every_command_with_its_summary(self):
        out = self.ran(0, "help").out
        for command in self.commands():
            self.assertRegex(out, rf"(?m)^  {command['name']}\b")
            self.assertIn(command["summary"], out)

    def test_every_command_has_help_and_needs_no_vault_for_it(self):
        for command in self.commands():
            for words in (["help", command["name"]], [command["name"], "--help"], [command["name"], "-h"]):
                out = self.ran(0, *words).out
                self.assertTrue(out.startswith(f"usage: nexus {command['name']}"), out)
                self.assertIn(command["summary"], out)
                for option in command["options"]:
                    self.assertIn(f"--{option['name']}", out)
                    self.assertIn(option["summary"], out)

    def test_help_wins_over_other_arguments(self):
        self.assertIn("usage: nexus show", self.ran(0, "show", "a", "b", "c", "--help").out)

    def test_the_options_before_a_command_can_ask_for_help_and_version(self):
        self.assertEqual(self.ran(0, "--help").out, self.ran(0, "help").out)
        self.assertEqual(self.ran(0, "-h").out, self.ran(0, "help").out)
        self.assertRegex(self.ran(0, "--version").out, r"^nexus \d+\.\d+\.\d+\n$")

    def test_without_a_command_the_help_goes_to_stderr(self):
        result = self.ran(2)
        self.assertEqual(result.out, "")
        self.assertEqual(result.err, self.ran(0, "help").out)

    def test_lines_of_help_fit_a_terminal_of_100_columns(self):
        for words in [["help"], *(["help", command["name"]] for command in self.commands())]:
            for line in self.ran(0, *words).out.splitlines():
                self.assertLessEqual(len(line), 100, line)


class Mistakes(program.Test):
    """Each is told on stderr in one sentence, with where to look, and exit code 2."""

    def setUp(self):
        super().setUp()
        self.make_vault()

    def wrong(self, *words):
        result = self.ran(2, *words)
        self.assertEqual(result.out, "")
        first, second = result.err.splitlines()
        self.assertTrue(first.startswith("nexus: "), first)
        self.assertTrue(second.startswith("try 'nexus help"), second)
        return first.removeprefix("nexus: ")

    def test_an_unknown_command_names_the_nearest(self):
        self.assertEqual(self.wrong("statsu"), "unknown command 'statsu'; did you mean 'status'?")
        self.assertEqual(self.wrong("serach"), "unknown command 'serach'; did you mean 'search'?")
        self.assertEqual(self.wrong("que"), "unknown command 'que'; did you mean 'query'?")
        self.assertEqual(self.wrong("help", "lnks"), "unknown command 'lnks'; did you mean 'links'?")

    def test_an_unknown_command_that_is_near_to_none_names_none(self):
        self.assertEqual(self.wrong("xyzzy"), "unknown command 'xyzzy'")
        self.assertEqual(self.wrong("x" * 5000)[:20], "unknown command 'xxx"[:20])
        self.assertEqual(self.wrong(""), "unknown command ''")

    def test_an_unknown_option_names_the_nearest(self):
        self.assertEqual(self.wrong("tasks", "--du", "today"), "unknown option '--du'; did you mean '--due'?")
        self.assertEqual(self.wrong("status", "--jsno"), "unknown option '--jsno'; did you mean '--json'?")
        self.assertEqual(self.wrong("--vualt", "x", "status"), "unknown option '--vualt'; did you mean '--vault'?")
        self.assertEqual(self.wrong("status", "-x"), "unknown option '-x'")

    def test_an_option_in_the_wrong_place_is_told_where_it_belongs(self):
        self.assertIn("stands before the command: nexus --vault DIR status", self.wrong("status", "--vault", "x"))
        self.assertIn("stands before the command: nexus -C DIR status", self.wrong("status", "-C", "x"))
        self.assertIn("stands behind the command", self.wrong("--json", "status"))

    def test_options_are_not_abbreviated(self):
        self.assertIn("unknown option '--js'", self.wrong("status", "--js"))

    def test_an_option_has_an_argument_or_has_none(self):
        self.assertEqual(self.wrong("tasks", "--due"), "'--due' needs DAY behind it")
        self.assertEqual(self.wrong("status", "--json=yes"), "'--json' takes no argument")
        self.assertEqual(self.wrong("-C"), "'-C' needs DIR behind it")

    def test_operands_are_counted(self):
        self.assertEqual(self.wrong("show"), "'nexus show' needs OBJECT")
        self.assertEqual(self.wrong("sync", "now"), "'nexus sync' does not know what to do with 'now'")
        self.assertEqual(self.wrong("query", "SELECT 1", "SELECT 2"),
                         "'nexus query' does not know what to do with 'SELECT 2'")

    def test_arguments_that_make_no_sense(self):
        self.assertIn("--due is today, week, overdue or a day", self.wrong("tasks", "--due", "2026-02-30"))
        self.assertIn("--due is today", self.wrong("tasks", "--due", "soon"))
        self.assertIn("makes no sense", self.wrong("tasks", "--path", "[a"))
        for limit in ("0", "-1", "x", "1x", "", "99999999999999999999"):
            self.assertIn("--limit must be a number from 1", self.wrong("search", "a", "--limit", limit))
        for words in ("", "  ", '"', '""'):
            self.assertIn("there is no word", self.wrong("search", words))
        self.assertIn("only one of the options", self.wrong("links", "--to", "--from", "a"))
        self.assertIn("of which object?", self.wrong("links", "--to"))
        self.assertIn("takes no object", self.wrong("links", "--orphans", "a"))
        self.assertIn("is no tag", self.wrong("tags", "#/"))

    def test_control_characters_of_arguments_do_not_reach_the_terminal(self):
        self.assertNotIn("\x1b", self.wrong("\x1b[2J"))
        self.assertNotIn("\x1b", self.wrong("status", "--\x1b[2J"))


class Options(program.Test):
    def setUp(self):
        super().setUp()
        self.make_vault({"-a.md": "# Dash\n", "b.md": "- [ ] one 📅 2026-01-02\n"})

    def test_an_argument_may_stand_behind_an_equals_sign_or_a_space(self):
        wanted = self.ran(0, "tasks", "--due=2026-01-02").out
        self.assertIn("one", wanted)
        self.assertEqual(self.ran(0, "tasks", "--due", "2026-01-02").out, wanted)

    def test_options_may_stand_behind_operands(self):
        self.assertEqual(self.ran(0, "query", "SELECT 1 AS a", "--json").json(), [{"a": 1}])

    def test_behind_two_dashes_all_are_operands(self):
        self.assertIn("Dash", self.ran(0, "show", "--", "-a.md").out)

    def test_the_last_of_an_option_counts(self):
        self.assertEqual(self.ran(0, "tasks", "--due", "2020-01-01", "--due", "2026-01-02").out.count("one"), 1)


if __name__ == "__main__":
    program.main()
