# SPDX-License-Identifier: MIT
"""The system around: roots that go away, mounts, permissions, limits, odd names, idle threads."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

import probe
from probe import LIMIT, WatchTest, files_below

NOBODY = 65534


class Namespace(WatchTest):
    """A watched vault in a mount namespace of its own, where tests may mount."""

    def unshared(self):
        return ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-r", "-m"]

    def start_in_namespace(self, script, *options):
        """Runs `script` (its $vault is the vault) and then the probe."""
        self.need("unshare", "nsenter")
        if subprocess.run([*self.unshared(), "mount", "-t", "tmpfs", "none", str(self.root)],
                          capture_output=True, check=False).returncode:
            self.skipTest("no mount namespaces here")
        wrapper = [*self.unshared(), "sh", "-c", f'vault={self.root}; {script}; exec "$@"', "sh"]
        return self.start(*options, wrapper=wrapper)

    def inside(self, watched, script):
        user = [] if os.geteuid() == 0 else ["-U", "--preserve-credentials"]
        subprocess.run(["nsenter", "-t", str(watched.process.pid), "-m", *user, "sh", "-c", script], check=True,
                       timeout=LIMIT)

    def nothing_is_missing(self, watched):
        self.assertEqual([line for line in watched.seen if line.kind == "missing"], [])

    def test_an_unmounted_disk_deletes_nothing(self):
        watched = self.start_in_namespace("mount -t tmpfs none $vault && mkdir $vault/d && echo x > $vault/d/a.md")
        self.inside(watched, f"umount -l '{self.root}'")
        watched.wait_for(lambda line: line.kind == "root-replaced")
        self.assertIn("root-gone", [line.kind for line in watched.seen])
        self.assertEqual(watched.stats()["present"], "0")
        self.nothing_is_missing(watched)
        watched.close()

    def test_a_mount_over_the_vault_hides_it_for_a_while(self):
        self.write("a.md")
        watched = self.start_in_namespace("true")
        self.inside(watched, f"mount -t tmpfs none '{self.root}'")
        watched.wait_for(lambda line: line.kind == "root-replaced")
        self.inside(watched, f"umount '{self.root}'")
        watched.wait_for(lambda line: line.kind == "root-back")
        watched.wait_for(lambda line: line.kind == "overflow")
        self.write("b.md")
        watched.wait_path("b.md")
        self.nothing_is_missing(watched)
        watched.close()


    def test_a_folder_that_is_mounted_twice_is_not_taken_for_moved(self):
        self.write("a/x.md", "x")
        (self.root / "b").mkdir()
        watched = self.start_in_namespace("mount --bind $vault/a $vault/b", "-p", "300")
        self.write("a/x.md", "new")
        first = watched.wait_for(lambda line: line.kind == "file" and line.path in ("a/x.md", "b/x.md")).path
        other = "b" if first == "a/x.md" else "a"
        watched.wait_for(lambda line: line.kind == "folder" and line.path == other)
        self.assertEqual([line for line in watched.seen if line.kind == "folder-moved"], [])
        self.nothing_is_missing(watched)
        watched.close()


class Root(WatchTest):
    def test_the_vault_is_moved_away_and_back(self):
        self.write("d/a.md")
        watched = self.start()
        away = os.path.join(self.folder, "away")
        os.rename(self.root, away)
        watched.wait_for(lambda line: line.kind == "root-gone")
        pathlib.Path(away, "d/b.md").write_text("made while away", encoding="utf-8")
        os.unlink(pathlib.Path(away, "d/a.md"))
        watched.flush()
        os.rename(away, self.root)
        watched.wait_for(lambda line: line.kind == "root-back")
        watched.wait_for(lambda line: line.kind == "overflow")
        self.assertEqual([line for line in watched.seen if line.kind == "missing"], [])
        self.write("d/c.md")
        watched.wait_path("d/c.md")
        self.assert_exact(watched)

    def test_the_vault_is_deleted_and_another_made(self):
        self.write("a.md")
        watched = self.start()
        shutil.rmtree(self.root)
        watched.wait_for(lambda line: line.kind == "root-gone")
        self.root.mkdir()
        watched.wait_for(lambda line: line.kind == "root-replaced")
        self.write("b.md")
        watched.flush()
        self.assertEqual(watched.told("b.md"), [])
        watched.close()

    def test_what_happens_beside_the_vault_does_not_count(self):
        watched = self.start()
        pathlib.Path(self.folder, "beside.md").write_text("x", encoding="utf-8")
        os.mkdir(os.path.join(self.folder, "vault2"))
        watched.flush()
        self.assertEqual([line.kind for line in watched.seen], ["ready", "flushed"])
        watched.close()


class Permission(WatchTest):
    def start_as_nobody(self):
        """Root reads everything; nobody does not."""
        wrapper = []
        if os.geteuid() == 0:
            self.need("setpriv")
            wrapper = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
            os.chmod(self.folder, 0o755)
            for folder, _, names in os.walk(self.root):
                for path in (folder, *(os.path.join(folder, name) for name in names)):
                    os.chown(path, NOBODY, NOBODY)
            if subprocess.run([*wrapper, "test", "-x", probe.PROGRAM], check=False).returncode:
                self.skipTest("the probe cannot be run by another user")
        return self.start(wrapper=wrapper)

    def test_a_folder_that_may_not_be_read_is_watched_once_it_may(self):
        self.write("d/e/a.md", "a")
        os.chmod(self.root / "d", 0)
        try:
            watched = self.start_as_nobody()
            self.assertEqual(self.watched_folders(watched), 1)
        finally:
            os.chmod(self.root / "d", 0o755)
        watched.wait_for(lambda line: line.kind == "folder" and line.path == "d")
        self.assertEqual(self.watched_folders(watched), 3)
        self.write("d/e/a.md", "b")
        watched.wait_path("d/e/a.md")
        self.assert_exact(watched)

    def test_a_folder_that_may_be_read_again_is_looked_through(self):
        self.write("d/a.md", "a")
        watched = self.start_as_nobody()
        os.chmod(self.root / "d", 0)
        watched.wait_for(lambda line: line.kind == "folder" and line.path == "d")
        os.chmod(self.root / "d", 0o755)
        watched.wait_for(lambda line: line.kind == "folder" and line.path == "d")
        self.assert_exact(watched)

    def test_a_file_that_may_not_be_read_is_told_and_again_when_it_may(self):
        self.write("a.md", "a")
        watched = self.start_as_nobody()
        os.chmod(self.root / "a.md", 0)
        watched.wait_path("a.md", "permission")
        os.chmod(self.root / "a.md", 0o644)
        watched.wait_path("a.md")
        self.assert_exact(watched)

    def test_a_file_of_another_user_is_told_when_it_is_still(self):
        if os.geteuid() != 0:
            self.skipTest("needs another user's file")
        self.write("a.md", "a")
        watched = self.start_as_nobody()
        self.write("b.md", "b")  # root's, so that nobody gets no lease on it
        watched.wait_path("b.md")
        with open(self.root / "b.md", "w", encoding="utf-8") as file:
            file.write("half")
            file.flush()
            time.sleep(0.7)
            file.write(" and half")
        watched.wait_for(lambda line: line.path == "b.md" and line.content != b"b")
        self.assertEqual(watched.told("b.md")[-1].content, b"half and half")
        self.assert_exact(watched)


class Limits(WatchTest):
    def start_with_watches(self, count, *options):
        self.need("unshare")
        wrapper = ["unshare", "-U", "-r", "sh", "-c",
                   f'echo {count} > /proc/sys/user/max_inotify_watches && exec "$@"', "sh"]
        if subprocess.run([*wrapper, "true"], check=False, capture_output=True).returncode:
            self.skipTest("no user namespaces here")
        return self.start(*options, wrapper=wrapper)

    def test_folders_without_a_watch_are_looked_through_now_and_then(self):
        for i in range(120):
            self.write(f"d{i}/x/a.md", f"{i}")
        watched = self.start_with_watches(50, "-p", "300")
        line = watched.wait_for(lambda line: line.kind == "watch-limit")
        self.assertRegex(line.path, r"^\d+ folders are not watched: .* sysctl fs\.inotify\.max_user_watches=\d+$")
        for i in range(120):
            self.write(f"d{i}/x/a.md", f"new {i}")
        while watched.index.files != files_below(self.root):
            watched.next()
        self.assertEqual(sum(line.kind == "watch-limit" for line in watched.seen), 1)
        self.assertGreater(int(watched.stats()["unwatched"]), 0)
        for i in range(10, 120):
            shutil.rmtree(self.root / f"d{i}")
        while int(watched.stats()["unwatched"]):
            watched.next()
        self.write("d5/x/a.md", "watched again")
        watched.wait_path("d5/x/a.md")
        watched.flush()
        self.assert_all_watched(watched)
        self.assert_exact(watched)

    def test_many_watched_folders_take_little_memory(self):
        small = self.start()
        before = self.memory(small)
        small.close()
        for i in range(100):
            for j in range(100):
                os.makedirs(self.root / f"folder-{i}" / f"folder-{j}")
        watched = self.start()
        self.assertEqual(self.watched_folders(watched), 10101)
        growth = self.memory(watched) - before
        self.assertLess(growth, 3 * 1024, "KiB for 10,000 folders")
        watched.close()

    def memory(self, watched, field="RssAnon"):
        text = pathlib.Path(f"/proc/{watched.process.pid}/status").read_text(encoding="ascii")
        if "SANITIZED" in os.environ:
            self.skipTest("sanitizers have memory of their own")
        return int(text.split(field + ":")[1].split()[0])

    def test_churn_leaves_nothing_behind(self):
        watched = self.start("-d", "20", "-w", "100")
        sizes = []
        for _ in range(20):
            for i in range(200):
                self.write(f"d{i}/e/a.md")
            watched.flush()
            for i in range(200):
                shutil.rmtree(self.root / f"d{i}")
            watched.settle()
            self.assertEqual(self.watched_folders(watched), 1)
            sizes.append(self.memory(watched))
        self.assertLess(sizes[-1] - sizes[5], 256, f"KiB more after 15 rounds: {sizes}")
        self.assert_exact(watched)

    def switches(self, watched):
        counts = {}
        for task in pathlib.Path(f"/proc/{watched.process.pid}/task").iterdir():
            text = (task / "status").read_text(encoding="ascii")
            counts[task.name] = int(text.split("\nvoluntary_ctxt_switches:")[1].split()[0])
        return counts

    def settled_switches(self, watched):
        """Once they stay the same for a moment: a thread that has answered is not asleep yet."""
        watched.stats()
        before, now = None, self.switches(watched)
        while now != before:
            time.sleep(0.5)
            before, now = now, self.switches(watched)
        return now

    def test_a_quiet_vault_wakes_nobody(self):
        for i in range(100):
            for j in range(100):
                os.makedirs(self.root / f"folder-{i}" / f"folder-{j}")
        watched = self.start()
        self.write("a.md")
        watched.settle()
        before = self.settled_switches(watched)
        self.assertGreaterEqual(len(before), 2)
        time.sleep(6)
        self.assertEqual(self.switches(watched), before)
        watched.close()

    def test_one_touch_wakes_the_watch_thread_twice(self):
        self.write("a.md")
        watched = self.start()
        before = self.settled_switches(watched)
        os.utime(self.root / "a.md")
        watched.wait_path("a.md")
        time.sleep(0.5)
        after = self.switches(watched)
        thread = max(after, key=int)
        self.assertLessEqual(after[thread] - before[thread], 2)
        watched.close()

    def test_a_child_inherits_nothing(self):
        watched = self.start()
        watched.tell("child")
        watched.tell("stats")
        watched.wait_for(lambda line: line.kind == "stats")
        inherited = [line.path for line in watched.seen if line.kind == "child"]
        self.assertTrue(inherited)
        self.assertEqual([name for name in inherited if "inotify" in name or "eventfd" in name or "timerfd" in name
                          or "mountinfo" in name or name == str(self.root)], [])
        watched.close()

    def test_a_stopped_reader_loses_nothing(self):
        """Far more nominations than the queue holds, and nobody reads them for a while."""
        watched = self.start("-d", "10", "-w", "20")
        for i in range(5000):
            self.write(f"d{i % 7}/{i}.md", f"{i}")
        os.kill(watched.process.pid, signal.SIGSTOP)
        for i in range(5000):
            self.write(f"d{i % 7}/{i}.md", f"again {i}")
        os.kill(watched.process.pid, signal.SIGCONT)
        watched.settle()
        self.assert_exact(watched)


class Names(WatchTest):
    ODD = [b"new\nline.md", b"\xff\xfe.md", b"-dash.md", b"sp ace\t.md", "caf\u00e9.md".encode(), "cafe\u0301.md".encode(),
           "\U0001f600.md".encode(), b"%n%s.md", b"quo\"te'.md", b"back\\slash.md", b"x" * 252 + b".md", b"*?[a].md"]

    def test_odd_names_are_told_byte_for_byte(self):
        watched = self.start()
        names = [os.fsdecode(name) for name in self.ODD]
        for name in names:
            self.write(name, "x")
            self.write("d" + name[:200] + "/" + name, "y")
        watched.settle()
        told = {line.path for line in watched.seen if line.kind == "file"}
        self.assertEqual(told, set(files_below(self.root)))
        for name in names:
            os.unlink(self.root / name)
        self.assert_exact(watched)

    def test_a_path_longer_than_the_system_takes(self):
        watched = self.start()
        name = "n" * 240
        at = os.open(self.root, os.O_RDONLY)
        for _ in range(20):
            os.mkdir(name, dir_fd=at)
            below = os.open(name, os.O_RDONLY, dir_fd=at)
            os.close(at)
            at = below
        for text in ("one", "two"):
            file = os.open("a.md", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, dir_fd=at)
            os.write(file, text.encode())
            os.close(file)
            line = watched.wait_for(lambda line: line.kind == "file" and line.content == text.encode())
            self.assertEqual(line.path, "/".join([name] * 20 + ["a.md"]))
        os.close(at)
        watched.close()

    def test_links_are_not_followed(self):
        outside = pathlib.Path(self.folder, "outside")
        outside.mkdir()
        (outside / "secret.md").write_text("secret", encoding="utf-8")
        self.write("a.md", "a")
        watched = self.start()
        for name, target in (("file.md", outside / "secret.md"), ("folder", outside), ("loop", "."),
                             ("dangling.md", "nowhere"), ("inside.md", "a.md")):
            os.symlink(target, self.root / name)
        watched.settle()
        (outside / "secret.md").write_text("another secret", encoding="utf-8")
        watched.settle()
        self.assertEqual([line.path for line in watched.seen if line.kind == "file"], [])
        self.assertEqual(self.watched_folders(watched), 1)
        self.assert_exact(watched)

    def test_a_folder_that_becomes_a_link_is_gone(self):
        self.write("d/a.md", "a")
        watched = self.start()
        os.rename(self.root / "d", os.path.join(self.folder, "d"))
        os.symlink(os.path.join(self.folder, "d"), self.root / "d")
        watched.settle()
        self.assertEqual(watched.index.files, {})
        self.assertEqual(self.watched_folders(watched), 1)
        self.assert_exact(watched)

    def test_what_is_no_file_is_not_opened(self):
        self.write("was-a-file.md")
        watched = self.start()
        os.mkfifo(self.root / "pipe.md")
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(str(self.root / "socket.md"))
            os.unlink(self.root / "was-a-file.md")
            os.mkfifo(self.root / "was-a-file.md")
            watched.settle()
        self.assertEqual(watched.index.deleted, ["was-a-file.md"])
        self.assertEqual([line.kind for line in watched.told("pipe.md")], ["missing"])
        self.assertEqual({line.kind for line in watched.told("socket.md")}, {"missing"})
        watched.close()

    def test_a_file_becomes_a_folder_and_the_reverse(self):
        self.write("a.md", "a")
        self.write("b.md/c.md", "c")
        watched = self.start()
        os.unlink(self.root / "a.md")
        self.write("a.md/x.md", "x")
        shutil.rmtree(self.root / "b.md")
        self.write("b.md", "b")
        watched.settle()
        self.assertEqual(self.watched_folders(watched), 2)
        self.assert_exact(watched)

    def test_what_rules_leave_alone_is_not_heard_of(self):
        self.write(".git/config")
        self.write(".obsidian/workspace.json")
        self.write("node_modules/m/readme.md")
        watched = self.start("-i", "drafts/")
        self.assertEqual(self.watched_folders(watched), 1)
        for path in (".git/HEAD", ".obsidian/a.json", "node_modules/m/b.md", "drafts/c.md", ".d.md", "e.md~"):
            self.write(path)
        watched.flush()
        self.assertEqual([line.kind for line in watched.seen], ["ready", "flushed"])
        watched.close()

    def test_own_files_are_heard_of_all_the_same(self):
        for path in (".nexus/schemas/a.json", ".nexus/logs/x.log", ".nexus/vault.sqlite"):
            self.write(path)
        watched = self.start("-a", ".nexusignore", "-a", ".nexus/config.json", "-a", ".nexus/schemas/",
                             "-b", ".nexus/vault.sqlite")
        self.assertEqual(self.watched_folders(watched), 3)
        for path in (".nexusignore", ".nexus/config.json", ".nexus/schemas/b.json", ".nexus/schemas/.b.json.tmp",
                     ".nexus/other.json", ".nexus/logs/x.log", ".nexus/schemas/deep/c.json"):
            self.write(path)
        watched.flush()
        told = sorted(line.path for line in watched.seen if line.kind == "file")
        self.assertEqual(told, [".nexus/config.json", ".nexus/schemas/b.json", ".nexusignore"])
        self.write(".nexus/vault.sqlite-wal")
        watched.wait_for(lambda line: line.kind == "database")
        watched.close()


if __name__ == "__main__":
    probe.main()
