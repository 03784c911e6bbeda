# SPDX-License-Identifier: MIT
"""`nexus permit` and `nexus permissions`: saying who may see what, and what becomes of it."""

import datetime
import json
import os
import re
import shutil
import subprocess

import program

FILES = {
    "a.md": "---\ntags: [work/plan]\n---\n# Alpha\n",
    "b.md": "---\ntags: [work]\n---\n# Beta\n",
    "private/c.md": "# Gamma\n",
    "todos.json": '{"schema": "core.todo", "version": 1, "data": [{"id": 1, "text": "One"}, {"id": 2, "text": "Two"}]}',
}


class Permit(program.Test):
    def setUp(self):
        super().setUp()
        self.make_vault(FILES)

    def seen(self, who="ai"):
        """The paths that somebody sees."""
        return self.ran(0, "query", "--as", who, "SELECT path FROM objects ORDER BY path").out.split()

    def log(self, action="permission"):
        lines = (self.vault / ".nexus/logs/audit.jsonl").read_text().splitlines()
        return [line for line in map(json.loads, lines) if line["action"] == action]

    def test_nothing_is_shared_until_it_is_said(self):
        self.assertEqual(self.seen("ai") + self.seen("cloud"), [])
        self.assertEqual(self.ran(0, "permit", "a.md", "--ai", "on").out, "1 object, 1 changed\n")
        self.assertEqual((self.seen("ai"), self.seen("cloud")), (["a.md"], []))
        self.assertEqual(self.ran(0, "permit", "a.md", "--ai", "on").out, "1 object, 0 changed\n")
        self.ran(0, "permit", "a.md", "todos.json#2", "--ai", "off", "--cloud", "on")
        self.assertEqual((self.seen("ai"), self.seen("cloud")), ([], ["a.md", "todos.json#2"]))

    def test_each_change_is_told_and_recorded_once(self):
        self.ran(0, "permit", "a.md", "--ai", "on")
        self.ran(0, "permit", "a.md", "--ai", "on")
        self.ran(0, "permit", "a.md", "--ai", "off", "--read-only", "on")
        told = self.ran(0, "query", "SELECT op, origin, path FROM changes WHERE op = 'permission'").out
        self.assertEqual(told, "permission|api|a.md\n" * 2)
        effects = [(line["actor"], line["detail"]["effect"], line["detail"]["after"]["share_with_ai"]) for line in self.log()]
        self.assertEqual(effects, [("owner", "looser", True), ("owner", "stricter", False)])

    def test_many_at_once_by_what_they_have_in_common(self):
        for words, paths in [
            (["--path", "private/**"], ["private/c.md"]), (["--path", "*.md"], ["a.md", "b.md"]),
            (["--tag", "work"], ["a.md", "b.md"]), (["--tag", "#Work/plan"], ["a.md"]),
            (["--schema", "core.todo"], ["todos.json#1", "todos.json#2"]), (["--where", "title = 'Beta' -- not this"], ["b.md"]),
            (["--where", "path LIKE '%a%'", "--tag", "work"], ["a.md"]), (["--where", "0"], []),
        ]:
            with self.subTest(words):
                count = len(paths)
                self.assertEqual(self.ran(0, "permit", *words, "--ai", "on", "--json").json(), {"objects": count, "changed": count})
                self.assertEqual(self.seen(), paths)
                self.ran(0, "permit", "--where", "1", "--ai", "off")

    def test_of_several_all_or_none_are_changed(self):
        result = self.ran(1, "permit", "a.md", "nowhere.md", "--ai", "on")
        self.assertIn("'nowhere.md' is no object", result.err)
        self.assertEqual(self.seen(), [])

    def test_what_makes_no_sense_is_refused(self):
        for words, message in [
            (["a.md"], "nothing is to be changed"), (["--ai", "on"], "which objects?"),
            (["a.md", "--tag", "x", "--ai", "on"], "not both"), (["a.md", "--ai", "yes"], "--ai is on or off, not 'yes'"),
            (["a.md", "--expires", "tomorrow"], "is no date and time with its zone"),
            (["a.md", "--expires", "2026-02-30"], "is no date and time with its zone"),
            (["a.md", "--trust-clock"], "stands alone"), (["--trust-clock", "--ai", "on"], "stands alone"),
            (["a.md", "--expires", "2026-02-30T00:00:00Z"], "is no date and time with its zone"),
            (["a.md", "--expires", ""], "a time, or never"), (["a.md", "--expires", "7y"], "is no date and time"),
            (["--path", "[", "--ai", "on"], "makes no sense"), (["--where", "no_such = 1", "--ai", "on"], "no such column"),
            (["--where", "1) UNION SELECT 1 -- ", "--ai", "on"], "syntax error"),
            (["--where", "1); DELETE FROM objects; --", "--ai", "on"], ""),
        ]:
            with self.subTest(words):
                self.assertIn(message, self.ran(2, "permit", *words).err)
        self.assertEqual(self.seen(), [])
        self.assertFalse((self.vault / ".nexus/permissions.json").exists())

    def test_an_end_of_any_zone_is_kept_in_utc(self):
        self.ran(0, "permit", "a.md", "--ai", "on", "--expires", "2200-01-01T00:30:00+02:00")
        self.assertEqual(self.ran(0, "query", "SELECT expires_at FROM object_permissions WHERE expires_at IS NOT NULL").out,
                         "2199-12-31T22:30:00.000Z\n")
        self.assertEqual(self.seen(), ["a.md"])
        self.ran(0, "permit", "a.md", "--expires", "2020-01-01T00:00:00Z")
        self.assertEqual(self.seen(), [])
        self.assertIn("ai, ended 2020-01-01", self.ran(0, "permissions").out)
        self.ran(0, "permit", "a.md", "--expires", "never")
        self.assertEqual(self.seen(), ["a.md"])
        self.ran(0, "permit", "a.md", "--expires", "2h")
        end = self.ran(0, "query", "SELECT expires_at FROM object_permissions WHERE expires_at IS NOT NULL").out.strip()
        ahead = datetime.datetime.fromisoformat(end.replace("Z", "+00:00")) - datetime.datetime.now(datetime.timezone.utc)
        self.assertLess(abs(ahead.total_seconds() - 7200), 300)

    def test_a_day_lasts_to_its_end_where_one_is(self):
        for zone, kept in [("UTC", "2200-01-01T00:00:00.000Z"), ("Europe/Berlin", "2199-12-31T23:00:00.000Z"),
                           ("America/New_York", "2200-01-01T05:00:00.000Z")]:
            self.ran(0, "permit", "a.md", "--ai", "on", "--expires", "2199-12-31", TZ=zone)
            self.assertEqual(self.ran(0, "query", "SELECT expires_at FROM object_permissions WHERE share_with_ai").out, kept + "\n")
        self.assertEqual(self.seen(), ["a.md"])

    def test_a_clock_that_was_wrong_is_told_and_put_right(self):
        self.ran(0, "permit", "a.md", "--ai", "on", "--expires", "2100-01-01T00:00:00Z")
        self.assertEqual(self.ran(0, "permissions").err, "")
        self.sqlite("UPDATE nx_meta SET value = '2150-01-01T00:00:00.000Z' WHERE key = 'clock_mark'")
        self.assertEqual(self.seen(), [])
        told = self.ran(0, "permissions")
        self.assertIn("a.md: ai, ended 2100-01-01", told.out)
        self.assertIn("2150-01-01T00:00:00.000Z: what ends before then has ended", told.err)
        self.assertEqual(self.ran(0, "permissions", "--stats", "--json").json()["stats"]["shared_with_ai"], 0)
        self.assertEqual(self.ran(0, "permit", "--trust-clock").out, "the clock is trusted\n")
        self.assertEqual(self.seen(), ["a.md"])
        self.assertEqual([(line["actor"], line["detail"]["before"], line["detail"]["effect"]) for line in self.log("clock")],
                         [("owner", "2150-01-01T00:00:00.000Z", "looser")])
        self.assertEqual(self.ran(0, "permit", "--trust-clock").out, "it was never later\n")
        self.assertEqual(self.ran(0, "permissions").err, "")
        self.sqlite("UPDATE nx_meta SET value = 'no time' WHERE key = 'clock_mark'")
        self.assertEqual(self.seen(), [])
        self.assertIn("nobody knows when", self.ran(0, "permissions").err)
        self.ran(0, "permit", "--trust-clock")
        self.assertEqual(self.seen(), ["a.md"])

    def test_sharing_again_what_has_ended_says_so(self):
        self.ran(0, "permit", "a.md", "b.md", "--ai", "on", "--expires", "2020-01-01T00:00:00Z")
        self.ran(0, "sync")
        told = self.ran(0, "permit", "a.md", "--ai", "on")
        self.assertEqual(told.out, "1 object, 1 changed\n")
        self.assertIn("a.md: its sharing ended on 2020-01-01T00:00:00.000Z, so that nobody sees it: give --expires", told.err)
        self.assertEqual(self.seen(), [])
        self.assertIn("a.md and 1 more: their sharing ended", self.ran(0, "permit", "a.md", "b.md", "--cloud", "on", "--json").err)
        self.assertEqual(self.ran(0, "permit", "a.md", "--ai", "off", "--cloud", "off").err, "")
        self.assertEqual(self.ran(0, "permit", "a.md", "--ai", "on", "--expires", "never").err, "")
        self.assertEqual(self.seen(), ["a.md"])

    def test_what_is_shared_is_listed_and_counted(self):
        self.ran(0, "permit", "a.md", "b.md", "--ai", "on")
        self.ran(0, "permit", "b.md", "--cloud", "on", "--expires", "2200-01-01T00:00:00Z")
        self.ran(0, "permit", "todos.json#1", "--read-only", "on")
        self.ran(0, "permit", "private/c.md", "--ai", "on", "--expires", "2020-01-01T00:00:00Z")
        self.assertEqual(self.ran(0, "permissions").out,
                         "a.md: ai\nb.md: ai, cloud, until 2200-01-01T00:00:00.000Z\n"
                         "private/c.md: ai, ended 2020-01-01T00:00:00.000Z\ntodos.json#1: read-only\n")
        self.assertEqual(self.ran(0, "permissions", "--stats", "--json").json()["stats"],
                         {"total": 5, "shared_with_ai": 2, "shared_with_cloud": 1, "read_only": 1, "expiring": 1})
        self.assertEqual(self.ran(0, "query", "SELECT * FROM permission_stats").out, "5|2|1|1|1\n")

    def test_the_portable_copy_holds_what_differs_from_the_default(self):
        self.ran(0, "permit", "a.md", "todos.json#2", "--ai", "on")
        self.ran(0, "permit", "a.md", "--ai", "off")
        kept = json.loads((self.vault / ".nexus/permissions.json").read_text())["object_permissions"]
        row = self.ran(0, "query", "SELECT id, uid, base_hash FROM data_objects WHERE file_path = 'todos.json#2'",
                       "--json").json()[0]
        self.assertEqual(kept, {str(row["id"]): {
            "share_with_ai": True, "share_with_cloud": False, "read_only": False, "expires_at": None, "uid": row["uid"],
            "file_path": "todos.json#2", "hash": row["base_hash"]}})
        self.assertEqual((self.vault / ".nexus/permissions.json").stat().st_mode & 0o777, 0o600)

    def test_a_decision_stays_with_the_object_through_what_happens_to_its_file(self):
        self.ran(0, "permit", "a.md", "--ai", "on")
        os.rename(self.vault / "a.md", self.vault / "private/moved.md")
        self.ran(0, "sync")
        self.assertEqual(self.seen(), ["private/moved.md"])
        (self.vault / "private/moved.md").write_text("# Alpha, edited\n")
        self.ran(0, "sync")
        self.assertEqual(self.seen(), ["private/moved.md"])
        self.write({"copy.md": "# Alpha, edited\n", "a.md": FILES["a.md"]})
        self.ran(0, "sync")
        self.assertEqual(self.seen(), ["private/moved.md"], "neither a copy nor a new file at the old path is shared")
        self.ran(0, "permit", "private/moved.md", "--ai", "off")
        os.remove(self.vault / "private/moved.md")
        self.ran(0, "sync")
        self.write({"private/moved.md": "# Alpha, edited\n"})
        self.ran(0, "sync")
        self.assertEqual(self.seen(), [], "what comes back is no more shared than it was")

    def test_who_follows_the_feed_from_outside_hears_nothing_of_the_time_before(self):
        self.write({"a.md": "# One\n"})
        self.ran(0, "sync")
        self.ran(0, "permit", "a.md", "--ai", "on")
        self.write({"a.md": "# Two\n"})
        self.ran(0, "sync")
        asked = ("query", "--as", "ai", "SELECT op FROM changes WHERE path = 'a.md' ORDER BY seq")
        self.assertEqual(self.ran(0, *asked).out, "permission\nupdate\n")
        self.ran(0, "permit", "a.md", "--ai", "off")
        self.assertEqual(self.ran(0, *asked).out, "")
        self.write({"a.md": "# Three\n"})
        self.ran(0, "sync")
        self.ran(0, "permit", "a.md", "--ai", "on")
        self.assertEqual(self.ran(0, *asked).out, "permission\n")

    def test_writers_at_the_same_time_leave_nothing_out(self):
        paths = ["a.md", "b.md", "private/c.md", "todos.json#1", "todos.json#2"]
        running = [subprocess.Popen([self.program, "permit", path, "--ai", "on"], cwd=self.vault,
                                    env=program.environment(self.home), stdout=subprocess.DEVNULL) for path in paths]
        self.assertEqual([process.wait(program.TIMEOUT_S) for process in running], [0] * len(paths))
        self.assertEqual(self.seen(), paths)
        kept = json.loads((self.vault / ".nexus/permissions.json").read_text())["object_permissions"]
        self.assertEqual(sorted(entry["file_path"] for entry in kept.values()), paths)
        self.assertEqual(len(self.log()), len(paths))

    def change(self, sql):
        """With the stock shell; what it says when it refuses."""
        done = subprocess.run(["sqlite3", "-bail", self.vault / ".nexus/vault.sqlite", sql], capture_output=True, text=True,
                              timeout=program.TIMEOUT_S)
        return done.stderr

    def test_a_change_with_sql_is_checked_told_and_recorded(self):
        self.assertEqual(self.change("UPDATE object_permissions SET share_with_ai = 1 WHERE object_id = 1"), "")
        self.assertEqual(self.seen(), ["a.md"])
        self.change("UPDATE object_permissions SET share_with_ai = 1 WHERE object_id = 1")
        self.change("REPLACE INTO object_permissions VALUES(1, 0, 1, 0, NULL)")
        self.change("UPDATE object_permissions SET expires_at = '2200-01-01T02:00:00+02:00' WHERE object_id = 1")
        self.change("DELETE FROM object_permissions WHERE object_id = 1")
        self.ran(0, "sync")
        told = [(line["actor"], line["origin"], line["object_id"], line["detail"]["effect"]) for line in self.log()]
        self.assertEqual(told, [("unknown", "sql", 1, effect) for effect in ("looser", "both", "stricter", "stricter")])
        self.assertEqual(self.log()[2]["detail"]["after"]["expires_at"], "2200-01-01T00:00:00.000Z")
        self.assertEqual(self.ran(0, "query", "SELECT count(*) FROM changes WHERE op = 'permission' AND origin = 'sql'").out, "4\n")
        self.ran(0, "sync")
        self.assertEqual(len(self.log()), 4)
        self.assertEqual(json.loads((self.vault / ".nexus/permissions.json").read_text()), {"object_permissions": {}})

    def test_an_end_given_with_sql_is_kept_in_utc_or_refused(self):
        for given, kept in [
            ("2200-01-15T10:30:00Z", "2200-01-15T10:30:00.000Z"), ("2200-01-15 10:30:00.5z", "2200-01-15T10:30:00.500Z"),
            ("2200-01-01T00:30:00+02:00", "2199-12-31T22:30:00.000Z"), ("2024-02-29T00:00:00-01:00", "2024-02-29T01:00:00.000Z"),
        ]:
            for statement in (f"UPDATE object_permissions SET expires_at = '{given}' WHERE object_id = 1",
                              f"REPLACE INTO object_permissions VALUES(2, 1, 0, 0, '{given}')"):
                self.assertEqual(self.change(statement), "", statement)
            self.assertEqual(self.ran(0, "query", "SELECT DISTINCT expires_at FROM object_permissions"
                                                  " WHERE object_id < 3").out, kept + "\n")
        for wrong in ("'never'", "''", "17", "1e3", "x'00'", "'2200-01-15'", "'2200-01-15T10:30:00'", "'2200-01-15T10:30Z'",
                      "'2200-02-30T00:00:00Z'", "'2200-01-15T24:00:00Z'", "'2200-13-01T00:00:00Z'", "'now'", "'2200-01-15T10:30:00ZZ'",
                      "'2500-01-15T10:30:00Z'", "'2200-01-15T10:30:00+2:00'", "' 2200-01-15T10:30:00Z'"):
            for statement in (f"UPDATE object_permissions SET expires_at = {wrong} WHERE object_id = 1",
                              f"REPLACE INTO object_permissions VALUES(2, 1, 0, 0, {wrong})"):
                self.assertIn("expires_at must be NULL or a time with its zone", self.change(statement), statement)

    def test_a_pass_takes_back_what_has_ended(self):
        self.ran(0, "permit", "a.md", "--ai", "on", "--cloud", "on", "--expires", "2020-01-01T00:00:00Z")
        self.ran(0, "permit", "b.md", "--ai", "on", "--expires", "2200-01-01T00:00:00Z")
        self.ran(0, "sync")
        self.ran(0, "sync")
        self.assertEqual([(line["actor"], line["object_id"], line["detail"]["effect"]) for line in self.log("expiry")],
                         [("nexus", 1, "stricter")])
        self.assertEqual(self.ran(0, "query", "SELECT path FROM changes WHERE op = 'permission' AND origin = 'nexus'").out, "a.md\n")
        self.ran(0, "permit", "a.md", "--expires", "never")
        self.assertEqual(self.seen(), ["b.md"], "an end that is lifted later revives nothing")

    def rules(self, *rules):
        file = self.vault / ".nexus/config.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), "permissions": list(rules)}))
        self.ran(0, "sync")

    def test_rules_say_what_is_shared_of_what_nobody_decided_on(self):
        self.write({"work/a.md": "# A\n", "work/secret/b.md": "# B\n"})
        self.ran(0, "sync")
        self.ran(0, "permit", "work/a.md", "--ai", "off")  # as it is: but now it is said
        self.rules({"path": "work/**", "share_with_ai": True}, {"path": "work/secret/**", "share_with_ai": False},
                   {"tag": "Work", "share_with_cloud": True}, {"schema": "core.todo", "path": "*#1", "share_with_ai": True})
        self.assertEqual((self.seen("ai"), self.seen("cloud")), (["todos.json#1"], ["a.md", "b.md"]))
        self.assertEqual(self.ran(0, "permissions").out,
                         "a.md: cloud (rule: tag work)\nb.md: cloud (rule: tag work)\n"
                         "todos.json#1: ai (rule: path *#1, schema core.todo)\n")
        self.assertEqual([row["rule"] for row in self.ran(0, "permissions", "--json").json()["permissions"]],
                         ["tag work", "tag work", "path *#1, schema core.todo"])
        told = [(line["actor"], line["detail"]["effect"], line["detail"]["rule"]) for line in self.log("rule")]
        self.assertEqual(sorted(told), [("nexus", "looser", "path *#1, schema core.todo"), *[("nexus", "looser", "tag work")] * 2])
        before = self.ran(0, "query", "SELECT max(seq) FROM changes").out
        self.ran(0, "sync")
        self.assertEqual(self.ran(0, "query", "SELECT max(seq) FROM changes").out, before)
        self.rules()
        self.assertEqual((self.seen("ai"), self.seen("cloud")), ([], []))
        self.assertEqual(self.ran(0, "permissions").out, "")

    def test_a_rule_follows_the_path_and_a_decision_the_object(self):
        self.write({"work/new.md": "# New\n"})
        self.rules({"path": "work/**", "share_with_cloud": True})
        self.assertEqual(self.seen("cloud"), ["work/new.md"])
        self.write({"work/later.md": "# Later\n"})
        os.rename(self.vault / "work/new.md", self.vault / "new.md")
        os.rename(self.vault / "a.md", self.vault / "work/a.md")
        self.ran(0, "sync")
        self.assertEqual(self.seen("cloud"), ["work/a.md", "work/later.md"])
        self.ran(0, "permit", "b.md", "--cloud", "off")
        self.ran(0, "permit", "work/a.md", "--ai", "on")
        self.sqlite("UPDATE object_permissions SET share_with_cloud = 0 WHERE object_id ="
                    " (SELECT id FROM data_objects WHERE file_path = 'work/later.md')")
        os.rename(self.vault / "b.md", self.vault / "work/b.md")
        os.rename(self.vault / "work/a.md", self.vault / "a.md")
        self.ran(0, "sync")
        self.assertEqual((self.seen("cloud"), self.seen("ai")), (["a.md"], ["a.md"]))

    def test_a_wrong_rule_shares_nothing(self):
        self.rules({"path": "**", "share_with_ai": True})
        self.assertEqual(len(self.seen()), 5)
        self.rules({"path": "**", "share_with_ai": True}, {"path": "private/**", "shared_with_ai": False})
        self.assertEqual(self.seen(), [])

    def test_the_portable_copy_keeps_what_was_decided_and_leaves_rules_to_the_settings(self):
        self.ran(0, "permit", "a.md", "--ai", "off")
        self.rules({"path": "**", "share_with_ai": True})
        kept = json.loads((self.vault / ".nexus/permissions.json").read_text())["object_permissions"]
        self.assertEqual([(entry["file_path"], entry["share_with_ai"]) for entry in kept.values()], [("a.md", False)])

    def test_no_restored_database_lets_a_rule_share_what_was_refused(self):
        self.rules({"path": "**", "share_with_ai": True})
        self.ran(0, "backup")
        self.ran(0, "permit", "a.md", "--ai", "off")
        self.ran(0, "permit", "b.md", "--ai", "on")  # as it is, but now it is said
        others = ["private/c.md", "todos.json#1", "todos.json#2"]
        self.ran(0, "restore")
        self.ran(0, "sync")
        self.assertEqual(set(self.seen()) - {"b.md"}, set(others))

    def test_no_database_made_anew_lets_a_rule_share_what_was_refused(self):
        self.rules({"path": "*.md", "share_with_ai": True})
        self.ran(0, "permit", "a.md", "--ai", "off")
        ids = self.ran(0, "query", "SELECT id FROM objects WHERE path = 'a.md'").out

        def make_anew():
            self.ran(0, "rebuild")

        def lose():
            (self.vault / ".nexus/vault.sqlite").unlink()
            self.ran(0, "sync")

        def lose_backups():
            shutil.rmtree(self.vault / ".nexus/backups")
            lose()

        for step in (make_anew, make_anew, lose, lose_backups):
            step()
            with self.subTest(step.__name__):
                self.assertEqual(self.seen(), ["b.md"])
                self.assertEqual(self.ran(0, "query", "SELECT id FROM objects WHERE path = 'a.md'").out, ids)

    def test_help_names_the_option_of_each_reading_command(self):
        for command in ("query", "search", "show", "links", "tags", "tasks"):
            self.assertTrue(re.search(r"--as ai", self.ran(0, "help", command).out), command)


if __name__ == "__main__":
    program.main()
