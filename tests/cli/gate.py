# SPDX-License-Identifier: MIT
"""What somebody sees who may see only what is shared: `--as ai` and `--as cloud`.

Every hidden object holds words of its own, canaries, in each place where a note can say something. No output of any
statement may hold one. And whatever is told about the shared objects must be what a vault tells that has nothing else."""

import hashlib
import json
import random
import re
import subprocess

import program

SEED = 20260115
NOTES, ITEMS = 160, 40

TABLES = ["objects", "data_objects", "object_content", "object_permissions", "schemas", "tags", "aliases", "headings",
          "tasks", "properties", "blocks", "links", "backlinks", "unresolved_links", "orphans", "problems", "changes",
          "search", "core_todo", "core_note"]
# Numbers and times that two vaults do not have in common.
OWN = {"id", "object_id", "target_id", "source_id", "schema_id", "uid", "created_at", "updated_at", "_id", "_created_at",
       "_updated_at", "seq", "at", "start", "end"}

SEARCHES = ["word", "word5", "common", "canary*", "wor*", '"common word"', "common NOT word3", "title: note", "tags: t1",
            "common OR word7", "NEAR(common word, 3)", "^common", "{title body}: word2", "path: note", "zzz"]


def note(number, words, links):
    """Everything that a note can say, and in each place its canary."""
    c = f"canary{number}"
    return (f"---\ntitle: Note {number} {c}\naliases: [alias{number}, {c}alias]\ntags: [t{number % 7}, {c}/tag]\n"
            f"key{c}: value {c}\nlist: [{c}, 1]\nrelated: \"[[note{links[0]}]]\"\n---\n"
            f"# Heading {c}\n\n{' '.join(words)} {c}text\n\n" +
            "".join(f"See [[note{link}]] and [[alias{link}|{c}]].\n" for link in links) +
            f"\nfield{c}:: {c}\n\n- [ ] task {c} 📅 2026-03-01 ^{c}block\n\n"
            f"[[plan]] ![[pic{number}.svg]] <https://example.org/{c}>\n")


