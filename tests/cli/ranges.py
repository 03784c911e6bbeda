# SPDX-License-Identifier: MIT
"""Objects that follow each other are read through the gate as one range: wherever what is shared lies."""

import program


class Ranges(program.Test):
    def test_wherever_what_is_shared_lies_among_the_rest_it_and_nothing_else_is_seen(self):
        """Objects that follow each other are read as one range."""
        self.make_vault({f"n{number:02}.md": f"---\ntags: [garden, t{number % 3}]\nmood: m{number % 4}\n---\n# Head {number}\n"
                         f"- [ ] task {number}\n\n[[n{number % 7:02}]]\n" for number in range(60)})
        ids = "SELECT object_id FROM object_permissions WHERE share_with_ai"
        asked = [("tags", "tag", "object_id", "tag = 'garden'"), ("tags", "tag", "object_id", "tag = 'T1'"),
                 ("properties", "value", "object_id", "key = 'mood' AND value = 'm2'"),
                 ("properties", "value", "object_id", "value = 'm2'"), ("headings", "text", "object_id", "text LIKE '%1'"),
                 ("tasks", "text", "object_id", "1"), ("objects", "title", "id", "1"), ("objects", "id", "id", "path > 'n3'"),
                 ("objects", "title", "id", "id IN (1, 2, 20, 21, 22, 39, 59, 60, 61)"), ("links", "raw", "object_id", "1"),
                 ("core_note", "title", "_id", "1"), ("object_content", "content_json", "object_id", "1"),
                 ("search", "title", "search.rowid", "search MATCH 'head'"), ("data_objects", "file_path", "id", "1"),
                 ("objects o JOIN properties p ON p.object_id = o.id AND p.key = 'mood' AND p.value = 'm1'", "o.title", "o.id", "1"),
                 ("object_permissions q JOIN objects o ON o.id = q.object_id", "o.title", "o.id", "1")]
        for shared in ("1", "0", "object_id % 2", "object_id = 1", "object_id = 60", "object_id BETWEEN 20 AND 40",
                       "object_id < 11 OR object_id > 13", "object_id IN (3, 4, 5, 9, 10, 30)", "object_id NOT IN (1, 30, 60)"):
            self.sqlite(f"UPDATE object_permissions SET share_with_ai = ({shared})")
            seen = []
            for who in ("owner", "ai"):
                sql = " UNION ALL ".join(
                    f"SELECT * FROM (SELECT {n}, {column}, {key} AS i FROM {table} WHERE ({condition})"
                    f"{f' AND {key} IN ({ids})' if who == 'owner' else ''} ORDER BY 1, 2, 3)"
                    for n, (table, column, key, condition) in enumerate(asked))
                # Twice in one statement: what is asked for again may be looked up.
                sql = f"SELECT * FROM ({sql}) UNION ALL SELECT * FROM ({sql})"
                result = self.run_nexus("query", "--as", who, sql)
                # Where nothing is shared there is no typed view either.
                self.assertEqual(result.code, 2 if (who, shared) == ("ai", "0") else 0, result.err)
                seen.append(result.out)
            self.assertEqual(seen[0], seen[1], shared)
            self.assertEqual(seen[0] == "", shared == "0")

    def test_rows_that_a_statement_cannot_tell_apart_are_all_counted_and_each_once(self):
        """One row may stand for many, where counting is all that becomes of them."""
        self.make_vault({f"n{number:02}.md": f"---\ntags: [a, b]\n---\n[[n{number % 7:02}]]\n" for number in range(40)})
        asked = {  # what comes out for n rows
            "SELECT count(*) FROM {}": lambda n: [n],
            "SELECT count(), count(*) + 1, 'x' || count(*) FROM {}": lambda n: [n, n + 1, f"x{n}"],
            "SELECT count(*) FILTER (WHERE 1), count(*) FILTER (WHERE 0), count(*) FROM {}": lambda n: [n, 0, n],
            "SELECT count(*), count(1), count(NULL) FROM {}": lambda n: [n, n, 0],
            "SELECT count(1) FROM {}": lambda n: [n],
            "SELECT count(DISTINCT 1), count(*) FROM {}": lambda n: [min(n, 1), n],
            "SELECT count(*), count(DISTINCT 'x') FROM {}": lambda n: [n, min(n, 1)],
            "SELECT count(*), sum(2), length(group_concat('x', '')) FROM {}": lambda n: [n, 2 * n or "", n or ""],
            "SELECT count(*), count(rowid) FROM {}": lambda n: [n, n],
            "SELECT count(*) FROM {} WHERE 0": lambda n: [0],
            "SELECT count(*) FROM {} WHERE abs(random()) >= 0": lambda n: [n],
            "SELECT sum(n) FROM (SELECT count(*) OVER () AS n FROM {})": lambda n: [n * n or ""],
            "SELECT sum(n) FROM (SELECT count(*) OVER (ROWS UNBOUNDED PRECEDING) AS n FROM {})": lambda n: [n * (n + 1) // 2 or ""],
            "SELECT sum(n) FROM (SELECT count(1) OVER (ROWS 1 PRECEDING) AS n FROM {})": lambda n: [2 * n - 1 if n else ""],
            "SELECT count(*) FROM {0} CROSS JOIN {0}": lambda n: [n * n],
            "SELECT count(*), (SELECT count(*) FROM {0}) FROM {0}": lambda n: [n, n],
            "SELECT count(*) FROM (SELECT 1 FROM {} LIMIT 3)": lambda n: [min(n, 3)],
            "SELECT sum(n) FROM (SELECT count(*) AS n FROM {0} UNION ALL SELECT count(*) FROM {0})": lambda n: [2 * n],
            "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM {} GROUP BY 'x')": lambda n: [n],
            "SELECT count(*) FROM {} HAVING count(*) >= 0 ORDER BY count(*)": lambda n: [n],
            "WITH t AS (SELECT count(*) AS n FROM {}) SELECT n FROM t": lambda n: [n],
        }
        for shared, objects in (("0", 0), ("object_id = 7", 1), ("object_id < 3", 2), ("object_id % 2", 20), ("1", 40)):
            self.sqlite(f"UPDATE object_permissions SET share_with_ai = ({shared})")
            for table, rows in (("data_objects", 1), ("tags", 2), ("search", 1)):
                for sql, expected in asked.items():
                    told = self.ran(0, "query", "--as", "ai", sql.format(table)).out
                    wanted = "|".join(map(str, expected(objects * rows)))
                    self.assertEqual(told, wanted + "\n", f"{sql.format(table)} with {shared}")


if __name__ == "__main__":
    program.main()
