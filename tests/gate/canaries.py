# SPDX-License-Identifier: MIT
"""Thousands of notes, each with words of its own in every place where a note can say something, and one in a hundred
shared. Whatever is asked through the gate, no word of the others comes out.

usage: canaries.py NEXUS GATE_PROBE

NEXUS_CANARIES objects (default 1000; 10000 by hand), NEXUS_SEED (default 1), NEXUS_STATEMENTS made by chance
(default 300). A failure prints the statement, and the seed that makes it again."""

import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "cli"))
import gate  # noqa: E402

OBJECTS = int(os.environ.get("NEXUS_CANARIES", "1000"))
SEED = int(os.environ.get("NEXUS_SEED", "1"))
STATEMENTS = int(os.environ.get("NEXUS_STATEMENTS", "300"))
WORD = 10  # letters of a canary, and a q in front

TABLES = [*gate.TABLES, "files", "history", "conflicts", "audit_log", "schema_history", "permission_stats", "permissions", "nx_text",
          "nx_name", "nx_tombstone", "nx_outbox", "nx_default", "nx_decided", "nx_lock", "nx_allowed", "nx_shared",
          "search_data", "search_idx", "sqlite_schema", "sqlite_stat1", "sqlite_sequence", "main.object_content",
          "temp.object_content", "pragma_table_list", "pragma_function_list", "pragma_database_list",
          "pragma_table_xinfo('objects')", "json_each((SELECT json_group_array(body) FROM search))"]
COLUMNS = ["*", "path", "title", "body", "tags", "content_json", "raw", "target", "target_path", "target_id", "tag", "key",
           "value", "text", "alias", "message", "id", "object_id", "rowid", "sql", "name", "before", "search", "rank", "_path"]
WRAPS = ["{}", "hex({})", "quote({})", "upper({})", "json_quote({})", "group_concat({})", "count({})", "max({})", "length({})",
         "substr({}, 1, 5000)", "json_group_array({})", "snippet(search, -1, '', '', '', 64)", "highlight(search, 0, '<', '>')",
         "bm25(search)", "printf('%s', {})", "instr({}, 'q')", "unicode({})", "CAST({} AS BLOB)", "json_extract({}, '$')",
         "lag({}) OVER (ORDER BY rowid)", "abs(-9223372036854775807 - length({}))", "replace({}, 'a', 'a')", "trim({})",
         "json({})", "iif({} GLOB '*q*', {}, 0)", "zeroblob(length({}))", "load_extension({})", "nx_lead({}, {})"]
CONDITIONS = ["", "WHERE {} LIKE '%q%'", "WHERE {} GLOB '*q*'", "WHERE search MATCH 'q*'", "WHERE search MATCH 'common OR q*'",
              "WHERE title MATCH 'q*'", "WHERE {} IN (SELECT path FROM objects)", "WHERE {} NOT IN (SELECT path FROM objects)",
              "WHERE rowid > 0", "WHERE id BETWEEN 1 AND 100000", "WHERE EXISTS(SELECT 1 FROM {table})", "ORDER BY {}",
              "GROUP BY {} HAVING count(*) > 0", "WHERE {} IS NULL", "WHERE {} >= 'q'", "WHERE search MATCH {}",
              "WHERE json({})", "WHERE {} LIKE '%' ESCAPE {}", "WHERE {} COLLATE NOCASE = 'Q'", "LIMIT 100000 OFFSET 1"]
SHAPES = ["SELECT {value} FROM {table} {condition}", "SELECT {value} FROM {table} NATURAL JOIN {other} {condition}",
          "SELECT {value} FROM {table} LEFT JOIN {other} USING(path) {condition}",
          "SELECT a.* FROM {table} a FULL JOIN {other} b ON a.path = b.path",
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 500) SELECT {value} FROM n, {table} {condition} LIMIT 5000",
          "SELECT (SELECT {value} FROM {table} {condition}) FROM {other}", "EXPLAIN SELECT {value} FROM {table} {condition}",
          "SELECT {value} FROM {table} UNION ALL SELECT {value} FROM {other}",
          "WITH {other} AS (SELECT {value} FROM {table}) SELECT * FROM {other}",
          "SELECT {value} FROM {table} EXCEPT SELECT {value} FROM {other}",
          "SELECT j.* FROM {table} t, json_tree(t.content_json) j", "EXPLAIN QUERY PLAN SELECT * FROM {table} {condition}"]


def make_word(rng):
    return "q" + "".join(rng.choices("abcdefghijklmnoprstuvwxyz", k=WORD))


