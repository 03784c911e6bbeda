# SPDX-License-Identifier: MIT
"""`nexus service`: the unit and its sandbox, in the hands of a real user manager where one can be run."""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import unittest

import program

MANAGER = pathlib.Path(__file__).with_name("manager.sh")
STRANGE = 'my 100% $HOME "q" \'s\' \\notes; é'
# What happens beside the manager; each step says what it is for when it fails.
STEPS = r"""
set -eu
trap 'echo "this did not hold: $BASH_COMMAND" >&2' ERR
unit=$1; shift
"$@" service install
"$@" service status --json | grep -q '"active":"active"'
mkdir -p "$HOME/.config/systemd/user/$unit.d"
printf '[Service]\nRestartSec=100ms\n' >"$HOME/.config/systemd/user/$unit.d/test.conf"
systemctl --user daemon-reload

echo '# One' >one.md
"$@" sync
test "$("$@" query --format list 'SELECT path FROM objects')" = one.md
sqlite3 .nexus/vault.sqlite "UPDATE core_note SET title = 'Two' WHERE _path = 'one.md'"
"$@" sync
grep -q '^title: Two$' one.md

pid=$(systemctl --user show -P MainPID "$unit")
grep -qP '^Seccomp:\t2' "/proc/$pid/status"
grep -qP '^NoNewPrivs:\t1' "/proc/$pid/status"
# What lies below /dev is for every service to write.
case $HOME in /dev/*) ;; *)
  nsenter --mount --target "$pid" sh -c 'touch "$1/x" && ! touch "$2/x" 2>/dev/null' sh "$PWD/.nexus" "$HOME"
  rm .nexus/x ;;
esac

systemctl --user reload "$unit"

# It has said that it is ready: 'install' waited for that.
test "$(systemctl --user show -P Type "$unit")" = notify
# Stopped, it feeds the watchdog no more: it is ended and started again.
printf '[Service]\nRestartSec=100ms\nWatchdogSec=2s\n' >"$HOME/.config/systemd/user/$unit.d/test.conf"
systemctl --user daemon-reload
systemctl --user restart "$unit"
pid=$(systemctl --user show -P MainPID "$unit")
kill -STOP "$pid"
until new=$(systemctl --user show -P MainPID "$unit") && [ "$new" -gt 1 ] && [ "$new" != "$pid" ] &&
  systemctl --user is-active --quiet "$unit"; do :; done
test "$(systemctl --user show -P NRestarts "$unit")" -ge 1
pid=$new

# Stopped by the manager, it ends by itself and well.
systemctl --user stop "$unit"
test "$(systemctl --user show -P Result "$unit")" = success
systemctl --user start "$unit"
pid=$(systemctl --user show -P MainPID "$unit")

kill -KILL "$pid"
until new=$(systemctl --user show -P MainPID "$unit") && [ "$new" -gt 1 ] && [ "$new" != "$pid" ] &&
  systemctl --user is-active --quiet "$unit"; do :; done
"$@" sync
"$@" service install # once more: restarted
"$@" service uninstall
! test -e "$HOME/.config/systemd/user/$unit"
! "$@" service status
echo all done
"""


