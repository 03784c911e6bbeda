# SPDX-License-Identifier: MIT
"""What the owner is shown on the desktop: a notify-send that writes down what it is asked for stands in PATH."""

import json
import os
import pathlib
import shutil
import signal

from live import LiveTest, main
from sql import sql

NOTE = """#!/bin/sh
{ for argument; do printf '%s|' "$argument"; done; echo; } >>"$NOTED"
while [ -e "$NOTED.hang" ]; do sleep 0.01; done
"""


class Desktop(LiveTest):
    def setUp(self):
        super().setUp()
        self.noted = self.scratch / "noted"
        programs = self.scratch / "bin"
        programs.mkdir()
        (programs / "notify-send").write_text(NOTE)
        (programs / "notify-send").chmod(0o755)
        self.environment.update(PATH=f"{programs}:{os.environ['PATH']}", NOTED=str(self.noted),
                                DBUS_SESSION_BUS_ADDRESS="unix:path=/nowhere")

    def notes(self):
        return self.noted.read_text().splitlines() if self.noted.exists() else []

    def conflict(self, path):
        """Both sides are changed while nobody looks."""
        self.write(path, "By hand.\n")
        sql(self, f"UPDATE core_note SET content = 'By SQL.' WHERE _path = '{path}'")

    def make_conflicts(self, *paths):
        self.stop()
        for path in paths:
            self.conflict(path)
        self.start()

    def settings(self, **settings):
        self.write(".nexus/config.json", json.dumps(settings))

    def prepare(self):
        for number in range(4):
            self.write(f"n{number}.md", "Text.\n")
        self.nexus("init")

    def test_a_conflict_is_shown_once_whatever_follows(self):
        self.prepare()
        self.make_conflicts("n0.md", "n1.md")
        (note,) = self.wait_until(self.notes)
        self.assertEqual(note, "--app-name=Nexus|--|Nexus: vault|2 objects were changed on both sides: see 'nexus conflicts'|")
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        self.wait_until(lambda: not children.read_text())  # also no zombie
        for _ in range(5):
            sql(self, "BEGIN IMMEDIATE; UPDATE core_note SET content = 'By SQL.' || random() WHERE _path = 'n2.md'; "
                "SELECT writefile('n2.md', 'By hand ' || random()); COMMIT;")
            self.sync()
        self.assertGreater(self.query("SELECT count(*) FROM conflicts")[0][0], 2)
        self.assertEqual(len(self.notes()), 1)

    def test_a_note_that_hangs_keeps_nobody_waiting(self):
        (self.scratch / "noted.hang").touch()
        self.addCleanup((self.scratch / "noted.hang").unlink, missing_ok=True)
        self.prepare()
        self.make_conflicts("n0.md")
        self.wait_until(self.notes)
        self.write("n3.md", "Later.\n")
        self.wait_until(lambda: self.content("n3.md") == "Later.\n")
        self.stop()  # at once, too
        (self.scratch / "noted.hang").unlink()

    def test_names_are_shown_as_they_are_and_never_as_commands(self):
        self.root.rmdir()
        self.root = self.scratch / "a $(touch oops) `touch oops` \x1b[2J <b>"
        self.root.mkdir()
        self.prepare()
        self.make_conflicts("n0.md")
        (note,) = self.wait_until(self.notes)
        self.assertIn("|Nexus: a $(touch oops) `touch oops` \\x1b[2J <b>|1 object was changed", note)
        self.assertFalse([*self.scratch.rglob("oops")])

    def test_what_the_brake_holds_is_shown(self):
        self.prepare()
        self.settings(brake_files=2)
        self.start()
        sql(self, "UPDATE core_note SET content = 'New.'")
        (note,) = self.wait_until(self.notes)
        self.assertIn("|the changes of 4 files wait for you: see 'nexus pending'|", note)

    def test_a_pause_and_its_end_are_shown(self):
        self.prepare()
        self.start()
        away = self.scratch / "away"
        os.rename(self.root, away)
        self.wait_until(lambda: any("paused" in note for note in self.notes()))
        os.rename(away, self.root)
        self.wait_until(lambda: any("is back" in note for note in self.notes()))
        self.assertEqual(len(self.notes()), 2)

    def test_nobody_is_bothered_who_does_not_want_to_be(self):
        self.prepare()
        self.settings(notify=False)
        self.make_conflicts("n0.md")
        self.sync()
        self.stop()
        self.assertEqual(self.query("SELECT count(*) FROM conflicts"), [(1,)])
        self.assertEqual(self.notes(), [])

    def test_without_a_session_nothing_is_run(self):
        del self.environment["DBUS_SESSION_BUS_ADDRESS"]
        self.prepare()
        self.make_conflicts("n0.md")
        self.sync()
        self.stop()
        self.assertEqual(self.notes(), [])
        (self.scratch / "run" / "bus").touch()
        sql(self, "UPDATE core_note SET content = 'By SQL, too.' WHERE _path = 'n1.md'")
        self.write("n1.md", "By hand, too.\n")
        self.start()
        self.wait_until(self.notes)

    def test_a_desktop_without_notify_send_is_fine(self):
        shutil.rmtree(self.scratch / "bin")
        programs = self.scratch / "bin"
        programs.mkdir()
        self.environment["PATH"] = str(programs)
        self.prepare()
        self.make_conflicts("n0.md")
        self.write("n3.md", "Later.\n")
        self.wait_until(lambda: self.content("n3.md") == "Later.\n")
        self.stop(signal.SIGTERM)


if __name__ == "__main__":
    main()
