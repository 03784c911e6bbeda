# SPDX-License-Identifier: MIT
"""What goes where: stdout, stderr, terminals, and outputs that break."""

import os
import signal
import subprocess

import program

EVIL = b"evil \x1b[2J\n\xe2\x80\xae.md"


class Streams(program.Test):
    def setUp(self):
        super().setUp()
        self.make_vault({"a.md": "# A\n\n- [ ] one\n"})

    def test_a_full_disk_is_a_failure(self):
        for words in (["query", "SELECT 1"], ["status"], ["tasks", "--json"], ["help"]):
            with open("/dev/full", "w") as full:
                result = self.ran(3, *words, stdout=full)
            self.assertEqual(result.err, "nexus: cannot write the output: No space left on device\n")

    def test_a_large_answer_to_a_full_disk_is_a_failure_with_the_reason(self):
        with open("/dev/full", "w") as full:
            result = self.ran(3, "query", "SELECT hex(zeroblob(1000000))", stdout=full)
        self.assertIn("No space left", result.err)

    def test_a_closed_stdout_is_a_failure_and_nothing_is_written_into_the_database(self):
        before = self.ran(0, "query", "SELECT count(*) FROM objects").out
        for command in ("status", "sync", "init"):
            done = subprocess.run(["sh", "-c", f'exec "$0" {command} >&-', self.program], cwd=self.vault,
                                  env=program.environment(self.home), capture_output=True)
            self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual(self.ran(0, "query", "SELECT count(*) FROM objects").out, before)

    def test_all_streams_may_be_closed(self):
        done = subprocess.run(["sh", "-c", 'exec "$0" status <&- >&- 2>&-', self.program], cwd=self.vault,
                              env=program.environment(self.home))
        self.assertEqual(done.returncode, 3)

    def closed_early(self, **how):
        """Prints more than a pipe holds to somebody who reads one line and goes."""
        sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
        process = subprocess.Popen([self.program, "query", sql], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   cwd=self.vault, env=program.environment(self.home), **how)
        self.assertEqual(process.stdout.readline(), b"1\n")
        process.stdout.close()
        err = process.stderr.read()
        process.stderr.close()
        return process.wait(program.TIMEOUT_S), err

    def test_a_reader_that_goes_ends_the_program_quietly(self):
        self.assertEqual(self.closed_early(), (-signal.SIGPIPE, b""))

    def test_a_reader_that_goes_ends_it_even_where_the_signal_is_ignored(self):
        def ignore():
            signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        self.assertEqual(self.closed_early(restore_signals=False, preexec_fn=ignore), (3, b""))

    def test_results_are_on_stdout_and_remarks_on_stderr(self):
        result = self.ran(0, "search", "nothing-has-this")
        self.assertEqual((result.out, result.err), ("", "nothing found\n"))
        result = self.ran(0, "check")
        self.assertEqual((result.out, result.err), ("", "no problems\n"))


class Names(program.Test):
    """A file's name must not be able to steer a terminal, wherever it is printed."""

    def test_control_characters_are_escaped(self):
        bad = "---\ntags: [a\n---\n"
        self.make_vault({EVIL: "#tag [[x]]\n\n- [ ] t\n", b"bad" + EVIL: bad, "b.md": "[[evil]]", ".nexusignore": "drafts*\n",
                         b"drafts" + EVIL: ""})
        shown = r"evil \x1b[2J\n\u{202e}.md"
        for words, code in [(["check"], 1), (["tasks"], 0), (["links"], 0), (["links", "--orphans"], 0), (["tags", "tag"], 0),
                            (["search", "t"], 0), (["show", "evil"], 1), (["status", "--skipped"], 0), (["show", os.fsdecode(EVIL)], 0),
                            (["query", "SELECT path FROM files", "--format", "table"], 0)]:
            result = self.ran(code, *words)
            for stream in (result.out, result.err):
                self.assertNotRegex(stream, "[\x1b\u202e]", words)
            self.assertIn(shown, result.out + result.err, words)

    def test_what_a_note_says_is_escaped_but_for_its_lines(self):
        self.make_vault({"a.md": "# A\n\none\ttab \x1b[31mred\n\ntwo\n"})
        self.assertIn("\none\ttab \\x1b[31mred\n\ntwo\n", self.ran(0, "show", "a.md").out)


class Terminals(program.Test):
    def setUp(self):
        super().setUp()
        self.make_vault({"a.md": "# Tomatoes\n\nRed tomatoes.\n\n- [ ] water 📅 2020-01-01\n", "bad.md": "---\ntags: [a\n---\n"})

    COMMANDS = (["status"], ["check"], ["tasks"], ["search", "red"], ["tags"], ["show", "a.md"], ["query", "SELECT 1"], ["links", "--orphans"])

    def test_colours_are_for_terminals(self):
        self.assertIn("\x1b[", self.on_terminal("search", "red").out)
        for words in self.COMMANDS:
            self.assertNotIn("\x1b", self.run_nexus(*words).out)

    def test_nobody_gets_colours_who_does_not_want_them(self):
        for wish in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": ""}):
            for words in self.COMMANDS:
                self.assertNotIn("\x1b", self.on_terminal(*words, **wish).out, (words, wish))

    def test_an_empty_no_color_is_no_wish(self):
        self.assertIn("\x1b[", self.on_terminal("search", "red", NO_COLOR="").out)

    def test_what_was_found_is_marked(self):
        self.assertIn("\x1b[1;33mRed\x1b[0m", self.on_terminal("search", "red").out)

    def test_what_is_overdue_is_marked(self):
        self.assertIn("\x1b[1;31mwater", self.on_terminal("tasks").out)

    def test_every_colour_ends_before_its_line(self):
        for words in self.COMMANDS:
            for line in self.on_terminal(*words).out.splitlines():
                self.assertEqual(line.count("\x1b["), 2 * line.count("\x1b[0m"), (words, line))

    def test_json_has_no_colours(self):
        self.assertNotIn("\x1b[", self.on_terminal("tasks", "--json").out)

    def test_a_query_is_a_table_as_wide_as_the_terminal(self):
        out = self.on_terminal("query", "SELECT 1 AS id, hex(zeroblob(100)) AS long, 'x' AS end", columns=40, NO_COLOR="1").out
        lines = out.splitlines()
        self.assertEqual(len(lines), 3)
        self.assertEqual(max(map(len, lines)), 40)
        self.assertRegex(lines[2], "^ 1  0+…  x")

    def test_a_terminal_is_not_steered_by_data_either(self):
        for form in ("list", "csv", "line", "table"):
            out = self.on_terminal("query", "SELECT char(27) || '[2J' AS a", "--format", form, NO_COLOR="1").out
            self.assertIn("\\x1b[2J", out)
            self.assertNotIn("\x1b", out)


if __name__ == "__main__":
    program.main()
