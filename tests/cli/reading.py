# SPDX-License-Identifier: MIT
"""Reading without SQL: search, show, links, tags, tasks, check, status."""

import datetime

import program


class Search(program.Test):
    def setUp(self):
        super().setUp()
        self.make_vault({
            "a.md": "# Tomato\n\nSow in March, she said: \"not now\".\n",
            "b.md": "# Other\n\nA tomato, sown by hand-made tools.\n\n   It was   not\n\nnow or never.\n",
            "c.md": "# Grüße\n\nC++ and AND or NEAR(x) col:umn -minus *star ^hat (paren\n",
        })

    def hits(self, *words):
        return [hit["path"] for hit in self.ran(0, "search", "--json", *words).json()["hits"]]

    def test_a_word_in_the_title_counts_more(self):
        self.assertEqual(self.hits("tomato"), ["a.md", "b.md"])

    def test_all_words_must_be_there(self):
        self.assertEqual(self.hits("tomato march"), ["a.md"])
        self.assertEqual(self.hits("tomato", "hand"), ["b.md"])

    def test_the_last_word_may_be_unfinished_and_the_others_may_not(self):
        self.assertEqual(self.hits("tom"), ["a.md", "b.md"])
        self.assertEqual(self.hits("tom march"), [])

    def test_words_in_quotes_stand_together(self):
        self.assertEqual(self.hits('"sown by hand"'), ["b.md"])
        self.assertEqual(self.hits('"hand sown"'), [])
        self.assertEqual(self.hits('"sown by" tomat'), ["b.md"])
        self.assertEqual(self.hits('"tom"'), [], "no beginning within quotes")
        self.assertEqual(self.hits('"sown by'), ["b.md"], "a quote that does not end")

    def test_of_a_word_in_thousands_of_notes_what_has_it_in_title_or_tags_comes_first(self):
        self.write({f"many/{number}.md": "Sown again.\n" for number in range(2100)})
        self.write({"0.md": "# Sown and reaped\n\nOnce.\n", "1.md": "---\ntags: [sown]\n---\nTwice.\n",
                    "2.md": "Never mind.\n\nSown again, again and again.\n"})
        self.ran(0, "sync")
        found = self.hits("sown", "--limit", "500")
        self.assertEqual(set(found[:2]), {"0.md", "1.md"})
        self.assertEqual((len(found), len(set(found))), (500, 500))
        self.assertEqual(len(self.hits("sown", "--limit", "2103")), 2103, "whoever wants all of them gets them")

    def test_accents_and_case_make_no_difference(self):
        self.assertEqual(self.hits("GRUSSE"), [])
        self.assertEqual(self.hits("GRÜßE"), ["c.md"])
        self.assertEqual(self.hits("gruße"), ["c.md"])

    def test_no_character_has_a_meaning_of_its_own(self):
        for word in ("AND", "OR", "NOT", "NEAR(", "col:umn", "^hat", "(paren", "*star", "C++", "hand-made", "'", "a\"b",
                     "{", "}", "+", ":", "--", "\\", "%", "path:x", "a AND", "\x01"):
            self.hits("--", word)
        self.assertEqual(self.hits("col:umn"), ["c.md"])
        self.assertEqual(self.hits("AND"), ["c.md"])
        self.assertEqual(self.hits("--", "-minus"), ["c.md"])
        self.assertEqual(self.hits("hand-made"), ["b.md"])

    def test_a_word_of_punctuation_among_others_does_not_matter(self):
        self.assertEqual(self.hits("--", "tomato !!! march"), ["a.md"])

    def test_raw_is_the_language_of_fts5(self):
        self.assertEqual(self.hits("--raw", "tomato NOT march"), ["b.md"])
        self.assertEqual(self.hits("--raw", "title:tomato"), ["a.md"])
        self.assertIn("syntax error", self.ran(2, "search", "--raw", "AND AND").err)

    def test_a_hit_is_its_place_and_what_stands_around(self):
        out = self.ran(0, "search", '"not now"').out
        self.assertIn("a.md: Tomato\n    ", out)
        self.assertIn("It was not now or never.", out.replace("…", ""))

    def test_the_limit_says_that_there_is_more(self):
        result = self.ran(0, "search", "--limit", "1", "tomato")
        self.assertEqual((result.out.count("\n"), result.err), (2, "and more: see --limit\n"))
        self.assertTrue(self.ran(0, "search", "--limit", "1", "tomato", "--json").json()["more"])
        self.assertFalse(self.ran(0, "search", "--limit", "2", "tomato", "--json").json()["more"])