class Service(program.Test):
    def make(self, name="vault"):
        self.vault = self.folder / name
        self.make_vault()

    def unit(self):
        return self.ran(0, "service", "install", "--print").out

    def test_the_unit_is_as_safe_as_it_was_meant_to_be(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd-analyze is not installed")
        self.make()
        file = self.folder / "nexus-test.service"
        file.write_text(self.unit())
        done = subprocess.run(["systemd-analyze", "--user", "security", "--offline=true", file], capture_output=True, text=True,
                              env=program.environment(self.home), timeout=program.TIMEOUT_S)
        level = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
        self.assertTrue(level, done)
        self.assertLessEqual(float(level[1]), 1.5)

    def test_a_path_is_written_so_that_each_place_reads_it_as_it_is(self):
        self.make(STRANGE)
        unit = self.unit()
        path = str(self.vault)
        self.assertIn('--vault "' + path.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
                      + '" watch\n', unit)
        self.assertIn('ReadWritePaths="' + path.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"\n', unit)
        self.assertIn("ConditionPathIsDirectory=" + path.replace("%", "%%") + "/.nexus\n", unit)

    def test_what_no_unit_can_name_is_refused(self):
        for name in ("a\nb", "a\x7fb", b"a\xffb"):
            self.vault = pathlib.Path(os.fsdecode(os.path.join(os.fsencode(self.folder), os.fsencode(name))))
            self.make_vault()
            self.assertIn("cannot be named", self.ran(3, "service", "install", "--print").err)

    def test_each_vault_has_a_unit_of_its_own(self):
        self.make("a")
        first = self.run_nexus("service", "status", "--json").json()["unit"]
        self.make("b")
        second = self.run_nexus("service", "status", "--json").json()["unit"]
        self.assertRegex(first, r"^nexus-a-[0-9a-f]{16}\.service$")
        self.assertNotEqual(first[8:], second[8:])

    def test_without_systemd_the_desktop_starts_it(self):
        self.make(STRANGE)
        self.assertIn("no user manager of systemd answers here", self.ran(3, "service", "install").err)
        self.assertEqual(list(self.home.rglob("*.service")), [])
        self.ran(0, "service", "install", "--autostart")
        entry, = (self.home / ".config" / "autostart").glob("nexus-*.desktop")
        if shutil.which("desktop-file-validate"):
            subprocess.run(["desktop-file-validate", entry], check=True)
        if shutil.which("gio"):
            self.assertTrue(self.is_followed_when_the_desktop_starts(entry))
        self.ran(0, "service", "uninstall")
        self.assertFalse(entry.exists())
        self.assertIn("not installed", self.ran(1, "service", "status").out)

    def is_followed_when_the_desktop_starts(self, entry):
        subprocess.run(["gio", "launch", entry], check=True, env=program.environment(self.home), timeout=program.TIMEOUT_S)
        while not (document := self.run_nexus("service", "status", "--json").json())["pid"]:
            pass
        os.kill(document["pid"], signal.SIGTERM)
        while self.run_nexus("service", "status", "--json").json()["pid"]:
            pass
        return True

    def test_mistakes(self):
        self.make()
        self.assertIn("'start' is not install, uninstall or status", self.ran(2, "service", "start").err)
        self.assertIn("go with install", self.ran(2, "service", "status", "--autostart").err)

    @unittest.skipIf(program.SANITIZED, "a sanitizer needs system calls that the sandbox forbids")
    def test_a_user_manager_runs_it(self):
        if os.geteuid() != 0 or not os.path.exists("/lib/systemd/systemd") or not shutil.which("dbus-daemon"):
            self.skipTest("needs root, systemd and dbus")
        self.make(STRANGE)
        unit = self.run_nexus("service", "status", "--json").json()["unit"]
        done = subprocess.run(["unshare", "--mount", MANAGER, "bash", "-c", STEPS, "steps", unit, self.program],
                              cwd=self.vault, env={**program.environment(self.home), "XDG_RUNTIME_DIR": str(self.home)},
                              capture_output=True, text=True, timeout=program.TIMEOUT_S * 2, stdin=subprocess.DEVNULL)
        if done.returncode == 77:
            self.skipTest("no user manager can be run here")
        self.assertTrue(done.stdout.endswith("all done\n"),
                        f"{done.stdout}\n{done.stderr}\n{(self.home / 'manager.log').read_text()}")


class Manager(program.Test):
    """What the daemon tells whoever started it: sd_notify(3)."""

    def setUp(self):
        super().setUp()
        self.make_vault()
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(self.home / "notify"))
        self.socket.settimeout(program.TIMEOUT_S)
        self.addCleanup(self.socket.close)

    def start(self, **more):
        daemon = subprocess.Popen([self.program, "watch"], cwd=self.vault, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                  env=program.environment(self.home, NOTIFY_SOCKET=str(self.home / "notify"), **more))
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.kill)
        self.assertIn("READY=1\n", self.said())
        return daemon

    def said(self):
        return self.socket.recv(4096).decode()

    def timers(self, daemon):
        """The monotonic timers that are set: seconds between two ticks."""
        found = []
        for file in pathlib.Path(f"/proc/{daemon.pid}/fdinfo").iterdir():
            text = file.read_text()
            if "clockid: 1" in text and "it_interval: (0, 0)" not in text:
                found.append(re.search(r"it_interval: \((\d+), (\d+)\)", text).groups())
        return found

    def test_it_is_ready_and_stopping(self):
        daemon = self.start()
        daemon.send_signal(signal.SIGTERM)
        self.assertEqual(self.said(), "STOPPING=1\n")
        self.assertEqual(daemon.wait(program.TIMEOUT_S), 0)

    def test_a_watchdog_is_fed_twice_in_its_time(self):
        daemon = self.start(WATCHDOG_USEC="2000000")
        self.assertEqual(self.timers(daemon), [("1", "0")])
        self.assertEqual([self.said(), self.said()], ["WATCHDOG=1\n"] * 2)

    def test_without_a_watchdog_nothing_ticks(self):
        self.assertEqual(self.timers(self.start()), [])
        self.assertEqual(self.timers(self.start_another(WATCHDOG_USEC="2000000", WATCHDOG_PID="1")), [])

    def start_another(self, **more):
        """In a vault of its own."""
        self.vault = self.folder / "another"
        self.make_vault()
        return self.start(**more)


if __name__ == "__main__":
    program.main()
