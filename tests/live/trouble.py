# SPDX-License-Identifier: MIT
"""What goes wrong around a vault: storms, lost events, a folder that is away, a killed daemon, a quiet night."""

import contextlib
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import live
from live import LiveTest

STORM = int(os.environ.get("NEXUS_STORM", "4000"))          # operations; 50000 by hand
SEED = int(os.environ.get("NEXUS_SEED", "11"))
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

    def overflow(self):
        """More events than the kernel keeps, for a daemon that is stopped: each file makes three."""
        kept = int(pathlib.Path("/proc/sys/fs/inotify/max_queued_events").read_text())
        for i in range(kept // 3 + 1):
            path = self.root / f"burst-{i}.md"
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT))
            path.unlink()

    def test_a_storm_ends_exact(self):
        """In its middle the daemon sleeps, and more happens than the kernel keeps."""
        chance = random.Random(SEED)
        self.start()
        self.storm(chance, STORM * 2 // 5)
        self.process.send_signal(signal.SIGSTOP)
        self.storm(chance, STORM // 5)
        self.overflow()
        self.process.send_signal(signal.SIGCONT)
        self.storm(chance, STORM * 2 // 5)
        self.wait_until(lambda: self.daemon()["overflows"] > 0)
        self.assert_exact()
        print(f"{STORM} operations, {self.daemon()['events']} events, {self.daemon()['overflows']} overflows, "
              f"{len(self.ids())} notes at the end", file=sys.stderr)

    def test_events_that_were_lost_are_made_up_for(self):
        for i in range(10):
            self.write(f"d{i}/n.md")
        self.start()
        self.process.send_signal(signal.SIGSTOP)
        for i in range(3000):
            self.write(f"d{i % 10}/m{i}.md", f"{i}\n")
        self.overflow()
        for i in range(0, 3000, 3):
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

    def test_folders_that_cannot_be_watched_are_walked(self):
        """There are fewer watches than folders: one sentence says so, and what to do about it."""
        self.need("unshare")
        namespace = ["unshare", "-U", "-r", "sh", "-c",
                     'echo 50 > /proc/sys/user/max_inotify_watches && exec "$@"', "sh"]
        if subprocess.run([*namespace, "true"], check=False, capture_output=True).returncode:
            self.skipTest("no user namespaces here")
        for i in range(60):
            self.write(f"d{i}/x/a.md")
        self.start(namespace)
        log = self.root / ".nexus/logs/nexus.log"
        self.wait_until(lambda: "sudo sysctl fs.inotify.max_user_watches=" in log.read_text())
        self.assertGreater(self.daemon()["folders_unwatched"], 0)
        for i in range(60):
            self.write(f"d{i}/x/a.md", "after\n")
        self.wait_until(lambda: all(self.content(f"d{i}/x/a.md") == "after\n" for i in range(60)))
        self.assertEqual(log.read_text().count("are not watched"), 1)
        self.assert_exact()

    def in_a_namespace(self):
        """A wrapper that gives the daemon mounts of its own, where tests may mount."""
        self.need("unshare", "nsenter")
        wrapper = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-r", "-m"]
        if subprocess.run([*wrapper, "mount", "-t", "tmpfs", "none", str(self.root)],
                          capture_output=True, check=False).returncode:
            self.skipTest("no mount namespaces here")
        return wrapper

    def inside(self, script):
        user = [] if os.geteuid() == 0 else ["-U", "--preserve-credentials"]
        subprocess.run(["nsenter", "-t", str(self.process.pid), "-m", *user, "sh", "-c", script], check=True,
                       timeout=live.LIMIT)

    def test_an_empty_disk_over_the_vault_is_not_the_vault(self):
        namespace = self.in_a_namespace()
        for i in range(30):
            self.write(f"n{i}.md")
        self.start(namespace)
        ids = self.ids()
        log = self.root / ".nexus/logs/nexus.log"
        self.inside(f"mount -t tmpfs none '{self.root}'")
        self.wait_until(lambda: "paused" in log.read_text())
        self.assertTrue(self.daemon()["is_paused"])
        self.inside(f"umount '{self.root}'")
        self.wait_until(lambda: "is back" in log.read_text())
        self.write("n0.md", "after\n")
        self.wait_until(lambda: self.content("n0.md") == "after\n")
        self.assertEqual(self.ids(), ids)
        self.assertEqual(self.query("SELECT count(*) FROM changes WHERE op = 'delete'"), [(0,)])

    def test_an_empty_folder_without_its_disk_is_no_vault(self):
        done = self.nexus("watch", check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn("nexus init", done.stderr.decode())
        self.assertEqual(list(self.root.iterdir()), [], "nothing is made there")

    def test_what_may_not_be_read_keeps_what_was_known_of_it(self):
        """Of a file and of a folder; and both are followed again once they may be read."""
        self.wrapper = self.as_nobody()
        self.write("a.md", "# First\n")
        self.write("d/b.md", "# First\n")
        self.write("c.md")
        self.give_away()
        self.start()
        ids = self.ids()
        os.chmod(self.root / "a.md", 0)
        os.chmod(self.root / "d", 0)
        self.wait_until(lambda: self.query("SELECT 1 FROM files WHERE path = 'a.md' AND state = 'unreadable'"))
        self.sync()
        self.assertEqual(self.ids(), ids)
        self.assertEqual([self.content("a.md"), self.content("d/b.md")], ["# First\n"] * 2)
        self.assertIn("permission denied", self.problem_of("d"))
        os.chmod(self.root / "d", 0o755)
        os.chmod(self.root / "a.md", 0o644)
        self.wait_until(lambda: self.query("SELECT 1 FROM files WHERE path = 'a.md' AND state = 'synced'"))
        for path in ("a.md", "d/b.md"):
            self.write(path, "# Second\n")
            self.wait_until(lambda path=path: self.content(path) == "# Second\n")
        self.assertEqual(self.ids(), ids)
        self.wait_until(lambda: not self.problem_of("d"))

    def test_a_name_that_is_no_text_is_told_for_as_long_as_it_is_there(self):
        """Of a file and of a folder, as they come and go under the daemon's eyes; every program can read the database."""
        file, folder = os.fsdecode(b"caf\xe9.md"), os.fsdecode(b"d/caf\xe9")
        self.write("a.md", "# First\n")
        self.write("d/e/b.md", "# First\n")
        self.start()
        ids = self.ids()
        self.move("a.md", file)
        self.move("d/e", folder)
        for path in (r"caf\xe9.md", r"d/caf\xe9"):
            self.wait_until(lambda path=path: "rename it" in self.problem_of(path))
        self.wait_until(lambda: not self.ids())
        self.write(f"{folder}/c.md")
        self.sync()
        self.assertEqual(self.ids(), {})
        with contextlib.closing(sqlite3.connect(self.root / ".nexus/vault.sqlite")) as database:
            for (table,) in self.query("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name <> 'nx_words'"):
                database.execute(f'SELECT * FROM "{table}"').fetchall()
        self.move(file, "a.md")
        self.move(folder, "d/e")
        self.wait_until(lambda: set(self.ids()) == {"a.md", "d/e/b.md", "d/e/c.md"})
        self.assertEqual({path: uid for path, uid in self.ids().items() if path in ids}, ids, "who they are is known again")
        self.wait_until(lambda: not self.problem_of(r"caf\xe9.md") and not self.problem_of(r"d/caf\xe9"))

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
        follower = subprocess.Popen([live.PROGRAM, "-C", str(self.root), "events", "--since", "0", "--follow"], env=self.environment,
                                    stdout=subprocess.PIPE)
        self.addCleanup(follower.stdout.close)
        self.addCleanup(follower.wait)
        self.addCleanup(follower.kill)
        self.write("a.md")
        line = next(line for line in follower.stdout if b'"op":"schema"' not in line).decode()  # those were there before
        self.assertIn('"op":"create"', line)
        self.assertIn('"path":"a.md"', line)
        self.stop()
        subprocess.run([live.PROGRAM, "-C", str(self.root), "permit", "a.md", "--ai", "on"], env=self.environment, check=True,
                       capture_output=True, timeout=live.LIMIT)
        self.assertIn('"op":"permission"', follower.stdout.readline().decode(), "it needs no daemon")

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
        # On a busy machine something may still be due when it looks settled: so five times are enough.
        self.assertTrue(any(self.is_quiet() for _ in range(5)))

    def is_quiet(self):
        before = self.wait_until(self.settled)
        time.sleep(QUIET_SECONDS)  # the quiet is what is measured
        return self.switches() == before

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

    def test_what_could_not_be_written_is_written_later(self):
        """No event comes when somebody lets go of the database: it is tried again all the same."""
        self.start()
        shell = sqlite3.connect(self.root / ".nexus/vault.sqlite", timeout=30, isolation_level=None)
        self.addCleanup(shell.close)
        shell.execute("BEGIN IMMEDIATE")
        self.write("a.md")
        log = self.root / ".nexus/logs/nexus.log"
        self.wait_until(lambda: "cannot take in a change" in log.read_text())
        shell.execute("ROLLBACK")
        self.wait_until(lambda: "a.md" in self.ids())

    def test_a_sync_is_answered_after_what_failed_at_first(self):
        self.start()
        shell = sqlite3.connect(self.root / ".nexus/vault.sqlite", timeout=30, isolation_level=None)
        self.addCleanup(shell.close)
        shell.execute("BEGIN IMMEDIATE")
        self.write("a.md")
        asking = subprocess.Popen([live.PROGRAM, "-C", str(self.root), "sync"], env=self.environment,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(asking.kill)
        log = self.root / ".nexus/logs/nexus.log"
        self.wait_until(lambda: "cannot take in a change" in log.read_text())
        shell.execute("ROLLBACK")
        self.assertEqual(asking.wait(live.LIMIT), 0)
        self.assertIn("a.md", self.ids())

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
            try:
                info = pathlib.Path(f"/proc/{self.process.pid}/fdinfo/{descriptor.name}").read_text()
            except FileNotFoundError:
                continue  # closed meanwhile
            flags = int(next(line for line in info.splitlines() if line.startswith("flags")).split()[1], 8)
            self.assertTrue(flags & os.O_CLOEXEC, os.readlink(descriptor))


if __name__ == "__main__":
    live.main()