class Show(program.Test):
    def setUp(self):
        super().setUp()
        self.make_vault({
            "notes/plan.md": "---\ntitle: The Plan\naliases: [Scheme]\nstatus: active\n---\nBody\n",
            "old/plan.md": "# Older\n",
            "2026.md": "# Year\n",
            "todos.json": '{"schema": "core.todo", "version": 1, "data": [{"id": 1, "text": "First"}, {"id": "x/y", "text": "Second"}]}',
            "100%_sure.md": "# Percent\n", "100xx sure.md": "# Other\n",
        })

    def path(self, name):
        return self.ran(0, "show", name, "--json").json()["path"]

    def test_an_object_has_many_names(self):
        document = self.ran(0, "show", "notes/plan.md", "--json").json()
        for name in ("notes/plan", "The Plan", "the plan", "scheme", str(document["id"]), document["uid"], document["uid"].upper()):
            self.assertEqual(self.path(name), "notes/plan.md")

    def test_an_item_is_named_by_its_key(self):
        self.assertEqual(self.path("todos.json#1"), "todos.json#1")
        self.assertEqual(self.path("todos.json#x/y"), "todos.json#x/y")

    def test_a_number_that_is_no_id_may_be_a_name(self):
        self.assertEqual(self.path("2026"), "2026.md")

    def test_a_name_is_no_pattern(self):
        self.assertEqual(self.path("100%_sure"), "100%_sure.md")
        self.ran(1, "show", "%")

    def test_a_name_of_two_shows_both_and_ends_with_1(self):
        result = self.ran(1, "show", "plan")
        self.assertEqual(result.out, "")
        self.assertIn("may be one of these", result.err)
        self.assertRegex(result.err, r"\d+  notes/plan\.md  The Plan\n")
        self.assertRegex(result.err, r"\d+  old/plan\.md  Older\n")

    def test_a_name_of_none_shows_what_is_near(self):
        err = self.ran(1, "show", "OLDE").err
        self.assertIn("'OLDE' is no object; near it are:", err)
        self.assertIn("old/plan.md", err)
        self.assertEqual(self.ran(1, "show", "xyzzy").err, "nexus: 'xyzzy' is no object (see 'nexus search')\n")

    def test_a_person_sees_properties_and_body(self):
        out = self.ran(0, "show", "scheme").out
        self.assertTrue(out.startswith("The Plan\n"))
        for line in ("path      notes/plan.md", "schema    core.note", "shared    with nobody", "aliases   Scheme",
                     "links     0 from it, 0 to it", "status    active"):
            self.assertIn(f"\n{line}\n", out)
        self.assertTrue(out.endswith("\n\nBody\n"), out)

    def test_permissions_are_told(self):
        self.sqlite("UPDATE object_permissions SET share_with_ai = 1, read_only = 1, expires_at = '2099-01-01T00:00:00.000Z' "
                    "WHERE object_id = (SELECT id FROM objects WHERE path = '2026.md')")
        self.assertIn("shared    with AI until 2099-01-01T00:00:00.000Z; read-only\n", self.ran(0, "show", "2026.md").out)
        document = self.ran(0, "show", "2026.md", "--json").json()
        self.assertEqual((document["share_with_ai"], document["share_with_cloud"], document["read_only"]), (True, False, True))


