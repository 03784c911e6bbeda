# SPDX-License-Identifier: MIT
"""Programs that change many files: git, rsync, tar, a shell in a hurry. The index ends exact."""

import os
import random
import subprocess
import sys
import time

import probe
from probe import LIMIT, WatchTest, files_below

FILES = int(os.environ.get("NEXUS_GIT_FILES", "3000"))  # 20000 by hand


class Tools(WatchTest):
    def git(self, *words):
        settings = ["-c", "user.name=x", "-c", "user.email=x@x", "-c", "core.autocrlf=false", "-c", "gc.auto=0",
                    "-c", "init.defaultBranch=main"]
        self.run_in("git", *settings, *words)

    def fill(self, seed, share=1.0):
        """Writes FILES notes whose contents depend on the seed, as far as the share goes."""
        chance = random.Random(seed)
        for i in range(FILES):
            if chance.random() < share:
                self.write(f"d{i % 40}/n{i}.md", f"note {i} of {seed}\n")

    def two_branches(self):
        self.need("git")
        self.git("init", "-q")
        self.fill("main")
        self.git("add", "-A")
        self.git("commit", "-qm", "main")
        self.git("checkout", "-qb", "other")
        self.fill("other", 0.7)
        for i in range(0, FILES, 7):
            os.unlink(self.root / f"d{i % 40}/n{i}.md")
        self.git("add", "-A")
        self.git("commit", "-qm", "other")

    def test_git_checkout_there_and_back(self):
        self.two_branches()
        watched = self.start()
        before = dict(watched.index.ids)
        self.git("checkout", "-q", "main")
        watched.settle()
        self.assertEqual(watched.index.files, files_below(self.root))
        for path, identity in before.items():
            self.assertEqual(watched.index.ids.get(path), identity, path)
        self.git("checkout", "-q", "other")
        watched.settle()
        self.assertEqual([line for line in watched.seen if line.path.startswith(".git")], [])
        self.assert_exact(watched)

    def test_git_stash_and_pop(self):
        self.two_branches()
        self.fill("edits", 0.2)
        watched = self.start()
        self.git("stash", "-q")
        self.git("stash", "pop", "-q")
        self.assert_exact(watched)

    def test_git_pull(self):
        self.need("git")
        upstream = os.path.join(self.folder, "upstream")
        os.mkdir(upstream)
        for i in range(300):
            with open(f"{upstream}/n{i}.md", "w", encoding="utf-8") as file:
                file.write(f"note {i}\n")
        self.git("-C", upstream, "init", "-q")
        self.git("-C", upstream, "add", "-A")
        self.git("-C", upstream, "commit", "-qm", "one")
        self.git("clone", "-q", upstream, ".")
        watched = self.start()
        before = dict(watched.index.ids)
        for i in range(0, 300, 2):
            with open(f"{upstream}/n{i}.md", "a", encoding="utf-8") as file:
                file.write("more\n")
        os.rename(f"{upstream}/n1.md", f"{upstream}/renamed.md")
        os.unlink(f"{upstream}/n3.md")
        self.git("-C", upstream, "add", "-A")
        self.git("-C", upstream, "commit", "-qm", "two")
        self.git("pull", "-q")
        watched.settle()
        self.assertEqual({path: watched.index.ids[path] for path in before if path in watched.index.ids},
                         {path: identity for path, identity in before.items() if path not in ("n1.md", "n3.md")})
        self.assert_exact(watched)

    def source(self):
        source = os.path.join(self.folder, "source")
        os.mkdir(source)
        for i in range(500):
            with open(f"{source}/n{i}.md", "w", encoding="utf-8") as file:
                file.write(f"from the source {i}\n")
            os.utime(f"{source}/n{i}.md", (1e9, 1e9))
        return source

    def rsync(self, *options):
        self.need("rsync")
        source = self.source()
        for i in range(0, 500, 2):
            self.write(f"n{i}.md", f"from the vault! {i}\n")
        watched = self.start()
        before = dict(watched.index.ids)
        self.run_in("rsync", "-a", *options, source + "/", "./")
        watched.flush()
        for path in set(before) & set(files_below(self.root)):
            self.assertEqual(watched.index.ids.get(path), before[path], path)
        self.assert_exact(watched)

    def test_rsync(self):
        self.rsync()

    def test_rsync_in_place_that_sets_times_back(self):
        self.rsync("--inplace", "-t")

    def test_rsync_that_deletes(self):
        self.write("only-here.md")
        self.rsync("--delete")

    def test_tar(self):
        self.need("tar")
        source = self.source()
        archive = os.path.join(self.folder, "a.tar")
        subprocess.run(["tar", "-cf", archive, "-C", source, "."], check=True, timeout=LIMIT)
        watched = self.start()
        self.run_in("tar", "-xf", archive)
        self.assert_exact(watched)

    def test_a_random_storm_ends_exact(self):
        """Files and folders made, written, renamed, deleted, for a few seconds, from two processes."""
        script = os.path.join(os.path.dirname(__file__), "storm.py")
        watched = self.start("-d", "50", "-w", "400")
        seed = random.randrange(1 << 30)
        storms = [subprocess.Popen([sys.executable, "-B", script, str(self.root), str(seed + i), "4"]) for i in (0, 1)]
        for storm in storms:
            self.assertEqual(storm.wait(LIMIT), 0)
        watched.flush()
        self.assertEqual(watched.index.files, files_below(self.root), f"seed {seed}")
        self.assert_all_watched(watched, f"seed {seed}")
        self.assert_exact(watched)

    def test_events_that_were_lost_are_made_up_for(self):
        """The probe sleeps while more happens than the kernel keeps."""
        for i in range(20):
            self.write(f"d{i}/n.md")
        watched = self.start()
        os.kill(watched.process.pid, 19)
        for i in range(12000):
            self.write(f"d{i % 20}/m{i}.md", f"{i}")
            if i % 3 == 0:
                os.unlink(self.root / f"d{i % 20}/m{i}.md")
        self.write("d1/new/folder/x.md")
        os.rename(self.root / "d2", self.root / "d3/inside")
        os.kill(watched.process.pid, 18)
        watched.wait_for(lambda line: line.kind == "overflow")
        self.write("d1/new/folder/y.md")
        watched.flush()
        self.assertGreaterEqual(int(watched.stats()["overflows"]), 1)
        self.assert_all_watched(watched)
        self.assertIn("d1/new/folder/y.md", watched.index.files)
        self.assert_exact(watched)

    def test_temporary_files_come_and_go_during_the_start(self):
        for i in range(50):
            self.write(f"d{i}/n.md")
        script = f"cd '{self.root}' && while :; do for d in d*; do echo x > $d/t; mv $d/t $d/n.md; done; done"
        for _ in range(5):
            storm = subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE)
            try:
                watched = self.start()
                self.assert_all_watched(watched)
            finally:
                storm.kill()
                storm.stdout.read()  # a last mv outlives its shell, and holds the pipe
                storm.wait()
            self.assert_exact(watched)

    def test_folders_made_during_the_start_are_watched(self):
        for i in range(300):
            self.write(f"d{i}/n.md")
        script = f"cd '{self.root}' && for i in $(seq 300); do mkdir -p e$i/f/g && echo $i > e$i/f/g/x; done"
        storm = subprocess.Popen(["sh", "-c", script])
        time.sleep(0.01)
        watched = self.start()
        self.assertEqual(storm.wait(LIMIT), 0)
        watched.flush()
        self.assert_all_watched(watched)
        self.assert_exact(watched)


if __name__ == "__main__":
    probe.main()
