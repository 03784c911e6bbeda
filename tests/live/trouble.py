# SPDX-License-Identifier: MIT
"""What goes wrong around a vault: storms, lost events, a folder that is away, a killed daemon, a quiet night."""

import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import time

import live
from live import LiveTest

STORM = int(os.environ.get("NEXUS_STORM", "4000"))          # operations; 50000 by hand
QUIET_SECONDS = float(os.environ.get("NEXUS_QUIET", "5"))   # 60 by hand
FOLDERS = int(os.environ.get("NEXUS_FOLDERS", "500"))       # 10000 by hand


class Trouble(LiveTest):
    def storm(self, chance, operations):
        """Creates, edits, renames, deletes and moves, as fast as it goes."""
        files, folders, number = [], ["."], 0
        for path in self.root.rglob("*.md"):
            files.append(str(path.relative_to(self.root)))
        for _ in range(operations):
            number += 1
            what = chance.random()
            try:
                if what < 0.45 or not files:
                    folder = chance.choice(folders)
                    path = os.path.normpath(f"{folder}/{chance.randrange(10**9)}.md")
                    self.write(path, f"# {number}\n\n[[{chance.randrange(100)}]] #tag{number % 7}\n")
                    files.append(path)
                elif what < 0.65:
                    with open(self.root / chance.choice(files), "a") as file:
                        file.write(f"more {number}\n")
                elif what < 0.80:
                    i = chance.randrange(len(files))
                    new = os.path.normpath(f"{chance.choice(folders)}/r{chance.randrange(10**9)}.md")
                    self.move(files[i], new)
                    files[i] = new
                elif what < 0.95:
                    i = chance.randrange(len(files))
                    (self.root / files[i]).unlink()
                    files[i] = files[-1]
                    files.pop()
                elif what < 0.98:
                    folder = os.path.normpath(f"{chance.choice(folders)}/d{chance.randrange(10**6)}")
                    (self.root / folder).mkdir()
                    folders.append(folder)
                elif len(folders) > 3:
                    old = chance.choice(folders[1:])
                    new = f"m{chance.randrange(10**6)}"
                    self.move(old, new)
                    rename = lambda path: new + path[len(old):] if path == old or path.startswith(old + "/") else path
                    files, folders = [rename(path) for path in files], [rename(path) for path in folders]
            except OSError:
                continue  # a name that went with its folder, a folder into itself, a folder that is not empty

    def test_a_storm_ends_exact(self):
        self.start()
        self.storm(random.Random(11), STORM)
        self.assert_exact()

    def test_events_that_were_lost_are_made_up_for(self):
        for i in range(10):
            self.write(f"d{i}/n.md")
        self.start()
        self.process.send_signal(signal.SIGSTOP)
        for i in range(12000):
            self.write(f"d{i % 10}/m{i}.md", f"{i}\n")
            if i % 3 == 0:
                (self.root / f"d{i % 10}/m{i}.md").unlink()
        self.process.send_signal(signal.SIGCONT)
        self.wait_until(lambda: self.daemon()["overflows"] > 0)
        self.assert_exact()

    def test_a_killed_daemon_starts_again_by_itself(self):
        chance = random.Random(5)
        self.start()
        for _ in range(4):
            self.storm(chance, 150)
            self.stop(signal.SIGKILL)
            self.storm(chance, 50)
            self.start()
        self.assert_exact()

    def test_a_vault_that_is_away_is_not_forgotten(self):
        for i in range(30):
            self.write(f"n{i}.md")
        self.start()
        ids = self.ids()
        away = self.scratch / "away"
        self.root.rename(away)
        database = away / ".nexus/vault.sqlite"
        self.wait_until(lambda: "paused" in (away / ".nexus/logs/nexus.log").read_text())
        self.assertTrue(database.exists())
        away.rename(self.root)
        self.wait_until(lambda: "is back" in (self.root / ".nexus/logs/nexus.log").read_text())
        self.write("n0.md", "after\n")
        self.wait_until(lambda: self.content("n0.md") == "after\n")
        self.assertEqual(self.ids(), ids)
        self.assertEqual(self.query("SELECT count(*) FROM changes WHERE op = 'delete'"), [(0,)])

    def test_an_empty_folder_in_its_place_is_not_the_vault(self):
        for i in range(30):
            self.write(f"n{i}.md")
        self.start()
        ids = self.ids()
        away = self.scratch / "away"
        self.root.rename(away)
        self.root.mkdir()
        self.wait_until(lambda: "paused" in (away / ".nexus/logs/nexus.log").read_text())
        self.root.rmdir()
        away.rename(self.root)
        self.wait_until(lambda: "is back" in (self.root / ".nexus/logs/nexus.log").read_text())
        self.sync()
        self.assertEqual(self.ids(), ids)

    def test_files_that_all_vanish_are_held(self):
        for i in range(30):
            self.write(f"d/n{i}.md")
        self.write("a.md")
        self.start()
        ids = self.ids()
        shutil.rmtree(self.root / "d")
        self.assertEqual(self.sync()["held"], 30)
        self.assertEqual(self.ids(), ids)
        self.nexus("sync", "--forget")
        self.assertEqual(set(self.ids()), {"a.md"})

    def test_settings_are_read_again_on_sighup(self):
        self.write("a.md")
        self.start()
        self.process.send_signal(signal.SIGHUP)
        self.wait_until(lambda: "settings are read again" in (self.root / ".nexus/logs/nexus.log").read_text())
        self.write("b.md")
        self.wait_until(lambda: "b.md" in self.ids())

    def test_a_second_daemon_is_told_that_there_is_one(self):
        self.start()
        done = subprocess.run([live.PROGRAM, "-C", str(self.root), "watch"], env=self.environment,
                              capture_output=True, timeout=live.LIMIT)
        self.assertEqual(done.returncode, 3)
        self.assertIn("another nexus is at work on this vault", done.stderr.decode())

    def test_the_feed_can_be_followed(self):
        self.start()
        follower = subprocess.Popen([live.PROGRAM, "-C", str(self.root), "events", "--follow"], env=self.environment,
                                    stdout=subprocess.PIPE)
        self.addCleanup(follower.stdout.close)
        self.addCleanup(follower.wait)
        self.write("a.md")
        line = follower.stdout.readline().decode()
        self.assertIn('"op":"create"', line)
        self.assertIn('"path":"a.md"', line)
        self.stop()
        self.assertEqual(follower.wait(live.LIMIT), 0, "it ends with the daemon")

    def switches(self):
        """Voluntary context switches of every thread, and bytes written by the process."""
        folder = pathlib.Path(f"/proc/{self.process.pid}")
        count = 0
        for task in (folder / "task").iterdir():
            for line in (task / "status").read_text().splitlines():
                if line.startswith("voluntary_ctxt_switches"):
                    count += int(line.split()[1])
        written = [line for line in (folder / "io").read_text().splitlines() if line.startswith("write_bytes")]
        return count, int(written[0].split()[1])

    def test_a_quiet_vault_makes_no_work(self):
        for i in range(FOLDERS):
            self.write(f"d{i}/n.md")
        self.start()
        self.sync()
        self.daemon()
        before = self.wait_until(self.settled)
        time.sleep(QUIET_SECONDS)  # the quiet is what is measured
        self.assertEqual(self.switches(), before)

    def test_many_saves_leave_the_database_in_order(self):
        """The log goes into the file, and the pieces of the search index become fewer, while it is followed."""
        self.start()
        log = self.root / ".nexus/vault.sqlite-wal"
        for i in range(300):
            self.write(f"n{i}.md", f"# Note {i}\n\n" + " ".join(f"word{i * j % 997}" for j in range(200)))
            self.sync()
        self.wait_until(lambda: self.query("SELECT count(DISTINCT segid) FROM search_idx")[0][0] < 16)
        self.assertLess(log.stat().st_size, 4 << 20)
        self.wait_until(self.settled)

    def test_a_shell_that_keeps_the_database_to_itself_is_waited_for(self):
        self.start()
        for i in range(60):
            self.write(f"n{i}.md", f"# Note {i}\n" * 200)
        shell = sqlite3.connect(self.root / ".nexus/vault.sqlite", timeout=30, isolation_level=None)
        self.addCleanup(shell.close)
        self.sync()
        shell.execute("BEGIN IMMEDIATE")
        self.wait_until(self.nearly_settled)
        shell.execute("ROLLBACK")
        self.write("last.md")
        self.wait_until(lambda: "last.md" in self.ids())
        self.assertNotIn("ERROR", (self.root / ".nexus/logs/nexus.log").read_text())
        self.assert_exact()

    def nearly_settled(self):
        """It makes at most a few tries while it waits, ever fewer."""
        before = self.switches()[0]
        time.sleep(1)  # what it does in a second is what is asked
        return self.switches()[0] - before <= 2

    def settled(self):
        """What switches() says, once it says the same twice."""
        first = self.switches()
        time.sleep(0.5)
        return first if self.switches() == first else None

    def test_no_descriptor_reaches_a_child(self):
        self.start()
        for descriptor in pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir():
            if int(descriptor.name) <= 2:
                continue
            info = pathlib.Path(f"/proc/{self.process.pid}/fdinfo/{descriptor.name}").read_text()
            flags = int(next(line for line in info.splitlines() if line.startswith("flags")).split()[1], 8)
            self.assertTrue(flags & os.O_CLOEXEC, os.readlink(descriptor))


if __name__ == "__main__":
    live.main()
