# SPDX-License-Identifier: MIT
"""The SQL of the commands: each statement prepares against a new database, and reads what users may rely on."""

import re
import sqlite3

import program

SQL = program.ROOT / "src" / "cli" / "sql"
STATEMENT = re.compile(r"^-- name: (\w+)\n((?:(?!^-- name:).*\n)*)", re.MULTILINE)
ASKED = re.compile(r'\b(?:ask|ask_text|ask_id)\(call, "(\w+)", "(\w+)"')


def statements():
    return {(path.stem, name): text for path in SQL.glob("*.sql") for name, text in STATEMENT.findall(path.read_text())}


class Statements(program.Test):
    def test_each_prepares_against_a_new_database(self):
        self.make_vault()
        database = sqlite3.connect(self.vault / ".nexus" / "vault.sqlite")
        self.addCleanup(database.close)
        for name, text in statements().items():
            with self.subTest(name):
                parameters = dict.fromkeys(re.findall(r":([a-z]+)", text), "")
                database.execute("EXPLAIN " + text, parameters).fetchall()

    def test_none_reads_a_table_that_is_nobodys_business(self):
        self.assertGreater(len(statements()), 20)
        for name, text in statements().items():
            self.assertNotRegex(text, r"\bnx_", name)

    def test_each_that_a_command_names_is_there(self):
        named = {pair for path in SQL.parent.glob("*.c") for pair in ASKED.findall(path.read_text())}
        self.assertGreater(len(named), 10)
        self.assertEqual(named - set(statements()), set())

    def test_names_are_told_apart(self):
        for path in SQL.glob("*.sql"):
            names = [name for name, _ in STATEMENT.findall(path.read_text())]
            self.assertEqual(len(names), len(set(names)), path)


if __name__ == "__main__":
    program.main()