class Links(program.Test):
    def setUp(self):
        super().setUp()
        self.make_vault({
            "a.md": "[[b]] and [[#Part]]\n\n[[nowhere]] <https://example.org/> ![[pic.svg]]\n\n# Part\n",
            "b.md": "[[a|back]]\n", "pic.svg": "<svg/>", "alone.md": "# Alone\n",
        })

    def lines(self, *words):
        return self.ran(0, "links", *words).out.splitlines()

    def test_each_is_told_with_its_place_and_where_it_leads(self):
        self.assertEqual(self.lines("--from", "a"), [
            "a.md:1: [[b]] -> b.md", "a.md:1: [[#Part]] -> a.md", "a.md:3: [[nowhere]] leads nowhere",
            "a.md:3: <https://example.org/>", "a.md:3: ![[pic.svg]] -> pic.svg"])

    def test_without_a_direction_both_are_told(self):
        self.assertEqual(self.lines("b"), ["b.md:1: [[a|back]] -> a.md", "a.md:1: [[b]] -> b.md"])

    def test_links_to_an_object_are_not_its_own(self):
        self.assertEqual(self.lines("--to", "a"), ["b.md:1: [[a|back]] -> a.md"])

    def test_a_file_that_is_no_object_can_be_linked_to(self):
        self.assertEqual(self.lines("--to", "pic.svg"), ["a.md:3: ![[pic.svg]] -> pic.svg"])
        self.assertEqual(self.lines("pic.svg"), ["a.md:3: ![[pic.svg]] -> pic.svg"])

    def test_links_that_lead_nowhere(self):
        self.assertEqual(self.lines("--unresolved"), ["a.md:3: [[nowhere]] leads nowhere"])
        self.assertEqual(self.lines("--unresolved", "b"), [])

    def test_orphans(self):
        self.assertEqual(self.lines("--orphans"), ["alone.md: Alone"])


class Tags(program.Test):
    def setUp(self):
        super().setUp()
        self.make_vault({"a.md": "#Project/garden #project/garden #x\n", "b.md": "#project/work\n", "c.md": "#PROJECT #projects #éa\n",
                         "d.md": "#ÉA/b\n"})

    def test_a_tag_counts_the_notes_that_have_it_or_one_below_it(self):
        rows = self.ran(0, "tags", "--json").json()["tags"]
        counts = {row["tag"].casefold(): (row["count"], row["total"]) for row in rows}
        self.assertEqual(counts, {"project": (1, 3), "project/garden": (1, 1), "project/work": (1, 1), "projects": (1, 1),
                                  "x": (1, 1), "éa": (1, 2), "éa/b": (1, 1)})

    def test_a_tag_stands_before_those_below_it(self):
        tags = [line.split()[1].casefold() for line in self.ran(0, "tags").out.splitlines()]
        self.assertEqual(tags[:4], ["project", "project/garden", "project/work", "projects"])

    def test_the_notes_below_a_tag(self):
        for name in ("project", "#project", "PROJECT", "project/"):
            self.assertEqual(self.ran(0, "tags", name).out, "a.md: a\nb.md: b\nc.md: c\n")
        self.assertEqual(self.ran(0, "tags", "Éa").out, "c.md: c\nd.md: d\n")
        self.assertEqual(self.ran(0, "tags", "proj").out, "")
        self.assertEqual(self.ran(0, "tags", "%").out, "")


