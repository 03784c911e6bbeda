# SPDX-License-Identifier: MIT
"""`nexus query`: what may be asked, and the forms of the answer."""

import csv
import io
import json
import unittest

import program


class Rules(program.Test):
    def setUp(self):
        super().setUp()
        self.make_vault({"a.md": "# A\n"})

    def refused(self, sql):
        result = self.ran(2, "query", sql)
        self.assertEqual(result.out, "")
        return result.err

    def test_writing_is_refused(self):
        for sql in ("DELETE FROM files", "UPDATE files SET size = 1", "CREATE TABLE t(a)", "PRAGMA user_version = 5",
                    "ATTACH 'x.db' AS x", "VACUUM INTO 'copy.db'", "BEGIN", "INSERT INTO search(search) VALUES('rebuild')"):
            self.assertIn("only reading is possible here", self.refused(sql))
        self.assertEqual(self.ran(0, "query", "SELECT count(*) FROM files").out, "1\n")
        self.assertFalse((self.vault / "copy.db").exists())

    def test_a_database_file_without_anything_in_it_is_told_of_with_what_to_do(self):
        for file in (self.vault / ".nexus").glob("vault.sqlite*"):
            file.unlink()
        (self.vault / ".nexus/vault.sqlite").touch(0o600)
        self.assertIn("is no database of Nexus: run 'nexus sync'", self.ran(3, "query", "SELECT path FROM objects").err)
        self.ran(0, "sync")
        self.assertEqual(self.ran(0, "query", "SELECT path FROM objects").out, "a.md\n")

    def test_a_second_statement_is_refused(self):
        self.assertIn("more than one statement", self.refused("SELECT 1; SELECT 2"))
        self.assertIn("more than one statement", self.refused("SELECT 1; DELETE FROM files"))

    def test_a_semicolon_and_a_comment_are_no_second_statement(self):
        self.assertEqual(self.ran(0, "query", "SELECT 1; -- that is all").out, "1\n")

    def test_a_mistake_is_told_in_the_words_of_sqlite(self):
        self.assertIn('near "SELEC": syntax error', self.refused("SELEC 1"))
        self.assertIn("no such table: nowhere", self.refused("SELECT * FROM nowhere"))
        self.assertIn("no statement", self.refused(""))

    def test_a_minus_sign_reads_the_statement_from_stdin(self):
        self.assertEqual(self.ran(0, "query", "-", stdin=b"SELECT\n  42\n").out, "42\n")
        self.ran(2, "query", "-", stdin=b"SELECT 1\0, 2")
        self.ran(3, "query", "-", stdin=b" " * 1000001)

    def test_an_unknown_format_names_those_there_are(self):
        self.assertIn("there is table|line|list|csv|json|jsonl", self.ran(2, "query", "SELECT 1", "--format", "xml").err)
        self.ran(2, "query", "SELECT 1", "--format", "csv", "--json")

    def test_the_database_is_as_before(self):
        before = (self.vault / ".nexus" / "vault.sqlite").read_bytes()
        self.ran(0, "query", "SELECT * FROM objects")
        self.assertEqual((self.vault / ".nexus" / "vault.sqlite").read_bytes(), before)