def make_note(words, rng, all_words):
    """Its own word in each place, and links to others by theirs."""
    path, text = f"{words[0]}dir/{words[1]}.md", (
        f"---\ntitle: T {words[2]}\naliases: [{words[3]}]\ntags: [{words[4]}/{words[5]}]\n{words[6]}: {words[7]}\n---\n"
        f"# {words[8]}\n\ncommon {words[9]} {words[10]}\n\n{words[11]}:: {words[12]}\n\n- [ ] {words[13]} ^{words[14]}\n\n")
    other = rng.choice(all_words)
    return path, text + f"[[{other[1]}]] [[{other[3]}#{other[8]}|{words[15]}]] ![[{other[0]}.png]] <https://example.org/{words[16]}>\n"


def build(vault, rng):
    """The words that may be seen, and those that may not."""
    all_words = [[make_word(rng) for _ in range(17)] for _ in range(OBJECTS)]
    # Every fiftieth is broken, and no object.
    shared = set(rng.sample([number for number in range(OBJECTS) if number % 50], max(1, OBJECTS // 100)))
    allowed, hidden, paths = set(), set(), []
    for number, words in enumerate(all_words):
        path, text = make_note(words, rng, all_words)
        (vault / path).parent.mkdir(parents=True, exist_ok=True)
        (vault / path).write_text(text if number % 50 else text.replace("aliases: [", "aliases: [[", 1))
        if number in shared:
            paths.append(path)
            allowed |= set(re.findall(rf"q[a-z]{{{WORD}}}", path + text))
        hidden |= set(words)
    return hidden - allowed, allowed, paths


def leaks(answer, hidden):
    """The hidden words in it, also in hexadecimal."""
    text = answer.lower()
    for encoded in re.findall(r"(?:[0-9a-f]{2}){11,}", text):
        text += " " + bytes.fromhex(encoded).decode(errors="replace").lower()
    found = set()
    for run in re.findall(rf"[a-z]{{{WORD + 1},}}", text):
        found |= {run[at:at + WORD + 1] for at in range(len(run) - WORD) if run[at] == "q"} & hidden
    return found


def by_chance(rng):
    table, other, column = rng.choice(TABLES), rng.choice(TABLES), rng.choice(COLUMNS)
    value = rng.choice(WRAPS).replace("{}", column)
    condition = rng.choice(CONDITIONS).replace("{table}", other).replace("{}", rng.choice(COLUMNS[1:]))
    return rng.choice(SHAPES).format(value=value, table=table, other=other, condition=condition)


def main():
    nexus, probe = sys.argv[1:3]
    rng = random.Random(SEED)
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="nexus-canaries-"))
    try:
        vault = scratch / "vault"
        vault.mkdir()
        hidden, allowed, paths = build(vault, rng)
        environment = {**os.environ, "XDG_RUNTIME_DIR": str(scratch)}
        subprocess.run([nexus, "init", vault], check=True, capture_output=True, env=environment)
        subprocess.run([nexus, "-C", vault, "permit", *paths, "--ai", "on"], check=True, capture_output=True, env=environment)
        statements = [f"SELECT * FROM {table}" for table in TABLES] + [sql for _, sql in gate.ATTACKS]
        statements += [by_chance(rng) for _ in range(STATEMENTS)]
        done = subprocess.run([probe, vault, "ai"], input="".join(sql + "\0" for sql in statements).encode(), check=True,
                              stdout=subprocess.PIPE, env=environment)
        answers = done.stdout.decode(errors="replace").split("\0")[:-1]
        assert len(answers) == len(statements), (len(answers), len(statements))
        leaked = {sql: found for sql, answer in zip(statements, answers) if (found := leaks(answer, hidden))}
        seen = sum(any(word in answer for word in list(allowed)[:200]) for answer in answers)
        print(json.dumps({"seed": SEED, "objects": OBJECTS, "shared": len(paths), "hidden_words": len(hidden),
                          "statements": len(statements), "that_tell_shared_words": seen, "leaks": len(leaked)}))
        for sql, found in list(leaked.items())[:10]:
            print(f"NEXUS_SEED={SEED} NEXUS_CANARIES={OBJECTS}: {sorted(found)[:3]} by: {sql}")
        # What is shared must come out, or the check would see nothing; and it must see what is not.
        assert seen > len(TABLES) // 2, "the gate tells nothing"
        assert leaks(f"x{next(iter(hidden)).upper()}y", hidden) and leaks(next(iter(hidden)).encode().hex(), hidden)
        return 1 if leaked else 0
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