class Tasks(program.Test):
    def day(self, offset):
        return (datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=offset)).isoformat()

    def setUp(self):
        super().setUp()
        offsets = {"old": -400, "yesterday": -1, "today": 0, "tomorrow": 1, "sixth": 6, "seventh": 7}
        dated = "".join(f"- [ ] {name} 📅 {self.day(offset)}\n" for name, offset in offsets.items())
        self.make_vault({"notes/dated.md": dated, "b.md": "- [x] done 📅 2020-01-01\n- [ ] open\n- [-] cancelled\n- [/] half\n"})

    def texts(self, *words):
        return [task["text"].split()[0] for task in self.ran(0, "tasks", *words, "--json").json()["tasks"]]

    def test_the_open_ones_are_listed(self):
        self.assertEqual(self.texts(), ["open", "half", "old", "yesterday", "today", "tomorrow", "sixth", "seventh"])

    def test_all_are_listed_if_asked_for(self):
        self.assertEqual(self.texts("--all", "--path", "b.md"), ["done", "open", "cancelled", "half"])

    def test_days(self):
        self.assertEqual(self.texts("--due", "today"), ["today"])
        self.assertEqual(self.texts("--due", "week"), ["today", "tomorrow", "sixth"])
        self.assertEqual(self.texts("--due", "overdue"), ["old", "yesterday"])
        self.assertEqual(self.texts("--due", self.day(1)), ["tomorrow"])
        self.assertEqual(self.texts("--due", "2020-01-01"), [])
        self.assertEqual(self.texts("--due", "2020-01-01", "--all"), ["done"])

    def test_the_day_is_that_of_the_users_clock(self):
        for zone, hours in (("Etc/GMT-14", 14), ("Etc/GMT+12", -12)):
            now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=hours)))
            self.write({"zone.md": f"- [ ] here 📅 {now.date().isoformat()}\n"})
            self.ran(0, "sync")
            found = self.ran(0, "tasks", "--due", "today", "--path", "zone.md", TZ=zone).out
            self.assertIn("here", found)

    def test_paths_are_matched_as_gitignore_does(self):
        self.assertEqual(self.texts("--path", "*.md"), ["open", "half"])
        self.assertEqual(len(self.texts("--path", "notes/**")), 6)
        self.assertEqual(len(self.texts("--path", "**/*.md")), 8)

    def test_a_line_is_what_an_editor_can_jump_to(self):
        self.assertEqual(self.ran(0, "tasks", "--path", "b.md", "--all").out,
                         "b.md:1: [x] done 📅 2020-01-01\nb.md:2: [ ] open\nb.md:3: [-] cancelled\nb.md:4: [/] half\n")


class Check(program.Test):
    def test_a_problem_is_a_line_for_an_editor(self):
        self.make_vault({"todos.json": '{"schema": "core.todo", "version": 1, "data": [\n  {"id": 1, "text": "a", "priority": "urgent"}\n]}'})
        result = self.ran(1, "check")
        self.assertRegex(result.out, r'^todos\.json:2:\d+: error: /[^ ]*priority: .*"high".* \[enum\]\n$')
        self.assertEqual(result.err, "1 problem\n")

    def test_a_sound_vault_has_none(self):
        self.make_vault({"a.md": "# A\n"})
        self.assertEqual(self.ran(0, "check").out, "")


class Status(program.Test):
    def test_it_says_in_plain_words_whether_all_is_well(self):
        self.make_vault({"a.md": "# A\n"})
        self.assertTrue(self.ran(0, "status").out.endswith("\nAll is well.\n"))
        self.write({"b.md": "---\ntags: [a\n---\n"})
        self.ran(0, "sync")
        self.assertTrue(self.ran(0, "status").out.endswith("\n1 file needs a look: run 'nexus check'.\n"))

    def test_open_conflicts_are_told(self):
        self.make_vault({"a.md": "# A\n"})
        self.sqlite("INSERT INTO conflicts(at, path, state, winner) VALUES('2026-01-15T10:30:00.000Z', 'a.md', 'open', 'file')")
        self.assertIn("conflicts   1 open\n", self.ran(0, "status").out)
        self.assertFalse(self.ran(0, "status", "--json").json()["is_well"])

    def test_what_is_left_alone_is_told_with_the_rule(self):
        self.make_vault({"drafts/a.md": "", ".nexusignore": "# mine\ndrafts/\n", ".hidden.md": ""})
        out = self.ran(0, "status", "--skipped").out
        self.assertIn("  drafts: .nexusignore:2: drafts/\n", out)
        self.assertIn("  .hidden.md: ", out)


if __name__ == "__main__":
    program.main()
