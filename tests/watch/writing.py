# SPDX-License-Identifier: MIT
"""How programs write: a version is told once it is whole, and never before."""

import mmap
import os
import time

import probe
from probe import WatchTest


class Writing(WatchTest):
    def contents(self, watched, path):
        return [line.content for line in watched.told(path) if line.kind in ("file", "open-file")]

    def test_a_new_file_is_told_after_the_debounce(self):
        watched = self.start()
        begin = time.monotonic_ns()
        self.write("a.md", "hello\n")
        line = watched.wait_path("a.md")
        self.assertEqual(line.content, b"hello\n")
        self.assertGreaterEqual(line.at_ns - begin, 300e6)
        self.assertLess(line.at_ns - begin, 3000e6)
        self.assert_exact(watched)

    def test_truncated_and_written_later_is_never_told_empty(self):
        self.write("a.md", "old")
        watched = self.start()
        with open(self.root / "a.md", "w", encoding="utf-8") as file:
            time.sleep(0.03)
            file.write("new")
        watched.wait_path("a.md")
        self.assertEqual(self.contents(watched, "a.md"), [b"new"])
        self.assert_exact(watched)

    def test_emptied_by_one_and_filled_by_another_is_never_told_empty(self):
        self.write("a.md", "old")
        watched = self.start()
        open(self.root / "a.md", "w", encoding="utf-8").close()
        time.sleep(0.4)
        self.write("a.md", "new")
        watched.wait_path("a.md")
        self.assertEqual(self.contents(watched, "a.md"), [b"new"])
        self.assert_exact(watched)

    def test_an_empty_file_is_told(self):
        watched = self.start()
        self.write("a.md", "")
        self.assertEqual(watched.wait_path("a.md").size, 0)
        self.assert_exact(watched)

    def test_a_slow_writer_is_told_when_it_closes(self):
        watched = self.start()
        with open(self.root / "a.md", "w", encoding="utf-8") as file:
            for part in ("one ", "two ", "three"):
                file.write(part)
                file.flush()
                time.sleep(0.45)
        watched.wait_path("a.md")
        self.assertEqual(self.contents(watched, "a.md"), [b"one two three"])
        self.assert_exact(watched)

    def test_a_writer_that_never_closes_is_told_as_such(self):
        watched = self.start()
        with open(self.root / "a.md", "w", encoding="utf-8") as file:
            file.write("half")
            file.flush()
            line = watched.wait_path("a.md", "open-file")
            self.assertEqual(line.content, b"half")
            file.write(" and half")
        self.assertEqual(watched.wait_path("a.md").content, b"half and half")
        self.assert_exact(watched)

    def test_a_storm_of_appends_is_a_few_versions(self):
        watched = self.start()
        pauses, begin = 0, time.monotonic()
        for i in range(200):
            before = time.monotonic()
            with open(self.root / "a.md", "a", encoding="utf-8") as file:
                file.write(f"{i}\n")
            time.sleep(0.005)
            pauses += time.monotonic() - before > 0.2  # on a busy machine: quiet enough to be told of
        seconds = time.monotonic() - begin
        watched.wait_for(lambda line: line.path == "a.md" and line.content.startswith(b"0\n") and
                         line.size == os.stat(self.root / "a.md").st_size)
        self.assertLessEqual(len(self.contents(watched, "a.md")), 3 + pauses + seconds / 2)
        self.assert_exact(watched)

    def test_autosave_does_not_starve(self):
        watched = self.start()
        begin = last = time.monotonic_ns()
        gaps, saves = [], 0
        while time.monotonic_ns() - begin < 10e9:
            self.write("a.md", f"save {saves}\n")
            saves += 1
            time.sleep(0.1)
        watched.flush()
        for line in watched.told("a.md"):
            gaps.append(line.at_ns - last)
            last = line.at_ns
        self.assertGreaterEqual(len(gaps), 2, "told of while it goes on, not only at the end")
        self.assert_exact(watched)

    def test_a_mapped_file_is_told_when_the_map_is_gone(self):
        self.write("a.md", "0123456789")
        watched = self.start()
        with open(self.root / "a.md", "r+b") as file:
            mapped = mmap.mmap(file.fileno(), 10)
        mapped[0:4] = b"abcd"
        os.utime(self.root / "a.md")
        time.sleep(0.7)
        mapped[4:8] = b"efgh"
        mapped.close()
        watched.wait_path("a.md")
        self.assertEqual(self.contents(watched, "a.md"), [b"abcdefgh89"])
        self.assert_exact(watched)

    def linked(self, name):
        """A file without a name, linked in under one."""
        try:
            fd = os.open(self.root, os.O_TMPFILE | os.O_RDWR, 0o600)
        except OSError as error:
            self.skipTest(f"no O_TMPFILE here: {error}")
        os.write(fd, b"whole\n")
        here = os.open(self.root, os.O_PATH)
        os.link(f"/proc/self/fd/{fd}", self.root / name, src_dir_fd=here, follow_symlinks=True)
        os.close(here)
        return fd

    def test_a_file_linked_into_place_is_told(self):
        watched = self.start()
        os.close(self.linked("a.md"))
        self.assertEqual(watched.wait_path("a.md").content, b"whole\n")
        self.assert_exact(watched)

    def test_a_file_linked_into_place_and_written_on_is_told_whole(self):
        watched = self.start()
        fd = self.linked("a.md")
        time.sleep(1)
        os.write(fd, b"and more\n")
        os.close(fd)
        watched.wait_path("a.md")
        self.assertEqual(self.contents(watched, "a.md"), [b"whole\nand more\n"])
        self.assert_exact(watched)

    def test_the_same_size_and_time_is_told_all_the_same(self):
        self.write("a.md", "old!")
        status = os.stat(self.root / "a.md")
        watched = self.start()
        self.write(".new", "new!")
        os.utime(self.root / ".new", ns=(status.st_atime_ns, status.st_mtime_ns))
        os.rename(self.root / ".new", self.root / "a.md")
        self.assertEqual(watched.wait_path("a.md").content, b"new!")
        self.assert_exact(watched)

    def test_a_flush_does_not_wait(self):
        watched = self.start("-d", "60000", "-w", "60000")
        for i in range(300):
            self.write(f"{i}.md", f"{i}")
        begin = time.monotonic()
        self.assert_exact(watched)
        self.assertLess(time.monotonic() - begin, 20)

    def test_a_flush_leaves_out_what_is_being_written(self):
        watched = self.start("-d", "60000", "-w", "60000")
        with open(self.root / "a.md", "w", encoding="utf-8") as file:
            file.write("half")
            file.flush()
            self.write("b.md", "b")
            watched.flush()
            self.assertEqual(set(watched.index.files), {"b.md"})
        self.assert_exact(watched)

    def test_a_nominated_path_is_looked_at(self):
        self.write("a.md", "a")
        watched = self.start()
        watched.tell("nominate a.md")
        watched.wait_path("a.md")
        watched.tell("nominate no.md")
        watched.wait_path("no.md", "missing")
        self.assert_exact(watched)

    def test_a_lease_of_ours_never_ends_anybody(self):
        """Another program opens for writing while the probe holds its lease: nobody gets a deadly signal."""
        self.write("a.md")
        watched = self.start("-d", "1", "-w", "1")
        end = time.monotonic() + 2
        while time.monotonic() < end:
            for _ in range(50):
                with open(self.root / "a.md", "r+b") as file:
                    file.write(b"y")
        self.assert_exact(watched)


if __name__ == "__main__":
    probe.main()