class Formats(program.Test):
    def setUp(self):
        super().setUp()
        self.make_vault()

    def ask(self, sql, *words):
        return self.ran(0, "query", sql, *words)

    def test_for_a_program_it_prints_values_between_bars(self):
        self.assertEqual(self.ask("SELECT 1, 'a b', NULL, 1.5 UNION ALL SELECT 2, '', '|', 3").out, "1|a b||1.5\n2||||3\n")

    def test_a_program_gets_the_bytes_as_they_are(self):
        self.assertEqual(self.ask("SELECT char(27) || 'x' || CAST(x'ff' AS TEXT)").bytes, b"\x1bx\xff\n")

    def test_a_table_lines_up_wide_characters_and_numbers(self):
        sql = "SELECT '日本' AS name, 1 AS n UNION ALL SELECT 'e' || char(769), 1000"
        self.assertEqual(self.ask(sql, "--format", "table").out,
                         "name  n\n----  ----\n日本     1\ne" + "\u0301" + "     1000\n")

    def test_a_table_holds_each_row_on_one_line(self):
        out = self.ask("SELECT 'a' || char(10) || char(27) AS x", "--format", "table").out
        self.assertEqual(out, "x\n-------\na\\n\\x1b\n")

    def test_a_table_of_many_rows_is_complete(self):
        out = self.ask("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i FROM n",
                       "--format", "table").out.split()
        self.assertEqual(out, ["i", "----", *map(str, range(1, 5001))])

    def test_a_table_without_rows_has_its_head(self):
        self.assertEqual(self.ask("SELECT 1 AS a WHERE 0", "--format", "table").out, "a\n-\n")

    def test_line_prints_a_column_a_line(self):
        out = self.ask("SELECT 1 AS a, 'x' AS long UNION ALL SELECT 2, 'y'", "--format", "line").out
        self.assertEqual(out, "   a = 1\nlong = x\n\n   a = 2\nlong = y\n")

    def test_csv_reads_back(self):
        sql = "SELECT 'a,b' AS \"x,y\", 'q\"q' AS q, 'two' || char(10) || 'lines' AS l, '' AS e, 7 AS i"
        rows = list(csv.reader(io.StringIO(self.ask(sql, "--format", "csv").out)))
        self.assertEqual(rows, [["x,y", "q", "l", "e", "i"], ["a,b", 'q"q', "two\nlines", "", "7"]])

    def test_csv_tells_null_from_the_empty_text(self):
        self.assertEqual(self.ask("SELECT NULL AS a, '' AS b", "--format", "csv").out, 'a,b\n,""\n')

    def test_json_is_an_array_of_objects(self):
        result = self.ask("SELECT 1 AS a, 'x' AS b, NULL AS c", "--json")
        self.assertEqual(result.json(), [{"a": 1, "b": "x", "c": None}])
        self.assertEqual(self.ask("SELECT 1 AS a, 'x' AS b, NULL AS c", "--format", "json").out, result.out)
        self.assertEqual(self.ask("SELECT 1 WHERE 0", "--json").json(), [])

    def test_jsonl_is_an_object_a_line(self):
        out = self.ask("SELECT 1 AS a UNION ALL SELECT 2", "--format", "jsonl").out
        self.assertEqual([json.loads(line) for line in out.splitlines()], [{"a": 1}, {"a": 2}])

    def test_json_numbers_keep_their_digits(self):
        out = self.ask("SELECT 9223372036854775807 AS big, -9223372036854775808 AS low, 0.1 AS tenth, 1.0 AS one, "
                       "1e300 AS huge, 1.7976931348623157e308 AS most, 9e999 AS past, 0.1 + 0.2 AS sum", "--json").out
        for text in ('"big":9223372036854775807', '"low":-9223372036854775808', '"tenth":0.1,', '"one":1.0,',
                     '"huge":1e+300', '"most":1.7976931348623157e+308', '"past":9e999', '"sum":0.30000000000000004'):
            self.assertIn(text, out)

    def test_json_texts_may_hold_anything(self):
        row = self.ask("SELECT char(0, 1, 10, 34, 92, 127, 128270) AS t, CAST(x'61ff62' AS TEXT) AS broken, x'00' AS blob",
                       "--json").json()[0]
        self.assertEqual(row, {"t": "\0\1\n\"\\\x7f🔎", "broken": "a\ufffdb", "blob": "\0"})

    def test_json_keys_that_stand_twice_get_a_number(self):
        row = self.ask("SELECT 1 AS a, 2 AS a, 3 AS a, 4 AS a_2", "--json").json()[0]
        self.assertEqual(row, {"a": 1, "a_2": 2, "a_3": 3, "a_2_2": 4})

    def test_json_keys_are_escaped(self):
        self.assertEqual(self.ask('SELECT 1 AS "a""\n\x1b"', "--json").json(), [{'a"\n\x1b': 1}])

    @unittest.skipIf(program.SANITIZED, "sanitizers take memory of their own")
    def test_a_large_answer_takes_little_memory(self):
        sql = ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) "
               "SELECT hex(zeroblob(125000)) AS x FROM n")
        for form in ("json", "csv", "list", "table"):
            size, peak_kib = self.measured("query", sql, "--format", form)
            self.assertGreater(size, 24 * 1000 * 1000)
            self.assertLess(peak_kib, 20 * 1024, form)


if __name__ == "__main__":
    program.main()