class Gate(program.Test):
    @classmethod
    def setUpClass(cls):
        rng = random.Random(SEED)
        cls.files, cls.items = {}, []
        for number in range(NOTES):
            words = ["common"] + [f"word{rng.randrange(12)}" for _ in range(rng.randrange(1, 30))]
            links = [rng.randrange(NOTES) for _ in range(4)]
            cls.files[f"dir{number % 5}/secret{number}/note{number}.md"] = note(number, words, links)
            if rng.random() < 0.1:
                cls.files[f"dir{number % 5}/secret{number}/pic{number}.svg"] = "<svg/>"
        # The same name in several places: which one a link means depends on which there are.
        for folder in ("", "a/", "b/c/", "dir1/"):
            cls.files[folder + "plan.md"] = f"# Plan\n\ncanary{9000 + len(folder)} common\n"
        cls.files["broken.md"] = "---\ntags: [canary9500\n---\n"
        cls.items = [{"id": n, "text": f"item canary{5000 + n}"} for n in range(ITEMS)]
        paths = [path for path in cls.files if path.endswith(".md")]
        cls.shared = set(rng.sample(paths, len(paths) // 6)) | {"b/c/plan.md"}
        cls.shared_items = set(rng.sample(range(ITEMS), 6))
        cls.allowed = set()
        for path in cls.shared:
            cls.allowed |= set(re.findall(r"canary(\d+)|secret(\d+)", path + cls.files[path]))
        cls.allowed = {number for pair in cls.allowed for number in pair if number}
        cls.allowed |= {str(5000 + n) for n in cls.shared_items}

    def vault_of(self, files, items):
        collection = {"schema": "core.todo", "version": 1, "data": items}
        self.make_vault({**files, "todos.json": json.dumps(collection)})

    def full_vault(self):
        self.vault_of(self.files, self.items)
        paths = [*self.shared, *(f"todos.json#{n}" for n in self.shared_items)]
        self.share("share_with_ai", paths)

    def shared_vault(self):
        self.vault_of({path: self.files[path] for path in self.shared},
                      [item for item in self.items if item["id"] in self.shared_items])
        self.sqlite("UPDATE object_permissions SET share_with_ai = 1")

    def share(self, flag, paths):
        names = ", ".join(f"'{path}'" for path in paths)
        self.sqlite(f"UPDATE object_permissions SET {flag} = 1"
                    f" WHERE object_id IN (SELECT id FROM data_objects WHERE file_path IN ({names}))")

    def check_no_canary(self, text, what):
        text = text.lower()
        for encoded in re.findall(r"(?:[0-9a-f]{2}){6,}", text):
            text += bytes.fromhex(encoded[:len(encoded) // 2 * 2]).decode(errors="replace").lower()
        seen = {number for pair in re.findall(r"canary(\d+)|secret(\d+)", text) for number in pair if number}
        self.assertEqual(seen - self.allowed, set(), what)

    def rows(self, sql):
        """The rows as JSON without what is each vault's own, in an order of their own."""
        found = self.ran(0, "query", "--as", "ai", sql, "--json").json()
        return sorted(json.dumps({key: value for key, value in row.items() if key not in OWN}) for row in found)

    def dump(self):
        seen = {}
        for table in TABLES:
            seen[table] = self.rows(f"SELECT * FROM {table}")
        for words in SEARCHES:
            sql = ("SELECT path, rank, bm25(search), bm25(search, 1, 2, 3, 4) AS b, snippet(search, -1, '<', '>', '…', 8) AS s,"
                   f" highlight(search, 0, '<', '>') AS h FROM search WHERE search MATCH '{words}' ORDER BY rank, path")
            seen[words] = self.ran(0, "query", "--as", "ai", sql, "--json").json()
        for words in (["tags"], ["tasks"], ["links", "--unresolved"], ["links", "--orphans"], ["search", "common"],
                      ["search", "--limit", "3", "word3"], ["links", "plan"], ["show", "plan"], ["tags", "t1"]):
            lines = self.ran(0, *words, "--as", "ai").out.splitlines()
            seen[" ".join(words)] = [line for line in lines if line.split(" ")[0] not in ("id", "uid", "created", "updated")]
        return seen

    def test_what_is_told_of_shared_objects_is_what_a_vault_tells_that_has_nothing_else(self):
        self.full_vault()
        full = self.dump()
        (self.vault).rename(self.folder / "full")
        self.shared_vault()
        alone = self.dump()
        self.assertEqual(full.keys(), alone.keys())
        for what in full:
            self.assertEqual(full[what], alone[what], what)
        self.assertGreater(len(full["objects"]), 20)
        self.assertGreater(len(full["common"]), 20)
        self.assertGreater(len(full["backlinks"]), 5)
        self.assertTrue(full["core_todo"] and full["tags"] and full["links plan"])

    def test_no_statement_sees_a_hidden_word(self):
        self.full_vault()
        for table in TABLES:
            self.check_no_canary(self.ran(0, "query", "--as", "ai", f"SELECT * FROM {table}").out, table)
        for name, sql in ATTACKS:
            with self.subTest(name):
                result = self.run_nexus("query", "--as", "ai", sql)
                self.assertIn(result.code, (0, 2), result.err)
                self.check_no_canary(result.out + result.err, name)

    def test_what_is_hidden_looks_like_what_is_missing(self):
        self.full_vault()
        hidden = next(path for path in sorted(self.files) if "/note" in path and path not in self.shared)
        number = int(re.search(r"\d+", hidden.rsplit("/", 1)[1]).group())
        object_id = self.ran(0, "query", f"SELECT id FROM objects WHERE path = '{hidden}'").out.strip()
        uid = self.ran(0, "query", f"SELECT uid FROM objects WHERE path = '{hidden}'").out.strip()
        for there, missing in [
            (["show", object_id], ["show", "999999"]), (["show", uid], ["show", "00000000-0000-7000-8000-000000000000"]),
            (["show", hidden], ["show", "nowhere.md"]), (["show", f"alias{number}"], ["show", "aliasnone"]),
            (["links", hidden], ["links", "nowhere.md"]), (["tags", f"canary{number}"], ["tags", "canarynone"]),
            (["search", f"canary{number}"], ["search", "canarynone"]),
            (["links", "--to", f"note{number}"], ["links", "--to", "notenone"]),
            (["query", f"SELECT count(*) FROM objects WHERE id = {object_id}"],
             ["query", "SELECT count(*) FROM objects WHERE id = 999999"]),
            (["query", "SELECT * FROM files"], ["query", "SELECT * FROM filez"]),
            (["query", "SELECT * FROM core_json"], ["query", "SELECT * FROM core_jsom"]),
            (["query", "SELECT * FROM audit_log"], ["query", "SELECT * FROM audit_lag"]),
        ]:
            for form in ([], ["--json"]):
                first = self.run_nexus(*there, "--as", "ai", *form)
                second = self.run_nexus(*missing, "--as", "ai", *form)
                self.assertEqual(first.code, second.code, there)
                self.assertEqual(first.out, second.out, there)
                self.assertEqual(told(first, there[-1]), told(second, missing[-1]), there)

    def test_a_condition_is_never_judged_on_a_hidden_row(self):
        """An error, a count of calls or the time that it takes would tell what the row says."""
        self.full_vault()
        for table, column in [("objects", "path"), ("object_content", "content_json"), ("search", "body"), ("tags", "tag"),
                              ("links", "raw"), ("problems", "message"), ("core_note", "title"), ("properties", "value")]:
            for sql in (f"SELECT count(*) FROM {table} WHERE json_extract('{{}}', 'x' || {column})",
                        f"SELECT count(*) FROM {table} WHERE {column} LIKE '%canary%' ESCAPE {column}",
                        f"SELECT count(*) FROM {table} JOIN objects o WHERE o.path LIKE 'd%' AND json('x' || {column}) AND 1"):
                result = self.run_nexus("query", "--as", "ai", sql)
                self.check_no_canary(result.out + result.err, sql)
            # Overflows on any row that does not come out.
            self.ran(0, "query", "--as", "ai", f"SELECT count(*) FROM {table} WHERE CASE WHEN coalesce({column}, 0) IN"
                     f" (SELECT coalesce({column}, 0) FROM {table}) THEN 1 ELSE abs(-9223372036854775807 - 1) END")

    def test_what_is_found_by_a_word_is_what_a_look_at_all_finds(self):
        """A column that is asked for again and again is looked up, whichever way words are compared."""
        values = ["x", "X", "'x '", "word", "Word", "'7'", "7", "7.0", "'7.0'", "-1", "'-1'", "[a, b]", "true", "''", "Straße",
                  ".inf", "Inf"]
        self.make_vault({f"n{number}.md": f"---\ntags: [{('Inf', 'garden', 'Garden')[number % 3]}, t{number % 5}]\nv: {value}\n---\n"
                         f"# Head {number} {value}\n\n[[n{number % 4}]] [[nowhere]]\n" for number, value in enumerate(values * 4)})
        self.sqlite("UPDATE object_permissions SET share_with_ai = 1")
        words = "WITH w(x) AS (VALUES('x'), ('X '), ('word'), ('7'), (7), (7.0), ('-1'), (-1), (x'78'), (''), (NULL), ('STRASSE'))"
        for sql in ("SELECT a.path, b.path FROM tags a JOIN tags b ON b.tag = a.tag AND b.line = a.line",
                    "SELECT a.path, b.path FROM properties a JOIN properties b ON b.value = a.value",
                    "SELECT a.path, b.path FROM tags a JOIN properties b ON b.value = a.tag AND b.key = 'V' AND a.line = 2",
                    "SELECT path FROM properties WHERE value = 'WORD' COLLATE NOCASE AND key = 'v'",
                    "SELECT path FROM properties WHERE key = 'V' COLLATE BINARY AND value = 'word'",
                    "SELECT path FROM properties WHERE key = 'v' AND key = 'V' AND value >= 'x'",
                    "SELECT path FROM tags WHERE tag = 'GARDEN' AND tag = 'Garden' COLLATE BINARY",
                    "SELECT a.path, b.path FROM properties a JOIN properties b ON b.value = a.value COLLATE NOCASE",
                    "SELECT a.path, b.path FROM properties a JOIN properties b ON b.value = a.value COLLATE RTRIM",
                    words + " SELECT w.x, (SELECT count(*) FROM properties p WHERE p.value = w.x AND p.key = 'V') FROM w",
                    words + " SELECT w.x, (SELECT count(*) FROM headings h WHERE h.text = w.x OR h.text LIKE '%' || w.x) FROM w",
                    words + " SELECT w.x, (SELECT count(*) FROM headings h WHERE h.text LIKE w.x || '%' AND h.line > 1) FROM w",
                    "SELECT o.path, b.source_path FROM objects o JOIN backlinks b ON b.path = o.path",
                    "SELECT a.path, count(*) FROM objects a JOIN objects b ON b.title = a.title GROUP BY a.path",
                    "SELECT path FROM headings WHERE text LIKE '%WORD'", "SELECT path FROM headings WHERE text GLOB '*[Ww]ord'",
                    "SELECT path FROM headings WHERE text NOT LIKE '%word'", "SELECT path FROM headings WHERE text LIKE NULL",
                    "SELECT path FROM properties WHERE value LIKE 7", "SELECT path FROM links WHERE raw LIKE '[[n%' AND target = 'n1'",
                    "SELECT count(*) FROM data_objects", "SELECT id FROM data_objects"):
            with self.subTest(sql):
                seen = [sorted(self.ran(0, "query", "--as", who, sql).out.splitlines()) for who in ("owner", "ai")]
                self.assertEqual(seen[0], seen[1])

    def test_cloud_and_ai_are_two(self):
        self.make_vault({"a.md": "# A\n", "b.md": "# B\n", "c.md": "# C\n"})
        self.share("share_with_ai", ["a.md", "c.md"])
        self.share("share_with_cloud", ["b.md", "c.md"])
        for who, paths in (("ai", "a.md\nc.md\n"), ("cloud", "b.md\nc.md\n"), ("owner", "a.md\nb.md\nc.md\n")):
            self.assertEqual(self.ran(0, "query", "--as", who, "SELECT path FROM objects ORDER BY path").out, paths)
        self.assertIn("'robot' is nobody", self.ran(2, "query", "--as", "robot", "SELECT 1").err)

    def test_an_end_is_judged_when_a_statement_starts(self):
        self.make_vault({f"{name}.md": "# x\n" for name in "abcdefg"})
        for name, end in [("a", "NULL"), ("b", "'2999-01-01T00:00:00.000Z'"), ("c", "'2020-01-01T00:00:00.000Z'"),
                          ("d", "'2200-01-01T00:00:00+02:00'"), ("e", "'soon'"), ("f", "''"), ("g", "17")]:
            self.sqlite("DROP TRIGGER IF EXISTS nx_permission_check_update; DROP TRIGGER IF EXISTS nx_permission_utc_update;"
                        f"UPDATE object_permissions SET share_with_ai = 1, expires_at = {end}"
                        f" WHERE object_id = (SELECT id FROM data_objects WHERE file_path = '{name}.md')")
        # 2999 is more than a time in nanoseconds can say: unknown means no.
        self.assertEqual(self.ran(0, "query", "--as", "ai", "SELECT path FROM objects").out, "a.md\nd.md\n")
        self.sqlite("INSERT OR REPLACE INTO nx_meta(key, value) VALUES('clock_mark', '2210-01-01T00:00:00.000Z')")
        self.assertEqual(self.ran(0, "query", "--as", "ai", "SELECT path FROM objects").out, "a.md\n")
        self.sqlite("UPDATE nx_meta SET value = 'no time' WHERE key = 'clock_mark'")
        self.assertEqual(self.ran(0, "query", "--as", "ai", "SELECT path FROM objects").out, "a.md\n")

    def test_flags_that_are_neither_yes_nor_no_share_nothing(self):
        self.make_vault({f"{name}.md": "# x\n" for name in "abc"})
        self.sqlite("PRAGMA ignore_check_constraints = ON; UPDATE object_permissions SET share_with_ai = 'yes';"
                    "UPDATE object_permissions SET share_with_ai = 2 WHERE object_id = 2;"
                    "DELETE FROM object_permissions WHERE object_id = 3")
        self.assertEqual(self.ran(0, "query", "--as", "ai", "SELECT count(*) FROM objects").out, "0\n")

    def test_an_object_that_the_shell_deleted_is_gone(self):
        self.make_vault({"a.md": "# canary1\n"})
        self.share("share_with_ai", ["a.md"])
        self.sqlite("PRAGMA foreign_keys = OFF; DELETE FROM data_objects")
        for table in ("objects", "object_content", "object_permissions", "search", "headings"):
            self.assertEqual(self.ran(0, "query", "--as", "ai", f"SELECT * FROM {table}").out, "", table)

    def log(self):
        return [json.loads(line) for line in (self.vault / ".nexus/logs/audit.jsonl").read_text().splitlines()]

    def test_each_access_is_recorded_and_no_content_of_it(self):
        self.make_vault({"a.md": "# canary1\n"})
        self.share("share_with_ai", ["a.md"])
        self.ran(0, "query", "--as", "ai", "SELECT 'a question', title FROM objects")
        self.ran(0, "search", "--as", "cloud", "canary1")
        self.ran(0, "show", "--as", "ai", "1")
        self.ran(0, "query", "SELECT title FROM objects")
        self.assertEqual([line["actor"] for line in self.log()[:2]], ["ai", "cloud"])
        self.assertTrue(all(line["action"] == "read" for line in self.log()))
        self.assertIn(1, [line["object_id"] for line in self.log()])
        statement = hashlib.sha256(b"SELECT 'a question', title FROM objects").hexdigest()
        self.assertEqual(self.log()[0]["detail"], {"statement": statement})
        self.assertNotIn("canary", (self.vault / ".nexus/logs/audit.jsonl").read_text())
        rows = self.ran(0, "query", "SELECT id, hash FROM audit_log ORDER BY id", "--json").json()
        self.assertEqual(rows, [{"id": line["id"], "hash": line["hash"]} for line in self.log()])

    def test_what_cannot_be_recorded_is_not_handed_out(self):
        self.make_vault({"a.md": "# canary1\n"})
        self.share("share_with_ai", ["a.md"])
        (self.vault / ".nexus/logs/audit.jsonl").mkdir(parents=True)
        for words in (["query", "SELECT title FROM objects"], ["search", "canary1"], ["show", "a.md"], ["tags"], ["tasks"]):
            for form in ([], ["--json"]):
                result = self.ran(3, *words, "--as", "ai", *form)
                self.assertNotIn("canary", result.out + result.err)
        self.ran(0, "query", "SELECT title FROM objects")

    def test_readers_at_the_same_time_make_one_log(self):
        self.make_vault({"a.md": "# A\n"})
        running = [subprocess.Popen([self.program, "query", "--as", "ai", "SELECT 1"], cwd=self.vault,
                                    env=program.environment(self.home), stdout=subprocess.DEVNULL) for _ in range(12)]
        self.assertEqual([process.wait(program.TIMEOUT_S) for process in running], [0] * 12)
        log = self.log()
        self.assertEqual([line["id"] for line in log], list(range(1, 13)))
        self.assertEqual([line["previous_hash"] for line in log], [None] + [line["hash"] for line in log[:-1]])


def told(result, name):
    """What is said about that name; which shared objects are called nearly so is another thing."""
    first = (result.err.splitlines() or [""])[0]
    return first.replace(name.split()[-1], "?").split("; near it")[0].removesuffix(" (see 'nexus search')")


# Each is a try to reach what is not shared. Most end in an error, which is as good as nothing.
ATTACKS = [
    ("base tables by their schema", "SELECT * FROM main.object_content"),
    ("temp tables", "SELECT * FROM temp.object_content"),
    ("internal tables", "SELECT * FROM nx_text"),
    ("internal names", "SELECT * FROM nx_name"),
    ("internal links", "SELECT * FROM nx_link"),
    ("internal views", "SELECT * FROM nx_search_content"),
    ("the gate's own view", "SELECT * FROM nx_shared"),
    ("tombstones", "SELECT * FROM nx_tombstone"),
    ("files", "SELECT * FROM files"),
    ("history", "SELECT * FROM history"),
    ("conflicts", "SELECT * FROM conflicts"),
    ("the audit log", "SELECT * FROM audit_log"),
    ("schema history", "SELECT * FROM schema_history"),
    ("the schema table", "SELECT * FROM sqlite_schema"),
    ("the schema table by its old name", "SELECT sql FROM sqlite_master"),
    ("the temporary schema", "SELECT * FROM sqlite_temp_schema"),
    ("statistics", "SELECT * FROM sqlite_stat1"),
    ("sequences", "SELECT * FROM sqlite_sequence"),
    ("a word that is looked up", "SELECT b.path, b.tag FROM tags a JOIN tags b ON b.tag = a.tag"),
    ("a word of a hidden note", "WITH w(x) AS (VALUES('canary1/tag'), ('canary2/tag'), ('canary3/tag'))"
     " SELECT t.path, t.tag FROM w JOIN tags t ON t.tag = w.x"),
    ("what hidden words are like", "SELECT a.path, b.text FROM tags a JOIN headings b ON b.text LIKE '%' || a.tag || '%' OR b.text GLOB '*'"),
    ("the names of the gate's parameters", "SELECT ?1, ?2, :id, nx_id FROM tags WHERE tag = ?2"),
    ("ids alone", "SELECT o.id, o.rowid, c.content_json FROM data_objects o LEFT JOIN object_content c ON c.object_id = o.id"),
    ("an id that is none", "SELECT * FROM objects WHERE id IN (-1, 0, 1e300, '1', 1.5, x'01', NULL) OR rowid = '2'"),
    ("the least and the greatest id", "SELECT min(id), max(id), min(rowid), max(rowid), count(*), total(id) FROM data_objects"),
    ("a window over all", "SELECT path, lag(path) OVER (ORDER BY id), count(*) OVER () FROM objects"),
    ("a union with a base table", "SELECT path FROM objects UNION ALL SELECT content_json FROM main.object_content"),
    ("a subquery", "SELECT (SELECT group_concat(content_json) FROM object_content) FROM objects LIMIT 1"),
    ("a CTE that takes a table's name", "WITH objects AS (SELECT * FROM main.object_content) SELECT * FROM objects"),
    ("a CTE that takes the gate's name", "WITH nx_shared AS (SELECT 1 AS id) SELECT * FROM object_content"),
    ("a recursive CTE over ids", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000)"
     " SELECT o.* FROM n JOIN objects o ON o.id = n.i"),
    ("a recursive CTE over contents", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000)"
     " SELECT (SELECT content_json FROM object_content WHERE object_id = n.i) FROM n"),
    ("rowids", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000)"
     " SELECT * FROM n JOIN search ON search.rowid = n.i"),
    ("ids as text", "SELECT * FROM objects WHERE id = '7' OR id = 7.0 OR id LIKE '%'"),
    ("a join without a condition", "SELECT a.path, b.body FROM objects a, search b"),
    ("a left join", "SELECT * FROM links l LEFT JOIN objects o ON o.path = l.target || '.md'"),
    ("a full join", "SELECT * FROM links l FULL JOIN objects o ON o.id = l.target_id"),
    ("a right join", "SELECT * FROM tags t RIGHT JOIN search s ON s.path = t.path"),
    ("a natural join", "SELECT * FROM objects NATURAL JOIN tags"),
    ("json_each over contents", "SELECT j.* FROM object_content c, json_each(c.content_json) j"),
    ("json_tree over contents", "SELECT j.* FROM object_content c, json_tree(c.content_json) j"),
    ("json_each over a list of all", "SELECT * FROM json_each((SELECT json_group_array(body) FROM search))"),
    ("a group", "SELECT json_group_object(path, content_json) FROM objects JOIN object_content ON object_id = id"),
    ("windows", "SELECT path, lag(path) OVER (ORDER BY id), count(*) OVER () FROM objects"),
    ("pragma functions", "SELECT * FROM pragma_table_list"),
    ("pragma database_list", "SELECT * FROM pragma_database_list"),
    ("pragma table_info", "SELECT * FROM pragma_table_info('nx_text')"),
    ("pragma index_list", "SELECT * FROM pragma_index_list('data_objects')"),
    ("pragma function_list", "SELECT * FROM pragma_function_list WHERE name LIKE 'nx%'"),
    ("pragma page_count", "SELECT * FROM pragma_page_count"),
    ("a pragma", "PRAGMA database_list"),
    ("a pragma that writes", "PRAGMA query_only = OFF"),
    ("writable schema", "PRAGMA writable_schema = ON"),
    ("attach", "ATTACH '.nexus/vault.sqlite' AS v"),
    ("attach by uri", "ATTACH 'file:.nexus/vault.sqlite?mode=ro' AS v"),
    ("vacuum into", "VACUUM INTO '/tmp/nexus-stolen.sqlite'"),
    ("load_extension", "SELECT load_extension('fts5')"),
    ("readfile", "SELECT readfile('dir1/plan.md')"),
    ("writefile", "SELECT writefile('/tmp/nexus-stolen', 'x')"),
    ("edit", "SELECT edit('x')"),
    ("fsdir", "SELECT * FROM fsdir('.')"),
    ("zipfile", "SELECT * FROM zipfile('.nexus/vault.sqlite')"),
    ("temp shadowing", "CREATE TEMP VIEW objects AS SELECT * FROM main.object_content"),
    ("temp triggers", "CREATE TEMP TRIGGER t AFTER INSERT ON objects BEGIN SELECT 1; END"),
    ("a virtual table of words", "CREATE VIRTUAL TABLE temp.v USING fts5vocab('main', 'search', 'row')"),
    ("a virtual table of words of the vault", "CREATE VIRTUAL TABLE v USING fts5vocab('search', 'instance')"),
    ("another table of the gate", "CREATE VIRTUAL TABLE nx_text USING shared"),
    ("the gate's module as a table", "SELECT * FROM shared"),
    ("the words' shadow table", "SELECT * FROM search_data"),
    ("the index's shadow table", "SELECT * FROM search_idx"),
    ("the sizes' shadow table", "SELECT * FROM search_docsize"),
    ("the configuration's shadow table", "SELECT * FROM search_config"),
    ("the contents' shadow table", "SELECT * FROM search_content"),
    ("page statistics", "SELECT * FROM dbstat"),
    ("pages", "SELECT * FROM sqlite_dbpage"),
    ("statements", "SELECT * FROM sqlite_stmt"),
    ("a search for hidden words", "SELECT * FROM search WHERE search MATCH 'canary*'"),
    ("a search as a table function", "SELECT * FROM search('canary*')"),
    ("a search with equals", "SELECT * FROM search WHERE search = 'canary*'"),
    ("a search in a column", "SELECT * FROM search WHERE title MATCH 'canary*'"),
    ("a search in each column", "SELECT * FROM search WHERE path MATCH 'secret*' OR body MATCH 'canary*'"),
    ("a column filter that closes early", "SELECT * FROM search WHERE title MATCH 'x) OR (canary*'"),
    ("snippets", "SELECT snippet(search, -1, '', '', '', 64) FROM search WHERE search MATCH 'canary* OR common'"),
    ("snippets without a search", "SELECT snippet(search, 0, '', '', '', 64) FROM search"),
    ("snippets of another row", "SELECT snippet(1, 0, '', '', '', 64), snippet(2, 0, '', '', '', 64) FROM search"),
    ("highlights", "SELECT highlight(search, 0, '<', '>') FROM search WHERE search MATCH 'common'"),
    ("a snippet of a joined row", "SELECT snippet(a.search, 0, '', '', '', 64), b.path FROM search a, search b"
     " WHERE a.search MATCH 'common' AND b.search MATCH 'canary*'"),
    ("a kept cursor", "WITH s AS MATERIALIZED (SELECT search AS c FROM search WHERE search MATCH 'common')"
     " SELECT snippet(c, 0, '', '', '', 64) FROM s"),
    ("bm25", "SELECT bm25(search), bm25(search, 1000, 1000) FROM search WHERE search MATCH 'canary* common'"),
    ("rank", "SELECT rank FROM search WHERE search MATCH 'common' AND rank MATCH 'bm25(10.0, 5.0)'"),
    ("another rank function", "SELECT rank FROM search WHERE search MATCH 'common' AND rank MATCH 'nx_rank(1)'"),
    ("a rank that is no rank", "SELECT rank FROM search WHERE search MATCH 'common' AND rank MATCH 'snippet()'"),
    ("FTS5's special queries", "SELECT rank, * FROM search WHERE search MATCH '*reads'"),
    ("FTS5's special ids", "SELECT rank, * FROM search WHERE search MATCH '*id'"),
    ("FTS5's special queries behind a space", "SELECT rank, * FROM search WHERE search MATCH '  *reads'"),
    ("FTS5's commands", "INSERT INTO search(search) VALUES('integrity-check')"),
    ("FTS5's rebuild", "INSERT INTO search(search) VALUES('rebuild')"),
    ("an error of FTS5", "SELECT * FROM search s, objects o WHERE s.search MATCH o.title || '\"'"),
    ("a search made of contents", "SELECT * FROM search WHERE search MATCH (SELECT group_concat(path, ' ') FROM objects)"),
    ("the tokenizer", "SELECT fts3_tokenizer('simple')"),
    ("FTS5's own function", "SELECT fts5(NULL)"),
    ("the gate's functions", "SELECT nx_allows(1, 1, 0, NULL)"),
    ("the link resolver", "SELECT nx_lead('note1', 'x.md')"),
    ("links to hidden notes", "SELECT target_path, target_id FROM links"),
    ("backlinks of hidden notes", "SELECT * FROM backlinks WHERE object_id < 1000"),
    ("backlinks by source", "SELECT * FROM backlinks WHERE source_id IN (1, 2, 3, 4, 5, 6, 7, 8, 9)"),
    ("typed views", "SELECT * FROM core_note"),
    ("typed views by id", "SELECT * FROM core_todo WHERE _id BETWEEN 1 AND 1000"),
    ("typed views of nobody", "SELECT * FROM core_event"),
    ("blobs", "SELECT CAST(content_json AS BLOB), hex(content_json) FROM object_content"),
    ("quotes", "SELECT quote(body) FROM search"),
    ("malformed JSON as an oracle", "SELECT * FROM search WHERE json(body)"),
    ("JSON paths as an oracle", "SELECT json_extract('{}', body) FROM search"),
    ("overflow as an oracle", "SELECT abs(-9223372036854775807 - length(body)) FROM search"),
    ("escape as an oracle", "SELECT * FROM objects WHERE path LIKE '%' ESCAPE title"),
    ("printf", "SELECT printf('%s %s', path, body) FROM search"),
    ("glob", "SELECT * FROM objects WHERE path GLOB '*secret*'"),
    ("regexp", "SELECT * FROM objects WHERE path REGEXP 'secret'"),
    ("collations", "SELECT * FROM tags WHERE tag = 'CANARY1/TAG' COLLATE NOCASE OR folded >= 'canary'"),
    ("unicode", "SELECT * FROM search WHERE search MATCH 'ｃａｎａｒｙ* OR cánary*'"),
    ("counts", "SELECT (SELECT count(*) FROM objects), (SELECT count(*) FROM tags), (SELECT max(rowid) FROM links)"),
    ("a compound of all", " UNION ALL ".join(f"SELECT path FROM {table}" for table in TABLES if table not in
     ("data_objects", "object_content", "object_permissions", "schemas", "core_todo", "core_note"))),
    ("except", "SELECT object_id FROM object_content EXCEPT SELECT id FROM objects"),
    ("explain", "EXPLAIN SELECT * FROM objects WHERE path = 'nowhere.md'"),
    ("explain query plan", "EXPLAIN QUERY PLAN SELECT * FROM search WHERE search MATCH 'canary*'"),
    ("two statements", "SELECT 1; SELECT * FROM main.nx_text"),
    ("a comment in between", "SELECT * FROM/**/main/**/./**/object_content"),
    ("quoted names", "SELECT * FROM \"main\".\"nx_text\", [files], `history`"),
    ("last_insert_rowid", "SELECT last_insert_rowid(), changes(), total_changes()"),
    ("values", "VALUES((SELECT body FROM search LIMIT 1 OFFSET 100000))"),
    ("problems of hidden files", "SELECT * FROM problems WHERE path = 'broken.md' OR message LIKE '%canary%'"),
    ("permissions of others", "SELECT * FROM object_permissions WHERE NOT share_with_ai"),
    ("an update", "UPDATE object_permissions SET share_with_ai = 1"),
    ("an insert", "INSERT INTO object_permissions VALUES(1, 1, 1, 0, NULL)"),
    ("a delete", "DELETE FROM changes"),
    ("returning", "UPDATE objects SET path = path RETURNING *"),
]


if __name__ == "__main__":
    program.main()
